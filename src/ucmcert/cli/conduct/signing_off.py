"""Signs for phones: reads names, takes only those that stand open at a gate, and keeps who signed and why."""

import difflib
import sys
from collections.abc import Iterable
from pathlib import Path

import msgspec

from ucmcert.cli.conduct.approval import this_user
from ucmcert.cli.conduct.carry import writing
from ucmcert.cli.next_command import resume_command
from ucmcert.cli.places import Places
from ucmcert.cli.printing import Printer
from ucmcert.cli.runs import read_entries, run_to_resume
from ucmcert.cli.words import speaker
from ucmcert.errors import UsageError
from ucmcert.model.event import ExceptionsSigned
from ucmcert.model.ports import Clock
from ucmcert.report.json_shapes import ApproveShape, approve_shape
from ucmcert.report.pages.phones_page import phones_blocks
from ucmcert.report.paper.blocks import Text, line, paragraph
from ucmcert.report.story import tell
from ucmcert.report.words import speaker as report_speaker
from ucmcert.run.history import History
from ucmcert.run.open_gates import open_at

LARGEST_FILE = 4_000_000
NAMES_TOLD = 5


class Signature(msgspec.Struct, frozen=True, kw_only=True):
    """What the command line gives: the file of names ("-" for standard input), the reason, and who signs."""

    file: str
    reason: str
    by: str = ""


def list_open(places: Places, run: str | None, printer: Printer) -> ApproveShape:
    """Show the phones that may be signed for, one name a line. Raises UsageError UCM-RUNS-*, UCM-LEDGER-*."""
    entries = read_entries(places)
    history = run_to_resume(entries, run, where=str(places.ledger))
    left = open_at(history)
    names = sorted({one.name for phones in left.values() for one in phones})
    printer.show([paragraph(name) for name in names])
    if not names:
        printer.tell(line(speaker(printer.lang)("approve.nobody", run=history.run)))
    resume = resume_command(history.run, places.config_file)
    return approve_shape(tell(entries, history.run), ledger=str(places.ledger), signed=(), resume=resume)


def sign_off(places: Places, run: str | None, signature: Signature, clock: Clock, printer: Printer) -> ApproveShape:
    """Take the named phones out of the gates that wait for them, all or none.

    Raises: UsageError UCM-RUNS-*, UCM-LOCK-001 while a process works on the run, UCM-SIGN-001 to -004.
    """
    why, by = " ".join(signature.reason.split()), " ".join(signature.by.split()) or this_user()
    if not why:
        raise UsageError(
            "UCM-SIGN-001",
            "nobody signs for phones without a reason",
            where="--reason",
            why="whoever reads the evidence later must learn why these phones were left behind",
            next='give it in your own words: --reason "..."',
        )
    names = read_names(signature.file)
    with writing(places) as ledger:
        history = run_to_resume(tuple(ledger.entries()), run, where=str(places.ledger))
        for step, phones in _by_gate(history, names, signature.file).items():
            event = ExceptionsSigned(at=clock.now(), run=history.run, step=step, phones=phones, by=by, why=why)
            ledger.append(event)
        entries = tuple(ledger.entries())
    story, say = tell(entries, history.run), speaker(printer.lang)
    printer.show(phones_blocks(story.phones, report_speaker(printer.lang)))
    resume = resume_command(history.run, places.config_file)
    printer.tell(line(Text(say("approve.signed", count=len(names), by=by), "strong"), " ", Text(resume, "code")))
    return approve_shape(story, ledger=str(places.ledger), signed=names, resume=resume)


def read_names(file: str) -> tuple[str, ...]:
    """The phone names in `file`, sorted, each once. Raises UsageError UCM-SIGN-002, -003."""
    text = _text(file)
    lines = (row.split("#", 1)[0].strip() for row in text.splitlines())
    names = tuple(sorted({name for name in lines if name}))
    if not names:
        raise UsageError(
            "UCM-SIGN-003",
            "the file names no phone",
            where=file,
            why="empty lines and what follows # do not count",
            next="put one phone name on each line; `ucmcert approve --list` prints those that may be signed for",
        )
    return names


def _text(file: str) -> str:
    if file == "-":
        return sys.stdin.read(LARGEST_FILE)
    try:
        if not file:
            raise FileNotFoundError(2, "no file was given")
        with Path(file).open("rb") as handle:
            return handle.read(LARGEST_FILE).decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise UsageError(
            "UCM-SIGN-002",
            "the names cannot be read",
            where=file or "--phones",
            why=reason,
            next="give a text file with one phone name on each line: --phones FILE",
        ) from error


def _by_gate(history: History, names: Iterable[str], file: str) -> dict[str, tuple[str, ...]]:
    """Which names are open at which gate. Raises UsageError UCM-SIGN-004 for one that is open at none."""
    left = {step: {one.name for one in phones} for step, phones in open_at(history).items()}
    known = set().union(*left.values()) | set().union(*history.signed.values())
    strangers = sorted(set(names) - known)
    if strangers:
        more = f" and {len(strangers) - NAMES_TOLD} more" if len(strangers) > NAMES_TOLD else ""
        near = difflib.get_close_matches(strangers[0], sorted(known)[:2000], n=1, cutoff=0.7)
        raise UsageError(
            "UCM-SIGN-004",
            f"the run does not wait for {', '.join(strangers[:NAMES_TOLD])}{more}; nothing was signed",
            where=file,
            why=f"only phones that stand open at a gate may be signed for; now open: {len(known)}",
            next=f"did you mean {near[0]}?" if near else "see who is open: `ucmcert approve --list`",
        )
    wanted = set(names)
    return {step: tuple(sorted(wanted & phones)) for step, phones in left.items() if wanted & phones}
