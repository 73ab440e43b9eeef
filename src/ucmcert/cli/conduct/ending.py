"""What a run leaves behind each time it ends: the evidence pack, the table of fingerprints, the next command."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from ucmcert.cli.conduct.carry import Ending
from ucmcert.cli.exit_codes import INTERRUPTED
from ucmcert.cli.next_command import abandon_command, resume_command, with_config
from ucmcert.cli.places import Places
from ucmcert.cli.printing import Printer
from ucmcert.cli.words import speaker
from ucmcert.errors import UcmcertError
from ucmcert.model.event import Entry
from ucmcert.report.json_shapes import RunShape, run_shape
from ucmcert.report.pack.write import write_pack
from ucmcert.report.pages.errands import errand_blocks
from ucmcert.report.pages.fingerprints_page import fingerprint_blocks
from ucmcert.report.pages.status_page import reminder_blocks, status_blocks
from ucmcert.report.paper.blocks import Block, Line, Text, line, paragraph
from ucmcert.report.story import Story, tell
from ucmcert.run.outcome import EXIT_CODES, Outcome

GIVE_UP = "`ucmcert abandon`"  # a hold that names it cannot be mended by waiting


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
        left = errand_blocks(story.plan, printer.lang, moments=("after",))
        printer.show((*fingerprint_blocks(story, printer.lang), *left, *reminder_blocks(story, printer.lang)))
    else:
        resume = resume_command(run, places.config_file)
        printer.show(status_blocks(story, printer.lang, now=now, working=False, resume=resume))
    printer.show(_places(story, places, evidence, printer.lang))
    if ending.outcome is not Outcome.DONE:
        for told in _go_on(ending, story, places, printer.lang):
            printer.tell(told)
    shape = with_config(run_shape(story, ledger=str(places.ledger), evidence=evidence), places)
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


def _go_on(ending: Ending, story: Story, places: Places, lang: str) -> Iterator[Line]:
    """What to do next: hand in the CA's answer where that is waited for, and the command that goes on."""
    say = speaker(lang)
    answered = sorted({one.next for one in story.open_pauses if one.who == "ca"})
    if ending.outcome is Outcome.WAITING and not ending.stopped:
        for command in answered:
            yield line(Text(say("run.waiting_ca"), "strong"), " ", Text(command, "code"))
    first = say("run.stopped") if ending.stopped else say(f"run.{ending.outcome}")
    yield line(Text(first, "strong"), " ", Text(resume_command(ending.history.run, places.config_file), "code"))
    if any(GIVE_UP in one.next for one in story.open_pauses):
        yield line(say("run.give_up"), " ", Text(abandon_command(ending.history.run, places.config_file), "code"))
