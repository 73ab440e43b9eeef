"""Answers of a CA that most cases begin with: a right one, and the CAs that give it."""

from typing import Any

from factory.certificates import TwoTier, two_tier
from simulation.upload_catalogue.bench import Bench, Door
from simulation.upload_catalogue.case import Identity
from simulation.upload_catalogue.signing import signed
from ucmcert.knowledge.purposes import PURPOSES
from ucmcert.model.certificate import Certificate

CA = two_tier("Catalogue")
OTHER = two_tier("Elsewhere")


def trusted(bench: Bench, purpose: str, *certificates: Certificate) -> None:
    """The node trusts these for a purpose; the whole chain of `CA` when none is given."""
    bench.trust(f"{PURPOSES[purpose].trust}-trust", *(certificates or reversed(CA.chain)))


def right(
    bench: Bench, purpose: str = "tomcat", *, asked: dict[str, Any] | None = None, door: Door = "", **wrong: Any
) -> Identity:
    """A CSR of the node and the answer of `CA`, which is trusted; `wrong` goes to `signed`, `asked` to the CSR."""
    request = bench.request(purpose, **(asked or {}))
    trusted(bench, purpose)
    return Identity(
        purpose=purpose,
        request=request,
        leaf=signed(request, CA.intermediate, **wrong),
        chain=CA.chain,
        door=door,
        distribution=(asked or {}).get("distribution", "this-server"),
    )


def untrusted(
    bench: Bench, purpose: str = "tomcat", *, by: TwoTier = CA, trust: tuple[Certificate, ...] = (), door: Door = ""
) -> Identity:
    """The same, where the node trusts only `trust`."""
    request = bench.request(purpose)
    if trust:
        trusted(bench, purpose, *trust)
    return Identity(purpose=purpose, request=request, leaf=signed(request, by.intermediate), chain=by.chain, door=door)
