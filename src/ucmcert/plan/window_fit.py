"""Is the change window long enough? An epoch that has begun is finished whatever the clock says, so it must fit.

Source: procedure.md 4.1 P23; phones.md 4 (how long phones take).
"""

from ucmcert.lint.rule import finding
from ucmcert.model.finding import Finding, Severity
from ucmcert.model.plan import Phase, Plan
from ucmcert.plan.critical_path import makespan_s
from ucmcert.plan.forecast import minutes
from ucmcert.plan.options import Options


def block_s(plan: Plan, purpose: str) -> int:
    """Seconds from the first upload of `purpose` to the last proof of its epoch, as estimated."""
    return makespan_s(one for one in plan.steps if one.phase is Phase.CUT_OVER and one.purpose == purpose)


def window_findings(plan: Plan, options: Options) -> tuple[Finding, ...]:
    """The purposes whose epoch is longer than the longest window; () where there are no windows."""
    if options.window_s is None:
        return ()
    purposes = dict.fromkeys(item.purpose for item in plan.items)
    return tuple(_too_long(plan, one, options.window_s) for one in purposes if block_s(plan, one) > options.window_s)


def _too_long(plan: Plan, purpose: str, window_s: float) -> Finding:
    values = {
        "purpose": purpose,
        "needed": str(minutes(block_s(plan, purpose))),
        "window": str(int(window_s // 60)),
    }
    return finding("UCM-PLAN-013", Severity.ERROR, plan.cluster, "procedure.md 4.1 P23", **values)
