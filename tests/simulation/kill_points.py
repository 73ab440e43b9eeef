"""Kills one run at every ledger append, each time in a copy of the whole world, and looks how the copy ends.

The copy is a forked process: cluster, clock and ledger as they were at that very moment. In it the client dies, a new
one resumes, and the end is compared with the undisturbed run. The parent goes on to the next append.
"""

import asyncio
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from simulation.copies import AS_WANTED, Copies
from simulation.end_state import EndState, differences, end_state, planned_restarts
from simulation.killing import Killed, Moment
from simulation.world import Wish, World, in_world
from ucmcert.model.event import Entry, Event
from ucmcert.model.ports import Ledger
from ucmcert.run.outcome import Outcome
from ucmlab.scenarios.schema import Scenario

SLOWEST_S = 90.0 * 60.0  # virtual: what a resumed run may take before it counts as stuck
Here = Callable[[Event], bool]
Eyes = Callable[[World], Callable[[], list[str]]]
"""What watches a world from its beginning, and tells at the end what it saw go wrong."""


def everywhere(_event: Event) -> bool:
    """Kill at every append."""
    return True


def closed(_world: World) -> Callable[[], list[str]]:
    """No eyes: the end state tells all."""
    return list


class KillPoints(msgspec.Struct, frozen=True, kw_only=True):
    """How many points were tried, and what went wrong at which."""

    tried: int
    wrong: tuple[str, ...]


class ForkingLedger:
    """Before or after every append a copy of the process is made, in which this ledger is dead."""

    def __init__(self, ledger: Ledger, moment: Moment, here: Here) -> None:
        self._ledger = ledger
        self._moment = moment
        self._here = here
        self.copies = Copies()
        self.number = self.tried = 0
        self.wrong: list[str] = []

    def append(self, event: Event) -> Entry:
        """Append; die in the copy."""
        if self.copies.in_copy:
            raise Killed
        self.number += 1
        here = self._here(event)
        if here and self._moment == "before":
            self._copy_dies(event)
        entry = self._ledger.append(event)
        if here and self._moment == "after":
            self._copy_dies(event)
        return entry

    def entries(self) -> Iterator[Entry]:
        """All entries."""
        return self._ledger.entries()

    def _copy_dies(self, event: Event) -> None:
        self.tried += 1
        said = self.copies.make()
        if said is None:
            raise Killed
        if said != AS_WANTED:
            where = getattr(event, "step", "") or getattr(event, "node", "")
            self.wrong.append(f"{self._moment} append {self.number} ({type(event).__name__} {where}): {said or 'died'}")


def undisturbed(folder: Path, of: Scenario | str, wish: Wish, *, seed: int = 1) -> EndState:
    """The end state of a run that nobody kills."""

    async def run(world: World) -> EndState:
        outcome, history = await world.process(wish)
        assert outcome is Outcome.DONE
        return msgspec.structs.replace(end_state(world.lab), planned=planned_restarts(history.plan))

    return in_world(run, folder, of=of, seed=seed)


def explore(
    folder: Path,
    of: Scenario | str,
    wish: Wish,
    moment: Moment,
    *,
    here: Here = everywhere,
    eyes: Eyes = closed,
    seed: int = 1,
) -> KillPoints:
    """Kill the renewal of `wish` at every append that is `here`, `moment` it, and compare each end with the undisturbed
    one. What `eyes` see is wrong too.
    """
    wanted = undisturbed(folder / "calm", of, wish, seed=seed)

    async def run(world: World) -> KillPoints:
        ledger, seen = ForkingLedger(world.ledger, moment, here), eyes(world)
        try:
            outcome, _ = await world.process(wish, ledger=ledger)
        except Killed:
            ledger.copies.end(await _live_on(world, wish, wanted, folder, seen))
        assert outcome is Outcome.DONE
        return KillPoints(tried=ledger.tried, wrong=(*ledger.wrong, *seen()))

    return in_world(run, folder / "killed", of=of, seed=seed)


async def _live_on(world: World, wish: Wish, wanted: EndState, folder: Path, seen: Callable[[], list[str]]) -> str:
    """In the copy: resume, and say how it ended."""
    try:
        own_authority(world, folder)
        if world.finished():
            return "; ".join([*seen(), *differences(wanted, end_state(world.lab))]) or AS_WANTED
        async with asyncio.timeout(SLOWEST_S):
            outcome, history = await world.process(wish)
        found = [*seen(), *differences(wanted, end_state(world.lab))]
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
