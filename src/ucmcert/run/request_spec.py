"""What a new CSR asks for: what the approved step says, else the purpose's own name and a key as strong as today's."""

from ucmcert.model.cluster import NodeFacts
from ucmcert.plan.csr_expected import MULTI_SERVER, expected, told_names
from ucmcert.ucm.cluster_client import CsrSpec


def request_spec(
    facts: NodeFacts, purpose: str, *, multi_server: bool = False, detail: dict[str, str] | None = None
) -> CsrSpec:
    """The CSR settings for `purpose` on this node; `detail` is that of its csr.generate step.

    CUCM itself adds its names to the SAN; only configured host names are asked for here. An IP address is never asked
    for: only the node's web-security settings bring one (procedure.md 5 E4). Source: interfaces-http.md 1.2, 1.5.
    """
    told = {**(detail or {}), **({"distribution": MULTI_SERVER} if multi_server else {})}
    wanted = expected(facts, purpose, told)
    return CsrSpec(
        common_name=wanted.common_name,
        key_type="ec" if wanted.key_type == "ec" else "rsa",
        key_length=wanted.bits,
        hash_algorithm=wanted.hash,
        multi_server=wanted.multi_server,
        alt_names=told_names(told),
    )
