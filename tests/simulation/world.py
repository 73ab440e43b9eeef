"""One simulated world: a lab cluster, a ledger that outlives processes, and client processes that come and go.

The planner, runner, steps, adapters and ledger are the product's own; the cluster and its interfaces are the lab's own.
Only sockets are missing (joined.py), and time is the loop's.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from simulation.joined import JoinedConnect
from simulation.ports import EPOCH, LoopCalendar, SeededRandom
from simulation.virtual_loop import run_virtually
from ucmcert.authority.local import LocalAuthority
from ucmcert.check.before import check
from ucmcert.config.windows import Window
from ucmcert.discover import discover, look_at_phones
from ucmcert.knowledge.purposes import noticed_by_phones
from ucmcert.lint.phone_world import reused
from ucmcert.model.certificate import CertificateRequest
from ucmcert.model.cluster import Cluster
from ucmcert.model.event import AnyEvent
from ucmcert.model.finding import Finding
from ucmcert.model.node import Credential, Node, Release, Role
from ucmcert.model.plan import Plan
from ucmcert.model.ports import Ledger, Trust
from ucmcert.model.secret import Secret
from ucmcert.model.signing import Authority, Issued, Pending, Profile, Ticket
from ucmcert.plan.build import build
from ucmcert.plan.options import Options
from ucmcert.plan.select import refused, select
from ucmcert.run.history import History, runs
from ucmcert.run.ledger import SqliteLedger, open_ledger
from ucmcert.run.limits import Limits
from ucmcert.run.outcome import Outcome
from ucmcert.run.renewal import Renewal, carry_on, start, take_up
from ucmcert.ucm.access import Access, Manners
from ucmcert.ucm.cluster_client import ClusterClient
from ucmlab.clock import LoopClock
from ucmlab.cluster.cluster import Cluster as LabCluster
from ucmlab.cluster.opening import build_cluster
from ucmlab.faults import FaultRule
from ucmlab.scenarios.loader import load_scenario
from ucmlab.scenarios.schema import Scenario

T = TypeVar("T")
THRESHOLD_DAYS = 45


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What one client process is asked to renew, and how patient it is."""

    purposes: tuple[str, ...] = ()
    nodes: tuple[str, ...] = ()
    force: bool = False
    options: Options = Options()
    limits: Limits = Limits()
    windows: tuple[Window, ...] = ()
    wait_for_window: bool = False
    manual_value: str = ""


class Signer:
    """An authority whose folder can be moved under a run."""

    def __init__(self, behind: Authority) -> None:
        self.behind = behind

    async def submit(self, request: CertificateRequest, profile: Profile) -> Ticket:
        """As the authority behind it."""
        return await self.behind.submit(request, profile)

    async def collect(self, ticket: Ticket) -> Issued | Pending:
        """As the authority behind it."""
        return await self.behind.collect(ticket)


