"""Upload the identity. It cannot be undone: the old private key is overwritten, so everything is looked at before.

Source: procedure.md 3.0 X7, section 5 E2, E3.
"""

from ucmcert.model.plan import Step, StepKind
from ucmcert.run.context import Context
from ucmcert.run.observation import Done, Observation, Todo, Unclear
from ucmcert.run.surprises import surprise


async def observe(context: Context, step: Step) -> Observation:
    """Done when the node's own identity, read back, has the fingerprint of what was issued and the CSR is gone."""
    node = context.node(step)
    holding = await context.holding(node, step.purpose)
    new = context.history.certificate(step).leaf
    stored = holding.identity(step.purpose)
    pending = holding.request(step.purpose)
    ours = context.history.fact(step, StepKind.CSR_GENERATE, "spki_sha256")
    if stored is not None and stored.sha256 == new.sha256:
        if pending is not None and pending.spki_sha256 == ours:
            return Unclear(code="UCM-RUN-002", what="the CSR is still listed", why="CUCM removes it when it takes over")
        utc = await context.client.node_utc(node)
        return Done(
            evidence=(
                context.evidence(
                    f"the node stores {new.sha256[:16]} as {step.purpose}, and the CSR is gone",
                    f"certificate management of {node.name}",
                    new.sha256,
                ),
            ),
            facts={"node_utc": repr(utc), "sha256": new.sha256},
        )
    old = next(item.old_sha256 for item in context.plan.items if (item.node, item.purpose) == (step.node, step.purpose))
    now = stored.sha256 if stored else ""
    if (stored is None or (now == old and pending is None)) and _may_be_landing(context, step):
        return Unclear(
            code="UCM-RUN-021", what="the upload may be under way", why="old and new are both not to be seen"
        )
    if now != old:
        return surprise("UCM-RUN-003", node.name, purpose=step.purpose, found=now[:16] or "none", expected=old[:16])
    if pending is None:
        return surprise("UCM-RUN-004", node.name, purpose=step.purpose)
    if pending.spki_sha256 != ours:
        return surprise("UCM-RUN-005", node.name, purpose=step.purpose, footprint=pending.spki_sha256[:16])
    return Todo(baseline={"sha256": old})


def _may_be_landing(context: Context, step: Step) -> bool:
    """We meant to upload moments ago: a look at identities and CSRs is two readings, and it may fall between them."""
    intended = context.history.intended.get(step.id)
    return intended is not None and context.clock.now() - intended.at < context.limits.settle_s


async def act(context: Context, step: Step) -> str:
    """Upload leaf and chain; the node's words."""
    issued = context.history.certificate(step)
    return await context.client.upload_identity(context.node(step), step.purpose, issued.leaf, issued.chain)
