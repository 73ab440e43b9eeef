"""Every kind of fault at every step of a run: each must end in done or in a named hold, and be mended by a resume.

At the moment a step may start, a copy of the world is made for each kind, with the fault in force on the step's node:
once, or until somebody takes it away. The copy goes on; when it is held, the fault is removed and the run resumed.
"""

import asyncio
from pathlib import Path

import msgspec

from simulation.copies import AS_WANTED, Copies
from simulation.end_state import EndState, differences, end_state
from simulation.kill_points import SLOWEST_S, own_authority, undisturbed
from simulation.world import Wish, World, in_world
from ucmcert.model.event import AnyEvent, Held, RunStarted, Verified
from ucmcert.model.plan import Step
from ucmcert.run.outcome import Outcome
from ucmlab.faults import FAULT_KINDS, FaultRule
from ucmlab.scenarios.schema import Scenario

RESUMES = 3
DELAY_S = 45.0


class Product(msgspec.Struct, frozen=True, kw_only=True):
    """How many pairs of fault and step were tried, how many of them were held, and what went wrong at which."""

    tried: int
    held: int
    wrong: tuple[str, ...]


class Injector:
    """Listens to the run; makes the copies when a step's needs are proven."""

    def __init__(self, world: World, folder: Path, *, lasting: bool) -> None:
        self._world = world
        self._folder = folder
        self._lasting = lasting
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
            if not said.endswith(AS_WANTED):
                times = "lasting" if self._lasting else "once"
                self.wrong.append(f"{kind.name} ({times}) at {step.id}: {said or 'died'}")

    def _rule(self, step: Step, kind: str) -> FaultRule:
        service = step.detail.get("service", "Cisco Tomcat") if kind == "service-fails" else ""
        times = 1 if not self._lasting and kind != "node-down" else 0
        node = self._world.lab.node(step.node).name
        return FaultRule(kind=kind, node=node, operation=service, times=times, seconds=DELAY_S)


def explore(folder: Path, of: Scenario | str, wish: Wish, *, lasting: bool, seed: int = 1) -> Product:
    """The product for the renewal of `wish`."""
    wanted = undisturbed(folder / "calm", of, wish, seed=seed)

    async def run(world: World) -> Product:
        injector = Injector(world, folder, lasting=lasting)
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
            said = await _mended(world, wish, wanted, outcome, injector.forgiven)
            injector.copies.end(f"held {stop.finding.code}, {said}" if isinstance(stop, Held) else said)
        assert outcome is Outcome.DONE
        return Product(tried=injector.tried, held=injector.held, wrong=tuple(injector.wrong))

    return in_world(run, folder / "faulty", of=of, seed=seed)


async def _mended(world: World, wish: Wish, wanted: EndState, outcome: Outcome, forgiven: list[str]) -> str:
    """In the copy: take the fault away, resume as an operator would, and compare the end."""
    try:
        world.lab.faults.clear()
        for _ in range(RESUMES):
            if outcome is Outcome.DONE:
                break
            outcome, history = await world.process(wish)
        found = [one for one in differences(wanted, end_state(world.lab)) if one not in forgiven]
        if outcome is not Outcome.DONE:
            found.insert(0, f"{outcome} after {RESUMES} resumes: {history.stop}")
    except BaseException as error:  # noqa: BLE001 - the copy must end here, whatever happened
        return f"{type(error).__name__}: {error}"
    return "; ".join(found) or AS_WANTED
