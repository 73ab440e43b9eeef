"""Make a CSR on the node. Never repeated while one is out for signature: the node would replace the private key.

Source: procedure.md 3.0 X2, X3; design.md 4.
"""

from ucmcert.model.plan import Step
from ucmcert.run.context import Context
from ucmcert.run.observation import Done, Observation, Todo
from ucmcert.run.request_spec import request_spec
from ucmcert.run.surprises import surprise


async def observe(context: Context, step: Step) -> Observation:
    """Done when a CSR is on the node that was not there when we first meant to make one."""
    node = context.node(step)
    pending = (await context.holding(node)).request(step.purpose)
    intended = context.history.intended.get(step.id)
    if pending is None:
        return Todo(baseline={"spki_sha256": ""})
    if intended is not None and pending.spki_sha256 != intended.baseline["spki_sha256"]:
        return Done(
            evidence=(
                context.evidence(
                    f"a CSR for {step.purpose} is on the node, key footprint {pending.spki_sha256[:16]}",
                    f"certificate management of {node.name}",
                    pending.spki_sha256,
                ),
            ),
            facts={"spki_sha256": pending.spki_sha256, "csr_pem": pending.pem},
        )
    if pending.spki_sha256 == step.detail.get("replaces"):
        return Todo(baseline={"spki_sha256": pending.spki_sha256})
    return surprise("UCM-RUN-001", node.name, purpose=step.purpose, footprint=pending.spki_sha256[:16])


async def act(context: Context, step: Step) -> str:
    """Ask the node for a CSR; its words."""
    facts = context.facts(step)
    spec = request_spec(facts, step.purpose, multi_server=step.detail.get("distribution") == "multi-server")
    return await context.client.generate_csr(facts.node, step.purpose, spec)
