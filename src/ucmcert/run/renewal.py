"""A renewal from approval to the last evidence. Starting and resuming are one function: only the ledger differs."""

from collections.abc import Callable

import msgspec

from ucmcert.check.after import backed_up
from ucmcert.check.after import check as check_after
from ucmcert.config.windows import Window, left_s, longest_s, next_opening
from ucmcert.discover import look_at_lists
from ucmcert.errors import UsageError
from ucmcert.knowledge.purposes import noticed_by_phones
from ucmcert.lint.authority_profile.profile import CaProfile
from ucmcert.lint.phone_world import REUSES
from ucmcert.model.cluster import Cluster
from ucmcert.model.event import AnyEvent, FindingsAccepted, Finished, Held, RunResumed, RunStarted, Stopped
from ucmcert.model.finding import Finding, Severity
from ucmcert.model.plan import Phase, Plan, Step, StepKind
from ucmcert.model.ports import Clock, Ledger, Random
from ucmcert.model.signing import Authority
from ucmcert.plan.window_fit import block_s
from ucmcert.run.context import Context
from ucmcert.run.history import History
from ucmcert.run.last_look import last_look
from ucmcert.run.limits import Limits
from ucmcert.run.observation import Outside
from ucmcert.run.outcome import Outcome
from ucmcert.run.progress import ARRIVALS
from ucmcert.run.runner import run_plan
from ucmcert.ucm.cluster_client import ClusterClient

BEGINNINGS = ARRIVALS | {StepKind.CTL_UPDATE, StepKind.LIST_RESET, StepKind.PHONES_LSC, StepKind.PHONES_RESET}


class Renewal(msgspec.Struct, kw_only=True):
    """Everything a renewal needs from outside, given once."""

    client: ClusterClient
    clock: Clock
    random: Random
    ledger: Ledger
    authority: Authority
    limits: Limits
    windows: tuple[Window, ...] = ()
    wait_for_window: bool = False
    tool: str = "ucmcert"
    ca: CaProfile | None = None
    listener: Callable[[AnyEvent], None] | None = None


def start(renewal: Renewal, plan: Plan, cluster: Cluster, approved_by: str) -> History:
    """Write the approved `plan` into the ledger as a new run and return its history."""
    now = renewal.clock.now()
    run = f"{plan.cluster}-{int(now)}-{renewal.random.token()}"
    event = RunStarted(at=now, run=run, plan=plan, tool=renewal.tool, approved_by=approved_by, before=cluster)
    history = History(event)
    _append(renewal, history, event)
    return history


def accept(renewal: Renewal, history: History, codes: tuple[str, ...], *, by: str, why: str) -> None:
    """Write into the ledger that a person lets the run go on with these errors of the lint."""
    at = renewal.clock.now()
    _append(renewal, history, FindingsAccepted(at=at, run=history.run, codes=codes, by=by, why=why))


def take_up(renewal: Renewal, history: History, cluster: Cluster) -> None:
    """Take an unfinished run up again. Raises UsageError UCM-RESUME-002 when the cluster has other nodes by now."""
    planned = {item.node for item in history.plan.items}
    before = {facts.node.name for facts in history.started.before.nodes} if history.started.before else planned
    present = {facts.node.name for facts in cluster.nodes}
    if present != before:
        gone, new = sorted(before - present), sorted(present - before)
        raise UsageError(
            "UCM-RESUME-002",
            "the cluster has other nodes than when the plan was approved",
            where=history.run,
            why=f"new: {', '.join(new) or 'none'}; gone: {', '.join(gone) or 'none'}",
            next="bring the nodes back and resume, or make a new plan with `ucmcert plan`",
        )
    _append(renewal, history, RunResumed(at=renewal.clock.now(), run=history.run, tool=renewal.tool))


async def carry_on(renewal: Renewal, history: History, cluster: Cluster) -> Outcome:
    """Carry out what the ledger leaves open, from wherever it is, and write how it ended.

    Raises: UsageError UCM-LEDGER-* when the ledger cannot be written; asyncio.CancelledError after recording Stopped.
    """
    cluster = await _with_phone_facts(renewal, history, cluster)
    for step_id, issued in history.issued.items():
        for name in history.shown_on(history.plan.step(step_id)):
            renewal.client.expect_leaf(name, issued.leaf.sha256)
    context = Context(
        client=renewal.client,
        clock=renewal.clock,
        authority=renewal.authority,
        history=history,
        cluster=cluster,
        limits=renewal.limits,
        record=lambda event: _append(renewal, history, event),
        ca=renewal.ca,
    )

    async def gate(step: Step) -> Outside | None:
        return await _window(renewal, history, step)

    ended = False
    try:
        outcome = await run_plan(context, renewal.random, gate)
        if outcome is Outcome.DONE:
            outcome = await _finish(renewal, history, cluster)
        ended = True
    finally:
        if not ended and not history.finished:
            _stopped(renewal, history)
    return outcome


