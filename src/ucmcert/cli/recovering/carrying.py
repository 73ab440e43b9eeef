"""Recovers phones as the command does it: look, show what can be done; with a yes, carry it out like any other run."""

from pathlib import Path

import msgspec

from ucmcert.authority.durable_file import write_durably
from ucmcert.cli.conduct.approval import approve, must_be_fit, must_still_hold
from ucmcert.cli.conduct.carry import writing
from ucmcert.cli.conduct.renewing import THOUGHT_S, Approved, NothingShape, carry_approved
from ucmcert.cli.conduct.unfinished import none_unfinished
from ucmcert.cli.exit_codes import DONE, FINDINGS, WAITING
from ucmcert.cli.next_command import resume_command
from ucmcert.cli.printing import Printer
from ucmcert.cli.recovering.looking import Looked, look_and_judge, read_kept
from ucmcert.cli.runs import entries_if_any, unfinished
from ucmcert.cli.session import Session
from ucmcert.cli.words import speaker
from ucmcert.config.plan_options import plan_options
from ucmcert.errors import UsageError
from ucmcert.plan.recovery import recovery_plan
from ucmcert.report.json_shapes import RunShape
from ucmcert.report.pages.plan_page import plan_blocks
from ucmcert.report.pages.recovery_page import recovery_blocks
from ucmcert.report.paper.blocks import Text, line
from ucmcert.report.recovery_shape import RecoverShape, csv_text, must_act, recover_shape


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What the command line asks for. `kept` are list files, `output` where the CSV goes."""

    run: bool
    yes: bool
    plan_hash: str
    kept: tuple[Path, ...]
    output: Path | None


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """The JSON line and the exit code."""

    shape: RecoverShape | RunShape | NothingShape
    exit_code: int


async def recover(session: Session, asked: Asked, printer: Printer) -> Told:
    """Judge, and with `run` recover what the best way recovers. Raises as `renew` does."""
    kept = read_kept(asked.kept)
    if not asked.run:
        entries = entries_if_any(session.places)
        looked = await look_and_judge(session, entries, kept)
        left = unfinished(entries)
        resume = resume_command(left[-1].run, session.places.config_file) if left else ""
        return _told(looked, asked, printer, resume=resume)
    with writing(session.places) as ledger:
        entries = tuple(ledger.entries())
        none_unfinished(session.places, entries)
        looked = await look_and_judge(session, entries, kept)
        if looked.verdict.best is None:
            return _told(looked, asked, printer)
        _write(looked, asked)
        options = plan_options(session.config.phones)
        plan = recovery_plan(looked.cluster, looked.verdict, now=session.clock.now(), options=options)
        printer.ask_about((*recovery_blocks(looked.verdict, printer.lang), *plan_blocks(plan, printer.lang)))
        must_be_fit(plan)
        began = session.clock.now()
        by = approve(plan, yes=asked.yes, plan_hash=asked.plan_hash, lang=printer.lang)
        if session.clock.now() - began > THOUGHT_S:
            must_still_hold(plan, await session.look())
        approved = Approved(plan=plan, cluster=looked.cluster, by=by)
        done = await carry_approved(session, ledger, approved, printer, wait=False)
    if done.exit_code == DONE:
        printer.tell(line(speaker(printer.lang)("recover.again")))
    return Told(shape=done.shape, exit_code=done.exit_code)


def _told(looked: Looked, asked: Asked, printer: Printer, *, resume: str = "") -> Told:
    """Show the verdict, write the list, and say what comes next."""
    verdict, say = looked.verdict, speaker(printer.lang)
    file = _write(looked, asked)
    printer.show(recovery_blocks(verdict, printer.lang))
    if resume:
        printer.tell(line(Text(say("recover.unfinished"), "strong"), " ", Text(resume, "code")))
    elif verdict.best is not None:
        printer.tell(line(Text(say("recover.next"), "strong"), " ", Text("ucmcert recover --run", "code")))
    code = WAITING if resume else FINDINGS if must_act(verdict) else DONE
    return Told(shape=recover_shape(verdict, file=file, resume=resume), exit_code=code)


def _write(looked: Looked, asked: Asked) -> str:
    """Write every phone that is not fine as CSV. Raises UsageError UCM-RECOVER-102."""
    if asked.output is None:
        return ""
    try:
        write_durably(asked.output.absolute(), csv_text(looked.verdict.phones).encode())
    except OSError as error:
        raise UsageError(
            "UCM-RECOVER-102",
            "the list of phones cannot be written",
            where=str(asked.output),
            why=error.strerror or type(error).__name__,
            next="give a path in a folder of yours with -o",
        ) from error
    return str(asked.output)