class World:
    """A lab cluster with its one ledger. `process` is one life of the client, `spoil` what a test does to its plan."""

    def __init__(self, lab: LabCluster, ca_folder: Path, seed: int) -> None:
        self.lab = lab
        self.clock = LoopCalendar()
        self.ledger: SqliteLedger = open_ledger(None, lab.name)
        self.ca_folder = ca_folder
        self.authority = Signer(LocalAuthority(ca_folder, self.clock, 397))
        self.seed = seed
        self.lives = 0
        self.listeners: list[Callable[[AnyEvent], None]] = []
        self.spoil: Callable[[Plan], Plan] = lambda plan: plan

    def move_authority(self, folder: Path) -> None:
        """Sign from another folder from now on, a run under way included."""
        self.ca_folder = folder
        self.authority.behind = LocalAuthority(folder, self.clock, 397)

    def publisher(self) -> Node:
        """The publisher as a configuration names it."""
        lab_node = self.lab.publisher
        return Node(
            name=lab_node.fqdn,
            host=lab_node.name,
            address=lab_node.address,
            role=Role.PUBLISHER,
            release=Release(0, 0, 0, 0),
        )

    def access(self) -> Access:
        """The two accounts, and today's leaves as pins."""
        users = {account.name: account for account in self.lab.accounts}
        leaves = (node.tls_certificate(8443) for node in self.lab.nodes.values())
        return Access(
            os_admin=Credential(user=users["os_admin"].user, password=Secret(users["os_admin"].password)),
            app_admin=Credential(user=users["app_admin"].user, password=Secret(users["app_admin"].password)),
            trust=Trust(leaf_sha256=frozenset(leaf.sha256 for leaf in leaves if leaf)),
        )

    async def process(
        self,
        wish: Wish,
        *,
        ledger: Ledger | None = None,
    ) -> tuple[Outcome, History]:
        """One life of `ucmcert renew` or `resume`, whichever is due. `ledger` stands before the real one."""
        self.lives += 1
        connect = JoinedConnect(self.lab)
        client = ClusterClient(connect, self.clock, self.access(), Manners(manual_value=wish.manual_value))
        renewal = Renewal(
            client=client,
            clock=self.clock,
            random=SeededRandom(self.seed * 1000 + self.lives),
            ledger=ledger or self.ledger,
            authority=self.authority,
            limits=wish.limits,
            windows=wish.windows,
            wait_for_window=wish.wait_for_window,
            listener=self._tell,
        )
        try:
            cluster = await self.look(client)
            history = self.open_run()
            if history is None:
                cluster = await self.with_phones(client, cluster, wish)
                history = start(renewal, self.plan(cluster, wish), cluster, "the simulation")
            else:
                take_up(renewal, history, cluster)
            return await carry_on(renewal, history, cluster), history
        finally:
            await client.close()
            await connect.close()

    @asynccontextmanager
    async def connected(self, wish: Wish) -> AsyncIterator[tuple[ClusterClient, Cluster]]:
        """A client and what discovery sees through it, phones included where `wish` moves some."""
        connect = JoinedConnect(self.lab)
        client = ClusterClient(connect, self.clock, self.access(), Manners(manual_value=wish.manual_value))
        try:
            yield client, await self.with_phones(client, await self.look(client), wish)
        finally:
            await client.close()
            await connect.close()

    def _tell(self, event: AnyEvent) -> None:
        for listener in self.listeners:
            listener(event)

    async def look(self, client: ClusterClient) -> Cluster:
        """What discovery sees."""
        return await discover(client, self.publisher(), (), clock=self.clock, name=self.lab.name)

    async def with_phones(self, client: ClusterClient, cluster: Cluster, wish: Wish) -> Cluster:
        """The same, with its phones when a renewal of what is wished is noticed by them."""
        wanted = {item.purpose for item in select(cluster, now=self.clock.now(), **_asked(wish))}
        wanted |= {reused(cluster).get(one, one) for one in wanted}
        if not any(noticed_by_phones(one) for one in wanted):
            return cluster
        return await look_at_phones(client, cluster, clock=self.clock, depth="lists")

    def open_run(self) -> History | None:
        """The run the ledger has not finished."""
        return next((run for run in runs(self.ledger.entries()).values() if not run.over), None)

    def finished(self) -> bool:
        """Whether there was a run and it reached its end: nothing is left to resume."""
        known = runs(self.ledger.entries()).values()
        return bool(known) and all(run.over for run in known)

    def plan(self, cluster: Cluster, wish: Wish) -> Plan:
        """The plan a person would be shown. Raises AssertionError when a gate is closed."""
        asked = _asked(wish)
        items = select(cluster, now=self.clock.now(), **asked)
        findings = (
            *refused(cluster, now=self.clock.now(), **asked),
            *check(cluster, items, now=self.clock.now(), ours=_replaceable(cluster, wish)),
        )
        wrong = [one for one in findings if one.severity == "error"]
        assert not wrong, _told(wrong)
        return self.spoil(build(cluster, items, now=self.clock.now(), findings=findings, options=wish.options))


def _asked(wish: Wish) -> dict[str, Any]:
    return {
        "threshold_days": THRESHOLD_DAYS,
        "purposes": wish.purposes,
        "nodes": wish.nodes,
        "force": wish.force,
        "capf_subscribers": wish.options.capf_subscribers,
        "csr": wish.options.csr,
    }


def _replaceable(cluster: Cluster, wish: Wish) -> frozenset[str]:
    pending = (held.request.spki_sha256 for facts in cluster.nodes for held in facts.holding.requests)
    return frozenset(pending) if wish.options.replace_csr else frozenset()


def _told(findings: list[Finding]) -> str:
    return "; ".join(f"{one.code} {one.where}: {one.what}" for one in findings)


def in_world(
    test: Callable[[World], Coroutine[Any, Any, T]],
    folder: Path,
    *,
    of: Scenario | str = "demo",
    seed: int = 1,
    faults: tuple[FaultRule, ...] = (),
    calm: bool = True,
) -> T:
    """Run `test` with a new world on a virtual loop; `folder` receives the CA."""

    folder.mkdir(parents=True, exist_ok=True)

    async def run() -> T:
        scenario = load_scenario(of) if isinstance(of, str) else of
        lab = build_cluster(
            scenario, clock=LoopClock(epoch=EPOCH), seed=seed, calm=calm, ca_folder=folder / f"ca-{seed}"
        )
        for rule in faults:
            lab.faults.add(rule)
        lab.start()
        try:
            return await test(World(lab, folder / f"ca-{seed}", seed))
        finally:
            lab.close()
            others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)

    return run_virtually(run())
