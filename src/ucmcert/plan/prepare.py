"""The part that disturbs nobody: CSR, signing, chain into the trust stores. No node needs another one here."""

import msgspec

from ucmcert.knowledge.purposes import PURPOSES
from ucmcert.knowledge.versions import has
from ucmcert.lint.phone_world import reused
from ucmcert.model.cluster import Cluster, NodeFacts
from ucmcert.model.csr_settings import CsrRules
from ucmcert.model.plan import Item, Phase, Step, StepKind
from ucmcert.plan.csr_expected import MULTI_SERVER, csr_detail
from ucmcert.plan.reasons import reason
from ucmcert.plan.rules import rules_for
from ucmcert.plan.step_id import step_id

STEPS: tuple[tuple[StepKind, str, int], ...] = (
    (StepKind.CSR_GENERATE, "UCM-STEP-CSR", 15),
    (StepKind.CSR_SIGN, "UCM-STEP-SIGN", 30),
    (StepKind.TRUST_UPLOAD, "UCM-STEP-TRUST", 20),
)
NO_RULES = CsrRules()


def prepare(
    cluster: Cluster, items: tuple[Item, ...], *, replace_csr: bool = False, csr: CsrRules = NO_RULES
) -> tuple[Step, ...]:
    """CSR, signature and trust uploads of each item, in a row per node. Source: procedure.md 3.0 X2-X6, 6.7.

    What no CA signs needs no preparing, nor does a node that lives on another's multi-server certificate: the chain
    travels with it. With `replace_csr` a CSR that waits there now may be replaced, that very one and no other. `csr` is
    what the configuration wants CSRs to ask for.
    """
    signed = [item for item in items if PURPOSES[item.purpose].ca_signed and item.reason.code != "UCM-DUE-UNUSED"]
    own = [item for item in signed if item.shared_from in ("", item.node)]
    return tuple(step for item in own for step in _row(cluster, item, replace_csr, csr))


def _row(cluster: Cluster, item: Item, replace_csr: bool, csr: CsrRules) -> tuple[Step, ...]:
    facts, purpose = cluster.facts(item.node), item.purpose
    steps: list[Step] = []
    for kind, code, estimate_s in STEPS:
        for number, detail in enumerate(_details(cluster, item, kind, replace_csr=replace_csr, csr=csr)):
            further = detail["store"] if number else ""
            steps.append(
                Step(
                    id=step_id(purpose, facts.node, kind, further),
                    kind=kind,
                    phase=Phase.PREPARE,
                    node=facts.node.name,
                    purpose=purpose,
                    needs=(steps[-1].id,) if steps else (),
                    rules=rules_for(kind, purpose),
                    estimate_s=estimate_s,
                    reason=reason("UCM-STEP-CSR-PERSON" if _by_a_person(facts, detail) else code),
                    detail=detail,
                )
            )
    return tuple(steps)


def _by_a_person(facts: NodeFacts, detail: dict[str, str]) -> bool:
    """Whether only the node's web page makes this CSR: without the REST API there is no other way to several names.

    Nor to a key of another length than usual.
    """
    beyond = detail.get("distribution") == MULTI_SERVER or detail.get("by") == "person"
    return beyond and not has("certificate_rest_api", msgspec.structs.astuple(facts.node.release))


def _details(
    cluster: Cluster, item: Item, kind: StepKind, *, replace_csr: bool, csr: CsrRules
) -> tuple[dict[str, str], ...]:
    """What each step of `kind` needs to know; one step per store for the chain."""
    if kind is StepKind.TRUST_UPLOAD:
        call = reused(cluster).get(item.purpose, "")
        stores = (*PURPOSES[item.purpose].stores, *(PURPOSES[call].stores if call else ()))
        return tuple({"store": f"{store}-trust"} for store in dict.fromkeys(stores))
    if kind is not StepKind.CSR_GENERATE:
        return ({},)
    facts = cluster.facts(item.node)
    detail = csr_detail(facts, item.purpose, csr) | ({"distribution": MULTI_SERVER} if item.shared_from else {})
    pending = facts.holding.request(item.purpose)
    if pending is not None and replace_csr:
        detail["replaces"] = pending.spki_sha256
    return (detail,)
