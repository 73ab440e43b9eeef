"""The renewal at the size of the issue: five purposes under 40,000 phones, and what was asked of the cluster for it."""

import time
from collections import Counter, deque
from collections.abc import Sequence
from pathlib import Path

import msgspec

from simulation.phones.runs import OPEN_PAGES, Watch, Watched
from simulation.world import Wish, World, in_world
from ucmcert.model.event import AnyEvent
from ucmlab.cluster.limits import MINUTE_S
from ucmlab.cluster.operations import Operation
from ucmlab.scenarios.loader import load_scenario
from ucmlab.scenarios.schema import Scenario

PURPOSES = ("tomcat", "ipsec", "CAPF", "CallManager", "TVS")
RESETS = 3  # the epochs that phones notice
# A page is opened by two AXL requests, and closed by two: 23,000 of them, as the scenario has them closed, are hours of
# a publisher's time. Whoever runs so many phones opens pages by their common profile; the run does it for those left.
OPEN_SHARE = 0.95


class Renewed(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the run, everything the ledger was told and the cluster was asked, and how long it took."""

    watched: Watched
    events: tuple[AnyEvent, ...]
    operations: tuple[Operation, ...]
    virtual_s: float
    wall_s: float

    @property
    def questions(self) -> tuple[Operation, ...]:
        """The real-time questions."""
        return tuple(one for one in self.operations if one.interface == "ris")

    def asked(self) -> Counter[str]:
        """How often each operation was asked for."""
        return Counter(one.operation for one in self.operations)


def crowd_with_pages(share: float = OPEN_SHARE, *, one_in: int = 1) -> Scenario:
    """The scenario `crowd` with this share of its phones' pages open, and one in so many of its phones."""
    crowd = load_scenario("crowd")
    phones = (msgspec.structs.replace(spec, page_share=share, count=spec.count // one_in) for spec in crowd.phones)
    return msgspec.structs.replace(crowd, phones=tuple(phones))


def renew_crowd(scenario: Scenario, folder: Path) -> Renewed:
    """Renew all five purposes, and watch."""
    events: list[AnyEvent] = []

    async def run(world: World) -> tuple[Watched, tuple[Operation, ...], float]:
        watch = Watch(world)
        world.listeners += [watch.hear, events.append]
        outcome, history = await world.process(Wish(purposes=PURPOSES, force=True, options=OPEN_PAGES))
        watched = watch.told(outcome, str(history.stop), 0)
        return watched, tuple(world.lab.log.operations()), world.clock.now() - events[0].at

    began = time.perf_counter()
    watched, operations, virtual_s = in_world(run, folder, of=scenario)
    return Renewed(
        watched=watched,
        events=tuple(events),
        operations=operations,
        virtual_s=virtual_s,
        wall_s=time.perf_counter() - began,
    )


def busiest_minute(questions: Sequence[Operation]) -> int:
    """The most operations in any sixty seconds of the cluster."""
    most, minute = 0, deque[float]()
    for at in sorted(one.at for one in questions):
        minute.append(at)
        while minute[0] <= at - MINUTE_S:
            minute.popleft()
        most = max(most, len(minute))
    return most
