"""A CA that answers wrongly until it is put right, in a way for each error of the catalogue; what nodes then hold."""

from collections.abc import Callable

import msgspec
from cryptography import x509

from factory.certificates import DAY, NOW, authority, two_tier
from factory.keys import key_for
from simulation.upload_catalogue.key_cases import below_the_root, rsa_of
from simulation.upload_catalogue.signing import signed
from ucmcert.model.certificate import CertificateRequest
from ucmcert.model.signing import Authority, Issued, Pending, Profile, Ticket
from ucmlab.cluster.cluster import Cluster as LabCluster

CA, OTHER = two_tier("Wrong"), two_tier("Stranger")
OWN_KEY = key_for("made by the CA", "ec").public_key()
Spoil = Callable[[CertificateRequest, Issued], Issued]


class WrongAtFirst:
    """The authority behind it, its answers spoiled while `wrong`."""

    def __init__(self, behind: Authority, spoil: Spoil) -> None:
        self.wrong = True
        self._behind = behind
        self._spoil = spoil
        self._asked: dict[str, CertificateRequest] = {}

    async def submit(self, request: CertificateRequest, profile: Profile) -> Ticket:
        """As the authority behind it."""
        self._asked[request.spki_sha256] = request
        return await self._behind.submit(request, profile)

    async def collect(self, ticket: Ticket) -> Issued | Pending:
        """Its answer, spoiled while this CA is wrong."""
        answer = await self._behind.collect(ticket)
        if not self.wrong or isinstance(answer, Pending):
            return answer
        return self._spoil(self._asked[ticket.spki_sha256], answer)


def _by_us(request: CertificateRequest, **wrong: object) -> Issued:
    return Issued(leaf=signed(request, CA.intermediate, **wrong), chain=CA.chain)  # type: ignore[arg-type]


def _by_issuer(request: CertificateRequest, **kind: object) -> Issued:
    issuer = authority("Wrong Issuer", by=CA.root, **kind)  # type: ignore[arg-type]
    return Issued(leaf=signed(request, issuer), chain=(issuer.certificate, CA.root.certificate))


WRONG_ANSWERS: tuple[tuple[str, str, str, Spoil], ...] = (
    ("E1", "the chain ends before the root", "UCM-CHAIN-002", lambda _, good: _with(good, chain=good.chain[:1])),
    ("E1", "the chain of another CA", "UCM-CHAIN-001", lambda _, good: _with(good, chain=OTHER.chain)),
    (
        "E3",
        "a key of the CA's own",
        "UCM-KEY-001",
        lambda asked, _: _by_us(asked, key=OWN_KEY),
    ),
    ("E4", "a name added", "UCM-SAN-001", lambda asked, _: _by_us(asked, add=(x509.DNSName("www.lab.example"),))),
    ("E4", "no names", "UCM-SAN-001", lambda asked, _: _by_us(asked, names=())),
    ("E5", "expired", "UCM-TIME-001", lambda asked, _: _by_us(asked, validity=(NOW - 7200, NOW - 60))),
    ("E5", "issuer expired", "UCM-TIME-003", lambda asked, _: _by_issuer(asked, not_after=NOW - DAY)),
    ("E7", "issuer is no CA", "UCM-CHAIN-004", lambda asked, _: _by_issuer(asked, ca=False)),
    ("E7", "a CA certificate", "UCM-CHAIN-005", lambda asked, _: _by_us(asked, ca=True)),
    ("E9", "a wildcard", "UCM-SAN-002", lambda asked, _: _by_us(asked, common_name="*.lab.example")),
    (
        "E10",
        "a CA key too long",
        "UCM-KEY-002",
        lambda _, good: _with(good, chain=(*good.chain, below_the_root(rsa_of(8192)))),
    ),
)


def _with(good: Issued, **changes: object) -> Issued:
    return msgspec.structs.replace(good, **changes)


def stores(lab: LabCluster) -> bytes:
    """Identities with their keys and trust entries of every node, byte by byte, without the CSRs."""
    held = (msgspec.structs.replace(node.certificates.memory(), csrs={}) for node in lab.nodes.values())
    return msgspec.msgpack.encode(list(held))


def requests(lab: LabCluster) -> dict[tuple[str, str], str]:
    """The CSRs that wait, by node and purpose, told by their private keys' public halves."""
    waiting = ((node, csr) for node in lab.nodes.values() for csr in node.certificates.csrs())
    return {(node.name, csr.purpose): csr.public_key_sha256 for node, csr in waiting}