async def _with_phone_facts(renewal: Renewal, history: History, cluster: Cluster) -> Cluster:
    """What the rules ask of phones, where the plan moves some: the lists as they are now, the rest as it was approved.

    A resumed run does not look at 40,000 phones again: its gates look at those that matter, and the rules read afresh
    what may have changed.
    """
    if not any(one.kind is StepKind.LISTS_CHECK for one in history.plan.steps):
        return cluster
    before = history.started.before
    if cluster.phones is None and before is not None:
        cluster = msgspec.structs.replace(cluster, phones=before.phones, backup_devices=before.backup_devices)
    if any(facts.lists for facts in cluster.nodes):
        return cluster
    return await look_at_lists(renewal.client, cluster)


async def _finish(renewal: Renewal, history: History, cluster: Cluster) -> Outcome:
    """Look at the whole cluster once more: DONE when all is as it should be, else HELD by the first error."""
    after, unread = await last_look(renewal.client, cluster, clock=renewal.clock, limits=renewal.limits)
    findings = _found(history, after) if after else ()
    now = renewal.clock.now()
    wrong = [*unread, *(one for one in findings if one.severity is Severity.ERROR)]
    if wrong:
        _append(renewal, history, Held(at=now, run=history.run, step="after", finding=wrong[0]))
        return Outcome.HELD
    reminders = tuple(dict.fromkeys(one.next for one in findings))
    finished = Finished(at=now, run=history.run, reminders=reminders, after=after, findings=findings)
    _append(renewal, history, finished)
    return Outcome.DONE


def _found(history: History, after: Cluster) -> tuple[Finding, ...]:
    """What the post-checks say of `after`."""
    return check_after(
        after,
        issued=_issued(history),
        uploaded_at=_uploaded_at(history),
        before=history.started.before,
        signed=frozenset(name for names in history.signed.values() for name in names),
        backed_up=backed_up(history.plan, history.done()),
    )


def _issued(history: History) -> dict[tuple[str, str], str]:
    named = {(one.node, one.purpose): history.new_sha256(one.node, one.purpose) for one in history.plan.items}
    return {key: sha256 for key, sha256 in named.items() if sha256}


def _uploaded_at(history: History) -> dict[tuple[str, str], float]:
    uploads = [one for one in history.plan.steps if one.kind in ARRIVALS and one.id in history.verified]
    return {(one.node, one.purpose): float(history.verified[one.id].facts["node_utc"]) for one in uploads}


def _stopped(renewal: Renewal, history: History) -> None:
    try:
        _append(renewal, history, Stopped(at=renewal.clock.now(), run=history.run, why="the process was asked to stop"))
    except UsageError:
        return  # the ledger itself is the trouble, and its error is already on the way up


async def _window(renewal: Renewal, history: History, step: Step) -> Outside | None:
    """None when `step` may act now. An epoch that has begun is finished whatever the clock says."""
    if step.phase is not Phase.CUT_OVER or not renewal.windows or _epoch_open(history, step.purpose):
        return None
    now = renewal.clock.now()
    needed = min(block_s(history.plan, step.purpose) / renewal.limits.pace, longest_s(renewal.windows, now) or 0.0)
    left = left_s(renewal.windows, now)
    if left >= needed and left > 0:
        return None
    opens = next_opening(renewal.windows, now, for_s=needed)
    if renewal.wait_for_window:
        await renewal.clock.sleep(opens - now)
        return None
    closed = "the change window is closed"
    short = f"the change window closes in {left / 60:.0f} minutes, and {step.purpose} takes {needed / 60:.0f}"
    return Outside(
        who="window",
        what=f"{short if left > 0 else closed}; it opens in {(opens - now) / 3600:.1f} hours",
        next="resume when it opens, or start with --wait to let the run sleep until then",
    )


def _epoch_open(history: History, purpose: str) -> bool:
    """Whether the epoch has begun: something of it cannot be taken back, or phones or lists were told already."""
    mine = [one for one in history.plan.steps if one.kind in BEGINNINGS and one.purpose == purpose]
    if any(one.id in history.intended for one in mine):
        return True
    if any(one.kind in ARRIVALS for one in mine) or not noticed_by_phones(purpose):
        return False
    # the block of a reused tomcat begins with tomcat's upload: phones must hear of what is gone (procedure.md 3.10)
    webs = [web for web, call in REUSES.items() if call == purpose]
    uploads = (one for one in history.plan.steps if one.kind in ARRIVALS and one.purpose in webs)
    return any(one.id in history.intended for one in uploads)


def _append(renewal: Renewal, history: History, event: AnyEvent) -> None:
    """Ledger first, then memory, then whoever watches."""
    renewal.ledger.append(event)
    history.add(event)
    if renewal.listener is not None:
        renewal.listener(event)
