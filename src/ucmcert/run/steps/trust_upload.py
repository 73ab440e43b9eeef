"""Upload root, then intermediates, to the step's trust store; what is there already is left alone.

Source: procedure.md 3.0 X5, X6 and section 6 (a success message does not prove that it was stored).
"""

from ucmcert.model.certificate import Certificate
from ucmcert.model.plan import Step
from ucmcert.run.context import Context
from ucmcert.run.observation import Done, Observation, Todo
from ucmcert.run.trust_store import store


async def observe(context: Context, step: Step) -> Observation:
    """Done when every certificate of the chain is listed in the node's trust store with its fingerprint."""
    node = context.node(step)
    await context.holding(node, step.purpose, also=store(step))
    missing = _missing(context, step)
    if missing:
        return Todo(baseline={"missing": ",".join(one.sha256 for one in missing)})
    chain = context.history.certificate(step).chain
    return Done(
        evidence=tuple(
            context.evidence(f"{one.common_name} is in {store(step)}-trust", f"trust store of {node.name}", one.sha256)
            for one in chain
        )
    )


async def act(context: Context, step: Step) -> str:
    """Upload what is missing, root first."""
    answers = [
        await context.client.upload_trust(context.node(step), store(step), one) for one in _missing(context, step)
    ]
    return "\n".join(answers)


def _missing(context: Context, step: Step) -> list[Certificate]:
    stored = {one.sha256 for one in context.facts(step).holding.trusts(store(step))}
    chain = context.history.certificate(step).chain
    return [one for one in reversed(chain) if one.sha256 not in stored]
