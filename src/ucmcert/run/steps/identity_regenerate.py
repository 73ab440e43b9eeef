"""Have a node make a new self-signed identity. The old key is gone at once, so it is never done twice.

Source: phones.md 1.7 (ITLRecovery), procedure.md 3.3 (CAPF left on a subscriber).
"""

from ucmcert.model.plan import Step
from ucmcert.run.context import Context
from ucmcert.run.observation import Done, Observation, Todo
from ucmcert.run.surprises import surprise


async def observe(context: Context, step: Step) -> Observation:
    """Done when the node stores another, self-signed identity than the one seen before our intention."""
    node = context.node(step)
    stored = (await context.holding(node, step.purpose, trust=False)).identity(step.purpose)
    found = stored.sha256 if stored else ""
    intended = context.history.intended.get(step.id)
    item = context.history.item(step.node, step.purpose)
    old = intended.baseline["sha256"] if intended else item.old_sha256 if item else found
    if found == old:
        return Todo(baseline={"sha256": found})
    if intended is None or stored is None or not stored.self_issued:
        return surprise(
            "UCM-RUN-003", node.name, purpose=step.purpose, found=found[:16] or "none", expected=old[:16] or "none"
        )
    utc = await context.client.node_utc(node)
    fact = f"the node made {found[:16]} as {step.purpose}, self-signed, in the place of {old[:16] or 'none'}"
    proof = context.evidence(fact, f"certificate management of {node.name}", found)
    return Done(evidence=(proof,), facts={"node_utc": repr(utc), "sha256": found})


async def act(context: Context, step: Step) -> str:
    """Ask the node for it; its words."""
    return await context.client.regenerate(context.node(step), step.purpose)
