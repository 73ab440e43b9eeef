"""The part that disturbs nobody: CSR, signing, chain into the trust store. No node needs another one here."""

from ucmcert.knowledge.purposes import PURPOSES
from ucmcert.model.cluster import Cluster, NodeFacts
from ucmcert.model.plan import Item, Phase, Step, StepKind
from ucmcert.plan.reasons import reason
from ucmcert.plan.rules import rules_for
from ucmcert.plan.step_id import step_id

STEPS: tuple[tuple[StepKind, str, int], ...] = (
    (StepKind.CSR_GENERATE, "UCM-STEP-CSR", 15),
    (StepKind.CSR_SIGN, "UCM-STEP-SIGN", 30),
    (StepKind.TRUST_UPLOAD, "UCM-STEP-TRUST", 20),
)


def prepare(cluster: Cluster, items: tuple[Item, ...], *, replace_csr: bool = False) -> tuple[Step, ...]:
    """CSR, signature and trust upload of each item, in a row per node. Source: procedure.md 3.0 X2-X6.

    With `replace_csr` a CSR that waits there now may be replaced, that very one and no other.
    """
    return tuple(step for item in items for step in _row(cluster.facts(item.node), item.purpose, replace_csr))


def _row(facts: NodeFacts, purpose: str, replace_csr: bool) -> tuple[Step, ...]:
    steps: list[Step] = []
    for kind, code, estimate_s in STEPS:
        steps.append(
            Step(
                id=step_id(purpose, facts.node, kind),
                kind=kind,
                phase=Phase.PREPARE,
                node=facts.node.name,
                purpose=purpose,
                needs=(steps[-1].id,) if steps else (),
                rules=rules_for(kind, purpose),
                estimate_s=estimate_s,
                reason=reason(code),
                detail=_detail(kind, facts, purpose, replace_csr),
            )
        )
    return tuple(steps)


def _detail(kind: StepKind, facts: NodeFacts, purpose: str, replace_csr: bool) -> dict[str, str]:
    pending = facts.holding.request(purpose)
    if kind is StepKind.TRUST_UPLOAD:
        return {"store": f"{PURPOSES[purpose].trust}-trust"}
    if kind is StepKind.CSR_GENERATE and pending is not None and replace_csr:
        return {"replaces": pending.spki_sha256}
    return {}
