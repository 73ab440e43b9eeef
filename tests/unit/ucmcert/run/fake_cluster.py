"""A cluster of four in-memory nodes behind the client's verbs, with faults to order, on a virtual clock.

A node holds identities, CSRs and trust entries, and runs services that read a certificate when they start. A look at
what it holds is two readings, identities before the rest, as on a real node. A fault is ordered for the next call of a
verb on a host: `lost` (it happens, the answer never comes), a number (the same, that many seconds later), `dropped`
(sent, but it never happens), `unsent` (nothing left us), `ignored` (a fine answer, and nothing happens), or an
exception to raise.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable
from pathlib import Path

import msgspec

from factory.certificates import NOW, Requested, TwoTier, request, sign, two_tier
from factory.clusters import cluster as healthy
from simulation.virtual_loop import run_virtually
from ucmcert.errors import OutcomeUnknown
from ucmcert.lint.authority_profile.profile import CaProfile
from ucmcert.model.certificate import Certificate, CertificateRequest
from ucmcert.model.cluster import (
    Backup,
    Cluster,
    Holding,
    HoldingPart,
    Identity,
    NodeFacts,
    PendingRequest,
    Served,
    ServiceStatus,
    TrustEntry,
)
from ucmcert.model.event import AnyEvent, RunResumed, RunStarted
from ucmcert.model.node import Node
from ucmcert.model.plan import Plan, Step
from ucmcert.model.signing import Issued, Pending, Profile, Ticket
from ucmcert.plan.build import build
from ucmcert.plan.cut_over import Options
from ucmcert.plan.select import select
from ucmcert.run.carry_out import Gate
from ucmcert.run.context import Context
from ucmcert.run.history import History, runs
from ucmcert.run.ledger import open_ledger
from ucmcert.run.limits import Limits
from ucmcert.run.observation import Outside
from ucmcert.run.outcome import Outcome
from ucmcert.run.runner import run_plan

CA: TwoTier = two_tier(key="rsa")
READ_S, ACT_S, RESTART_S = 0.05, 1.0, 30.0
Fault = str | float | Exception


class VirtualClock:
    """Starts at NOW and goes on from run to run."""

    def __init__(self) -> None:
        self.began = float(NOW)

    def now(self) -> float:
        try:
            return self.began + asyncio.get_running_loop().time()
        except RuntimeError:
            return self.began

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class NoChance:
    """The middle of every range."""

    def token(self) -> str:
        return "0badcafe"

    def between(self, low: float, high: float) -> float:
        return (low + high) / 2


class FakeService(msgspec.Struct):
    """Up from `up_at` on (our clock), with the identity that was stored at that moment."""

    name: str
    up_at: float
    down_for_good: str = ""
    start_told: bool = True
    start_hidden: bool = False

    def status(self, now: float, offset_s: float) -> ServiceStatus:
        if self.down_for_good:
            return ServiceStatus(name=self.name, state="stopped", reason=self.down_for_good)
        state = "started" if now >= self.up_at else "starting"
        seen = state == "started" and self.start_told and not self.start_hidden
        told = float(int(self.up_at + offset_s)) if seen else None
        return ServiceStatus(name=self.name, state=state, started_at=told, start_told=self.start_told)


class FakeNode:
    """One node's state, made from facts."""

    def __init__(self, facts: NodeFacts) -> None:
        self.node = facts.node
        self.identities = {one.purpose: one.certificate for one in facts.holding.identities}
        self.requests: dict[str, Requested] = {}
        self.trust: dict[str, list[Certificate]] = defaultdict(list)
        self.services = {one.name: FakeService(name=one.name, up_at=one.started_at or 0.0) for one in facts.services}
        self.loaded = dict(self.identities)
        self.sso = facts.sso_enabled
        self.backup_until = 0.0
        self.offset_s = facts.clock_offset_s or 0.0

    def stored(self) -> tuple[Identity, ...]:
        return tuple(Identity(purpose=name, certificate=one) for name, one in self.identities.items())

    def holding(self, identities: tuple[Identity, ...]) -> Holding:
        return Holding(
            identities=identities,
            requests=tuple(PendingRequest(purpose=name, request=one.request) for name, one in self.requests.items()),
            trust=tuple(
                TrustEntry(purpose=name, filename=f"{one.common_name}.pem", certificate=one)
                for name, entries in self.trust.items()
                for one in entries
            ),
        )


