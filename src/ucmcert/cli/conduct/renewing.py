"""A renewal as the commands start it: lock, look, plan, show, ask, run, and tell how it ended."""

from pathlib import Path

import msgspec

from ucmcert.check.before import check
from ucmcert.cli.conduct.accepting import Acceptance
from ucmcert.cli.conduct.approval import approve, must_be_fit, must_still_hold
from ucmcert.cli.conduct.carry import Ending, Listener, begin, go_on, renewal_of, signs, writing
from ucmcert.cli.conduct.ending import tell_ending
from ucmcert.cli.conduct.live import Watcher
from ucmcert.cli.conduct.unfinished import none_unfinished
from ucmcert.cli.planning.looking import look_and_judge, with_phones
from ucmcert.cli.planning.plan_file import read_plan
from ucmcert.cli.planning.selection import Choice, errors, make_plan
from ucmcert.cli.printing import Printer
from ucmcert.cli.runs import finished_run, run_to_resume
from ucmcert.cli.session import Session
from ucmcert.cli.words import speaker
from ucmcert.config.windows import next_opening, open_at
from ucmcert.model.cluster import Cluster
from ucmcert.model.event import AnyEvent
from ucmcert.model.plan import Plan
from ucmcert.report.json_shapes import RunShape
from ucmcert.report.moments import stamp
from ucmcert.report.pages.findings import findings_blocks
from ucmcert.report.pages.plan_page import plan_blocks
from ucmcert.report.paper.blocks import Text, line
from ucmcert.run.ledger import SqliteLedger
from ucmcert.run.limits import Limits
from ucmcert.run.outcome import Outcome

THOUGHT_S = 60.0  # a yes that took longer than this is asked of a cluster seen afresh


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What the command line asks for. `plan_hash` is the digest given beforehand, "" for none."""

    choice: Choice
    plan_file: Path | None = None
    yes: bool = False
    plan_hash: str = ""
    wait: bool = False
    accepted: Acceptance | None = None


class NothingShape(msgspec.Struct, frozen=True, kw_only=True):
    """The last line of a renewal that had nothing to do: the contract's keys, and no run."""

    version: int = 1
    outcome: str = "done"
    run: str = ""
    cluster: str
    ledger: str
    evidence: str = ""
    certificates: tuple[str, ...] = ()


class Approved(msgspec.Struct, frozen=True, kw_only=True):
    """A plan with the look it was made from, and how the yes was given. No `limits` means the configured ones."""

    plan: Plan
    cluster: Cluster
    by: str
    limits: Limits | None = None
    accepted: Acceptance | None = None


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """How it went: the JSON line, the exit code, and where the evidence lies ("" for none)."""

    shape: RunShape | NothingShape
    exit_code: int
    evidence: str = ""


async def renew(session: Session, asked: Asked, printer: Printer) -> Done:
    """Start a run and carry it as far as it goes.

    Raises: SafetyHold UCM-RUNS-005, UCM-GATE-*, UCM-PLAN-FILE-006; UsageError for everything of ours that is wrong.
    """
    places = session.places
    given = read_plan(asked.plan_file, session.config.cluster) if asked.plan_file else None
    with writing(places) as ledger:
        none_unfinished(places, tuple(ledger.entries()))
        session.authority()
        cluster, plan = await _planned(session, asked, given)
        printer.ask_about(plan_blocks(plan, printer.lang))
        must_still_hold(plan, cluster)
        must_be_fit(plan)
        if given:
            _must_pass_today(given, cluster, session.clock.now(), printer)
        if not plan.items:
            printer.tell(line(Text(speaker(printer.lang)("run.nothing"), "strong")))
            return Done(shape=NothingShape(cluster=plan.cluster, ledger=str(places.ledger)), exit_code=0)
        began = session.clock.now()
        approved_by = approve(plan, yes=asked.yes, plan_hash=asked.plan_hash, lang=printer.lang)
        if session.clock.now() - began > THOUGHT_S:
            cluster = await with_phones(session, await session.look(), (item.purpose for item in plan.items))
            must_still_hold(plan, cluster)
        approved = Approved(plan=plan, cluster=cluster, by=approved_by, accepted=asked.accepted)
        return await carry_approved(session, ledger, approved, printer, wait=asked.wait)


