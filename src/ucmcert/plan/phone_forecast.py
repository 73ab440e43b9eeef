"""What becomes of the phones of each class: under this plan, step by step, and under the naive order, all at once.

Each class is one abstract phone on the worst nodes the plan renews, and it may boot at any moment between two steps:
power cuts and automatic resets ask nobody. Source: phones.md 1.5, 2.1, 2.3, 5.3.
"""

from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec

from ucmcert.knowledge.phone_classes import PhoneClass, read_class
from ucmcert.knowledge.services import service_called
from ucmcert.lint.phone_world import cucm_nodes, etoken_ctl, mixed, moves_phones, publisher_has, reused, tftp_nodes
from ucmcert.lint.service_names import runs
from ucmcert.model.cluster import Cluster
from ucmcert.model.plan import NEW_IDENTITY, Item, PhoneForecast, Step, StepKind
from ucmcert.plan.phone_trust import (
    ORDER,
    Family,
    Held,
    Lock,
    Servers,
    after_any_boot,
    ctl_updated,
    founded,
    holding,
    localkey,
    lock,
    renewed,
    restarted,
    up_to_date,
)

ABSENT = "absent"
SOURCE = "phones.md 1.5, 2.1"
MOST_TFTP = 2
RECOVERY = "ITLRecovery"


class Fate(msgspec.Struct, frozen=True, kw_only=True):
    """The worst that can become of a phone: under the plan, when it is away all the time, and in the naive order."""

    plan: Lock
    away: Lock
    naive: Lock


def phone_forecast(cluster: Cluster, items: Iterable[Item], steps: tuple[Step, ...]) -> tuple[PhoneForecast, ...]:
    """Two rows per class of phones, "plan" and "naive", and two for the absent ones. () when no phone notices anything.

    `items` and `steps` are the plan's.
    """
    mine = tuple(items)
    phones = cluster.phones
    if phones is None or not phones.total or not any(moves_phones(cluster, item.purpose) for item in mine):
        return ()
    rows: list[PhoneForecast] = []
    for name, count in sorted(phones.classes.items()):
        fate = fate_of(cluster, mine, steps, read_class(name))
        rows += (_row(name, count, "plan", fate.plan), _row(name, count, "naive", fate.naive))
    if phones.absent:
        fate = worst_absent(cluster, mine, steps)
        count = len(phones.absent)
        rows += (_row(ABSENT, count, "plan", fate.away), _row(ABSENT, count, "naive", fate.naive))
    return tuple(rows)


def worst_absent(cluster: Cluster, items: Iterable[Item], steps: tuple[Step, ...]) -> Fate:
    """The fate of a phone that is away from the first step to the last; of which class it is nobody knows."""
    classes = [read_class(name) for name in (cluster.phones.classes if cluster.phones else {})]
    worst = PhoneClass(secure=False, group=min((one.group for one in classes), default=1), lists=True, page=False)
    return fate_of(cluster, tuple(items), steps, worst)


def fate_of(cluster: Cluster, items: tuple[Item, ...], steps: tuple[Step, ...], kind: PhoneClass) -> Fate:
    """What can become of a phone of that class."""
    world = _world(cluster, items, kind.group)
    start = frozenset(holding(world, tftp, lists=kind.lists) for tftp in world.itl)
    lazy, final = _followed(cluster, items, steps, world, start, eager=False)
    eager, _ = _followed(cluster, items, steps, world, start, eager=True)
    away = max((lock(final, held) for held in start), key=ORDER.index)
    naive = max((lock(_all_renewed(cluster, items, world), held) for held in start), key=ORDER.index)
    return Fate(plan=max(lazy, eager, key=ORDER.index), away=away, naive=naive)


def _followed(
    cluster: Cluster,
    items: tuple[Item, ...],
    steps: tuple[Step, ...],
    world: Servers,
    phones: frozenset[Held],
    *,
    eager: bool,
) -> tuple[Lock, Servers]:
    """The worst lock on the way through `steps`, and the servers at the end.

    `eager` servers take a new identity up at once, without a restart (U7, and the automatic restarts of 14). Inside an
    ITLRecovery epoch of mixed mode a phone is soft-locked until the very command that mends it is given: not counted.
    """
    worst: Lock = "none"
    for step in steps:
        before = world
        world = _after(cluster, items, world, step)
        if eager and step.kind in NEW_IDENTITY:
            world = _taken_up(world)
        if step.kind is StepKind.PHONES_GATE and step.detail.get("pools") == "*":
            proven = frozenset(held for held in phones if up_to_date(world, held))
            if not proven:
                return max("soft", worst, key=ORDER.index), world
            phones = proven
        elif world is not before or step.kind is StepKind.PHONES_RESET:
            phones = after_any_boot(world, phones)
        else:
            continue
        seen = max((lock(world, held) for held in phones), key=ORDER.index)
        if seen == "hard" or step.purpose != RECOVERY or step.kind is StepKind.PHONES_GATE:
            worst = max(worst, seen, key=ORDER.index)
    return worst, world


