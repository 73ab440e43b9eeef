"""The lab's ground truth beside the run's own evidence: asked each time the run says what it knows of the phones.

The run never hears of it: it is shown to whoever watches, and labelled as what no real cluster tells.
"""

import asyncio
import contextlib
from pathlib import Path

import msgspec

from ucmcert.cli.embedded.lab import LabTrouble
from ucmcert.cli.embedded.truth import Truth, lab_truth
from ucmcert.cli.printing import Printer
from ucmcert.cli.words import Say, speaker
from ucmcert.model.event import AnyEvent, PhonesSeen
from ucmcert.model.plan import Plan
from ucmcert.model.ports import Clock
from ucmcert.report import words as report_words
from ucmcert.report.names import step_words
from ucmcert.report.pages.phones_page import counts_text
from ucmcert.report.paper.blocks import Block, Column, Heading, Line, Table, Text, line, paragraph

LAST_WAVE = "all"
WRITTEN_S = (
    2.5  # a running lab writes its phones down every two seconds; nothing moves them so soon after the last gate
)
INDENT = " " * len("00:00:00Z  ")


class GateShape(msgspec.Struct, frozen=True, kw_only=True):
    """One look that decided something: our counts by proof, and the lab's counts by trust state ({} untold)."""

    step: str
    purpose: str
    wave: str
    proven: dict[str, int]
    truth: dict[str, int]
    registered: int


class Beside:
    """Hears a run of `plan` and asks the lab in `state` at each look at phones that the ledger keeps."""

    def __init__(self, plan: Plan, state: Path, printer: Printer, clock: Clock) -> None:
        self._steps = {step.id: step for step in plan.steps}
        self._state = state
        self._printer = printer
        self._clock = clock
        self._asked: list[asyncio.Task[GateShape]] = []
        self._last: tuple[str, dict[str, int]] = ("", {})

    def hear(self, event: AnyEvent) -> None:
        """One event of the run, right after it was written. A gate that closes repeats its last look: asked once."""
        if isinstance(event, PhonesSeen) and event.step in self._steps and self._last != (event.step, event.counts):
            self._last = (event.step, event.counts)
            self._asked.append(asyncio.create_task(self._ask(event), name=f"truth at {event.step}"))

    async def gates(self) -> tuple[GateShape, ...]:
        """The last look of each step, in order, once the lab has answered to all."""
        told = {one.step: one for one in await asyncio.gather(*self._asked)}
        return tuple(told.values())

    async def _ask(self, event: PhonesSeen) -> GateShape:
        step, say = self._steps[event.step], speaker(self._printer.lang)
        truth = Truth(total=0, registered=0, states={})
        if not event.open and step.detail.get("wave") == LAST_WAVE:
            await self._clock.sleep(WRITTEN_S)
        with contextlib.suppress(LabTrouble):  # it is only shown; a lab that is gone ends the demo elsewhere
            truth = await lab_truth(self._state)
            told = say("demo.truth", counts=truth_words(truth, say))
            self._printer.tell(line(Text(f"{INDENT}{told}", "dim")))
        return GateShape(
            step=step.id,
            purpose=step.purpose,
            wave=step.detail.get("wave", ""),
            proven=event.counts,
            truth=truth.states,
            registered=truth.registered,
        )


def truth_words(truth: Truth, say: Say) -> str:
    """The lab's counts in its own words, those that are registered first."""
    states = ", ".join(f"{count} {name}" for name, count in truth.states.items())
    return say("demo.truth_counts", registered=truth.registered, total=truth.total, states=states or "-")


def gates_blocks(gates: tuple[GateShape, ...], plan: Plan, lang: str) -> tuple[Block, ...]:
    """A row per look: what the run proved, and what was true."""
    if not gates:
        return ()
    say, told = speaker(lang), report_words.speaker(lang)
    columns = (
        Column(told("word.purpose"), tight=True),
        Column(say("demo.gate")),
        Column(say("demo.proven")),
        Column(say("demo.true")),
    )
    rows: list[Line] = []
    for one in gates:
        true = ", ".join(f"{count} {name}" for name, count in one.truth.items()) or "-"
        gate = Text(step_words(plan.step(one.step), told))
        rows.append((Text(one.purpose, "strong"), gate, Text(counts_text(one.proven, told)), Text(true, "dim")))
    return (
        Heading(say("demo.gates")),
        paragraph(Text(say("demo.true_note"), "dim")),
        Table(columns, tuple(rows)),
    )
