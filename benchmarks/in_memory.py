"""Figures without sockets: planning a fleet, a simulated renewal, and the ledger's appends."""

import time
from pathlib import Path

import msgspec

from benchmarks.table import Figure, seconds
from factory.certificates import DAY, NOW
from factory.clusters import cluster, node_facts
from simulation.world import Wish, World, in_world
from ucmcert.model.cluster import Cluster
from ucmcert.model.event import Stopped
from ucmcert.model.node import Role
from ucmcert.plan.build import build
from ucmcert.plan.select import select
from ucmcert.run.ledger import open_ledger
from ucmcert.run.outcome import Outcome

CLUSTERS, NODES = 300, 20
APPENDS = 2000


def planning() -> list[Figure]:
    """300 clusters of 20 nodes: nothing due (the daily case), and everything due on a tenth of them."""
    due = _twenty(NOW + 20 * DAY)
    calm = _twenty(NOW + 900 * DAY)
    began = time.perf_counter()
    for _ in range(CLUSTERS):
        build(calm, select(calm, now=NOW, threshold_days=45), now=NOW)
    idle = time.perf_counter() - began
    began = time.perf_counter()
    for _ in range(CLUSTERS // 10):
        build(due, select(due, now=NOW, threshold_days=45), now=NOW)
    busy = time.perf_counter() - began
    return [
        Figure(
            what=f"planning {CLUSTERS} clusters x {NODES} nodes, nothing due",
            measured=seconds(idle),
            bound="pure functions; under 1 s is wanted",
        ),
        Figure(
            what=f"planning {CLUSTERS // 10} clusters x {NODES} nodes, all due",
            measured=seconds(busy),
            bound="some 190 steps each, every rule of order asked of every step",
        ),
    ]


def simulated(folder: Path) -> list[Figure]:
    """The four-node renewal under the virtual clock."""

    async def run(world: World) -> float:
        began = time.perf_counter()
        outcome, _ = await world.process(Wish())
        assert outcome is Outcome.DONE
        return time.perf_counter() - began

    best = min(in_world(run, folder / str(number), of="demo") for number in range(3))
    return [
        Figure(
            what="renewal of four nodes, simulated",
            measured=seconds(best),
            bound="no waiting in it: all of it is work of client and lab; 24 virtual minutes",
        )
    ]


def ledger(folder: Path) -> list[Figure]:
    """Durable appends against the bare sync of the disk."""
    written = open_ledger(folder / "ledger.sqlite", "bench")
    began = time.perf_counter()
    for number in range(APPENDS):
        written.append(Stopped(at=float(number), run="bench", why="measured"))
    took = time.perf_counter() - began
    written.close()
    path = folder / "bare"
    with path.open("ab", buffering=0) as bare:
        import os

        began = time.perf_counter()
        for _ in range(APPENDS):
            bare.write(b"x" * 200)
            os.fdatasync(bare.fileno())
        sync = time.perf_counter() - began
    return [
        Figure(
            what="ledger, durable appends",
            measured=f"{APPENDS / took:,.0f}/s",
            bound=f"{APPENDS / sync:,.0f}/s bare write and fdatasync on this disk",
        )
    ]


def _twenty(until: int) -> Cluster:
    base = node_facts("cucm-pub", Role.PUBLISHER, tomcat_until=until, ipsec_until=until)
    others = []
    one = node_facts("cucm-sub", Role.SUBSCRIBER, tomcat_until=until, ipsec_until=until)
    for number in range(NODES - 1):
        node = msgspec.structs.replace(one.node, name=f"cucm-sub{number}.lab.example", host=f"cucm-sub{number}")
        others.append(msgspec.structs.replace(one, node=node))
    return cluster(base, *others)
