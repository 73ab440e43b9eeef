"""Whom a recovery's gates do not wait for: named in the approved plan, in the step that records every phone.

A recovery changes no identity, so nothing in it can lock a phone; its gates count the phones it is for, and those that
were right must stay right. `untold` may stay silent, `lost` may stay wrong: no run can help them.
"""

from typing import Literal

from ucmcert.model.plan import Plan, StepKind

Kind = Literal["untold", "lost", "wrong"]


def excused(plan: Plan, kind: Kind) -> frozenset[str]:
    """The names of that kind in `plan`; none in a plan that renews something."""
    baselines = (one for one in plan.steps if one.kind is StepKind.PHONES_BASELINE)
    return frozenset(name for one in baselines for name in one.detail.get(kind, "").split(",") if name)


def is_recovery(plan: Plan) -> bool:
    """Whether the plan renews nothing and still does something."""
    return not plan.items and bool(plan.steps)
