"""What a person sees while a run works: a line per event, a heading per phase, and a sign of life in between."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from ucmcert.cli.printing import Printer
from ucmcert.cli.words import speaker
from ucmcert.config.windows import Window, next_opening, open_at
from ucmcert.model.event import Acted, AnyEvent, Doubted, Held, Intended, Verified, Waiting
from ucmcert.model.plan import Phase, Plan, Step
from ucmcert.model.ports import Clock
from ucmcert.report import words as report_words
from ucmcert.report.moments import duration, stamp
from ucmcert.report.names import step_words
from ucmcert.report.pages.live import live_line
from ucmcert.report.paper.blocks import Line, Text, line

SIGN_OF_LIFE_S = 30.0


class Watcher:
    """Tells on stderr what happens to a run of `plan`. A broken terminal never disturbs the run itself."""

    def __init__(self, printer: Printer, plan: Plan, clock: Clock, windows: tuple[Window, ...] = ()) -> None:
        self._printer = printer
        self._steps = {step.id: step for step in plan.steps}
        self._plan = plan
        self._clock = clock
        self._windows = windows
        self._open: dict[str, float] = {}
        self._told: set[tuple[Phase, str]] = set()

    def hear(self, event: AnyEvent) -> None:
        """One event, right after it was written."""
        step = self._steps.get(getattr(event, "step", ""))
        if isinstance(event, Intended | Acted | Doubted):
            self._open.setdefault(event.step, event.at)
        elif isinstance(event, Verified | Waiting | Held):
            self._open.pop(event.step, None)
        if step is not None:
            self._tell(self._headings(step))
        self._tell((live_line(event, self._plan, self._printer.lang),))

    @asynccontextmanager
    async def signs_of_life(self) -> AsyncIterator[None]:
        """While the block runs, what is still being waited for, every half minute."""
        task = asyncio.create_task(self._tick())
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _tick(self) -> None:
        while True:
            await self._clock.sleep(SIGN_OF_LIFE_S)
            self._tell(self._still())

    def _still(self) -> Iterable[Line]:
        say, now = report_words.speaker(self._printer.lang), self._clock.now()
        for step_id, since in self._open.items():
            step = self._steps.get(step_id)
            if step is not None:
                times = say("wait.open", since=stamp(since), lasted=duration(now - since, say))
                yield line(Text(f"  ... {step.node}  {step.purpose}  {step_words(step, say)}  {times}", "dim"))
        if not self._open and self._windows and not open_at(self._windows, now):
            opens = stamp(next_opening(self._windows, now))
            yield line(Text(f"  ... {speaker(self._printer.lang)('run.window', opens=opens)}", "dim"))

    def _headings(self, step: Step) -> Iterable[Line]:
        key = (step.phase, step.purpose if step.phase is Phase.CUT_OVER else "")
        if key not in self._told:
            self._told.add(key)
            say = report_words.speaker(self._printer.lang)
            yield line(Text(f"== {say(f'phase.{step.phase}')}" + (f": {key[1]}" if key[1] else ""), "strong"))

    def _tell(self, lines: Iterable[Line]) -> None:
        with contextlib.suppress(OSError, ValueError):
            for one in lines:
                self._printer.tell(one)
