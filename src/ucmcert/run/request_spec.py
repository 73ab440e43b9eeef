"""What a new CSR asks for: the same names and the same kind of key as the certificate it replaces."""

from ucmcert.model.cluster import NodeFacts
from ucmcert.ucm.cluster_client import CsrSpec

RSA_DEFAULT_BITS = 2048


def request_spec(facts: NodeFacts, purpose: str) -> CsrSpec:
    """The CSR settings for `purpose` on this node: CN its FQDN, RSA of the present length, SHA-256.

    CUCM itself adds its names to the SAN, so none is asked for here. Source: interfaces-http.md 1.2, procedure.md 2.3.
    """
    present = facts.holding.identity(purpose)
    kind, _, size = (present.key if present else "").partition(" ")
    return CsrSpec(
        common_name=facts.node.name,
        key_type="rsa",
        key_length=int(size) if kind == "RSA" and int(size) >= RSA_DEFAULT_BITS else RSA_DEFAULT_BITS,
        hash_algorithm="sha256",
    )
