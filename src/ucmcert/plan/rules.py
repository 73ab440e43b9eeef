"""What may never happen. Asked when the plan is made, and again before each act on freshly observed facts.

A rule looks at one step, the cluster as it is now, the plan and what is verified; an objection is an ERROR finding and
closes the gate. Rules of order need no cluster facts and are asked at planning too; the others make sense at the act.
"""

from collections.abc import Iterator

import msgspec

from ucmcert.lint.rule import Objection, Rule, judge, objection, rule
from ucmcert.model.cluster import Cluster
from ucmcert.model.finding import Finding, Severity
from ucmcert.model.node import CUCM_ROLES, Role
from ucmcert.model.plan import Phase, Plan, Step, StepKind
from ucmcert.plan.multi_server import multi_server_nodes

MOVING = ("starting", "stopping")
ACTS = (StepKind.IDENTITY_UPLOAD, StepKind.SERVICE_RESTART)


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """The question: may `step` happen now? `done` are ids of verified steps, `window` the plan's cut-over steps.

    `standing` are the lint findings about the certificate of this step; `csr_spki` is the SHA-256 of the key of our own
    outstanding CSR for (node, purpose), "" when we have none. `begun` is whether this step has acted before.
    """

    step: Step
    cluster: Cluster
    plan: Plan
    done: frozenset[str] | set[str]
    window: tuple[Step, ...]
    standing: tuple[Finding, ...] = ()
    csr_spki: str = ""
    begun: bool = False


@rule("UCM-RULE-001", Severity.ERROR, "procedure.md 3.1 TOM-2, design.md 4 (publisher first)")
def publisher_identity_first(asked: Asked) -> Iterator[Objection]:
    """No node's identity before the publisher's of the same purpose."""
    publisher = asked.cluster.publisher.node.name
    if asked.step.node == publisher:
        return
    for other in asked.window:
        same = other.kind is StepKind.IDENTITY_UPLOAD and other.purpose == asked.step.purpose
        if same and other.node == publisher and other.id not in asked.done:
            yield objection(publisher=publisher, purpose=asked.step.purpose, step=other.id)


@rule("UCM-RULE-002", Severity.ERROR, "procedure.md 1.2 order, 3.1 TOM-2 (one at a time)")
def one_node_at_a_time(asked: Asked) -> Iterator[Objection]:
    """While one node is between its first restart and its last proof, no other node restarts anything."""
    begun: set[tuple[str, str, str]] = set()
    open_step: dict[tuple[str, str, str], str] = {}
    for other in asked.window:
        if other.node == asked.step.node or other.kind not in (StepKind.SERVICE_RESTART, StepKind.SERVED_CHECK):
            continue
        key = (other.purpose, other.node, other.detail.get("after", "identity"))
        if other.id in asked.done:
            begun.add(key)
        else:
            open_step.setdefault(key, other.id)
    for key in sorted(begun & open_step.keys()):
        yield objection(other=key[1], step=open_step[key])


@rule("UCM-RULE-003", Severity.ERROR, "procedure.md 3.6; design.md 4 (one epoch per purpose)")
def one_epoch_at_a_time(asked: Asked) -> Iterator[Objection]:
    """Nothing of a purpose is cut over while another purpose is half done."""
    begun: set[str] = set()
    unfinished: dict[str, str] = {}
    for other in asked.window:
        if other.purpose == asked.step.purpose:
            continue
        if other.id not in asked.done:
            unfinished.setdefault(other.purpose, other.id)
        elif other.kind in ACTS:
            begun.add(other.purpose)
    for purpose in sorted(begun & unfinished.keys()):
        yield objection(other=purpose, step=unfinished[purpose])


@rule("UCM-RULE-004", Severity.ERROR, "procedure.md 3.2 IPS-0, 3.1 TOM-2 (DRF idle)")
def backup_idle(asked: Asked) -> Iterator[Objection]:
    """No backup or restore may run; not knowing is not idle."""
    backup = asked.cluster.publisher.backup
    if backup is None or backup.running:
        yield objection(publisher=asked.cluster.publisher.node.name, state="running" if backup else "unknown")


@rule("UCM-RULE-005", Severity.ERROR, "procedure.md 3.0 (only if the service runs and is active)")
def only_running_services(asked: Asked) -> Iterator[Objection]:
    """A service that does not run now is not restarted: somebody stopped it, or it is broken.

    One that ran before our own restart of it, and did not come back, may be restarted again.
    """
    service = asked.step.detail.get("service", "")
    status = asked.cluster.facts(asked.step.node).service(service)
    if status is None or not (status.runs or (asked.begun and status.state == "stopped")):
        yield objection(service=service, state=status.state if status else "not listed")


@rule("UCM-RULE-006", Severity.ERROR, "procedure.md 3.1 TOM-0 [S D1, D3]")
def sso_off(asked: Asked) -> Iterator[Objection]:
    """SSO is off on every node before tomcat is cut over; the CUCM nodes must say so themselves."""
    on = [facts.node.name for facts in asked.cluster.nodes if facts.sso_enabled]
    cucm = [facts for facts in asked.cluster.nodes if facts.node.role in CUCM_ROLES]
    unknown = [facts.node.name for facts in cucm if facts.sso_enabled is None]
    if on or unknown:
        yield objection(nodes=", ".join(on or unknown), state="on" if on else "unknown")


@rule("UCM-RULE-007", Severity.ERROR, "procedure.md 3.0 X5 (lint passes first)")
def lint_is_clean(asked: Asked) -> Iterator[Objection]:
    """No upload while an error of the lint stands: what is uploaded cannot be taken back."""
    codes = sorted({one.code for one in asked.standing if one.severity is Severity.ERROR})
    if codes:
        yield objection(codes=", ".join(codes))


