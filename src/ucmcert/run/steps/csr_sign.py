"""Have the CA sign. The ticket may stay open for weeks; the answer is linted before anything is written to a node.

Source: procedure.md 3.0 X4, X5; section 5 for what CUCM would refuse.
"""

import msgspec

from ucmcert.errors import OutcomeUnknown
from ucmcert.lint.authority_profile.foresee import lint_request
from ucmcert.lint.upload import lint_answer
from ucmcert.model.certificate import CertificateRequest, read_request
from ucmcert.model.event import CertificateIssued, TicketTaken
from ucmcert.model.finding import Finding, Severity
from ucmcert.model.plan import Step, StepKind
from ucmcert.model.signing import Pending, Profile
from ucmcert.run.accepted import weighed
from ucmcert.run.context import Context
from ucmcert.run.known import known
from ucmcert.run.observation import Done, Observation, Outside, Surprise, Todo, Unclear


async def observe(context: Context, step: Step) -> Observation:
    """Done when a linted answer is in the ledger; else ask the CA for it."""
    issued = context.history.issued.get(step.id)
    if issued is not None:
        digest = issued.leaf.sha256
        fact = f"signed by {issued.chain[0].common_name}, fingerprint {digest[:16]}, key equal to the CSR's"
        return Done(evidence=(context.evidence(fact, "the CA's answer", digest),), facts={"sha256": digest})
    ticket = context.history.tickets.get(step.id)
    if ticket is None:
        foreseen = _foreseen(context, step)
        return Surprise(finding=foreseen[0]) if foreseen else Todo(baseline={})
    try:
        answer = await context.authority.collect(ticket)
    except OutcomeUnknown as error:
        return Unclear(code=error.code, what=error.what, why=error.why)
    if isinstance(answer, Pending):
        return Outside(who="ca", what=answer.waiting_for, next=answer.next)
    findings = lint_answer(
        _request(context, step),
        answer.leaf,
        answer.chain,
        purpose=step.purpose,
        now=context.node_now(step),
        current=context.facts(step).holding.identity(step.purpose),
        known=known(context, step),
    )
    errors = [one for one in weighed(findings, context.history.accepted) if one.severity is Severity.ERROR]
    if errors:
        return Surprise(finding=errors[0])
    context.record(CertificateIssued(at=context.clock.now(), run=context.history.run, step=step.id, issued=answer))
    for name in context.history.shown_on(step):
        context.client.expect_leaf(name, answer.leaf.sha256)
    return await observe(context, step)


async def act(context: Context, step: Step) -> str:
    """Hand the CSR to the CA and keep its ticket."""
    profile = Profile(node=step.node, purpose=step.purpose)
    ticket = await context.authority.submit(_request(context, step), profile)
    context.record(TicketTaken(at=context.clock.now(), run=context.history.run, step=step.id, ticket=ticket))
    return f"ticket {ticket.reference}"


def _foreseen(context: Context, step: Step) -> tuple[Finding, ...]:
    """Why the CA, as somebody described it, cannot make a certificate of this CSR that CUCM takes; () when it can."""
    if context.ca is None:
        return ()
    release = msgspec.structs.astuple(context.facts(step).node.release)
    found = lint_request(_request(context, step), purpose=step.purpose, profile=context.ca, release=release)
    return tuple(one for one in found if one.severity is Severity.ERROR)


def _request(context: Context, step: Step) -> CertificateRequest:
    return read_request(context.history.fact(step, StepKind.CSR_GENERATE, "csr_pem").encode())
