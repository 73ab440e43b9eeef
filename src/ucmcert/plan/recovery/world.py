"""The cluster as its phones meet it, in the words of the abstract model: real certificates become its leaves.

A certificate that is stored today is of generation 0; one that only an old list knows is a leaf of its own, which no
service shows any more. Source: phones.md 1.3-1.5.
"""

import msgspec

from ucmcert.lint.phone_world import REUSES, cucm_nodes, mixed, publisher_has, reused, tftp_nodes
from ucmcert.lint.service_names import runs
from ucmcert.model.certificate import Certificate
from ucmcert.model.cluster import Cluster, NodeFacts
from ucmcert.model.trust_list import ListRecord, ListRole, TrustListFacts
from ucmcert.plan.phone_forecast import family_of
from ucmcert.plan.phone_trust import Leaf, Servers, TrustFile, made_ctl, made_itl

NOW, OLD = 0, -1
TVS_PORT = 2445
RECOVERY, CALL, TVS = "ITLRecovery", "CallManager", "TVS"
Place = tuple[str, str]


class World(msgspec.Struct, frozen=True, kw_only=True):
    """The servers that the phones of one CM group meet. `prints` are the stored certificates by their places:
    SHA-256 and serial of each, "" for what nobody told.
    """

    servers: Servers
    prints: dict[Place, tuple[str, str]]


def world_of(cluster: Cluster, group: tuple[str, ...]) -> World:
    """The world of phones whose CM group has these hosts, in order. Their TVS are those of the group that run."""
    family, publisher = family_of(cluster), cluster.publisher.node.name
    nodes = cucm_nodes(cluster)
    keeper = publisher if publisher_has(cluster, "one_recovery_key") else ""
    prints = {place: told for facts in nodes for place, told in _prints(cluster, facts, keeper)}
    stored = {(purpose, facts.node.name): NOW for facts in nodes for purpose in (CALL, TVS, RECOVERY)}
    by_host = {facts.node.host.lower(): facts for facts in nodes}
    asked = [by_host[host.lower()] for host in group if host.lower() in by_host]
    servers = Servers(
        family=family,
        publisher=publisher,
        group=tuple(facts.node.name for facts in asked if runs(facts, "tvs")),
        stored=stored,
        shown={place: _shown(cluster, place) if place[0] == TVS else at for place, at in stored.items()},
        itl={},
        ctl=None,
        keeper=keeper,
    )
    world = World(servers=servers, prints=prints)
    lists = {one.node.name: _served(world, one.trust_list("itl")) for one in _tftp(cluster)}
    itl = {name: served or made_itl(servers, name) for name, served in lists.items()}
    ctl = next((found for one in _tftp(cluster) if (found := _served(world, one.trust_list("ctl")))), None)
    whole = msgspec.structs.replace(servers, itl=itl, ctl=(ctl or made_ctl(servers)) if mixed(cluster) else None)
    return msgspec.structs.replace(world, servers=whole)


def held_by(world: World, listed: TrustListFacts) -> TrustFile:
    """A list as what a phone can go by: those of its records that may sign lists or answer as TVS, and its signer."""
    leaves: set[Leaf] = set()
    for one in listed.records:
        if one.role == ListRole.SAST:
            leaves.update(_leaves(world, one, (CALL, RECOVERY)))
        elif one.role == ListRole.TVS:
            leaves.update(_leaves(world, one, (TVS,)))
    return TrustFile(frozenset(leaves), _signer(world, listed))


def _served(world: World, listed: TrustListFacts | None) -> TrustFile | None:
    return held_by(world, listed) if listed is not None and listed.present and listed.records else None


def _signer(world: World, listed: TrustListFacts) -> Leaf | None:
    """The leaf that signed; None for an eToken, whose record holds no certificate and which never changes."""
    if listed.kind == "ctl" and world.servers.family.ctl == "token":
        return None
    signers = [one for one in listed.records if one.role == ListRole.SAST and _same(one.serial, listed.signer_serial)]
    if not signers:
        return ("?", listed.signer_serial, OLD)
    leaves = _leaves(world, signers[0], (CALL, RECOVERY))
    home = {world.servers.publisher, listed.node}
    return min(leaves, key=lambda leaf: (leaf[1] not in home, leaf[1] != world.servers.publisher, leaf))


def _leaves(world: World, record: ListRecord, purposes: tuple[str, ...]) -> list[Leaf]:
    """The places where the certificate of `record` is stored today: several for a shared one; else an old leaf."""
    found: list[Leaf] = [
        (place[0], place[1], NOW) for place, told in world.prints.items() if place[0] in purposes and _is(record, told)
    ]
    return found or [("old", record.sha256 or f"{record.serial} {record.issuer}", OLD)]


def _is(record: ListRecord, told: tuple[str, str]) -> bool:
    sha256, serial = told
    return record.sha256 == sha256 if record.sha256 else _same(record.serial, serial)


def _same(one: str, other: str) -> bool:
    return bool(one) and one.upper().lstrip("0") == other.upper().lstrip("0")


def _prints(cluster: Cluster, facts: NodeFacts, keeper: str) -> list[tuple[Place, tuple[str, str]]]:
    found = []
    for purpose in (CALL, TVS, RECOVERY):
        if purpose == RECOVERY and keeper not in ("", facts.node.name):
            continue
        held = _identity(cluster, facts, purpose)
        if held is not None:
            found.append(((purpose, facts.node.name), (held.sha256, held.serial)))
        elif purpose == RECOVERY and (seen := _told_by_list(facts)) is not None:
            found.append(((purpose, facts.node.name), (seen.sha256, seen.serial)))
    return found


def _identity(cluster: Cluster, facts: NodeFacts, purpose: str) -> Certificate | None:
    held = facts.holding.identity(purpose)
    if held is None and purpose == CALL and CALL in reused(cluster).values():
        return facts.holding.identity(next(web for web, call in REUSES.items() if call == CALL))
    return held


def _told_by_list(facts: NodeFacts) -> ListRecord | None:
    """The recovery key of a node that does not show its certificate, by the ITL that it serves."""
    listed = facts.trust_list("itl")
    records = listed.records if listed else ()
    return next((one for one in records if one.role == ListRole.SAST and RECOVERY.upper() in one.subject.upper()), None)


def _shown(cluster: Cluster, place: Place) -> int:
    """NOW when the TVS of that node shows what is stored there, or was not looked at; OLD when it shows another."""
    facts = cluster.facts(place[1])
    stored = facts.holding.identity(TVS)
    seen = [one for one in facts.served if one.port == TVS_PORT]
    if not seen or stored is None:
        return NOW
    return NOW if seen[0].leaf is not None and seen[0].leaf.sha256 == stored.sha256 else OLD


def _tftp(cluster: Cluster) -> tuple[NodeFacts, ...]:
    return tftp_nodes(cluster) or (cluster.publisher,)
