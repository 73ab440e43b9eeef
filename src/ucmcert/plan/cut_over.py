"""The part that needs a window: uploads, the publisher's before all others, then restarts one node after another.

This is the plain epoch, of purposes no phone notices; those that phones notice are drafted in `epochs`.
"""

import msgspec

from ucmcert.knowledge.purposes import PURPOSES
from ucmcert.knowledge.services import Service
from ucmcert.lint.phone_world import reused
from ucmcert.lint.service_names import shown_ports
from ucmcert.model.cluster import Cluster, NodeFacts
from ucmcert.model.node import Role
from ucmcert.model.plan import Item, Phase, Step, StepKind
from ucmcert.plan.options import Options
from ucmcert.plan.reasons import reason
from ucmcert.plan.restarts import running_everywhere, running_restarts
from ucmcert.plan.roles import publisher_first
from ucmcert.plan.rules import rules_for
from ucmcert.plan.step_id import step_id

__all__ = ["Options", "cut_over"]

ESTIMATES_S = {
    StepKind.BACKUP_IDLE: 5,
    StepKind.IDENTITY_UPLOAD: 20,
    StepKind.IDENTITY_SPREAD: 60,
    StepKind.SERVED_CHECK: 30,
}
DRF = ("drf-master", "drf-local")


def cut_over(
    cluster: Cluster,
    items: tuple[Item, ...],
    *,
    needs: tuple[str, ...],
    options: Options,
    earlier: tuple[Step, ...] = (),
) -> tuple[Step, ...]:
    """The window of one purpose, in order. `needs` are the steps that must be verified before it opens.

    `earlier` are the steps of the windows before it: what has read the chains there needs no second restart for that.
    Source: procedure.md 3.1 TOM-1..3, 3.2 IPS-0..2, 3.8 IMP-2..7, 3.9.
    """
    purpose = items[0].purpose
    nodes = sorted((cluster.facts(item.node) for item in items), key=lambda facts: _place(cluster, facts))
    renewed = {facts.node.name for facts in nodes}
    steps = [_step(StepKind.BACKUP_IDLE, cluster.publisher, purpose, "UCM-STEP-BACKUP", needs)]
    steps += _trust_readers(nodes, purpose, steps[0].id, earlier)
    steps += _uploads(cluster, nodes, items, steps)
    steps += _spread(cluster, items, steps)
    last = tuple(step.id for step in steps[1:])
    for facts, pairs in _restart_order(cluster, nodes, purpose, options):
        for pair in pairs:
            steps.append(_restart(facts, purpose, pair, last))
            last = (steps[-1].id,)
        if shown_ports(facts, purpose) and facts.node.name in renewed:
            steps.append(_step(StepKind.SERVED_CHECK, facts, purpose, "UCM-STEP-SERVED", last))
            last = (steps[-1].id,)
    return tuple(steps)


def _place(cluster: Cluster, facts: NodeFacts) -> tuple[bool, int, int]:
    """Publisher first, whatever its product, then by role, then as discovery lists them."""
    second = facts.node.name != cluster.publisher.node.name
    return second, publisher_first(facts.node.role), cluster.nodes.index(facts)


def _trust_readers(nodes: list[NodeFacts], purpose: str, idle: str, earlier: tuple[Step, ...]) -> list[Step]:
    """Services that must read the new chain before any identity comes (IM&P Intercluster Sync Agent), one by one.

    Every chain of a run is in its stores before the first window opens, so one restart reads them all.
    """
    read = {(one.node, one.detail["service"]) for one in earlier if one.detail.get("after") == "trust"}
    steps: list[Step] = []
    for facts in nodes:
        for pair in running_restarts(facts, purpose, "trust"):
            if (facts.node.name, pair[1]) in read:
                continue
            needs = (steps[-1].id,) if steps else (idle,)
            steps.append(_restart(facts, purpose, pair, needs, after="trust"))
    return steps


