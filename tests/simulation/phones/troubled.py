"""A run in trouble: watched at every event, stopped by name, mended by hand, signed for by a person, resumed."""

import msgspec

from simulation.phones.dangers import Trouble, stop_of
from simulation.phones.runs import LOCKED
from simulation.world import Wish, World
from ucmcert.model.event import AnyEvent, ExceptionsSigned
from ucmcert.run.open_gates import open_at
from ucmcert.run.outcome import Outcome
from ucmlab.cluster.phones.trust import TrustState

RESUMES = 4


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """How one process ended: its outcome, and by which code or at which kind of step it stopped."""

    outcome: Outcome
    stop: str
    why: str


class Troubled:
    """Processes of one run. `locked` are the phones with power that were locked at any event and not before the run."""

    def __init__(self, world: World, wish: Wish, trouble: Trouble | None = None) -> None:
        self.world = world
        self._wish = wish
        self.locked: set[str] = set()
        self._lost_before = frozenset(self._locked_now())
        world.listeners.append(self._hear)
        if trouble is not None:
            world.listeners.append(trouble(world))

    async def process(self) -> Seen:
        """One process, from wherever the ledger stands."""
        outcome, history = await self.world.process(self._wish)
        return Seen(outcome=outcome, stop=stop_of(history), why=str(history.stop))

    async def carried_home(self, *, signing: bool = False) -> Seen:
        """Resume as often as an operator may have to, `signing` for everybody who stands open at each stop."""
        seen = await self.process()
        for _ in range(RESUMES - 1):
            if seen.outcome is Outcome.DONE:
                break
            if signing:
                self.sign()
            seen = await self.process()
        return seen

    def sign(self, *names: str) -> tuple[str, ...]:
        """What `ucmcert approve` writes: everybody who stands open, or those named. Who it was."""
        history = self.world.open_run()
        assert history is not None
        signed: list[str] = []
        for step, phones in open_at(history).items():
            mine = tuple(one.name for one in phones if not names or one.name in names)
            at = self.world.clock.now()
            self.world.ledger.append(
                ExceptionsSigned(at=at, run=history.run, step=step, phones=mine, by="the simulation", why="a test")
            )
            signed += mine
        return tuple(signed)

    def states(self) -> dict[str, TrustState]:
        """The trust of every phone with power, now."""
        phones = self.world.lab.phones
        return {name: phones.trust_state(name) for name in phones.names() if phones.phone(name).powered}

    def _hear(self, _event: AnyEvent) -> None:
        self.locked |= self._locked_now() - self._lost_before

    def _locked_now(self) -> set[str]:
        phones = self.world.lab.phones
        if not any(phones.counts().get(state, 0) for state in LOCKED):
            return set()
        return {name for name in phones.names() if phones.trust_state(name) in LOCKED}
