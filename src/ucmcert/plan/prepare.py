"""The part that disturbs nobody: CSR, signing, chain into the trust store. No node needs another one here."""

from ucmcert.knowledge.purposes import PURPOSES
from ucmcert.model.cluster import Cluster
from ucmcert.model.node import Node
from ucmcert.model.plan import Item, Phase, Step, StepKind
from ucmcert.plan.reasons import reason
from ucmcert.plan.rules import rules_for
from ucmcert.plan.step_id import step_id

STEPS: tuple[tuple[StepKind, str, int], ...] = (
    (StepKind.CSR_GENERATE, "UCM-STEP-CSR", 15),
    (StepKind.CSR_SIGN, "UCM-STEP-SIGN", 30),
    (StepKind.TRUST_UPLOAD, "UCM-STEP-TRUST", 20),
)


def prepare(cluster: Cluster, items: tuple[Item, ...]) -> tuple[Step, ...]:
    """CSR, signature and trust upload of each item, in a row per node. Source: procedure.md 3.0 X2-X6."""
    return tuple(step for item in items for step in _row(cluster.facts(item.node).node, item.purpose))


def _row(node: Node, purpose: str) -> tuple[Step, ...]:
    steps: list[Step] = []
    for kind, code, estimate_s in STEPS:
        store = {"store": f"{PURPOSES[purpose].trust}-trust"} if kind is StepKind.TRUST_UPLOAD else {}
        steps.append(
            Step(
                id=step_id(purpose, node, kind),
                kind=kind,
                phase=Phase.PREPARE,
                node=node.name,
                purpose=purpose,
                needs=(steps[-1].id,) if steps else (),
                rules=rules_for(kind, purpose),
                estimate_s=estimate_s,
                reason=reason(code),
                detail=store,
            )
        )
    return tuple(steps)
