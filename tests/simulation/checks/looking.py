"""Looks at a lab with the real client, phones and external consumers included, and asks the checks."""

from collections.abc import Iterable
from pathlib import Path

import msgspec

from simulation.checks.trip import CLUSTER, VOICE, Trip, voice
from simulation.joined import JoinedConnect
from simulation.ports import EPOCH
from simulation.world import THRESHOLD_DAYS, Wish, World, in_world
from ucmcert.check import after, before
from ucmcert.discover import look_at_consumers, look_at_phones, peer_node, peer_trust
from ucmcert.knowledge.purposes import noticed_by_phones
from ucmcert.model.cluster import Cluster
from ucmcert.model.consumer import Consumer
from ucmcert.model.finding import Finding
from ucmcert.model.node import Credential, Node
from ucmcert.model.secret import Secret
from ucmcert.plan.options import Options
from ucmcert.plan.select import select
from ucmcert.run.outcome import Outcome
from ucmcert.ucm.access import Manners
from ucmcert.ucm.cluster_client import ClusterClient
from ucmlab.clock import LoopClock
from ucmlab.cluster.cluster import Cluster as LabCluster
from ucmlab.cluster.opening import build_cluster

Said = frozenset[tuple[str, str]]


class Neighbours(JoinedConnect):
    """The lab, and beside it the one node of another lab whose TLS ports may be looked at."""

    def __init__(self, lab: LabCluster, neighbour: LabCluster) -> None:
        super().__init__(lab)
        self._neighbour = JoinedConnect(neighbour)

    async def handshake(self, node: Node, port: int, timeout_s: float) -> tuple[bytes, ...]:
        """The chain that a port of the lab, or of the neighbour, shows now."""
        if node.name == VOICE:
            return await self._neighbour.handshake(node, port, timeout_s)
        return await super().handshake(node, port, timeout_s)


def said_before(trip: Trip, folder: Path) -> Said:
    """What the pre-checks say of the lab of `trip`: (code, host name or CLUSTER)."""

    async def run(world: World) -> Said:
        if trip.deed is not None:
            await trip.deed(world)
        cluster = await seen(world, trip, folder, phones=True)
        now = world.clock.now()
        items = select(cluster, now=now, threshold_days=THRESHOLD_DAYS, purposes=trip.purposes, force=True)
        return as_said(before.check(cluster, items, now=now))

    return in_world(run, folder, of=trip.office(), faults=trip.faults)


def said_after(trip: Trip, folder: Path) -> Said:
    """What the post-checks say of a lab whose renewal of the purposes came to its end, and then came the deed."""

    async def run(world: World) -> Said:
        wish = Wish(purposes=trip.purposes, force=True, options=Options(pages="open-for-the-run"))
        outcome, history = await world.process(wish)
        assert outcome is Outcome.DONE, history.stop
        if trip.deed is not None:
            await trip.deed(world)
        named = {(one.node, one.purpose): history.new_sha256(one.node, one.purpose) for one in history.plan.items}
        findings = after.check(
            await seen(world, trip, folder, phones=any(noticed_by_phones(one) for one in trip.purposes)),
            issued={key: sha256 for key, sha256 in named.items() if sha256},
            before=history.started.before,
            backed_up=after.backed_up(history.plan, history.done()),
        )
        return as_said(findings)

    return in_world(run, folder, of=trip.office(), faults=trip.faults)


async def seen(world: World, trip: Trip, folder: Path, *, phones: bool) -> Cluster:
    """What discovery sees now: nodes, consumers, and with `phones` lists and phones.

    Before a renewal always, for what others left half done; afterwards only where phones notice it: Cisco Tftp, which
    restarts for tomcat too, writes its lists anew, and a phone that nobody has to reset tells the checksum of before.
    """
    clock = LoopClock(epoch=EPOCH)
    neighbour = build_cluster(
        voice(trip.neighbour or {}), clock=clock, seed=2, calm=True, ca_folder=folder / "neighbour"
    )
    told = () if trip.neighbour is None else (await neighbour_read(trip, neighbour, world),)
    connect = Neighbours(world.lab, neighbour)
    client = ClusterClient(connect, world.clock, world.access(), Manners())
    try:
        cluster = await look_at_phones(
            client, await world.look(client), clock=world.clock, depth="lists" if phones else "none"
        )
        return await look_at_consumers(client, cluster, told)
    finally:
        await client.close()
        await connect.close()
        neighbour.close()


async def neighbour_read(trip: Trip, neighbour: LabCluster, world: World) -> Consumer:
    """The neighbour as the configuration names it, with what its trust store holds where there is a login."""
    one = Consumer(kind="unity-connection", name=VOICE, how="told")
    if not trip.login:
        return one
    access, connect = world.access(), JoinedConnect(neighbour)
    (login,) = (account for account in neighbour.accounts if account.name == "os_admin")
    password = Secret(login.password if trip.login == "right" else "not the right one")
    theirs = msgspec.structs.replace(access, os_admin=Credential(user=login.user, password=password))
    client = ClusterClient(connect, world.clock, theirs, Manners())
    try:
        return await peer_trust(client, peer_node(one), one)
    finally:
        await client.close()
        await connect.close()


def as_said(findings: Iterable[Finding]) -> Said:
    """Codes and places, nodes by their host names."""
    return frozenset((one.code, one.where.partition(".")[0].rpartition(" ")[2]) for one in findings)


__all__ = ["CLUSTER", "Said", "said_after", "said_before"]
