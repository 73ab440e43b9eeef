"""One renewal told by its ledger: every act in the order it was meant, what it waited for, and where the lab ended."""

from collections.abc import Callable
from pathlib import Path

import msgspec

from simulation.end_state import EndState, end_state
from simulation.phones.runs import Watch, Watched, make_shared_request
from simulation.world import Wish, World, in_world
from ucmcert.model.event import AnyEvent, Held, Intended, RunStarted, Verified, Waiting
from ucmcert.model.plan import Plan
from ucmcert.run.history import History
from ucmcert.run.outcome import Outcome, certificates
from ucmlab.scenarios.schema import Scenario

Person = Callable[[World, History], bool]
RESTART, UPLOAD, TRUST, CHECK = "service.restart", "identity.upload", "trust.upload", "served.check"
NEW_CA = "CN=Lab Issuing CA G2,O=Example,L=Paris,ST=Ile-de-France,C=FR"
NEW_CHAIN = ("Lab_Issuing_CA_G2", "Lab_Root_CA_G2")


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """`acts` are ids of steps, each as often as it was meant; `proven` those that were verified, in order."""

    outcome: Outcome
    stop: Waiting | Held | None
    plan: Plan
    acts: tuple[str, ...]
    proven: tuple[str, ...]
    waits: tuple[str, ...]
    end: EndState
    phones: Watched

    def of_kind(self, kind: str) -> list[str]:
        """The acts of one kind as `purpose/host` or, where something is named, `purpose/host/name`."""
        return [one.replace(f"/{kind}", "", 1) for one in self.acts if f"/{kind}" in one]

    def restarts(self, purpose: str) -> list[str]:
        """The restarts for a purpose, as `host/service`."""
        return [one.removeprefix(f"{purpose}/") for one in self.of_kind(RESTART) if one.startswith(f"{purpose}/")]

    def looked_at(self, kind: str) -> list[str]:
        """The proven steps of one kind, as `purpose/host`."""
        return [one.replace(f"/{kind}", "", 1) for one in self.proven if f"/{kind}" in one]

    def place(self, act: str) -> int:
        """Where an act stands in the order of all acts. Raises ValueError for one that never happened."""
        return self.acts.index(act)

    def stored(self, host: str, purpose: str) -> tuple[str, bool, tuple[str, ...]]:
        """Who issued what `host` stores, whether each port that shows it shows that, and which services loaded it."""
        return self.end.identities[f"{host}/{purpose}"]

    def holds_new_chain(self, host: str, store: str) -> bool:
        """Whether root and intermediate of the new CA are in that store of the lab."""
        names = self.end.trust[f"{host}/{store}"]
        return all(any(name.startswith(one) for name in names) for one in NEW_CHAIN)


def nobody(_world: World, _history: History) -> bool:
    """The person who is not there."""
    return False


def renewed(scenario: Scenario, wish: Wish, folder: Path, *, person: Person = nobody, seed: int = 1) -> Told:
    """Renew what is wished, resumed after every wait that `person` ends; shared CSRs are made by hand where needed."""

    async def run(world: World) -> Told:
        heard: list[AnyEvent] = []
        watch = Watch(world)
        world.listeners += [heard.append, watch.hear]
        outcome, history = await world.process(wish)
        while outcome is not Outcome.DONE and (make_shared_request(world, history) or person(world, history)):
            outcome, history = await world.process(wish)
        unfinished = sum(not one.done for one in certificates(history))
        return Told(
            outcome=outcome,
            stop=history.stop,
            plan=next(one.plan for one in heard if isinstance(one, RunStarted)),
            acts=tuple(one.step for one in heard if isinstance(one, Intended)),
            proven=tuple(one.step for one in heard if isinstance(one, Verified)),
            waits=tuple(one.step for one in heard if isinstance(one, Waiting)),
            end=end_state(world.lab),
            phones=watch.told(outcome, str(history.stop), unfinished),
        )

    return in_world(run, folder, of=scenario, seed=seed)