@rule("UCM-RULE-008", Severity.ERROR, "procedure.md 3.0 X7, 5 E2, E3")
def csr_is_still_ours(asked: Asked) -> Iterator[Objection]:
    """The CSR that waits on the node is still the one our certificate answers."""
    if not asked.csr_spki:
        return
    pending = asked.cluster.facts(asked.step.node).holding.request(asked.step.purpose)
    if pending is None or pending.spki_sha256 != asked.csr_spki:
        found = pending.spki_sha256[:16] if pending else "none"
        yield objection(purpose=asked.step.purpose, ours=asked.csr_spki[:16], found=found)


@rule("UCM-RULE-009", Severity.ERROR, "procedure.md 3.0 X2, 4.1 P12 (one CSR per purpose and server)")
def nobody_elses_csr(asked: Asked) -> Iterator[Objection]:
    """A CSR that already waits on the node, ours or a stranger's, would lose its key to a new one.

    Only the one that the approved plan names may be replaced.
    """
    pending = asked.cluster.facts(asked.step.node).holding.request(asked.step.purpose)
    if pending is not None and pending.spki_sha256 != asked.step.detail.get("replaces"):
        whose = "ours" if pending.spki_sha256 == asked.csr_spki else "not ours"
        yield objection(purpose=asked.step.purpose, found=pending.spki_sha256[:16], whose=whose)


@rule("UCM-RULE-010", Severity.ERROR, "procedure.md 1.1, 3.7 multi-SAN")
def not_multi_server(asked: Asked) -> Iterator[Objection]:
    """A node that shares a multi-server certificate never gets a single one by this way."""
    shared = multi_server_nodes(asked.cluster, asked.step.purpose)
    if asked.step.node in shared:
        yield objection(purpose=asked.step.purpose, nodes=", ".join(shared))


@rule("UCM-RULE-011", Severity.ERROR, "procedure.md 1.2 order (one at a time)")
def nobody_else_moving(asked: Asked) -> Iterator[Objection]:
    """No other node has a service on its way up or down, whoever started that."""
    for facts in asked.cluster.nodes:
        moving = [one.name for one in facts.services if one.state in MOVING]
        if moving and facts.node.name != asked.step.node:
            yield objection(other=facts.node.name, services=", ".join(moving))


ORDER_RULES: tuple[Rule[Asked], ...] = (publisher_identity_first, one_node_at_a_time, one_epoch_at_a_time)
RULES: tuple[Rule[Asked], ...] = (
    *ORDER_RULES,
    backup_idle,
    only_running_services,
    sso_off,
    lint_is_clean,
    csr_is_still_ours,
    nobody_elses_csr,
    not_multi_server,
    nobody_else_moving,
)


def ask(
    step: Step,
    cluster: Cluster,
    plan: Plan,
    done: frozenset[str],
    *,
    standing: tuple[Finding, ...] = (),
    csr_spki: str = "",
    begun: bool = False,
) -> tuple[Finding, ...]:
    """May `step` happen now? () is a yes; every finding is an ERROR and a no.

    Call it right before the act. Needs fresh facts of `step.node`, and of the publisher its backup and SSO state.
    """
    asked = Asked(
        step=step,
        cluster=cluster,
        plan=plan,
        done=done,
        window=_window(plan),
        standing=standing,
        csr_spki=csr_spki,
        begun=begun,
    )
    return judge((one for one in RULES if one.code in step.rules), asked, step.id)


def objections_to(plan: Plan, cluster: Cluster) -> tuple[Finding, ...]:
    """What the rules of order say to every step of `plan` when each is done in its turn: () for a sound plan."""
    found: list[Finding] = []
    done: set[str] = set()
    window = _window(plan)
    for step in plan.steps:
        if step.phase is Phase.CUT_OVER:
            asked = Asked(step=step, cluster=cluster, plan=plan, done=done, window=window)
            found += judge((one for one in ORDER_RULES if one.code in step.rules), asked, step.id)
        done.add(step.id)
    return tuple(found)


def rules_for(kind: StepKind, purpose: str) -> tuple[str, ...]:
    """The codes a step of this kind and purpose must pass."""
    asked: dict[StepKind, tuple[Rule[Asked], ...]] = {
        StepKind.CSR_GENERATE: (nobody_elses_csr, not_multi_server),
        StepKind.TRUST_UPLOAD: (lint_is_clean,),
        StepKind.IDENTITY_UPLOAD: (
            publisher_identity_first,
            one_epoch_at_a_time,
            lint_is_clean,
            csr_is_still_ours,
            not_multi_server,
        ),
        StepKind.SERVICE_RESTART: (
            one_node_at_a_time,
            nobody_else_moving,
            one_epoch_at_a_time,
            backup_idle,
            only_running_services,
        ),
    }
    found = asked.get(kind, ())
    if kind in ACTS and purpose == "tomcat":
        found = (*found, sso_off)
    if kind is StepKind.IDENTITY_UPLOAD and purpose == "ipsec":
        found = (*found, backup_idle)
    return tuple(sorted(one.code for one in found))


def _window(plan: Plan) -> tuple[Step, ...]:
    return tuple(step for step in plan.steps if step.phase is Phase.CUT_OVER)


def publisher_first(role: Role) -> int:
    """Sort key of the restart order: publisher, subscribers, IM&P (procedure.md 1.2 order)."""
    return (Role.PUBLISHER, Role.SUBSCRIBER, Role.IM_PRESENCE, Role.UNITY_CONNECTION).index(role)
