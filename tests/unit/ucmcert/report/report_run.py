"""A whole synthetic run for the report tests: real plan, real certificates, every kind of event, a wait and a hold."""

from collections.abc import Callable, Iterator

import msgspec

from factory.certificates import DAY, NOW, Requested, TwoTier, request, sign, two_tier
from factory.clusters import cluster, node_facts
from ucmcert.model.cluster import Cluster, Identity, NodeFacts, Served
from ucmcert.model.event import (
    Acted,
    AnyEvent,
    CertificateIssued,
    Doubted,
    Entry,
    Finished,
    Held,
    Intended,
    RunResumed,
    RunStarted,
    StateReached,
    Stopped,
    TicketTaken,
    Verified,
    Waiting,
)
from ucmcert.model.evidence import Evidence
from ucmcert.model.finding import Finding, Severity
from ucmcert.model.node import Role
from ucmcert.model.plan import Plan, Step, StepKind
from ucmcert.model.signing import Issued, Ticket
from ucmcert.model.states import State
from ucmcert.plan.build import build
from ucmcert.plan.select import select
from ucmcert.run.ledger import open_ledger
from ucmcert.run.progress import state_of
from ucmcert.run.surprises import finding

RUN = "demo-1790000000-0badcafe"
WAITING_FOR = StepKind.CSR_SIGN


def small_cluster() -> Cluster:
    """A publisher and a subscriber whose tomcat and ipsec are due."""
    return cluster(node_facts("cucm-pub", Role.PUBLISHER), node_facts("cucm-sub1", Role.SUBSCRIBER))


def small_plan(whole: Cluster | None = None) -> Plan:
    """The plan for everything that is due on `whole`."""
    seen = whole or small_cluster()
    warning = Finding(
        code="UCM-CHECK-023",
        severity=Severity.WARNING,
        where="cucm-pub.lab.example",
        what="english what",
        why="english why",
        next="english next",
        source="procedure.md 4.1",
    )
    items = select(seen, now=NOW, threshold_days=45)
    return build(seen, items, now=NOW, findings=(warning,))


