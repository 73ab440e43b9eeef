"""The look at the nodes of a cluster, all at once, and at its phones where somebody wants to know."""

import asyncio

import msgspec

from ucmcert.discover.looking import Looking
from ucmcert.discover.phones import PhoneDepth, look_at_phones
from ucmcert.knowledge.purposes import PURPOSES, lives_on
from ucmcert.model.cluster import Cluster, Holding, NodeFacts
from ucmcert.model.finding import Finding, Severity, worded
from ucmcert.model.node import SSO_ROLES, Node, Release, Role
from ucmcert.model.ports import Clock
from ucmcert.plan.rules import publisher_first
from ucmcert.ucm.cluster_client import ClusterClient
from ucmcert.ucm.platform_cli.parsers.cluster_rows import ClusterRow
from ucmcert.ucm.platform_cli.parsers.replication import Replication

NOTHING = Holding(identities=(), requests=(), trust=())


async def discover(
    client: ClusterClient,
    publisher: Node,
    overrides: tuple[Node, ...],
    *,
    clock: Clock,
    name: str,
    every_port: bool = False,
    phones: PhoneDepth = "none",
) -> Cluster:
    """The cluster called `name` as it is now, publisher first; of IM and Presence its database publisher before others.

    With `every_port` the TLS ports of all purposes are looked at, not only of those that can be renewed here: an
    inventory wants them, a renewal should not wait for ports that a firewall keeps silent.

    `phones` says how much of the phones to look at (see `look_at_phones`); "none" asks nobody anything about them.

    `overrides` say what differs from what the publisher lists: addresses, ports, pinned host keys, matched by FQDN,
    host name or address. Raises what asking the publisher for its release and its nodes raises.
    Source: interfaces-cli.md 5.1 (the node list is the truth for "all nodes"); design.md 12 (about one round trip).
    """
    release = await client.release(publisher)
    publisher = msgspec.structs.replace(publisher, release=release)
    rows = await client.cluster_rows(publisher)
    nodes, strangers = nodes_of(rows, publisher, overrides)
    several = len(nodes) > 1
    replication = Looking(publisher)
    replicated = replication.begin("replication", client.replication(publisher)) if several else None
    everyone = await asyncio.gather(
        *(_look(client, node, every_port, publisher=node.name == publisher.name) for node in nodes)
    )
    state = await replicated if replicated else None
    strangers = (*strangers, *replication.problems)
    mixed = await replication.read("security mode", client.mixed_mode(publisher))
    everyone = [_replicated(one, state) for one in everyone]
    second = {row.fqdn or row.host for row in rows if not row.database_publisher}
    order = sorted(everyone, key=lambda one: (publisher_first(one.node.role), one.node.name in second, one.node.name))
    facts = tuple(sorted(order, key=lambda one: one.node.name != publisher.name))
    first = msgspec.structs.replace(facts[0], problems=(*facts[0].problems, *strangers))
    cluster = Cluster(name=name, observed_at=clock.now(), nodes=(first, *facts[1:]), mixed_mode=mixed)
    return await look_at_phones(client, cluster, clock=clock, depth=phones)


def nodes_of(
    rows: tuple[ClusterRow, ...], publisher: Node, overrides: tuple[Node, ...]
) -> tuple[tuple[Node, ...], tuple[Finding, ...]]:
    """Nodes for the rows of `show network cluster`, and a finding per row that is not to be trusted or understood."""
    nodes, strangers = [], []
    for row in rows:
        label = row.fqdn or row.host
        if row.role is None:
            strangers.append(_stranger("UCM-SCAN-002", label, kind=row.product))
        elif row.own or row.publisher:
            voice = row.role is Role.UNITY_CONNECTION
            nodes.append(msgspec.structs.replace(publisher, role=row.role) if voice else publisher)
        else:
            if not row.authenticated:
                strangers.append(_stranger("UCM-SCAN-003", label))
            nodes.append(_node(row, row.role, publisher.release, overrides))
    return tuple({node.name: node for node in nodes}.values()), tuple(strangers)


def _stranger(code: str, where: str, **values: str) -> Finding:
    return worded(code, Severity.ERROR, where, "interfaces-cli.md 5.1", values)


def _node(row: ClusterRow, role: Role, release: Release, overrides: tuple[Node, ...]) -> Node:
    known = {row.fqdn.lower(), row.host.lower(), row.address}
    match = next((one for one in overrides if {one.name.lower(), one.address} & known), None)
    if match is None:
        return Node(name=row.fqdn or row.host, host=row.host, address=row.address, role=role, release=release)
    address = match.address if match.address != match.name else row.address
    return msgspec.structs.replace(match, host=row.host, address=address, role=role, release=release)


async def _look(client: ClusterClient, node: Node, every_port: bool, *, publisher: bool) -> NodeFacts:
    """Everything of one node. The `publisher` was asked for its release already; others have but a guess from it."""
    looking = Looking(node)
    release = node.release if publisher else await looking.read("release", client.release(node))
    if release is None:
        return NodeFacts(node=node, holding=NOTHING, problems=tuple(looking.problems))
    node = msgspec.structs.replace(node, release=release)
    soft = Severity.WARNING
    served = [asyncio.create_task(client.served(node, port)) for port in _ports(node, every_port)]
    holding = looking.begin("certificates", client.holding(node))
    services = looking.begin("services", client.services(node))
    offset_s = looking.begin("clock", client.clock_offset_s(node))
    synchronised = looking.begin("NTP", client.time_synchronised(node), soft)
    sso = looking.begin("SSO", client.sso_enabled(node), soft) if node.role in SSO_ROLES else None
    fips = looking.begin("FIPS mode", client.fips_on(node), soft)
    sessions = looking.begin("sessions", client.sessions_free(node), soft)
    backup = looking.begin("backup", client.backup(node), soft) if publisher else None
    return NodeFacts(
        node=node,
        holding=await holding or NOTHING,
        services=await services or (),
        served=tuple([await one for one in served]),
        clock_offset_s=await offset_s,
        time_synchronised=await synchronised,
        backup=await backup if backup else None,
        sso_enabled=await sso if sso else None,
        fips=await fips,
        sessions_free=await sessions,
        problems=tuple(looking.problems),
    )


def _ports(node: Node, every_port: bool) -> list[int]:
    purposes = [one for one in PURPOSES.values() if (every_port or one.renewable) and lives_on(one, node.role)]
    return sorted({port for purpose in purposes for port in purpose.ports})


def _replicated(facts: NodeFacts, found: Replication | None) -> NodeFacts:
    """`facts` with the node's replication state: 2 is good, None is not told (IM&P keeps a database of its own)."""
    row = found.row(facts.node.host, facts.node.name, facts.node.address) if found else None
    if row is None:
        return facts
    if row.state == 2 and not row.connected:
        cut_off = _stranger("UCM-SCAN-004", facts.node.name, detail=row.detail)
        return msgspec.structs.replace(facts, problems=(*facts.problems, cut_off))
    return msgspec.structs.replace(facts, replication=row.state)
