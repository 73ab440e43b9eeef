"""Who a phone would still believe: the served lists settled, the other key, or nobody. Every phone gets one fate."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

import msgspec

from ucmcert.lint.phone_world import mixed
from ucmcert.model.cluster import Cluster
from ucmcert.model.phone import NOT_INSTALLED
from ucmcert.model.trust_list import ListKind, TrustListFacts
from ucmcert.plan.phone_trust import Held, TrustFile, lock
from ucmcert.plan.recovery.world import World, held_by

KnownLists = Mapping[str, TrustListFacts]


class Fate(StrEnum):
    """In the order in which they are told. FINE phones hold what is served; RESET ones take it at their next boot."""

    HARD = "hard"  # takes no list of this cluster, whichever of its keys signs
    SOFT = "soft"  # takes a list that the other key signs
    UNKNOWN = "unknown"  # holds a list that nobody here ever saw
    RESET = "reset"  # would take the served list: it only has to boot
    UNTOLD = "untold"  # registered, and tells nothing
    AWAY = "away"  # not registered: nobody can ask it
    FINE = "fine"


class Holder(msgspec.Struct, frozen=True, kw_only=True):
    """A phone and what it told of its lists: checksums, NOT_INSTALLED, "" for nothing. `group` are host names.

    `seen_at` is the node's UTC epoch of its last change of status, 0 when real-time data does not know it.
    """

    name: str
    model: str
    pool: str
    group: tuple[str, ...]
    lists: bool = True
    registered: bool = True
    seen_at: int = 0
    node: str = ""
    itl: str = ""
    ctl: str = ""
    description: str = ""


def known_by_checksum(lists: Iterable[TrustListFacts]) -> dict[str, TrustListFacts]:
    """Lists whose records are known, by SHA-1 and by MD5: a phone tells one of the two."""
    usable = [one for one in lists if one.present and one.records]
    return {told: one for one in usable for told in (one.sha1, one.md5) if told}


def served_checksums(cluster: Cluster) -> dict[ListKind, frozenset[str]]:
    """The checksums of what TFTP nodes serve now, by kind."""
    lists = [one for facts in cluster.nodes for one in facts.lists if one.present]
    kinds: tuple[ListKind, ...] = ("itl", "ctl")
    return {
        kind: frozenset(told for one in lists if one.kind == kind for told in (one.sha1, one.md5) if told)
        for kind in kinds
    }


def fate_of(cluster: Cluster, world: World, holder: Holder, known: KnownLists) -> tuple[Fate, Held | None]:
    """The fate of `holder`, and what it holds where that is known. `world` is the one of its CM group."""
    served = served_checksums(cluster)
    needed = _needed(cluster, holder)
    told = {"itl": holder.itl, "ctl": holder.ctl}
    if not needed:  # a model that knows no lists: coming back is all there is
        return (Fate.FINE if holder.registered else Fate.AWAY), None
    if all(told[kind] in served[kind] for kind in needed):
        return Fate.FINE, _held(cluster, world, holder, known)
    if not any(told[kind] for kind in needed):
        return (Fate.UNTOLD if holder.registered else Fate.AWAY), None
    wrong = [kind for kind in needed if told[kind] and told[kind] not in served[kind]]
    if not wrong:
        return Fate.UNTOLD, None  # one list is right, and of the other it does not tell
    held = _held(cluster, world, holder, known)
    if held is None:
        return Fate.UNKNOWN, None
    return {"none": Fate.RESET, "soft": Fate.SOFT, "hard": Fate.HARD}[lock(world.servers, held)], held


def _needed(cluster: Cluster, holder: Holder) -> tuple[ListKind, ...]:
    """The lists this phone must hold. Of a model without trust lists nobody knows better than that it is back."""
    if not holder.lists:
        return ("ctl",) if mixed(cluster) and holder.ctl else ()
    return ("itl", "ctl") if mixed(cluster) else ("itl",)


def _held(cluster: Cluster, world: World, holder: Holder, known: KnownLists) -> Held | None:
    """Its lists as the model sees them; None when one that counts is not known."""
    files: list[TrustFile | None] = []
    for kind, told in (("itl", holder.itl), ("ctl", holder.ctl)):
        counts = holder.lists if kind == "itl" else mixed(cluster)
        if not counts or told == NOT_INSTALLED:
            files.append(None)
        elif told not in known:
            return None
        else:
            files.append(held_by(world, known[told]))
    return Held(files[0], files[1], holder.lists)