class Telling:
    """Writes the events of a run one after the other, a few seconds apart."""

    def __init__(self, whole: Cluster, plan: Plan, ca: TwoTier) -> None:
        self.whole, self.plan, self.ca = whole, plan, ca
        self.at = float(NOW)
        self.proven: set[str] = set()
        self.states: dict[tuple[str, str], State] = {}
        self.requests: dict[tuple[str, str], Requested] = {}
        self.leaves: dict[tuple[str, str], Issued] = {}
        self.upload_answer = "Success: Certificate Uploaded."

    def events(self) -> Iterator[AnyEvent]:
        """Start, prepare, wait for the CA, resume, cut over with a doubt and a hold, finish."""
        yield RunStarted(
            at=self.at, run=RUN, plan=self.plan, tool="ucmcert 0.1.0", approved_by="amelie", before=self.whole
        )
        first = self.plan.steps[1]
        for step in self.plan.steps:
            if step.kind is StepKind.CSR_SIGN and step.id == first.id:
                yield from self._wait(step)
            if step.kind is StepKind.SERVICE_RESTART and "Cisco Tomcat" in step.id and "pub" in step.node:
                yield from self._hold(step)
            yield from self.step(step)
        yield Finished(at=self._later(60), run=RUN, reminders=("Ask the IdP team to look",), after=self.after())

    def step(self, step: Step) -> Iterator[AnyEvent]:
        """One step from its intention to the state it brings."""
        key = (step.node, step.purpose)
        if step.kind in (StepKind.SERVED_CHECK, StepKind.BACKUP_IDLE, StepKind.PERSON):
            yield Verified(at=self._later(3), run=RUN, step=step.id, evidence=self._evidence(step), skipped=True)
        else:
            yield Intended(at=self._later(1), run=RUN, step=step.id, attempt=1, baseline={})
            if step.kind is StepKind.CSR_SIGN:
                yield from self._signed(step, key)
            answer = self.upload_answer if step.kind is StepKind.IDENTITY_UPLOAD else "Success"
            yield Acted(at=self._later(2), run=RUN, step=step.id, answer=answer)
            facts = self._facts(step, key)
            yield Verified(at=self._later(4), run=RUN, step=step.id, evidence=self._evidence(step), facts=facts)
        self.proven.add(step.id)
        yield from self._state(key)

    def after(self) -> Cluster:
        """The cluster with everything renewed, stored and served."""
        return msgspec.structs.replace(
            self.whole, observed_at=self.at, nodes=tuple(self._renewed(one) for one in self.whole.nodes)
        )

    def _wait(self, step: Step) -> Iterator[AnyEvent]:
        yield Waiting(at=self._later(2), run=RUN, step=step.id, who="ca", what="the CA has 4 CSRs", next="hand them in")
        yield Stopped(at=self._later(1), run=RUN, why="the process was asked to stop")
        yield RunResumed(at=self._later(2 * DAY), run=RUN, tool="ucmcert 0.1.0")

    def _hold(self, step: Step) -> Iterator[AnyEvent]:
        yield Doubted(at=self._later(2), run=RUN, step=step.id, code="UCM-RUN-010", what="no answer", why="time-out")
        held = finding("UCM-RUN-018", step.node, step=step.id, seen="port 8443 silent")
        yield Held(at=self._later(900), run=RUN, step=step.id, finding=held, answer="Service Manager is busy")
        yield RunResumed(at=self._later(300), run=RUN, tool="ucmcert 0.1.0")

    def _signed(self, step: Step, key: tuple[str, str]) -> Iterator[AnyEvent]:
        asked = self.requests[key]
        ticket = Ticket(
            authority="local",
            reference=f"t-{len(self.leaves)}",
            node=step.node,
            purpose=step.purpose,
            spki_sha256=asked.request.spki_sha256,
            submitted_at=self.at,
        )
        yield TicketTaken(at=self._later(1), run=RUN, step=step.id, ticket=ticket)
        issued = Issued(leaf=sign(asked, self.ca.intermediate), chain=self.ca.chain)
        self.leaves[key] = issued
        yield CertificateIssued(at=self._later(1), run=RUN, step=step.id, issued=issued)

    def _facts(self, step: Step, key: tuple[str, str]) -> dict[str, str]:
        if step.kind is StepKind.CSR_GENERATE:
            made = request(step.node, key="ec", key_label=f"new {step.purpose} {step.node}")
            self.requests[key] = made
            return {"csr_pem": made.request.pem, "spki_sha256": made.request.spki_sha256}
        if step.kind is StepKind.IDENTITY_UPLOAD:
            return {"node_utc": repr(self.at), "sha256": self.leaves[key].leaf.sha256}
        return {}

    def _evidence(self, step: Step) -> tuple[Evidence, ...]:
        issued = self.leaves.get((step.node, step.purpose))
        digest = issued.leaf.sha256 if issued else ""
        if step.kind is StepKind.SERVED_CHECK:
            return tuple(
                Evidence(
                    fact=f"port {port} serves {digest[:16]}",
                    source=f"tls {step.node}:{port}",
                    observed_at=self.at,
                    digest=digest,
                )
                for port in step.detail["ports"].split(",")
            )
        return (Evidence(fact=f"{step.kind.value} shows", source=step.node, observed_at=self.at, digest=digest),)

    def _state(self, key: tuple[str, str]) -> Iterator[AnyEvent]:
        for item in self.plan.items:
            if (item.node, item.purpose) != key:
                continue
            reached = state_of(item, self.plan, frozenset(self.proven))
            if reached is not State.PLANNED and reached != self.states.get(key):
                self.states[key] = reached
                sha256 = self.leaves[key].leaf.sha256
                yield StateReached(
                    at=self.at, run=RUN, node=item.node, purpose=item.purpose, state=reached, sha256=sha256
                )

    def _renewed(self, facts: NodeFacts) -> NodeFacts:
        identities = tuple(
            Identity(purpose=one.purpose, certificate=self.leaves[(facts.node.name, one.purpose)].leaf)
            for one in facts.holding.identities
        )
        tomcat = self.leaves[(facts.node.name, "tomcat")].leaf
        return msgspec.structs.replace(
            facts,
            holding=msgspec.structs.replace(facts.holding, identities=identities),
            served=(Served(port=443, leaf=tomcat), Served(port=8443, leaf=tomcat)),
            services=tuple(msgspec.structs.replace(one, started_at=self.at) for one in facts.services),
        )

    def _later(self, seconds: float) -> float:
        self.at += seconds
        return self.at


def telling(whole: Cluster | None = None) -> Telling:
    """A run over `whole`, or over the small cluster."""
    seen = whole or small_cluster()
    return Telling(seen, small_plan(seen), two_tier(key="ec"))


def ledger(*events: AnyEvent) -> tuple[Entry, ...]:
    """`events` in a ledger, as entries."""
    book = open_ledger(None, "demo")
    for event in events:
        book.append(event)
    entries = tuple(book.entries())
    book.close()
    return entries


def whole_run() -> tuple[Entry, ...]:
    """The entries of a finished run."""
    return ledger(*telling().events())


def until(stop: Callable[[AnyEvent], bool]) -> tuple[Entry, ...]:
    """The entries of a run up to and with the first event that `stop` is true of."""
    told: list[AnyEvent] = []
    for event in telling().events():
        told.append(event)
        if stop(event):
            break
    return ledger(*told)