async def _planned(session: Session, asked: Asked, given: Plan | None) -> tuple[Cluster, Plan]:
    """A fresh look, its phones included where the plan moves some, and the plan: the one given, or a new one."""
    if given is None:
        cluster, judged = await look_and_judge(session, asked.choice)
        return cluster, make_plan(cluster, judged, now=session.clock.now())
    cluster = await with_phones(session, await session.look(), (item.purpose for item in given.items))
    return cluster, given


async def carry_approved(
    session: Session,
    ledger: SqliteLedger,
    approved: Approved,
    printer: Printer,
    *,
    wait: bool,
    beside: Listener | None = None,
) -> Done:
    """Carry out a plan that somebody approved, from its first step as far as it goes. `beside` hears its events too."""
    watcher = _watcher(session, approved.plan, printer, wait=wait)

    def hear(event: AnyEvent) -> None:
        watcher.hear(event)
        if beside is not None:
            beside(event)

    renewal = renewal_of(session, ledger, approved.plan, wait=wait, listener=hear, limits=approved.limits)
    async with watcher.signs_of_life():
        ending = await begin(renewal, approved.plan, approved.cluster, approved.by, approved.accepted)
    return _done(session, ending, printer)


async def resume(
    session: Session, run: str | None, printer: Printer, *, wait: bool, accepted: Acceptance | None = None
) -> Done:
    """Go on with `run`, or with the one unfinished run. Raises UsageError UCM-RUNS-*, UCM-RESUME-002.

    A run that reached its end is told again and its evidence written: a crash may have come right after the last entry.
    """
    places = session.places
    with writing(places) as ledger:
        entries = tuple(ledger.entries())
        ended = finished_run(entries, run)
        if ended is not None:
            return _done(session, Ending(history=ended, outcome=Outcome.DONE, entries=entries), printer)
        history = run_to_resume(entries, run, where=str(places.ledger))
        if signs(history.plan):
            session.authority()
        cluster = await session.look()
        watcher = _watcher(session, history.plan, printer, wait=wait)
        renewal = renewal_of(session, ledger, history.plan, wait=wait, listener=watcher.hear)
        async with watcher.signs_of_life():
            ending = await go_on(renewal, history, cluster, accepted)
        return _done(session, ending, printer)


def _done(session: Session, ending: Ending, printer: Printer) -> Done:
    told = tell_ending(printer, session.places, ending, now=session.clock.now())
    return Done(shape=told.shape, exit_code=told.exit_code, evidence=told.evidence)


def _must_pass_today(plan: Plan, cluster: Cluster, now: float, printer: Printer) -> None:
    """A plan made earlier passes the pre-checks of today too. Raises SafetyHold UCM-GATE-001."""
    fresh = tuple(one for one in errors(check(cluster, plan.items, now=now)) if not _replaced(plan, one.code))
    if fresh:
        printer.ask_about(findings_blocks(fresh, printer.lang))
        must_be_fit(msgspec.structs.replace(plan, findings=fresh))


def _replaced(plan: Plan, code: str) -> bool:
    return code == "UCM-CHECK-012" and any("replaces" in step.detail for step in plan.steps)


def _watcher(session: Session, plan: Plan, printer: Printer, *, wait: bool) -> Watcher:
    windows, now = session.config.windows, session.clock.now()
    if windows and not open_at(windows, now):
        key = "run.window" if wait else "run.window_closed"
        printer.tell(line(Text(speaker(printer.lang)(key, opens=stamp(next_opening(windows, now))), "warn")))
    return Watcher(printer, plan, session.clock, windows if wait else ())
