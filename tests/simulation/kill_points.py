"""Kills one run at every ledger append, each time in a copy of the whole world, and looks how the copy ends.

The copy is a forked process: cluster, clock and ledger as they were at that very moment. In it the client dies, a new
one resumes, and the end is compared with the undisturbed run. The parent goes on to the next append.
"""

import asyncio
import os
import shutil
import tempfile
from pathlib import Path

import msgspec

from simulation.end_state import EndState, differences, end_state
from simulation.killing import Killed, Moment
from simulation.world import Wish, World, in_world
from ucmcert.authority.local import LocalAuthority
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
        self.number = 0
        self.dead = False
        self.wrong: list[str] = []

    def append(self, event: Event) -> Entry:
        """Append; die in the copy."""
        if self.dead:
            raise Killed
        self.number += 1
        if self._moment == "before":
            self._copy_dies(event)
        entry = self._ledger.append(event)
        if self._moment == "after":
            self._copy_dies(event)
        return entry

    def entries(self):  # type: ignore[no-untyped-def]
        """All entries."""
        return self._ledger.entries()

    def _copy_dies(self, event: Event) -> None:
        read, write = os.pipe()
        loop = asyncio.get_running_loop()
        child = os.fork()
        if child == 0:
            asyncio._set_running_loop(loop)  # asyncio forgets it in a forked process, and here the loop goes on
            os.close(read)
            self.dead = True
            self.told_to = write
            raise Killed
        os.close(write)
        with os.fdopen(read) as pipe:
            said = pipe.read()
        os.waitpid(child, 0)
        if said != "as undisturbed":
            where = getattr(event, "step", "") or getattr(event, "node", "")
            self.wrong.append(f"{self._moment} append {self.number} ({type(event).__name__} {where}): {said or 'died'}")

    told_to = -1


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
            await _live_on(world, wish, wanted, ledger.told_to, folder)
            raise AssertionError("the copy never comes back") from None
        assert outcome is Outcome.DONE
        return KillPoints(tried=ledger.number, wrong=tuple(ledger.wrong))

    return in_world(run, folder / "killed", of=of, seed=seed)


async def _live_on(world: World, wish: Wish, wanted: EndState, told_to: int, folder: Path) -> None:
    """In the copy: resume, tell the parent, and end this process without another word."""
    said = "unknown"
    try:
        copy = Path(tempfile.mkdtemp(dir=folder))
        world.ca_folder = Path(shutil.copytree(world.ca_folder, copy / "ca"))
        world.authority = LocalAuthority(world.ca_folder, world.clock, 397)
        async with asyncio.timeout(SLOWEST_S):
            outcome, history = await world.process(wish)
        found = differences(wanted, end_state(world.lab))
        stop = history.stop
        if outcome is not Outcome.DONE:
            found.insert(0, f"{outcome}: {stop}")
        said = "; ".join(found) or "as undisturbed"
        shutil.rmtree(copy)
    except BaseException as error:  # noqa: BLE001 - the copy must end here, whatever happened
        said = f"{type(error).__name__}: {error}"
    finally:
        os.write(told_to, said.encode()[:4000])
        os._exit(0)
