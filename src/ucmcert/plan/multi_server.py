"""Recognises a multi-server certificate: one leaf and one key on several nodes, made once on the publisher."""

from ucmcert.knowledge.purposes import PURPOSES
from ucmcert.model.cluster import Cluster


def multi_server_nodes(cluster: Cluster, purpose: str) -> tuple[str, ...]:
    """Names of the nodes whose `purpose` identity is multi-server; () when every node has its own.

    Told by one fingerprint on several nodes, or by the `-ms` that CUCM puts into the CN. Source: procedure.md 1.1.
    """
    row = PURPOSES.get(purpose)
    if row is None or not row.multi_server:
        return ()
    held = [(facts.node.name, facts.holding.identity(purpose)) for facts in cluster.nodes]
    prints = [leaf.sha256 for _, leaf in held if leaf]
    return tuple(name for name, leaf in held if leaf and (prints.count(leaf.sha256) > 1 or _named_ms(leaf.common_name)))


def _named_ms(common_name: str) -> bool:
    return common_name.split(".", 1)[0].lower().endswith("-ms")
