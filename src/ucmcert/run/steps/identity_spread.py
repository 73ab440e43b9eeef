"""A multi-server identity, uploaded on one node, must show on this one too before anything restarts here.

Source: procedure.md 3.7 multi-SAN (every node gets the same key and leaf); 3.0 X7.
"""

from ucmcert.model.plan import Step
from ucmcert.run.context import Context
from ucmcert.run.observation import Done, Observation, Unclear
from ucmcert.run.surprises import surprise


async def observe(context: Context, step: Step) -> Observation:
    """Done when the node's own identity, read back, has the fingerprint that was issued for the node of the upload."""
    node = context.node(step)
    new = context.history.new_sha256(step.node, step.purpose) or context.history.new_sha256(
        step.detail["of"], step.purpose
    )
    stored = (await context.holding(node, step.purpose, trust=False)).identity(step.purpose)
    if stored is not None and stored.sha256 == new:
        utc = await context.client.node_utc(node)
        fact = f"the node stores {new[:16]} as {step.purpose}, uploaded on {step.detail['of']}"
        proof = context.evidence(fact, f"certificate management of {node.name}", new)
        return Done(evidence=(proof,), facts={"node_utc": repr(utc), "sha256": new})
    item = context.history.item(step.node, step.purpose)
    found = stored.sha256 if stored else ""
    if item is not None and found not in ("", item.old_sha256):
        expected = item.old_sha256[:16] or "none"
        return surprise("UCM-RUN-003", node.name, purpose=step.purpose, found=found[:16], expected=expected)
    return Unclear(
        code="UCM-RUN-031",
        what=f"{node.host} does not store the new {step.purpose} yet",
        why=f"a multi-server certificate travels from {step.detail['of']} to the other nodes",
    )
