"""What the demonstration of mistakes tells, as JSON and as facts for its page."""

import msgspec

from ucmcert.cli.embedded.truth import Truth
from ucmcert.model.plan import Phase, Plan, StepKind


class PlanShape(msgspec.Struct, frozen=True, kw_only=True):
    """Our own plan for the same renewal, made before anything was touched. `lost` is its forecast, of `phones`.

    `epochs` are the purposes that are cut over one after the other, each closed before the next; times in seconds.
    """

    digest: str
    steps: int
    epochs: tuple[str, ...]
    resets: int
    gates: int
    prepare_s: int
    window_s: int
    lost: int
    phones: int


class CaseShape(msgspec.Struct, frozen=True, kw_only=True):
    """One night: what was renewed where, how many phones it locked by the lab's own truth, and how many it had to.

    `own_resets`: whether the release also resets phones by itself. `soft` and `hard` are locked phones; `must_soft` and
    `must_hard` are the forecast for the naive order.
    """

    case: str
    release: str
    mixed: bool
    renewed: tuple[str, ...]
    own_resets: bool
    phones: int
    locked: int
    soft: int
    hard: int
    must_soft: int
    must_hard: int
    states: dict[str, int]
    as_foretold: bool
    plan: PlanShape


class WrongOrderShape(msgspec.Struct, frozen=True, kw_only=True):
    """`demo --wrong-order --json`. `done` when every night locked the phones it had to, else `failed`."""

    version: int = 1
    outcome: str
    cases: tuple[CaseShape, ...]
    elapsed_s: float
    speed: float
    seed: int


def plan_shape(plan: Plan) -> PlanShape:
    """The figures of `plan`."""
    rows = [one for one in plan.forecast.phones if one.order == "plan"]
    cut_over = [one.purpose for one in plan.steps if one.phase is Phase.CUT_OVER]
    return PlanShape(
        digest=plan.digest,
        steps=len(plan.steps),
        epochs=tuple(dict.fromkeys(cut_over)),
        resets=sum(one.kind is StepKind.PHONES_RESET for one in plan.steps),
        gates=sum(one.kind is StepKind.PHONES_GATE for one in plan.steps),
        prepare_s=plan.forecast.prepare_s,
        window_s=plan.forecast.window_s,
        lost=sum(one.lost for one in rows),
        phones=sum(one.phones for one in rows),
    )


def must_lock(plan: Plan, lock: str) -> int:
    """How many phones the naive order locks that way, by the forecast of `plan`."""
    return sum(one.lost for one in plan.forecast.phones if one.order == "naive" and one.lock == lock)


def as_foretold(truth: Truth, plan: Plan) -> bool:
    """Whether the night locked phones, and exactly those it had to, in the way it had to."""
    return truth.locked > 0 and (truth.soft, truth.hard) == (must_lock(plan, "soft"), must_lock(plan, "hard"))
