"""The post-checks: is what was issued stored, served and running everywhere, and what is left for a person?"""

from collections.abc import Container, Iterator, Mapping

import msgspec

from ucmcert.check.after_phones import fewer_phones, phones_left_behind
from ucmcert.check.cases import After, AfterItem
from ucmcert.knowledge.purposes import noticed_by_phones
from ucmcert.knowledge.services import SERVICES, restarts
from ucmcert.lint.list_facts import list_gaps
from ucmcert.lint.phone_world import mixed, tftp_nodes
from ucmcert.lint.rule import Objection, Rule, judge, objection, rule
from ucmcert.lint.service_names import listed, runs, shown_ports
from ucmcert.model.cluster import Cluster
from ucmcert.model.finding import Finding, Severity
from ucmcert.model.plan import NEW_IDENTITY, Plan, StepKind
from ucmcert.model.trust_list import ListKind

CHANGING = (
    *NEW_IDENTITY,
    *(StepKind.CTL_UPDATE, StepKind.LIST_RESET, StepKind.BACKUP_FRESH),
)


@rule("UCM-AFTER-001", Severity.ERROR, "procedure.md 4.2 Q1")
def not_stored(case: AfterItem) -> Iterator[Objection]:
    """The node stores another certificate than the one issued."""
    held = case.facts.holding.identity(case.purpose)
    if held is None or held.sha256 != case.sha256:
        yield objection(purpose=case.purpose, issued=case.sha256[:16], stored=held.sha256[:16] if held else "-")


@rule("UCM-AFTER-002", Severity.ERROR, "procedure.md 4.2 Q1, 3.0 X9")
def not_served(case: AfterItem) -> Iterator[Objection]:
    """A port that shows this purpose shows another certificate, or nothing."""
    ports = shown_ports(case.facts, case.purpose)
    shown = {served.port: served for served in case.facts.served}
    for port in ports:
        leaf = shown[port].leaf if port in shown else None
        if leaf is None or leaf.sha256 != case.sha256:
            seen = leaf.sha256[:16] if leaf else "-"
            yield objection(purpose=case.purpose, port=str(port), issued=case.sha256[:16], served=seen)


@rule("UCM-AFTER-003", Severity.ERROR, "procedure.md 4.2 Q2")
def request_left(case: AfterItem) -> Iterator[Objection]:
    """The CSR disappears when its certificate arrives; one that stays belongs to something else."""
    pending = case.facts.holding.request(case.purpose)
    if pending is not None:
        yield objection(purpose=case.purpose, found=pending.spki_sha256[:16])


@rule("UCM-AFTER-004", Severity.ERROR, "procedure.md 4.2 Q3")
def service_not_restarted(case: AfterItem) -> Iterator[Objection]:
    """A service that loads the certificate is down, or still runs with the old one."""
    node = case.facts.node
    for row in restarts(case.purpose, node.role, msgspec.structs.astuple(node.release)):
        status = listed(case.facts, SERVICES[row.service])
        if status is None:
            continue
        # where phones notice, the plan chose among the restarts that documents ask for, and proved each it chose
        chosen = not noticed_by_phones(case.purpose)
        old = chosen and case.uploaded_at and status.started_at and status.started_at < case.uploaded_at
        ran = case.before is not None and runs(case.before, row.service)
        down = status.state == "stopped" and (ran or not status.reason)
        broken = status.state in ("starting", "stopping") or down
        if broken or (status.runs and old):
            yield objection(service=status.name, state=status.state)


@rule("UCM-AFTER-005", Severity.ERROR, "procedure.md 4.2 Q7")
def replication_lost(case: After) -> Iterator[Objection]:
    """Replication must still be 2 on every node that tells."""
    for facts in case.cluster.nodes:
        if facts.replication not in (None, 2):
            yield objection(where=facts.node.name, state=str(facts.replication))


@rule("UCM-AFTER-007", Severity.ERROR, "procedure.md 4.2 Q4; phones.md 1.3, 1.8")
def list_behind(case: After) -> Iterator[Objection]:
    """A list that TFTP serves is not verified, or lacks what is stored now; () where nobody looked at lists."""
    purposes = {purpose for _, purpose in case.issued if noticed_by_phones(purpose)}
    if not purposes:
        return
    kinds: tuple[ListKind, ...] = ("itl", "ctl") if mixed(case.cluster) else ("itl",)
    for facts in tftp_nodes(case.cluster):
        for gap in (one for kind in kinds if facts.lists for one in list_gaps(case.cluster, facts, kind, purposes)):
            whose = f"{gap.purpose} {gap.node}".strip() or "-"
            yield objection(
                where=gap.where, node=gap.where, list=gap.holder.upper(), certificate=whose, state=gap.state
            )


@rule("UCM-AFTER-006", Severity.NOTICE, "procedure.md 4.2 Q8 [S SG14]")
def back_up_now(case: After) -> Iterator[Objection]:
    """A restore from an older backup would bring the old certificates and keys back."""
    if case.issued and not case.backed_up:
        yield objection(where=case.cluster.publisher.node.name)


CLUSTER_RULES: tuple[Rule[After], ...] = (
    replication_lost,
    list_behind,
    phones_left_behind,
    fewer_phones,
    back_up_now,
)
ITEM_RULES: tuple[Rule[AfterItem], ...] = (not_stored, not_served, request_left, service_not_restarted)


def backed_up(plan: Plan, done: Container[str]) -> bool:
    """Whether a fresh backup is the last thing that a run of `plan` did to the cluster, settings apart.

    `done` are the ids of its verified steps.
    """
    last = next((one for one in reversed(plan.steps) if one.kind in CHANGING), None)
    return last is not None and last.kind is StepKind.BACKUP_FRESH and last.id in done


def check(
    cluster: Cluster,
    *,
    issued: Mapping[tuple[str, str], str],
    uploaded_at: Mapping[tuple[str, str], float] | None = None,
    before: Cluster | None = None,
    signed: frozenset[str] = frozenset(),
    backed_up: bool = False,
) -> tuple[Finding, ...]:
    """What is not as it should be after a run, from a fresh look at `cluster`.

    `issued` maps (node name, purpose) to the SHA-256 that must be in place; `uploaded_at` to the node's UTC epoch of
    the upload, where known. `before` is the inventory at the start, `signed` whom a person took out of the gates.
    The backup reminder is there unless the run itself ended with a backup (`backed_up`).
    Source: procedure.md 4.2 Q1-Q5, Q7, Q8.
    """
    case = After(
        cluster=cluster,
        issued=issued,
        uploaded_at=uploaded_at or {},
        before=before,
        signed=signed,
        backed_up=backed_up,
    )
    found: list[Finding] = []
    for (node, purpose), sha256 in case.issued.items():
        at = case.uploaded_at.get((node, purpose))
        was = next((facts for facts in before.nodes if facts.node.name == node), None) if before else None
        one = AfterItem(facts=cluster.facts(node), purpose=purpose, sha256=sha256, uploaded_at=at, before=was)
        found += judge(ITEM_RULES, one, f"{purpose} {node}")
    return (*found, *judge(CLUSTER_RULES, case, cluster.name))
