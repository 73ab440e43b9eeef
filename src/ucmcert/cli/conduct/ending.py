"""What a run leaves behind each time it ends: the evidence pack, the table of fingerprints, the next command."""

from pathlib import Path

import msgspec

from ucmcert.cli.conduct.carry import Ending, resume_command
from ucmcert.cli.exit_codes import INTERRUPTED
from ucmcert.cli.places import Places
from ucmcert.cli.printing import Printer
from ucmcert.cli.words import speaker
from ucmcert.errors import UcmcertError
from ucmcert.model.event import Entry
from ucmcert.report.json_shapes import RunShape, run_shape
from ucmcert.report.pack.write import write_pack
from ucmcert.report.pages.fingerprints_page import fingerprint_blocks
from ucmcert.report.pages.status_page import reminder_blocks, status_blocks
from ucmcert.report.paper.blocks import Block, Line, Text, line, paragraph
from ucmcert.report.story import Story, tell
from ucmcert.run.outcome import EXIT_CODES, Outcome


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What was told of an ending: its JSON and its exit code."""

    shape: RunShape
    exit_code: int
    evidence: str


def tell_ending(printer: Printer, places: Places, ending: Ending, *, now: float) -> Told:
    """Write the pack, show how it ended and what comes next. `now` is UTC epoch seconds. Prints no JSON itself."""
    run = ending.history.run
    story = tell(ending.entries, run)
    evidence = keep_evidence(printer, places.evidence, ending.entries, run)
    if ending.outcome is Outcome.DONE:
        printer.show((*fingerprint_blocks(story, printer.lang), *reminder_blocks(story, printer.lang)))
    else:
        printer.show(status_blocks(story, printer.lang, now=now, working=False))
    printer.show(_places(story, places, evidence, printer.lang))
    if ending.outcome is not Outcome.DONE:
        printer.tell(_go_on(ending, places, printer.lang))
    shape = run_shape(story, ledger=str(places.ledger), evidence=evidence)
    code = INTERRUPTED if ending.stopped else EXIT_CODES[ending.outcome]
    return Told(shape=shape, exit_code=code, evidence=evidence)


def keep_evidence(printer: Printer, folder: Path, entries: tuple[Entry, ...], run: str) -> str:
    """The path of the pack; "" when the disk refuses it: the run stays what it is, the pack can be written again."""
    try:
        return str(write_pack(folder, entries, run, lang=printer.lang))
    except UcmcertError as error:
        printer.tell(line(Text(f"{error.code}: {error.what} ({error.where}): {error.why}. {error.next}", "bad")))
        return ""


def _places(story: Story, places: Places, evidence: str, lang: str) -> tuple[Block, ...]:
    say = speaker(lang)
    told = [paragraph(say("run.ledger"), " ", str(places.ledger), f"  ({story.run})")]
    if evidence:
        told.append(paragraph(say("run.evidence"), " ", evidence))
    return tuple(told)


def _go_on(ending: Ending, places: Places, lang: str) -> Line:
    say = speaker(lang)
    first = say("run.stopped") if ending.stopped else say(f"run.{ending.outcome}")
    return line(Text(first, "strong"), " ", Text(resume_command(ending.history.run, places.config_file), "code"))
