"""Gives a run up: what it leaves behind is shown first, and the ledger keeps who gave it up and why."""

from collections.abc import Iterator

from ucmcert.cli.conduct.approval import NotApproved, this_user
from ucmcert.cli.conduct.asking import ask
from ucmcert.cli.conduct.carry import writing
from ucmcert.cli.conduct.ending import keep_evidence
from ucmcert.cli.places import Places
from ucmcert.cli.printing import Printer
from ucmcert.cli.runs import run_to_resume
from ucmcert.cli.words import speaker
from ucmcert.errors import UsageError
from ucmcert.model.event import Abandoned
from ucmcert.model.plan import Step, StepKind
from ucmcert.model.ports import Clock
from ucmcert.report.json_shapes import RunShape, run_shape
from ucmcert.report.pages.status_page import status_blocks
from ucmcert.report.paper.blocks import Block, Heading, bullets, line, paragraph
from ucmcert.report.story import tell
from ucmcert.run.history import History
from ucmcert.run.open_gates import open_at


def abandon(places: Places, run: str | None, reason: str, clock: Clock, printer: Printer, *, yes: bool) -> RunShape:
    """Give up `run`, or the one unfinished run.

    Raises: UsageError UCM-RUNS-*, UCM-LOCK-001 while a process works on it, UCM-ASK-*; NotApproved for a no.
    """
    why = " ".join(reason.split())
    if not why:
        raise UsageError(
            "UCM-ASK-002",
            "a run is not given up without a reason",
            where="--reason",
            why="whoever reads the evidence later must learn why",
            next='give it in your own words: --reason "..."',
        )
    with writing(places) as ledger:
        history = run_to_resume(tuple(ledger.entries()), run, where=str(places.ledger))
        printer.ask_about(left_behind(history, printer.lang))
        question = speaker(printer.lang)("ask.abandon", run=history.run)
        if not yes and not ask(question, instead="give --yes"):
            raise NotApproved(
                "UCM-GATE-005",
                "the run was not given up",
                where=history.run,
                why="a person said no",
                next="go on with it: `ucmcert resume`",
            )
        ledger.append(Abandoned(at=clock.now(), run=history.run, by=this_user(), why=why))
        entries = tuple(ledger.entries())
    story = tell(entries, history.run)
    evidence = keep_evidence(printer, places.evidence, entries, history.run)
    printer.show(status_blocks(story, printer.lang, now=clock.now(), working=False))
    return run_shape(story, ledger=str(places.ledger), evidence=evidence)


def left_behind(history: History, lang: str) -> tuple[Block, ...]:
    """What the nodes keep of the run: CSRs that wait, and certificates that no restart has put into service yet."""
    say = speaker(lang)
    rows = [line(one) for one in _left(history, lang)]
    body = bullets(rows) if rows else paragraph(say("abandon.nothing"))
    return (Heading(say("abandon.title", run=history.run)), body)


def _left(history: History, lang: str) -> Iterator[str]:
    say = speaker(lang)
    done = history.done()
    for item in history.plan.items:
        own = [one for one in history.plan.steps if (one.node, one.purpose) == (item.node, item.purpose)]
        acted = {one.kind for one in own if one.id in done or one.id in history.intended}
        if StepKind.IDENTITY_UPLOAD in acted:
            open_restarts = [
                one.detail["service"] for one in own if one.kind is StepKind.SERVICE_RESTART and one.id not in done
            ]
            if open_restarts:
                services = ", ".join(dict.fromkeys(open_restarts))
                yield say("abandon.restart", node=item.node, purpose=item.purpose, services=services)
        elif StepKind.CSR_GENERATE in acted:
            yield say("abandon.csr", node=item.node, purpose=item.purpose)
    yield from _left_on_phones(history, lang)


def _left_on_phones(history: History, lang: str) -> Iterator[str]:
    """What the run turned for its own time and did not turn back, and gates that nobody closes any more."""
    say, done = speaker(lang), history.done()
    acted = [one for one in history.plan.steps if one.id in done or one.id in history.intended]
    for one in acted:
        if one.kind is StepKind.PHONES_INTERACTION and not _turned_back(one, history):
            yield say("abandon.interaction", parameter=one.detail["parameter"], value=one.detail["to"])
        elif one.kind is StepKind.PHONES_PAGES and one.detail["to"] == "on" and not _turned_back(one, history):
            yield say("abandon.pages")
    for step, phones in open_at(history).items():
        yield say("abandon.phones", step=step, count=len(phones))


def _turned_back(turned: Step, history: History) -> bool:
    """Whether a proven step of the same kind set it to something else."""
    others = (one for one in history.plan.steps if one.kind is turned.kind and one.detail["to"] != turned.detail["to"])
    return any(one.id in history.verified for one in others)