def _after(cluster: Cluster, items: tuple[Item, ...], world: Servers, step: Step) -> Servers:
    """The servers after one step; the very same object when phones cannot tell the difference."""
    if step.kind in NEW_IDENTITY:
        for purpose, node in _touched(cluster, items, step):
            world = _renewed(world, purpose, node)
    elif step.kind is StepKind.SERVICE_RESTART:
        service = service_called(step.detail.get("service", ""))
        if service is not None and step.node in _nodes(world):
            if service.key == "tvs":
                return restarted(world, "tvs", step.node)
            if service.key == "tftp":
                return restarted(world, "tftp", step.node)
    elif step.kind is StepKind.CTL_UPDATE or step.detail.get("ask") == "etoken.ctl":
        world = ctl_updated(world)
    elif step.kind is StepKind.LIST_RESET:
        world = localkey(world, "ctl" if step.detail.get("list") == "ctl" else "itl")
    return world


def _touched(cluster: Cluster, items: tuple[Item, ...], step: Step) -> Iterator[tuple[str, str]]:
    """(anchor purpose, node) of each leaf that `step` replaces: a multi-server upload replaces it on all its nodes."""
    purpose = reused(cluster).get(step.purpose, step.purpose)
    mine = [item for item in items if item.purpose == step.purpose]
    shares = {item.node for item in mine if item.shared_from == step.node}
    for node in sorted({step.node, *shares}):
        yield purpose, node


def _renewed(world: Servers, purpose: str, node: str) -> Servers:
    """A new leaf, where the phones of this world could meet it; an ITLRecovery of the publisher is everybody's."""
    return renewed(world, purpose, node) if (purpose, node) in world.stored else world


def _all_renewed(cluster: Cluster, items: tuple[Item, ...], world: Servers) -> Servers:
    for item in items:
        purpose = reused(cluster).get(item.purpose, item.purpose)
        world = _renewed(world, purpose, item.node)
    return world


def _taken_up(world: Servers) -> Servers:
    for node in _nodes(world):
        world = restarted(restarted(world, "tvs", node), "tftp", node)
    return world


def _nodes(world: Servers) -> tuple[str, ...]:
    return tuple(dict.fromkeys((world.publisher, *world.group, *world.itl)))


def _world(cluster: Cluster, items: tuple[Item, ...], group: int) -> Servers:
    """The servers that a phone of a group of so many nodes meets, chosen for the worse: what is renewed comes first.

    A node of the group whose TVS does not run gives nobody a second opinion.
    """
    asked = {facts.node.name for facts in cucm_nodes(cluster) if runs(facts, "tvs")}
    tvs = [item.node for item in items if item.purpose == "TVS"]
    callers = [facts.node.name for facts in cucm_nodes(cluster) if runs(facts, "callmanager")]
    nodes = sorted(callers or [cluster.publisher.node.name], key=lambda name: name not in tvs)
    files = [facts.node.name for facts in tftp_nodes(cluster)] or [cluster.publisher.node.name]
    return founded(
        family_of(cluster),
        publisher=cluster.publisher.node.name,
        group=tuple(name for name in nodes[:group] if name in asked),
        tftp=tuple(dict.fromkeys((files[0], files[-1])))[:MOST_TFTP],
        mixed=mixed(cluster),
        keeper=cluster.publisher.node.name if publisher_has(cluster, "one_recovery_key") else "",
    )


def family_of(cluster: Cluster) -> Family:
    """Who signs on this release, and which key is the other one. Source: phones.md 1.3, 1.6."""
    if not publisher_has(cluster, "recovery_key"):
        return Family(itl="CallManager", ctl="token", spare="", new_ctl_signer=True)
    tokens = etoken_ctl(cluster)
    if not publisher_has(cluster, "recovery_key_signs"):
        return Family(
            itl="CallManager", ctl="token" if tokens else "CallManager", spare="ITLRecovery", new_ctl_signer=True
        )
    return Family(
        itl="ITLRecovery", ctl="token" if tokens else "ITLRecovery", spare="CallManager", new_ctl_signer=False
    )


def _row(name: str, count: int, order: Literal["plan", "naive"], locked: Lock) -> PhoneForecast:
    lost = count if locked != "none" else 0
    return PhoneForecast(phone_class=name, phones=count, order=order, lost=lost, lock=locked, source=SOURCE)
