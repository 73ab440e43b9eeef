"""Rules about services: who may restart, and who must be up meanwhile. The last ones need fresh facts."""

from collections.abc import Iterator

from ucmcert.knowledge.services import service_called
from ucmcert.lint.phone_world import mixed
from ucmcert.lint.rule import Objection, objection, rule
from ucmcert.lint.service_names import listed
from ucmcert.model.finding import Severity
from ucmcert.model.node import SSO_ROLES
from ucmcert.model.plan import Step, StepKind
from ucmcert.plan.restarts import table_order
from ucmcert.plan.roles import publisher_first
from ucmcert.plan.rules.asked import MOVING, Asked

TWICE = "ITLRecovery"  # its passes restart some services late on purpose; their order stands in its epoch


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
    """SSO is off on every node before tomcat is cut over; all but IM and Presence must say so themselves."""
    on = [facts.node.name for facts in asked.cluster.nodes if facts.sso_enabled]
    asked_for = [facts for facts in asked.cluster.nodes if facts.node.role in SSO_ROLES]
    unknown = [facts.node.name for facts in asked_for if facts.sso_enabled is None]
    if on or unknown:
        yield objection(nodes=", ".join(on or unknown), state="on" if on else "unknown")


@rule("UCM-RULE-011", Severity.ERROR, "procedure.md 1.2 order (one at a time)")
def nobody_else_moving(asked: Asked) -> Iterator[Objection]:
    """No other node has a service on its way up or down, whoever started that."""
    for facts in asked.cluster.nodes:
        moving = [one.name for one in facts.services if one.state in MOVING]
        if moving and facts.node.name != asked.step.node:
            yield objection(other=facts.node.name, services=", ".join(moving))


@rule("UCM-RULE-013", Severity.ERROR, "phones.md 5.2 I5; procedure.md 3.3-3.5 (step by step on all nodes)")
def services_in_order(asked: Asked) -> Iterator[Objection]:
    """Of an epoch that phones notice: one service after the other, and of each the publisher's first."""
    mine = _place(asked, asked.step)
    for other in asked.others(StepKind.SERVICE_RESTART, purpose=asked.step.purpose):
        if asked.step.purpose != TWICE and _place(asked, other) < mine and other.id not in asked.done:
            yield objection(step=other.id, service=asked.step.detail.get("service", ""))


@rule("UCM-RULE-014", Severity.ERROR, "phones.md 5.2 I5, 1.8 (never TVS down on all nodes of a CM group)")
def elsewhere_it_runs(asked: Asked) -> Iterator[Objection]:
    """The same service runs on every other node that has it in this plan, so that one of each group is always there."""
    service = service_called(asked.step.detail.get("service", ""))
    if service is None:
        return
    for other in asked.others(StepKind.SERVICE_RESTART, purpose=asked.step.purpose):
        if other.node == asked.step.node or service_called(other.detail.get("service", "")) is not service:
            continue
        status = listed(asked.cluster.facts(other.node), service)
        if status is None or not status.runs:
            yield objection(service=service.names[0], other=other.node, state=status.state if status else "not listed")


@rule("UCM-RULE-015", Severity.ERROR, "phones.md 5.2 I7, 1.6; procedure.md 3.4 CCM-2 (before restarts)")
def ctl_before_restarts(asked: Asked) -> Iterator[Objection]:
    """In mixed mode the CTL holds the new leaves before any service of the epoch restarts with them."""
    if not mixed(asked.cluster) or asked.step.purpose == TWICE:
        return
    asks = [one for one in asked.others(StepKind.PERSON, purpose=asked.step.purpose) if _etoken(one)]
    for other in (*asked.others(StepKind.CTL_UPDATE, purpose=asked.step.purpose), *asks):
        if other.id not in asked.done:
            yield objection(purpose=asked.step.purpose, step=other.id)


def _place(asked: Asked, step: Step) -> tuple[int, int]:
    order = table_order(step.purpose)
    service = service_called(step.detail.get("service", ""))
    index = order.index(service.key) if service and service.key in order else len(order)
    return index, min(publisher_first(asked.cluster.facts(step.node).node.role), 1)


def _etoken(step: Step) -> bool:
    return step.detail.get("ask") == "etoken.ctl"
