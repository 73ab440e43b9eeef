"""The look at external consumers: asked of the cluster's database, told by the configuration, seen by a TLS handshake.

Nothing that cannot be read hides anything: it is told as unread, and the plan asks a person instead.
"""

import asyncio
from collections.abc import Iterable, Mapping

import msgspec

from ucmcert.errors import UcmcertError
from ucmcert.knowledge.consumers import BY_KIND, CONSUMER_KINDS
from ucmcert.model.cluster import Cluster, HoldingPart
from ucmcert.model.consumer import Consumer, ConsumersFacts
from ucmcert.model.node import Node, Release, Role
from ucmcert.ucm.cluster_client import ClusterClient

NOT_KNOWN = Release(0, 0, 0, 0)


async def look_at_consumers(client: ClusterClient, cluster: Cluster, told: Iterable[Consumer]) -> Cluster:
    """`cluster` with what is known of its external consumers. `told` are those of the configuration."""
    queries = tuple(dict.fromkeys(row.query for row in CONSUMER_KINDS if row.query))
    answers = await asyncio.gather(*(_asked(client, cluster.publisher.node, query) for query in queries))
    asked = tuple(zip(queries, answers, strict=True))
    unread: dict[str, str] = {query: answer for query, answer in asked if isinstance(answer, str)}
    known = tuple(told)
    named = {one.name.lower() for one in known}
    found = [
        Consumer(kind=kind, name=name, how="found")
        for query, names in asked
        if not isinstance(names, str)
        for kind in _kinds(query)
        for name in names
        if name.lower() not in named
    ]
    seen = await asyncio.gather(*(_seen(client, one) for one in known))
    return msgspec.structs.replace(cluster, consumers=ConsumersFacts(known=(*seen, *found), unread=unread))


async def peer_trust(client: ClusterClient, peer: Node, one: Consumer) -> Consumer:
    """`one` with what its own trust store holds, by its command line. `client` knows the accounts of that system."""
    store = BY_KIND[one.kind].own_store
    if not store:
        return one
    try:
        held = await client.holding(peer, HoldingPart(purposes=frozenset(), stores=frozenset({store})))
    except UcmcertError as error:
        return msgspec.structs.replace(one, unread=f"{error.what}: {error.why}")
    return msgspec.structs.replace(one, trusted=held.trusts(store))


def peer_node(one: Consumer, ssh_host_key: str = "", ports: Mapping[str, int] | None = None) -> Node:
    """A system outside the cluster as something that can be connected to; its release is never asked."""
    return Node(
        name=one.name,
        host=one.name,
        address=one.address or one.name,
        role=Role.SUBSCRIBER,
        release=NOT_KNOWN,
        ports=dict(ports or {}),
        ssh_host_key=ssh_host_key,
    )


def _kinds(query: str) -> tuple[str, ...]:
    return tuple(row.kind for row in CONSUMER_KINDS if row.query == query)


async def _asked(client: ClusterClient, publisher: Node, query: str) -> tuple[str, ...] | str:
    """The names, or why there are none to be had."""
    try:
        return await client.consumers(publisher, query)
    except UcmcertError as error:
        return f"{error.what}: {error.why}"


async def _seen(client: ClusterClient, one: Consumer) -> Consumer:
    """`one` with what its TLS port shows; as it is when nobody knows a port."""
    port = one.port or BY_KIND[one.kind].port
    if not port:
        return one
    shown = await client.served(peer_node(one), port)
    return msgspec.structs.replace(one, port=port, shown=shown.leaf, problem=shown.problem)
