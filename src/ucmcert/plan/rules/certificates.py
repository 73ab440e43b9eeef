"""Rules about one certificate and its CSR: what is uploaded cannot be taken back. They need fresh facts."""

from collections.abc import Iterator

from ucmcert.lint.rule import Objection, objection, rule
from ucmcert.model.finding import Severity
from ucmcert.model.plan import StepKind
from ucmcert.plan.multi_server import is_multi_server, multi_server_nodes
from ucmcert.plan.rules.asked import Asked

SAME_NAME = "UCM-CAPF-001"


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
def single_stays_single(asked: Asked) -> Iterator[Objection]:
    """A node that shares a multi-server certificate by now never gets a single one by a plan that knew of none.

    A plan that was made, shown and approved to give every node its own knew.
    """
    mine = (asked.step.node, asked.step.purpose)
    if any(
        (one.node, one.purpose) == mine and one.detail.get("distribution") == "this-server" for one in asked.plan.steps
    ):
        return
    shared = multi_server_nodes(asked.cluster, asked.step.purpose)
    if asked.step.node in shared and not is_multi_server(asked.plan, asked.step):
        yield objection(purpose=asked.step.purpose, nodes=", ".join(shared))


@rule("UCM-RULE-016", Severity.ERROR, "phones.md 5.2 I9, 1.6, U11 (old CAPF stays until every LSC is re-issued)")
def old_capf_stays_trusted(asked: Asked) -> Iterator[Objection]:
    """In mixed mode a new CAPF of the same name would push the old one out of the trust stores, and break its LSCs.

    A plan that gives every secure phone a new LSC at the reset that follows was approved for that.
    """
    if any(one.kind is StepKind.PHONES_LSC and one.purpose == asked.step.purpose for one in asked.plan.steps):
        return
    if asked.cluster.mixed_mode is False or asked.step.kind is not StepKind.IDENTITY_UPLOAD:
        return
    if any(one.code == SAME_NAME for one in asked.standing):
        yield objection(purpose=asked.step.purpose)