def _uploads(cluster: Cluster, nodes: list[NodeFacts], items: tuple[Item, ...], before: list[Step]) -> list[Step]:
    """The publisher's identity, then all others side by side; an IM&P node's waits for the trust readers.

    A node that lives on another's multi-server certificate gets none of its own; where it is the publisher's, the trust
    readers come before that upload, since it reaches IM and Presence as well.
    """
    idle, readers = before[0].id, tuple(step.id for step in before[1:])
    purpose, shared = items[0].purpose, {item.node: item.shared_from for item in items if item.shared_from}
    moves = purpose in reused(cluster)
    steps: list[Step] = []
    publisher: tuple[str, ...] = ()
    for facts in nodes:
        owner = shared.get(facts.node.name, "")
        if owner not in ("", facts.node.name):
            continue
        reaches_presence = owner and any(cluster.facts(name).node.role is Role.IM_PRESENCE for name in shared)
        waits = readers if facts.node.role is Role.IM_PRESENCE or reaches_presence else ()
        needs = (idle, *publisher, *waits)
        step = _step(StepKind.IDENTITY_UPLOAD, facts, purpose, "UCM-STEP-IDENTITY", needs)
        if moves:
            step = msgspec.structs.replace(step, rules=rules_for(step.kind, purpose, reused=True))
        if facts.node.name == cluster.publisher.node.name:
            publisher = (step.id,)
        steps.append(step)
    return steps


def _spread(cluster: Cluster, items: tuple[Item, ...], before: list[Step]) -> list[Step]:
    """A look at each node that lives on another's upload, after that upload. Source: procedure.md 3.7, U-P20."""
    uploads = {step.node: step.id for step in before if step.kind is StepKind.IDENTITY_UPLOAD}
    steps = []
    for item in items:
        if item.shared_from not in ("", item.node):
            facts, needs = cluster.facts(item.node), (uploads[item.shared_from],)
            step = _step(StepKind.IDENTITY_SPREAD, facts, item.purpose, "UCM-STEP-SPREAD", needs)
            steps.append(msgspec.structs.replace(step, detail={"of": item.shared_from}))
    return steps


def _restart_order(
    cluster: Cluster, nodes: list[NodeFacts], purpose: str, options: Options
) -> list[tuple[NodeFacts, list[tuple[Service, str]]]]:
    """Per node its restarts; DRF Master restarts even when the publisher itself is not renewed (procedure.md IPS-2)."""
    publisher = cluster.publisher
    order = [(facts, list(running_restarts(facts, purpose))) for facts in nodes]
    if options.tomcat_after_ipsec and purpose == "ipsec":
        for facts, pairs in order:
            pairs += [pair for pair in running_restarts(facts, "tomcat") if pair[0].key == "tomcat"]
    if all(facts.node.name != publisher.node.name for facts in nodes):
        master = [pair for pair in running_restarts(publisher, purpose) if pair[0].key == "drf-master"]
        order.insert(0, (publisher, master))
    renewed = {facts.node.name for facts in nodes}
    others = [facts for facts in cluster.nodes if facts.node.name not in renewed]
    return order + [(facts, list(found)) for facts in others if (found := running_everywhere(facts, purpose))]


def _restart(
    facts: NodeFacts, purpose: str, pair: tuple[Service, str], needs: tuple[str, ...], after: str = "identity"
) -> Step:
    service, name = pair
    code = "UCM-STEP-SYNC" if after == "trust" else "UCM-STEP-DRF" if service.key in DRF else "UCM-STEP-RESTART"
    made = _step(StepKind.SERVICE_RESTART, facts, purpose, code, needs)
    return msgspec.structs.replace(
        made,
        id=step_id(purpose, facts.node, StepKind.SERVICE_RESTART, name),
        estimate_s=service.restart_s,
        detail={"service": name, "after": after},
    )


def _step(kind: StepKind, facts: NodeFacts, purpose: str, code: str, needs: tuple[str, ...]) -> Step:
    ports = ",".join(str(port) for port in PURPOSES[purpose].ports)
    return Step(
        id=step_id(purpose, facts.node, kind),
        kind=kind,
        phase=Phase.CUT_OVER,
        node=facts.node.name,
        purpose=purpose,
        needs=needs,
        rules=rules_for(kind, purpose),
        estimate_s=ESTIMATES_S.get(kind, 0),
        reason=reason(code),
        detail={"ports": ports} if kind is StepKind.SERVED_CHECK else {},
    )
