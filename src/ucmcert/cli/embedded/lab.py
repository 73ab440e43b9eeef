"""Starts `ucmlab up` as a process of its own, waits until it is ready, watches it, and stops it again."""

import asyncio
import contextlib
import json
import shutil
import subprocess
import sys
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import msgspec

from ucmcert.errors import UcmcertError
from ucmcert.model.ports import Clock

Result = TypeVar("Result")
READY_S = 40.0
STOP_S = 10.0
POLL_S = 0.05
LAST_LINES = 5


class LabTrouble(UcmcertError):
    """The lab did not start, or did not live. Nothing real was touched."""


class DemoLab(msgspec.Struct, frozen=True, kw_only=True):
    """A lab's process and its two files: the one that says it is ready, and what it printed. They lie in its state."""

    process: "subprocess.Popen[bytes]"
    ready: Path
    log: Path

    @property
    def state(self) -> Path:
        """Its state folder, by which its other commands find it."""
        return self.ready.parent

    def config(self) -> Path | None:
        """The configuration it wrote, None while it is not ready. Raises LabTrouble UCM-DEMO-002 when it is dead."""
        if self.process.poll() is not None:
            raise self.died()
        try:
            return Path(json.loads(self.ready.read_text("utf-8"))["config"])
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None

    def died(self) -> LabTrouble:
        """UCM-DEMO-002, with its last words."""
        return LabTrouble(
            "UCM-DEMO-002",
            "the lab ended by itself",
            where=str(self.log),
            why=f"exit code {self.process.returncode}; its last words: {self._last_words()}",
            next="look into that file; another lab may hold its addresses",
        )

    def late(self) -> LabTrouble:
        """UCM-DEMO-003, with its last words."""
        return LabTrouble(
            "UCM-DEMO-003",
            "the lab did not get ready in time",
            where=str(self.log),
            why=f"no listener answered within {READY_S:g} s; its last words: {self._last_words()}",
            next="look into that file; a busy machine may need a second try",
        )

    def _last_words(self) -> str:
        lines = [one.strip() for one in self.log.read_text("utf-8", "replace").splitlines() if one.strip()]
        return " | ".join(lines[-LAST_LINES:]) or "none"


@contextmanager
def demo_lab(state: Path, *, scenario: str, speed: float, seed: int) -> Iterator[DemoLab]:
    """A lab that runs until the block ends; `scenario` is the name of a built-in one, or a file.

    Raises LabTrouble UCM-DEMO-001 when it is not installed.
    """
    program = lab_program()
    state.mkdir(parents=True, exist_ok=True, mode=0o700)
    ready, log = state / "ready.json", state / "lab.log"
    words = ["up", "--scenario", scenario, "--state", state, "--ready-file", ready, "--speed", f"{speed:g}"]
    with log.open("wb") as out:
        process = subprocess.Popen(
            [program, *map(str, words), "--seed", str(seed)],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,  # Ctrl-C comes to us alone; we stop the lab when we have finished
        )
    try:
        yield DemoLab(process=process, ready=ready, log=log)
    finally:
        _stop(process)


async def until_ready(lab: DemoLab, clock: Clock) -> Path:
    """The configuration of the lab, once every listener answers. Raises LabTrouble UCM-DEMO-002, -003."""
    began = clock.now()
    while True:
        config = lab.config()
        if config is not None:
            return config
        if clock.now() - began > READY_S:
            raise lab.late()
        await clock.sleep(POLL_S)


async def while_it_lives(lab: DemoLab, clock: Clock, work: Coroutine[None, None, Result]) -> Result:
    """What `work` gives. Raises LabTrouble UCM-DEMO-002 at once when the lab dies under it, not after long patience."""
    job, death = asyncio.create_task(work), asyncio.create_task(until_dead(lab, clock))
    try:
        await asyncio.wait({job, death}, return_when=asyncio.FIRST_COMPLETED)
        if not job.done():
            raise lab.died()
        return job.result()
    finally:
        for task in (job, death):
            task.cancel()
        await asyncio.gather(job, death, return_exceptions=True)


async def until_dead(lab: DemoLab, clock: Clock) -> None:
    """Returns when the lab's process has ended."""
    while lab.process.poll() is None:
        await clock.sleep(1.0)


def lab_program() -> str:
    """The program `ucmlab`, beside this one or on the path. Raises LabTrouble UCM-DEMO-001 when it is not installed."""
    beside = Path(sys.executable).parent / "ucmlab"
    found = str(beside) if beside.exists() else shutil.which("ucmlab")
    if found is None:
        raise LabTrouble(
            "UCM-DEMO-001",
            "the lab is not installed",
            where=str(beside),
            why="the demo starts the program ucmlab, which comes with ucmcert",
            next="install ucmcert again, whole",
        )
    return found


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(STOP_S)
        return
    process.kill()
    process.wait(STOP_S)
