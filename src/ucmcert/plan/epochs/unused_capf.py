"""CAPF of subscribers below 14: a file that nothing uses. Regenerated on request, only to silence its expiry alarms."""

import msgspec

from ucmcert.model.cluster import Cluster
from ucmcert.model.plan import Item, Step, StepKind
from ucmcert.plan.epochs.draft import Draft
from ucmcert.plan.options import Options

REGENERATE_S = 30
ALONE = ("UCM-RULE-003",)  # one epoch at a time; no phone is concerned


def unused_capf(
    cluster: Cluster, items: tuple[Item, ...], needs: tuple[str, ...], options: Options
) -> tuple[Step, ...]:
    """One regeneration per subscriber, side by side; no service and no phone reads it. Source: procedure.md 3.3."""
    draft = Draft(cluster, "CAPF", needs, options)
    nodes = [cluster.facts(item.node) for item in items]
    draft.beside(StepKind.IDENTITY_REGENERATE, "UCM-STEP-REGENERATE-UNUSED", nodes, estimate_s=REGENERATE_S)
    return tuple(msgspec.structs.replace(step, rules=ALONE) for step in draft.steps)
