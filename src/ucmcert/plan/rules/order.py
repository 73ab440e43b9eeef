"""Rules of order that every epoch keeps: they look at steps and at what is done, and are asked at planning too."""

from collections.abc import Iterator

from ucmcert.lint.rule import Objection, objection, rule
from ucmcert.model.finding import Severity
from ucmcert.model.plan import StepKind
from ucmcert.plan.rules.asked import ACTS, Asked


@rule("UCM-RULE-001", Severity.ERROR, "procedure.md 3.1 TOM-2, design.md 4 (publisher first)")
def publisher_identity_first(asked: Asked) -> Iterator[Objection]:
    """No node's identity before the publisher's of the same purpose."""
    publisher = asked.cluster.publisher.node.name
    if asked.step.node == publisher:
        return
    for other in asked.window:
        same = other.kind is asked.step.kind and other.purpose == asked.step.purpose
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


@rule("UCM-RULE-012", Severity.ERROR, "phones.md 5.2 I4; procedure.md 3.0 X5-X7")
def chain_before_identity(asked: Asked) -> Iterator[Objection]:
    """No identity before its chain is in every store that needs it on that node."""
    mine = (asked.step.node, asked.step.purpose)
    for other in asked.plan.steps:
        if other.kind is StepKind.TRUST_UPLOAD and (other.node, other.purpose) == mine and other.id not in asked.done:
            yield objection(store=other.detail.get("store", ""), step=other.id)
