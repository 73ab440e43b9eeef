"""Restart one service that loads the certificate. A restart is recognised by the service's start time, node clock.

Source: procedure.md 1.2; interfaces-http.md 4 (never trust `Started` alone); interfaces-cli.md 3.2.
"""

import math
from datetime import UTC, datetime

from ucmcert.knowledge.purposes import noticed_by_phones
from ucmcert.model.cluster import ServiceStatus
from ucmcert.model.event import Intended
from ucmcert.model.plan import Step, StepKind
from ucmcert.run.context import Context
from ucmcert.run.observation import Done, Observation, Todo, Unclear
from ucmcert.run.surprises import surprise

CHANGES = frozenset(
    {
        StepKind.IDENTITY_UPLOAD,
        StepKind.IDENTITY_SPREAD,
        StepKind.IDENTITY_REGENERATE,
        StepKind.CTL_UPDATE,
        StepKind.LIST_RESET,
    }
)
CLOCK_GRAIN_S = 2.0  # start times and node clocks are told in whole seconds
CLOSE_S = 120.0  # far more than a clock can drift away during a run


async def observe(context: Context, step: Step) -> Observation:
    """Done when the service runs and started after the upload, by the node's own clock."""
    node, name = context.node(step), step.detail["service"]
    await context.services(node)
    service = context.facts(step).service(name)
    intended = context.history.intended.get(step.id)
    if service is None:
        return surprise("UCM-RUN-006", node.name, service=name)
    if service.state == "stopped" and (intended is None or _stopped_by_hand(service)):
        return surprise("UCM-RUN-007", node.name, service=name, reason=service.reason or "no reason given")
    if intended is not None and service.state == "stopped" and _settled(context, step, intended):
        return Todo(baseline=intended.baseline)  # our restart did not bring it up: the node's own advice is once more
    if not service.runs:
        return Unclear(code="UCM-RUN-008", what=f"{name} is {service.state}", why=service.reason or "it says no more")
    if service.started_at is None:
        return _without_start_time(context, step, service)
    since = _uploaded_at(context, step)
    if intended is not None:
        since = min(since, float(intended.baseline["started_at"]))
    if service.started_at >= since + CLOCK_GRAIN_S:
        return Done(
            evidence=(
                context.evidence(
                    f"{name} runs since {_told(service.started_at)}, later than {_told(since)} (node clock)",
                    f"services of {node.name}",
                ),
            ),
            facts={"started_at": repr(service.started_at)},
        )
    if await _just_started(context, step, service.started_at):
        return Unclear(code="UCM-RUN-009", what=f"{name} started this very moment", why="start times are whole seconds")
    return Todo(baseline={"started_at": repr(service.started_at)})


async def act(context: Context, step: Step) -> str:
    """Restart it; the node's words. HTTP connections through it are dropped, so that the next look is a new one."""
    node = context.node(step)
    try:
        return await context.client.restart_service(node, step.detail["service"])
    finally:
        await context.client.forget(node)


def _told(epoch_s: float) -> str:
    return f"{datetime.fromtimestamp(epoch_s, UTC):%Y-%m-%d %H:%M:%S} UTC"


async def _just_started(context: Context, step: Step, started_at: float) -> bool:
    """Whether a restart now could get the very start time it has; the node's clock is asked only when it is close."""
    known = context.facts(step).clock_offset_s is not None
    if known and context.node_now(step) > started_at + CLOSE_S:
        return False
    return await context.client.node_utc(context.node(step)) < started_at + 2 * CLOCK_GRAIN_S


def _stopped_by_hand(service: ServiceStatus) -> bool:
    """Reasons that somebody's command leaves behind, never a start that failed (interfaces-cli.md 3.1)."""
    reason = service.reason.lower()
    return "not activated" in reason or "command" in reason


def _settled(context: Context, step: Step, intended: Intended) -> bool:
    """Whether our restart is old, of another process or unanswered: then a stopped service is not just on its way."""
    return step.id not in context.dialogues and context.clock.now() - intended.at >= context.limits.settle_s


def _uploaded_at(context: Context, step: Step) -> float:
    """Node time from which on a start has read what was uploaded; infinite where nothing tells it.

    Where phones notice, services of one node load what was uploaded on others and the lists made since: there the last
    change of the epoch counts that stands before this restart in the plan.
    """
    if step.detail.get("after") == "trust":
        return math.inf
    if noticed_by_phones(step.purpose):
        return max(_changes_before(context, step), default=math.inf)
    try:
        return float(context.history.fact(step, StepKind.IDENTITY_UPLOAD, "node_utc"))
    except KeyError:
        return math.inf


def _changes_before(context: Context, step: Step) -> list[float]:
    found = []
    for one in context.plan.steps:
        if one.id == step.id:
            break
        done = context.history.verified.get(one.id)
        if done is not None and one.purpose == step.purpose and one.kind in CHANGES:
            found.append(float(done.facts["node_utc"]))
    return found


def _without_start_time(context: Context, step: Step, service: ServiceStatus) -> Observation:
    """The node tells no start time: wait for it, or where it never tells one, rest on the restart dialogue itself."""
    if service.start_told:
        return Unclear(code="UCM-RUN-010", what="its start time cannot be read yet", why="Control Center is not back")
    transcript = context.dialogues.get(step.id, "")
    if f"{service.name}[started]".lower() in transcript.lower().replace(" [", "["):
        source = f"restart dialogue of {context.node(step).name}"
        return Done(evidence=(context.evidence(f"{service.name} went through a restart to STARTED", source),))
    return Todo(baseline={"started_at": "inf"})
