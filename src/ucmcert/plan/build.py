"""Builds the plan: a pure function from what is observed and what is due to ordered steps, each with its reasons.

Shape: everything is prepared on all nodes side by side; then, purpose by purpose, the window: SSO off, no backup
running, publisher's identity, the other identities, restarts with a look at what is served, and for what phones trust
the lists, the resets and the gates (`epochs`); then what is left to people. All preparing ends before the first window
opens, because a restarting Tomcat answers no CSR request.
"""

import msgspec

from ucmcert.model.cluster import Cluster
from ucmcert.model.finding import Finding
from ucmcert.model.plan import Item, Plan, Step, StepKind
from ucmcert.plan.ca_fit import ca_findings
from ucmcert.plan.csr_findings import csr_findings
from ucmcert.plan.elsewhere import elsewhere
from ucmcert.plan.epochs.order import epochs, in_order
from ucmcert.plan.errands import errands
from ucmcert.plan.facts import digest, facts_of
from ucmcert.plan.forecast import forecast
from ucmcert.plan.options import Options
from ucmcert.plan.phone_findings import may_stay_away, phone_findings
from ucmcert.plan.prepare import prepare
from ucmcert.plan.rules import objections_to
from ucmcert.plan.window_fit import window_findings

PLAN_VERSION = 2
DEFAULT = Options()


def build(
    cluster: Cluster,
    items: tuple[Item, ...],
    *,
    now: float,
    findings: tuple[Finding, ...] = (),
    options: Options = DEFAULT,
) -> Plan:
    """The plan for `items`, digest filled in. `now` is our UTC epoch; `findings` are those of the checks, kept in it.

    The same cluster facts, items and options give the same digest. Steps stand in an order in which needs come first.
    Raises KeyError when an item names a node the cluster does not have.
    Source: procedure.md 3.0-3.10; phones.md 2; design.md 4.
    """
    steps = _steps(cluster, items, options)
    facts = facts_of(cluster, items)
    draft = Plan(
        version=PLAN_VERSION,
        cluster=cluster.name,
        made_at=now,
        facts=facts,
        facts_digest=digest(facts),
        items=items,
        steps=steps,
        findings=(*findings, *csr_findings(cluster, items, options.csr), *elsewhere(cluster, items)),
        forecast=forecast(steps, cluster, items),
        errands=errands(cluster, items),
    )
    found = (
        *draft.findings,
        *phone_findings(draft, cluster, options),
        *window_findings(draft, options),
        *ca_findings(cluster, items, options.ca),
        *objections_to(draft, cluster),
    )
    judged = msgspec.structs.replace(draft, findings=found)
    return msgspec.structs.replace(judged, digest=plan_digest(judged))


def plan_digest(plan: Plan) -> str:
    """What a yes refers to: SHA-256 hex of the plan's canonical JSON without `made_at` and `digest`."""
    fields = msgspec.structs.asdict(plan)
    del fields["made_at"], fields["digest"]
    return digest(fields)


def _steps(cluster: Cluster, items: tuple[Item, ...], options: Options) -> tuple[Step, ...]:
    replace = options.replace_csr
    purposes = in_order(items, options)
    prepared = [
        step for name in purposes for step in prepare(cluster, _of(items, name), replace_csr=replace, csr=options.csr)
    ]
    needed = {need for step in prepared for need in step.needs}
    last = tuple(step.id for step in prepared if step.kind is StepKind.TRUST_UPLOAD and step.id not in needed)
    away = cluster.phones.absent if cluster.phones and may_stay_away(cluster, items) else ()
    return (*prepared, *epochs(cluster, items, needs=last, options=options, away=away))


def _of(items: tuple[Item, ...], purpose: str) -> tuple[Item, ...]:
    return tuple(item for item in items if item.purpose == purpose)