class FakeClient:
    """The verbs the runner uses. `acts` is what the nodes were asked to change, in order; `journal` has events too."""

    def __init__(self, whole: Cluster, clock: VirtualClock, journal: list[object]) -> None:
        self.nodes = {facts.node.host: FakeNode(facts) for facts in whole.nodes}
        self.clock = clock
        self.journal = journal
        self.made: dict[str, Requested] = {}
        self.expected: list[tuple[str, str]] = []
        self.before_act: Callable[[str, str], None] = lambda verb, host: None
        self._faults: dict[tuple[str, str], deque[Fault]] = defaultdict(deque)

    @property
    def acts(self) -> list[tuple[str, str, str]]:
        return [one for one in self.journal if isinstance(one, tuple)]

    def order(self, verb: str, host: str, *faults: Fault) -> None:
        """The next calls of `verb` on `host` go wrong like this, one fault a call."""
        self._faults[verb, host].extend(faults)

    async def holding(self, node: Node, part: HoldingPart | None = None) -> Holding:
        await self._read("holding", node)
        here = self.nodes[node.host]
        stored = here.stored()
        await self.clock.sleep(READ_S)
        return here.holding(stored)

    async def service_states(self, node: Node) -> tuple[ServiceStatus, ...]:
        """The list of `services`; here one reading serves both."""
        return await self.services(node)

    async def services(self, node: Node) -> tuple[ServiceStatus, ...]:
        await self._read("services", node)
        here, now = self.nodes[node.host], self.clock.now()
        return tuple(one.status(now, here.offset_s) for one in here.services.values())

    async def backup(self, node: Node, *, with_history: bool = True) -> Backup:
        await self._read("backup", node)
        return Backup(running=self.clock.now() < self.nodes[node.host].backup_until, last_result="SUCCESS")

    async def sso_enabled(self, node: Node) -> bool | None:
        await self._read("sso_enabled", node)
        return self.nodes[node.host].sso

    async def node_utc(self, node: Node) -> float:
        await self._read("node_utc", node)
        return float(int(self.clock.now() + self.nodes[node.host].offset_s))

    async def served(self, node: Node, port: int) -> Served:
        await self._read("served", node)
        here = self.nodes[node.host]
        if self.clock.now() < here.services["Cisco Tomcat"].up_at:
            return Served(port=port, leaf=None, problem="connection refused")
        return Served(port=port, leaf=here.loaded["tomcat"])

    async def generate_csr(self, node: Node, purpose: str, spec: object) -> str:
        def happen(here: FakeNode) -> None:
            label = f"{purpose} {node.host} {len(self.made)}"
            asked = request(node.name, (f"dns:{node.name}",), key="ec", key_label=label)
            self.made[asked.request.spki_sha256] = asked
            here.requests[purpose] = asked

        return await self._act("generate_csr", node, purpose, happen)

    async def upload_trust(self, node: Node, purpose: str, certificate: Certificate) -> str:
        return await self._act(
            "upload_trust",
            node,
            f"{purpose} {certificate.common_name}",
            lambda here: here.trust[purpose].append(certificate),
        )

    async def upload_identity(self, node: Node, purpose: str, leaf: Certificate, chain: tuple[Certificate, ...]) -> str:
        def happen(here: FakeNode) -> None:
            here.identities[purpose] = leaf
            here.requests.pop(purpose, None)

        return await self._act("upload_identity", node, purpose, happen)

    async def restart_service(self, node: Node, name: str) -> str:
        def happen(here: FakeNode) -> None:
            here.services[name].up_at = self.clock.now() + RESTART_S
            if name == "Cisco Tomcat":
                here.loaded["tomcat"] = here.identities["tomcat"]

        words = await self._act("restart_service", node, name, happen)
        return f"{words}\n{name} [STARTED]"

    async def forget(self, node: Node) -> None:
        return None

    def expect_leaf(self, name: str, sha256: str) -> None:
        self.expected.append((name, sha256))

    async def _read(self, verb: str, node: Node) -> None:
        await self.clock.sleep(READ_S)
        fault = self._next(verb, node)
        if isinstance(fault, Exception):
            raise fault

    async def _act(self, verb: str, node: Node, what: str, happen: Callable[[FakeNode], None]) -> str:
        self.before_act(verb, node.host)
        self.journal.append((verb, node.host, what))
        fault = self._next(verb, node)
        if isinstance(fault, Exception):
            await self.clock.sleep(ACT_S)
            raise fault
        if fault == "unsent":
            raise unknown(sent=False)
        await self.clock.sleep(ACT_S)
        if isinstance(fault, float):
            asyncio.get_running_loop().call_later(fault, happen, self.nodes[node.host])
            raise unknown(sent=True)
        if fault not in ("dropped", "ignored"):
            happen(self.nodes[node.host])
        if fault in ("lost", "dropped"):
            raise unknown(sent=True)
        return f"Success: {what}"

    def _next(self, verb: str, node: Node) -> Fault | None:
        waiting = self._faults[verb, node.host]
        return waiting.popleft() if waiting else None


