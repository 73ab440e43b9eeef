"""One certificate of one store, with every node that holds it: the rows that are judged."""

import msgspec

from ucmcert.knowledge.purposes import PRODUCT_OF_ROLE
from ucmcert.knowledge.trust_stores import TRUST_STORES
from ucmcert.model.certificate import Certificate
from ucmcert.model.cluster import Cluster, NodeFacts

STORE_UNREADABLE = "UCM-STORE-003"
STRANGER = "UCM-SCAN-002"


class Holder(msgspec.Struct, frozen=True, kw_only=True):
    """A node that holds the certificate, and the names of its files there (one, if all is well)."""

    node: str
    files: tuple[str, ...]


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A certificate in `store` (base name). `missing` are nodes that should hold it too and do not."""

    store: str
    certificate: Certificate
    holders: tuple[Holder, ...]
    missing: tuple[str, ...] = ()

    @property
    def nodes(self) -> tuple[str, ...]:
        """Names of the nodes that hold it."""
        return tuple(one.node for one in self.holders)


def entries_of(cluster: Cluster) -> tuple[Entry, ...]:
    """Every certificate of every store, by store and name. Source: procedure.md 6.4 (evidence is read per node)."""
    files: dict[tuple[str, str], dict[str, list[str]]] = {}
    certificates: dict[str, Certificate] = {}
    for facts in cluster.nodes:
        for held in facts.holding.trust:
            certificates[held.certificate.sha256] = held.certificate
            on_node = files.setdefault((held.purpose, held.certificate.sha256), {}).setdefault(facts.node.name, [])
            if held.filename not in on_node:
                on_node.append(held.filename)
    found = [
        Entry(
            store=store,
            certificate=certificates[sha256],
            holders=tuple(Holder(node=node, files=tuple(names)) for node, names in nodes.items()),
            missing=_missing(cluster, store, frozenset(nodes)),
        )
        for (store, sha256), nodes in files.items()
    ]
    return tuple(
        sorted(found, key=lambda one: (one.store, one.certificate.common_name.lower(), one.certificate.sha256))
    )


def readable(facts: NodeFacts) -> bool:
    """Whether this node told all it holds: only then is absence a fact."""
    holding = facts.holding
    told = bool(holding.identities or holding.trust)
    return told and not any(one.code == STORE_UNREADABLE for one in holding.unreadable)


def all_readable(cluster: Cluster) -> bool:
    """Whether every node, and every node the publisher lists, told all it holds, identities included."""
    if any(one.code == STRANGER for facts in cluster.nodes for one in facts.problems):
        return False
    return all(readable(one) and one.holding.identities and not one.holding.unreadable for one in cluster.nodes)


def _missing(cluster: Cluster, store: str, holders: frozenset[str]) -> tuple[str, ...]:
    """The nodes that replication should have brought it to, among those that told what they hold."""
    row = TRUST_STORES.get(store)
    reached = row.spreads_to if row else ()
    products = {PRODUCT_OF_ROLE[one.node.role] for one in cluster.nodes if one.node.name in holders}
    if not products & {PRODUCT_OF_ROLE[role] for role in reached}:
        return ()
    expected = [one for one in cluster.nodes if one.node.role in reached and readable(one)]
    return tuple(one.node.name for one in expected if one.node.name not in holders)
