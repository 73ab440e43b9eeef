"""What a case of the catalogue is: a lab cluster, what is prepared on it, and the one thing that is then tried."""

from collections.abc import Callable

import msgspec

from simulation.phones.cells import RELEASES
from simulation.upload_catalogue.bench import Bench, Door
from ucmcert.model.certificate import Certificate, CertificateRequest
from ucmlab.scenarios.schema import NodeSpec, Ocsp, Scenario

PUBLISHER, SUBSCRIBER, PRESENCE = "cucm-pub", "cucm-sub1", "imp-pub"


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """An identity upload. `chain` came beside the leaf; what the trust store holds was prepared before."""

    purpose: str
    request: CertificateRequest
    leaf: Certificate
    chain: tuple[Certificate, ...]
    door: Door = ""
    distribution: str = "this-server"


class Trusted(msgspec.Struct, frozen=True, kw_only=True):
    """An upload of one CA certificate to a trust store. `beside` is the answer it came with, which is linted first."""

    purpose: str
    certificate: Certificate
    beside: Identity | None = None


class File(msgspec.Struct, frozen=True, kw_only=True):
    """A file as somebody has it, which CUCM gets as it is where ucmcert finds no certificate in it.

    `beside` is what came in other files.
    """

    purpose: str
    content: bytes
    request: CertificateRequest
    beside: tuple[Certificate, ...]


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """A CSR that is asked for."""

    purpose: str
    host: str
    multi_server: bool = False


Attempt = Identity | Trusted | File | Ask
Prepare = Callable[[Bench], Attempt]


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One row. `error` is the id of procedure.md 5 or "accepted"; `codes` are the findings that must decide it.

    `words` is the id that CUCM's words name, where it is another one than `error`: older releases tell E2 and E3 not
    apart, "" where nobody has published any. `left_open`: our prediction is that only CUCM can tell.
    """

    error: str
    name: str
    prepare: Prepare
    codes: tuple[str, ...] = ()
    scenario: Scenario
    words: str | None = None
    left_open: bool = False


def cluster(
    release: str = "14SU3",
    *,
    hosts: tuple[str, ...] = (PUBLISHER,),
    fips: bool = False,
    ocsp: Ocsp | None = None,
    clock_offset_s: float = 0.0,
    **switches: str,
) -> Scenario:
    """A lab cluster of that release without phones: the publisher, and whoever else is named."""
    roles = {PUBLISHER: "publisher", SUBSCRIBER: "subscriber", PRESENCE: "im-presence"}
    return Scenario(
        name="catalogue",
        title=f"{release}, for one upload",
        version=RELEASES.get(release, release),
        nodes=tuple(
            NodeSpec(name=host, role=roles[host], fips=fips, clock_offset_s=clock_offset_s)  # type: ignore[arg-type]
            for host in hosts
        ),
        ocsp=ocsp or Ocsp(),
        switches=switches,
    )
