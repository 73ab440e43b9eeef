"""What the Trust Verification Service of a node presents and answers; it speaks no protocol here.

Switch tvs_knowledge: `at-restart` knows what was stored at its start and still is, `live` what is stored now,
`keeps-old` what is stored now and every identity that a start has ever seen. Source: phones.md 1.4, U2.
"""

from cryptography import x509

from ucmlab.cluster.certificates.records import load_certificate
from ucmlab.cluster.cluster import Cluster
from ucmlab.cluster.node import Node
from ucmlab.cluster.trust_lists.records import material
from ucmlab.cluster.tvs_knowledge import known_to

PORT = 2445
NOTHING: frozenset[int] = frozenset()


def presents(node: Node) -> str | None:
    """SHA-256 hex of the leaf on port 2445; None while connections are refused."""
    identity = node.tls_certificate(PORT)
    return None if identity is None else material(identity.chain_pem).sha256


def roles_of(cluster: Cluster, node: Node, sha256: str) -> frozenset[int]:
    """The roles a node's service answers for a leaf; empty when it does not know it. `sha256`: hex of the DER."""
    known = known_to(node, cluster.nodes, cluster.switches).get(sha256)
    return NOTHING if known is None else known.roles


def find(cluster: Cluster, node: Node, serial: int, issuer: str) -> tuple[x509.Certificate, frozenset[int]] | None:
    """The certificate of this serial and issuer, with its roles; None when it is not known.

    `issuer`: DN as trust lists write it, last attribute first, `;` between, no blanks.
    """
    wanted = (serial, _plain(issuer))
    for known in known_to(node, cluster.nodes, cluster.switches).values():
        parts = material(known.certificate_pem)
        if (int.from_bytes(parts.serial, "big"), _plain(parts.issuer)) == wanted:
            return load_certificate(known.certificate_pem), known.roles
    return None


def _plain(name: str) -> str:
    """A DN for comparison: letter case and blanks round the parts make no difference."""
    return ";".join(part.strip().lower() for part in name.split(";"))
