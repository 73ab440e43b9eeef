"""Wait until no backup or restore runs: D1 forbids an ipsec renewal under one, and the DRF services will restart.

Source: procedure.md 3.2 IPS-0, 4.1 P4.
"""

from ucmcert.model.plan import Step
from ucmcert.run.context import Context
from ucmcert.run.observation import Done, Observation, Unclear


async def observe(context: Context, step: Step) -> Observation:
    """Done when disaster recovery is idle."""
    node = context.node(step)
    backup = await context.client.backup(node)
    context.learn(node.name, backup=backup)
    if backup.running:
        return Unclear(
            code="UCM-RUN-013", what="a backup or restore is running", why="it must not meet a change of certificates"
        )
    fact = f"no backup or restore runs; the last one ended {backup.last_result or 'unknown'}"
    return Done(evidence=(context.evidence(fact, f"disaster recovery of {node.name}"),))