def unknown(*, sent: bool = True) -> OutcomeUnknown:
    """The connection broke before the answer came."""
    return OutcomeUnknown("UCM-NET-001", "no answer came", where="a node", why="time-out", sent=sent)


class FakeAuthority:
    """Signs at once, except for hosts that are `waiting`; `spoil` may change what it signs."""

    def __init__(self, client: FakeClient, clock: VirtualClock) -> None:
        self._client = client
        self._clock = clock
        self.waiting: set[tuple[str, str]] = set()
        self.submitted: list[tuple[str, str]] = []
        self.spoil: Callable[[Requested, Profile], Issued | None] = lambda asked, profile: None
        self.troubles: deque[Exception] = deque()
        self.chain = CA.chain
        self._profiles: dict[str, tuple[Requested, Profile]] = {}

    async def submit(self, request: CertificateRequest, profile: Profile) -> Ticket:
        await self._clock.sleep(ACT_S)
        self.submitted.append((profile.node.split(".")[0], profile.purpose))
        if self.troubles:
            raise self.troubles.popleft()
        reference = request.spki_sha256[:12]
        self._profiles[reference] = (self._client.made[request.spki_sha256], profile)
        return Ticket(
            authority="fake",
            reference=reference,
            node=profile.node,
            purpose=profile.purpose,
            spki_sha256=request.spki_sha256,
            submitted_at=self._clock.now(),
        )

    async def collect(self, ticket: Ticket) -> Issued | Pending:
        await self._clock.sleep(READ_S)
        asked, profile = self._profiles[ticket.reference]
        if (profile.node.split(".")[0], profile.purpose) in self.waiting:
            return Pending(waiting_for="a person at the CA", next="ask them")
        spoiled = self.spoil(asked, profile)
        return spoiled or Issued(leaf=sign(asked, CA.intermediate, serial_label=ticket.reference), chain=self.chain)


async def open_gate(step: Step) -> Outside | None:
    """Always open."""
    return None


class World:
    """A cluster, its plan and one run of it. `run` carries on from wherever the ledger is, as a new process would."""

    def __init__(
        self,
        whole: Cluster | None = None,
        *,
        purposes: tuple[str, ...] = ("ipsec",),
        nodes: tuple[str, ...] = (),
        options: Options | None = None,
        limits: Limits | None = None,
        ledger: Path | None = None,
    ) -> None:
        self.whole = whole or healthy()
        self.clock = VirtualClock()
        self.journal: list[object] = []
        self.client = FakeClient(self.whole, self.clock, self.journal)
        self.authority = FakeAuthority(self.client, self.clock)
        self.limits = limits or Limits()
        self.ledger = open_ledger(ledger, self.whole.name)
        self.gate: Gate = open_gate
        self.ca: CaProfile | None = None
        items = select(self.whole, now=NOW, threshold_days=30, purposes=purposes, nodes=nodes)
        self.plan: Plan = build(self.whole, items, now=NOW, options=options or Options())
        self.on_event: Callable[[AnyEvent], None] = lambda event: None
        self.record(RunStarted(at=NOW, run="r1", plan=self.plan, tool="test", approved_by="test"))

    @property
    def history(self) -> History:
        """The ledger, folded afresh."""
        return runs(self.ledger.entries())["r1"]

    @property
    def events(self) -> list[AnyEvent]:
        """Every event of the ledger, oldest first."""
        return [entry.event for entry in self.ledger.entries() if entry.event is not None]

    def record(self, event: AnyEvent) -> None:
        self.ledger.append(event)
        self.journal.append(event)
        self.on_event(event)

    def context(self, history: History | None = None) -> Context:
        """A fresh process's view, as after a start or a resume."""
        folded = history or self.history

        def record(event: AnyEvent) -> None:
            self.record(event)
            folded.add(event)

        return Context(
            client=self.client,
            clock=self.clock,
            authority=self.authority,
            history=folded,
            cluster=self.whole,
            limits=self.limits,
            record=record,
            ca=self.ca,
        )

    def run(self) -> Outcome:
        async def main() -> Outcome:
            try:
                return await run_plan(self.context(), NoChance(), self.gate)
            finally:
                ended.append(self.clock.now())

        ended: list[float] = []
        try:
            return run_virtually(main())
        finally:
            self.clock.began = ended[-1]

    def resume(self) -> Outcome:
        self.record(RunResumed(at=self.clock.now(), run="r1", tool="test"))
        return self.run()

    def of(self, kind: type, step_id: str = "") -> list:
        """Events of one kind, of one step when named."""
        return [one for one in self.events if type(one) is kind and step_id in ("", getattr(one, "step", ""))]

    def acts(self, verb: str, host: str = "") -> list[tuple[str, str, str]]:
        """What the nodes were asked to do."""
        return [one for one in self.client.acts if one[0] == verb and host in ("", one[1])]
