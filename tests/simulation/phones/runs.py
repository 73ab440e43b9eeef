"""One renewal of one cell, watched: no phone is locked at any event, and at the end each trusts and is back."""

from collections import Counter
from pathlib import Path

import msgspec

from simulation.phones.cells import RELEASES, Cell, scenario_of
from simulation.world import Wish, World, in_world
from ucmcert.model.event import AnyEvent
from ucmcert.model.plan import StepKind
from ucmcert.plan.options import Options
from ucmcert.run.history import History
from ucmcert.run.outcome import Outcome, certificates
from ucmlab.cluster.certificates.records import CsrRequest
from ucmlab.cluster.phones.trust import TrustState
from ucmlab.cluster.releases import release_has
from ucmlab.scenarios.schema import Scenario

LOCKED = (TrustState.SOFT_LOCKED, TrustState.HARD_LOCKED)
OPEN_PAGES = Options(pages="open-for-the-run")
REISSUING = Options(pages="open-for-the-run", lsc="reissue")


class Watched(msgspec.Struct, kw_only=True):
    """What became of a run. `with_lists` counts phones whose model knows trust lists, `locked` those that were
    locked at any event, `trusted` and `unregistered` those at the end."""

    outcome: Outcome
    reason: str
    open_certificates: int
    phones: int
    with_lists: int
    locked: int
    trusted: int
    unregistered: int
    events: int


def renew_cell(cell: Cell, folder: Path, *, seed: int = 1) -> Watched:
    """Renew everything of `cell` and watch.

    Where the command line keeps a CAPF's name (below 14), phones with an LSC get a new one in the same epoch.
    """
    options = OPEN_PAGES if release_has(RELEASES[cell.release], "certificate REST") else REISSUING
    return renew_watched(scenario_of(cell), Wish(purposes=cell.purposes, force=True, options=options), folder, seed)


def renew_watched(scenario: Scenario, wish: Wish, folder: Path, seed: int = 1) -> Watched:
    """Renew what is wished and watch. A person makes the shared CSRs that a release has no command for, no more."""

    async def run(world: World) -> Watched:
        watch = Watch(world)
        world.listeners.append(watch.hear)
        outcome, history = await world.process(wish)
        while outcome is Outcome.WAITING and make_shared_request(world, history):
            outcome, history = await world.process(wish)
        return watch.told(outcome, str(history.stop), sum(not one.done for one in certificates(history)))

    return in_world(run, folder, of=scenario, seed=seed)


def make_shared_request(world: World, history: History) -> bool:
    """Make the multi-server CSR that the run waits for, as a person does on the node's page; whether it waits for one.

    That page exists below 14 too; only the command line knows no distribution (interfaces-cli.md 2.3).
    """
    stop = history.stop
    if stop is None or f"/{StepKind.CSR_GENERATE}" not in stop.step:
        return False
    step = history.plan.step(stop.step)
    node = world.lab.node(step.node)
    node.certificates.generate_csr(step.purpose, CsrRequest(distribution="multi-server"))
    return True


class Watch:
    """Looks at every phone of the lab at every event of the ledger."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.locked: set[str] = set()
        self.events = 0
        self._seen = -1

    def hear(self, _event: AnyEvent) -> None:
        """I1: never locked, at every event."""
        self.events += 1
        phones = self._world.lab.phones
        counts = phones.counts()
        if any(counts.get(state, 0) for state in LOCKED):
            self.locked |= {name for name in phones.names() if phones.trust_state(name) in LOCKED}

    def told(self, outcome: Outcome, reason: str, open_certificates: int) -> Watched:
        """The sum of it."""
        phones = self._world.lab.phones
        states = Counter(phones.trust_state(name) for name in phones.names() if phones.phone(name).line.sbd)
        back = {row.name for row in phones.registrations() if row.status == "Registered"}
        return Watched(
            outcome=outcome,
            reason=reason,
            open_certificates=open_certificates,
            phones=len(phones),
            with_lists=sum(phones.phone(name).line.sbd for name in phones.names()),
            locked=len(self.locked),
            trusted=states[TrustState.TRUSTED],
            unregistered=len(phones) - len(back),
            events=self.events,
        )
