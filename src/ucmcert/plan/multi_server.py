"""A multi-server certificate: one leaf and one key on several nodes, made once and spread by the cluster."""

from ucmcert.knowledge.purposes import PURPOSES, lives_on, renewed_on
from ucmcert.model.cluster import Cluster, NodeFacts
from ucmcert.model.csr_settings import Distribution
from ucmcert.model.node import Role
from ucmcert.model.plan import Plan, Step


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


def owner_of(cluster: Cluster, purpose: str, node: NodeFacts, wanted: Distribution | None = None) -> str:
    """Name of the node on which the multi-server certificate of `node` is made, "" when `node` has one of its own.

    CUCM and its IM and Presence nodes share the publisher's; what lives on IM and Presence or Unity Connection alone is
    made on the first such node. Where the owner has a multi-server certificate it reaches every node of its kind, so
    all of them live on it. `wanted` is what the configuration wants it to be from now on, whatever it is today.
    Source: procedure.md 1.1, 3.7, 3.8 IMP-3, 3.9.
    """
    family = _family(cluster, purpose, node)
    if wanted == "this-server" or not family:
        return ""
    first = family[0].node.name
    shared = wanted == "multi-server" and PURPOSES[purpose].multi_server
    return first if shared or first in multi_server_nodes(cluster, purpose) else ""


def orphans(cluster: Cluster, purpose: str, wanted: Distribution | None = None) -> tuple[str, ...]:
    """Nodes with a multi-server certificate that the node it should be made on has not: nobody can renew it safely.

    Unless the configuration says what it is to be from now on (`wanted`).
    """
    found = multi_server_nodes(cluster, purpose) if wanted is None else ()
    return tuple(name for name in found if not owner_of(cluster, purpose, cluster.facts(name)))


def is_multi_server(plan: Plan, step: Step) -> bool:
    """Whether `step` of `plan` makes or carries a multi-server certificate."""
    mine = (step.node, step.purpose)
    return any(item.shared_from for item in plan.items if (item.node, item.purpose) == mine)


def _family(cluster: Cluster, purpose: str, node: NodeFacts) -> list[NodeFacts]:
    """The nodes one multi-server certificate reaches, the one it is made on first."""
    row = PURPOSES[purpose]
    apart = node.node.role is Role.UNITY_CONNECTION
    found = [one for one in cluster.nodes if lives_on(row, one.node.role) and renewed_on(row, one.node.role)]
    return [one for one in found if (one.node.role is Role.UNITY_CONNECTION) == apart]


def _named_ms(common_name: str) -> bool:
    return common_name.split(".", 1)[0].lower().endswith("-ms")
