"""Make a CSR on the node. Never repeated while one is out for signature: the node would replace the private key.

A multi-server CSR of a release without the REST API is a person's act: it is waited for, and taken when it is there.
Source: procedure.md 3.0 X2, X3, 3.7 multi-SAN; interfaces-cli.md 2.3; design.md 4.
"""

from ucmcert.lint.shared_request import lacks
from ucmcert.model.certificate import CertificateRequest
from ucmcert.model.plan import Step
from ucmcert.run.context import Context
from ucmcert.run.observation import Done, Observation, Outside, Todo
from ucmcert.run.request_spec import request_spec
from ucmcert.run.surprises import finding, surprise
from ucmcert.ucm.rest_answers import offers_rest


async def observe(context: Context, step: Step) -> Observation:
    """Done when a CSR is on the node that was not there when we first meant to make one, or a person made it for us."""
    node = context.node(step)
    pending = (await context.holding(node, step.purpose, trust=False)).request(step.purpose)
    if _multi_server(step) and not offers_rest(node):
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
    spec = request_spec(facts, step.purpose, multi_server=_multi_server(step))
    return await context.client.generate_csr(facts.node, step.purpose, spec)


def _by_a_person(context: Context, step: Step, pending: CertificateRequest | None) -> Observation:
    """The CSR that serves every node of the certificate is taken as ours; nothing is ever asked of the node."""
    node, sharing = context.node(step), context.history.shown_on(step)
    missing = lacks(pending, sharing) if pending is not None else sharing
    if pending is not None and not missing:
        return _there(context, step, pending)
    if pending is not None and pending.spki_sha256 != step.detail.get("replaces"):
        values = {"footprint": pending.spki_sha256[:16], "missing": ", ".join(missing)}
        return surprise("UCM-RUN-048", node.name, purpose=step.purpose, **values)
    name = request_spec(context.facts(step), step.purpose, multi_server=True).common_name
    asked = finding("UCM-RUN-047", node.name, purpose=step.purpose, host=node.host, name=name, nodes=", ".join(sharing))
    return Outside(who="person", what=asked.what, next=asked.next)


def _there(context: Context, step: Step, pending: CertificateRequest) -> Done:
    fact = f"a CSR for {step.purpose} is on the node, key footprint {pending.spki_sha256[:16]}"
    place = f"certificate management of {context.node(step).name}"
    return Done(
        evidence=(context.evidence(fact, place, pending.spki_sha256),),
        facts={"spki_sha256": pending.spki_sha256, "csr_pem": pending.pem},
    )


def _multi_server(step: Step) -> bool:
    return step.detail.get("distribution") == "multi-server"
