"""A lab in memory for unit tests, and a CA that signs a CSR well or badly."""

from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from simulation.virtual_loop import run_virtually
from ucmlab.clock import LoopClock
from ucmlab.cluster.certificates.authority import DAY_S, Authority, make_authority
from ucmlab.cluster.certificates.issuing import Draft, Issuer, issue
from ucmlab.cluster.certificates.keys import KeySource
from ucmlab.cluster.certificates.purposes import Usage
from ucmlab.cluster.certificates.records import Csr, CsrRequest, to_pem
from ucmlab.cluster.cluster import Cluster
from ucmlab.cluster.node import Node
from ucmlab.cluster.opening import build_cluster
from ucmlab.scenarios.loader import load_scenario
from ucmlab.scenarios.schema import Organisation, Scenario

T = TypeVar("T")
NOW = 1_790_000_000.0
TOMCAT_USAGE = Usage(
    bits=frozenset({"digital_signature", "data_encipherment"}), extended=("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2")
)


def scenario(name: str = "single", **changes: Any) -> Scenario:
    """A built-in scenario with some fields changed."""
    return msgspec.structs.replace(load_scenario(name), **changes)


def in_lab(test: Callable[[Cluster], Coroutine[Any, Any, T]], of: Scenario | None = None, *, seed: int = 7) -> T:
    """Run `test` with a calm cluster in memory, on a virtual clock that starts at NOW."""

    async def run() -> T:
        cluster = build_cluster(of or scenario(), clock=LoopClock(epoch=NOW), seed=seed, calm=True)
        cluster.start()
        try:
            return await test(cluster)
        finally:
            cluster.close()

    return run_virtually(run())


def a_ca(number: int = 1) -> Authority:
    """A two-tier CA that the lab has never seen."""
    serials = iter(range(number * 1000 + 1, number * 1000 + 9))
    return make_authority(2, Organisation(), KeySource(seed=number), serial=lambda: next(serials), now=NOW)


def trust(node: Node, ca: Authority, store: str = "tomcat-trust") -> None:
    """Upload root and intermediate to one store, root first."""
    for certificate in (ca.root, ca.issuing):
        node.certificates.upload_trust(store, to_pem(certificate).encode())


def sign(csr: Csr, ca: Authority, /, **changes: Any) -> bytes:
    """The leaf that answers `csr`, PEM; `changes` are fields of Draft that the CA gets wrong."""
    request = csr.request()
    names = request.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    public_key = request.public_key()
    assert isinstance(public_key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey)
    draft = Draft(
        subject=request.subject,
        public_key=public_key,
        serial=4711,
        not_before=NOW - DAY_S,
        not_after=NOW + 397 * DAY_S,
        usage=TOMCAT_USAGE,
        dns_names=tuple(names.get_values_for_type(x509.DNSName)),
    )
    draft = msgspec.structs.replace(draft, **changes)
    return to_pem(issue(draft, Issuer(key=ca.issuing_key, certificate=ca.issuing))).encode()


def renewed(node: Node, ca: Authority, purpose: str = "tomcat", *, names: Sequence[str] = ()) -> str:
    """CSR, trust and upload in one go; returns the new fingerprint."""
    csr = node.certificates.generate_csr(purpose, CsrRequest(alt_names=tuple(names)))
    trust(node, ca, node.site.purpose(purpose).trust_store)
    return node.certificates.upload_identity(purpose, [sign(csr, ca)]).sha256


def state_folder(tmp_path: Path) -> Path:
    """An empty folder for a lab's state."""
    return tmp_path / "state"
