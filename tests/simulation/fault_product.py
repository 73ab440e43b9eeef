"""Every kind of fault at every step of a run: each must end in done or in a named hold, and be mended by a resume.

At the moment a step may start, a copy of the world is made for each kind, with the fault in force on the step's node:
once, or until somebody takes it away. The copy goes on; when it is held, the fault is removed and the run resumed.
"""

import asyncio
import re
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import msgspec

from simulation.copies import AS_WANTED, Copies
from simulation.end_state import EndState, differences, end_state
from simulation.kill_points import SLOWEST_S, Eyes, closed, own_authority, undisturbed
from simulation.world import Wish, World, in_world
from ucmcert.model.event import AnyEvent, Held, RunStarted, Verified, Waiting
from ucmcert.model.plan import Step
from ucmcert.run.history import History
from ucmcert.run.outcome import Outcome
from ucmlab.faults import FAULT_KINDS, FaultRule
from ucmlab.scenarios.schema import Scenario

RESUMES = 3
DELAY_S = 45.0
POWER_CUT_S = 1200.0
OFF = 0.5  # share of the phones that a power cut meets
Pairs = Callable[[Step, str], bool]


def every_pair(_step: Step, kind: str) -> bool:
    """Every kind at every step; without phones a power cut is no fault."""
    return kind != "phones-off"


class Product(msgspec.Struct, frozen=True, kw_only=True):
    """How many pairs of fault and step were tried, how many of them were held, and what went wrong at which."""

    tried: int
    held: int
    wrong: tuple[str, ...]


class Injector:
    """Listens to the run; makes the copies when a step's needs are proven."""

    def __init__(self, world: World, folder: Path, *, lasting: bool, pairs: Pairs) -> None:
        self._world = world
        self._folder = folder
        self._lasting = lasting
        self._pairs = pairs
        self._plan: tuple[Step, ...] = ()
        self._done: set[str] = set()
        self.copies = Copies()
        self.tried = self.held = 0
        self.wrong: list[str] = []
        self.forgiven: list[str] = []

    def hear(self, event: AnyEvent) -> None:
        """One more event of the undisturbed run; deaf in a copy."""
        if self.copies.in_copy:
            return
        before = frozenset(self._done)
        if isinstance(event, RunStarted):
            self._plan = event.plan.steps
        elif isinstance(event, Verified):
            self._done.add(event.step)
        else:
            return
        for step in self._plan:
            fresh = isinstance(event, RunStarted) or not before.issuperset(step.needs)
            if fresh and self._done.issuperset(step.needs) and step.id not in self._done and not self.copies.in_copy:
                self._try(step)

    def _try(self, step: Step) -> None:
        for kind in FAULT_KINDS:
            if not self._pairs(step, kind.name):
                continue
            said = self.copies.make()
            if said is None:
                own_authority(self._world, self._folder)
                rule = self._rule(step, kind.name)
                self._world.lab.faults.add(rule)
                if kind.name == "service-fails":  # what does not come up is restarted once more
                    self.forgiven.append(f"writes {rule.node}/restart/{rule.operation}: 1 became 2")
                return
            self.tried += 1
            self.held += said.startswith("held ")
            if said.removeprefix(said.partition(", ")[0] + ", " if said.startswith("held ") else "") != AS_WANTED:
                times = "lasting" if self._lasting else "once"
                self.wrong.append(f"{kind.name} ({times}) at {step.id}: {said or 'died'}")

    def _rule(self, step: Step, kind: str) -> FaultRule:
        lab = self._world.lab
        service = step.detail.get("service", "Cisco Tomcat") if kind == "service-fails" else ""
        times = 1 if not self._lasting and kind != "node-down" else 0
        node = (lab.publisher if step.node == lab.name else lab.node(step.node)).name
        if kind == "phones-off":
            return FaultRule(kind=kind, times=times, seconds=POWER_CUT_S, share=OFF)
        return FaultRule(kind=kind, node=node, operation=service, times=times, seconds=DELAY_S)


Person = Callable[[World, Held | Waiting], Coroutine[Any, Any, None]]
"""What somebody does at a stop before the run is resumed, as its words ask."""


async def only_resumes(_world: World, _stop: Held | Waiting) -> None:
    """Nothing but the resume."""


def explore(
    folder: Path,
    of: Scenario | str,
    wish: Wish,
    *,
    lasting: bool,
    pairs: Pairs = every_pair,
    eyes: Eyes = closed,
    person: Person = only_resumes,
    seed: int = 1,
) -> Product:
    """The product for the renewal of `wish`, as far as `pairs` go. What `eyes` see is wrong too; `person` mends."""
    wanted = undisturbed(folder / "calm", of, wish, seed=seed)

    async def run(world: World) -> Product:
        injector, seen = Injector(world, folder, lasting=lasting, pairs=pairs), eyes(world)
        world.listeners.append(injector.hear)
        try:
            async with asyncio.timeout(SLOWEST_S * 4):
                outcome, history = await world.process(wish)
        except BaseException as error:
            if injector.copies.in_copy:
                injector.copies.end(f"{type(error).__name__}: {error}")
            raise
        if injector.copies.in_copy:
            stop = history.stop
            said = await _mended(world, wish, wanted, history, person, injector.forgiven)
            said = "; ".join([*seen(), said])
            injector.copies.end(f"held {stop.finding.code}, {said}" if isinstance(stop, Held) else said)
        assert outcome is Outcome.DONE
        return Product(tried=injector.tried, held=injector.held, wrong=(*injector.wrong, *seen()))

    return in_world(run, folder / "faulty", of=of, seed=seed)


async def _mended(  # noqa: PLR0917 - all that a copy knows
    world: World, wish: Wish, wanted: EndState, history: History, person: Person, forgiven: list[str]
) -> str:
    """In the copy: take the fault away, resume as an operator would, and compare the end."""
    try:
        world.lab.faults.clear()
        outcome = Outcome.DONE if history.finished else Outcome.HELD
        for _ in range(RESUMES):
            if outcome is Outcome.DONE:
                break
            if isinstance(history.stop, Held | Waiting):
                await person(world, history.stop)
            outcome, history = await world.process(wish)
        if len(world.lab.phones):
            await world.clock.sleep(2 * POWER_CUT_S)  # who was off or alone at the end is back
        found = [one for one in differences(wanted, end_state(world.lab)) if one not in forgiven and not _spared(one)]
        if outcome is not Outcome.DONE:
            found.insert(0, f"{outcome} after {RESUMES} resumes: {history.stop}")
    except BaseException as error:  # noqa: BLE001 - the copy must end here, whatever happened
        return f"{type(error).__name__}: {error}"
    return "; ".join(found) or AS_WANTED


def _spared(difference: str) -> bool:
    """Whether it is the fault itself that spared work: a pool reset less often, since who moved by it need not move
    again, or a phone that its power cut made fetch the newest lists, while all else about it is the same.
    """
    if re.fullmatch(r"phones \S+: STALE-OK (.*) became TRUSTED \1", difference):
        return True
    found = re.fullmatch(r"writes .*/resetDevicePool/: (\d+) became (\d+)", difference)
    return found is not None and int(found[2]) < int(found[1])
