"""What became of a removal plan: per certificate and node gone, still there or back again; and what went besides.

Source: procedure.md 6.4 (evidence is read per node), 6.5 (what is deleted may come back within 30 minutes).
"""

from enum import StrEnum

import msgspec

from ucmcert.model.cluster import Cluster
from ucmcert.trust.entries import readable
from ucmcert.trust.removal import Held, RemovalPlan, held_now


class Fate(StrEnum):
    """What a later look shows of a planned certificate on a node. UNREAD is never taken for gone."""

    GONE = "gone"
    STILL = "still-there"
    BACK = "came-back"
    UNREAD = "unread"


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """One look at what became of the plan, kept beside it: `gone` is what was gone at `at` (UTC epoch seconds)."""

    at: float
    gone: tuple[Held, ...]


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one certificate of the plan on one node."""

    number: int
    held: Held
    fate: Fate


class Since(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a plan by `observed_at`. `lost` went without being planned, on nodes that told all they hold.

    `done` means: all that was planned is gone, everywhere, and nothing else is.
    """

    cluster: str
    observed_at: float
    outcomes: tuple[Outcome, ...]
    lost: tuple[Held, ...]

    @property
    def done(self) -> bool:
        """Whether the plan is carried out, and nothing beside it happened."""
        return not self.lost and all(one.fate is Fate.GONE for one in self.outcomes)


def since(plan: RemovalPlan, cluster: Cluster, looks: tuple[Look, ...] = ()) -> Since:
    """Compare `cluster` as it is now with `plan`; what an earlier look found gone and is there now came back."""
    there = frozenset(held_now(cluster))
    told = frozenset(facts.node.name for facts in cluster.nodes if readable(facts))
    gone_before = frozenset(held for look in looks for held in look.gone)
    outcomes = []
    planned: set[Held] = set()
    for removal in plan.removals:
        store = removal.store.removesuffix("-trust")
        for node in removal.nodes:
            held = Held(node=node, store=store, sha256=removal.sha256)
            planned.add(held)
            outcomes.append(Outcome(number=removal.number, held=held, fate=_fate(held, there, told, gone_before)))
        # where replication brought it since, nobody had planned a deletion yet
        spread = (held for held in there if (held.store, held.sha256) == (store, removal.sha256))
        outcomes += [
            Outcome(number=removal.number, held=held, fate=Fate.BACK)
            for held in sorted(spread, key=lambda held: held.node)
            if held.node not in removal.nodes
        ]
    lost = tuple(held for held in plan.stood if held not in planned and held not in there and held.node in told)
    return Since(cluster=cluster.name, observed_at=cluster.observed_at, outcomes=tuple(outcomes), lost=lost)


def look_of(found: Since) -> Look:
    """What this look must leave behind, so that the next one can tell what came back."""
    gone = tuple(one.held for one in found.outcomes if one.fate is Fate.GONE)
    return Look(at=float(found.observed_at), gone=gone)


def _fate(held: Held, there: frozenset[Held], told: frozenset[str], gone_before: frozenset[Held]) -> Fate:
    if held in there:
        return Fate.BACK if held in gone_before else Fate.STILL
    return Fate.GONE if held.node in told else Fate.UNREAD
