"""Make a CSR on the node. Never repeated while one is out for signature: the node would replace the private key.

A multi-server CSR of a release without the REST API is a person's act, and so is one with a key its command line cannot
be told of: it is waited for, and taken when it is there. What came out is compared with what was approved; a CSR with
another key, without a chosen name or for other nodes holds the run before a CA sees it.
Source: procedure.md 3.0 X2, X3, 3.7 multi-SAN, 4.1 P15; interfaces-cli.md 2.3; design.md 4.
"""

from ucmcert.lint.shared_request import lacks
from ucmcert.model.certificate import CertificateRequest
from ucmcert.model.plan import Step
from ucmcert.plan.csr_expected import MULTI_SERVER, Expected, expected
from ucmcert.plan.csr_findings import spelled, typed_by_hand
from ucmcert.plan.csr_outcome import Difference, differences
from ucmcert.run.context import Context
from ucmcert.run.observation import Done, Observation, Outside, Todo
from ucmcert.run.request_spec import request_spec
from ucmcert.run.surprises import finding, surprise
from ucmcert.ucm.rest_answers import offers_rest


async def observe(context: Context, step: Step) -> Observation:
    """Done when a CSR is on the node that was not there when we first meant to make one, or a person made it for us."""
    node = context.node(step)
    pending = (await context.holding(node, step.purpose, trust=False)).request(step.purpose)
    if (_multi_server(step) or step.detail.get("by") == "person") and not offers_rest(node):
        return _by_a_person(context, step, pending)
    intended = context.history.intended.get(step.id)
    if pending is None:
        return Todo(baseline={"spki_sha256": ""})
    if intended is not None and pending.spki_sha256 != intended.baseline["spki_sha256"]:
        return _there(context, step, pending)
    if pending.spki_sha256 == step.detail.get("replaces"):
        return Todo(baseline={"spki_sha256": pending.spki_sha256})
    return surprise("UCM-RUN-001", node.name, purpose=step.purpose, footprint=pending.spki_sha256[:16])


async def act(context: Context, step: Step) -> str:
    """Ask the node for a CSR; its words."""
    facts = context.facts(step)
    spec = request_spec(facts, step.purpose, detail=step.detail)
    return await context.client.generate_csr(facts.node, step.purpose, spec)


def _by_a_person(context: Context, step: Step, pending: CertificateRequest | None) -> Observation:
    """The CSR that serves every node of the certificate is taken as ours; nothing is ever asked of the node."""
    node, sharing = context.node(step), context.history.shown_on(step)
    old = pending is None or pending.spki_sha256 == step.detail.get("replaces")
    if not _multi_server(step):
        if pending is not None and not (old and _held_back(context, step, pending)):
            return _there(context, step, pending)
        asked = finding("UCM-CSR-021", node.name, purpose=step.purpose, host=node.host, settings=spelled(step.detail))
        return Outside(who="person", what=asked.what, next=asked.next)
    missing = lacks(pending, sharing) if pending is not None else sharing
    if pending is not None and not missing:
        return _there(context, step, pending)
    if pending is not None and not old:
        values = {"footprint": pending.spki_sha256[:16], "missing": ", ".join(missing)}
        return surprise("UCM-RUN-048", node.name, purpose=step.purpose, **values)
    values = {"host": node.host, "name": _wanted(context, step).common_name, "nodes": ", ".join(sharing)}
    if extras := typed_by_hand(step.detail):
        asked = finding("UCM-CSR-022", node.name, purpose=step.purpose, settings=extras, **values)
    else:
        asked = finding("UCM-RUN-047", node.name, purpose=step.purpose, **values)
    return Outside(who="person", what=asked.what, next=asked.next)


def _there(context: Context, step: Step, pending: CertificateRequest) -> Observation:
    """Ours, unless it is not what was approved. What else came out otherwise than foretold is kept as evidence."""
    place = f"certificate management of {context.node(step).name}"
    held_back = _held_back(context, step, pending)
    if held_back:
        return surprise("UCM-CSR-020", context.node(step).name, purpose=step.purpose, differences=held_back)
    fact = f"a CSR for {step.purpose} is on the node, key footprint {pending.spki_sha256[:16]}"
    evidence = [context.evidence(fact, place, pending.spki_sha256)]
    wanted = _wanted(context, step)
    if wanted.chosen:
        told = ", ".join(one.spelled for one in _differences(context, step, pending)) or "nothing differs"
        evidence.append(context.evidence(f"the CSR beside its preview: {told}", place, pending.spki_sha256))
    return Done(evidence=tuple(evidence), facts={"spki_sha256": pending.spki_sha256, "csr_pem": pending.pem})


def _held_back(context: Context, step: Step, pending: CertificateRequest) -> str:
    """The chosen settings that this CSR has not, in words; "" for one that may be signed."""
    return "; ".join(one.spelled for one in _differences(context, step, pending) if one.holds)


def _differences(context: Context, step: Step, pending: CertificateRequest) -> tuple[Difference, ...]:
    others = tuple(one.node.name for one in context.cluster.nodes if one.node.name != step.node)
    return differences(_wanted(context, step), pending, context.facts(step), step.purpose, others)


def _wanted(context: Context, step: Step) -> Expected:
    return expected(context.facts(step), step.purpose, step.detail, context.history.shown_on(step))


def _multi_server(step: Step) -> bool:
    return step.detail.get("distribution") == MULTI_SERVER
