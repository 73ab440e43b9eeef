"""Kills one run at every ledger append, each time in a copy of the whole world, and looks how the copy ends.

The copy is a forked process: cluster, clock and ledger as they were at that very moment. In it the client dies, a new
one resumes, and the end is compared with the undisturbed run. The parent goes on to the next append.
"""

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec

from simulation.copies import AS_WANTED, Copies
from simulation.end_state import EndState, differences, end_state
from simulation.killing import Killed, Moment
from simulation.world import Wish, World, in_world
from ucmcert.model.event import Entry, Event
from ucmcert.model.ports import Ledger
from ucmcert.run.outcome import Outcome
from ucmlab.scenarios.schema import Scenario

SLOWEST_S = 90.0 * 60.0  # virtual: what a resumed run may take before it counts as stuck


class KillPoints(msgspec.Struct, frozen=True, kw_only=True):
    """How many points were tried, and what went wrong at which."""

    tried: int
    wrong: tuple[str, ...]


class ForkingLedger:
    """Before or after every append a copy of the process is made, in which this ledger is dead."""

    def __init__(self, ledger: Ledger, moment: Moment) -> None:
        self._ledger = ledger
        self._moment = moment
        self.copies = Copies()
        self.number = 0
        self.wrong: list[str] = []

    def append(self, event: Event) -> Entry:
        """Append; die in the copy."""
        if self.copies.in_copy:
            raise Killed
        self.number += 1
        if self._moment == "before":
            self._copy_dies(event)
        entry = self._ledger.append(event)
        if self._moment == "after":
            self._copy_dies(event)
        return entry

    def entries(self) -> Iterator[Entry]:
        """All entries."""
        return self._ledger.entries()

    def _copy_dies(self, event: Event) -> None:
        said = self.copies.make()
        if said is None:
            raise Killed
        if said != AS_WANTED:
            where = getattr(event, "step", "") or getattr(event, "node", "")
            self.wrong.append(f"{self._moment} append {self.number} ({type(event).__name__} {where}): {said or 'died'}")


def undisturbed(folder: Path, of: Scenario | str, wish: Wish, *, seed: int = 1) -> EndState:
    """The end state of a run that nobody kills."""

    async def run(world: World) -> EndState:
        outcome, _ = await world.process(wish)
        assert outcome is Outcome.DONE
        return end_state(world.lab)

    return in_world(run, folder, of=of, seed=seed)


def explore(folder: Path, of: Scenario | str, wish: Wish, moment: Moment, *, seed: int = 1) -> KillPoints:
    """Kill the renewal of `wish` at every append, `moment` it, and compare each end with the undisturbed one."""
    wanted = undisturbed(folder / "calm", of, wish, seed=seed)

    async def run(world: World) -> KillPoints:
        ledger = ForkingLedger(world.ledger, moment)
        try:
            outcome, _ = await world.process(wish, ledger=ledger)
        except Killed:
            ledger.copies.end(await _live_on(world, wish, wanted, folder))
        assert outcome is Outcome.DONE
        return KillPoints(tried=ledger.number, wrong=tuple(ledger.wrong))

    return in_world(run, folder / "killed", of=of, seed=seed)


async def _live_on(world: World, wish: Wish, wanted: EndState, folder: Path) -> str:
    """In the copy: resume, and say how it ended."""
    try:
        own_authority(world, folder)
        async with asyncio.timeout(SLOWEST_S):
            outcome, history = await world.process(wish)
        found = differences(wanted, end_state(world.lab))
        if outcome is not Outcome.DONE:
            found.insert(0, f"{outcome}: {history.stop}")
    except BaseException as error:  # noqa: BLE001 - the copy must end here, whatever happened
        return f"{type(error).__name__}: {error}"
    return "; ".join(found) or AS_WANTED


def own_authority(world: World, folder: Path) -> None:
    """Give this copy a CA folder of its own, so that what it signs is not found by its parent."""
    copy = Path(tempfile.mkdtemp(dir=folder))
    shutil.copytree(world.ca_folder, copy / "ca")
    world.move_authority(copy / "ca")
