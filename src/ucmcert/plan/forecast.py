"""How long the plan takes and who notices: seconds of work, seconds of the window, services and users hit, phones."""

from ucmcert.knowledge.impact import (
    PHONES_AWAY_CODE,
    PHONES_AWAY_SOURCE,
    SERVICE_IMPACTS,
    SSO_OFF_CODE,
    SSO_OFF_SOURCE,
)
from ucmcert.knowledge.services import service_called
from ucmcert.model.cluster import Cluster
from ucmcert.model.plan import Forecast, Impact, Item, Phase, Step, StepKind
from ucmcert.plan.critical_path import finish_times_s, makespan_s
from ucmcert.plan.phone_forecast import phone_forecast
from ucmcert.plan.reasons import sentence


def forecast(steps: tuple[Step, ...], cluster: Cluster, items: tuple[Item, ...]) -> Forecast:
    """The forecast of `steps`, made for `items` of `cluster`. Seconds are estimates (knowledge/services, epochs/pace);
    waiting for a CA or a person is not in them.

    The window holds the cut-over alone; the critical path holds everything.
    """
    return Forecast(
        prepare_s=makespan_s(step for step in steps if step.phase is Phase.PREPARE),
        window_s=makespan_s(step for step in steps if step.phase is Phase.CUT_OVER),
        critical_path_s=makespan_s(steps),
        impacts=_impacts(steps),
        phones=phone_forecast(cluster, items, steps),
    )


def minutes(seconds: int) -> int:
    """Whole minutes, rounded up."""
    return -(-seconds // 60)


def _impacts(steps: tuple[Step, ...]) -> tuple[Impact, ...]:
    rows = {row.service: row for row in SERVICE_IMPACTS}
    seconds: dict[tuple[str, str], int] = {}
    sources: dict[str, str] = {}
    for step in steps:
        service = service_called(step.detail.get("service", ""))
        if step.kind is StepKind.SERVICE_RESTART and service and service.key in rows:
            row = rows[service.key]
            sources[row.code] = row.source
            seconds[(step.node, row.code)] = seconds.get((step.node, row.code), 0) + step.estimate_s
        elif step.kind is StepKind.PHONES_GATE:
            sources[PHONES_AWAY_CODE] = PHONES_AWAY_SOURCE
            key = (step.node, PHONES_AWAY_CODE)
            seconds[key] = seconds.get(key, 0) + step.estimate_s
    found = [
        Impact(where=node, what=sentence(code), seconds=total, source=sources[code])
        for (node, code), total in seconds.items()
    ]
    off = [step for step in steps if step.detail.get("ask") == "sso.disable"]
    if off:
        ends = finish_times_s(steps)
        total = max(ends.values()) - ends[off[0].id]
        what = sentence(SSO_OFF_CODE)
        found.append(Impact(where=off[0].node, what=what, seconds=total, source=SSO_OFF_SOURCE))
    return tuple(found)
