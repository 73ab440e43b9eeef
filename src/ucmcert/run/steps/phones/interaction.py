"""Set the enterprise parameter that says whether phones reset by themselves when a certificate changes, or set it back.

The step names both values as the database holds them. Source: phones.md 2.5; procedure.md 3.7; interfaces-http.md 2.4.
"""

from ucmcert.model.plan import Step
from ucmcert.run.context import Context
from ucmcert.run.observation import Done, Observation, Todo
from ucmcert.run.surprises import surprise


async def observe(context: Context, step: Step) -> Observation:
    """Done when the parameter, read back, has the value the step wants; a third value is somebody else's."""
    node = context.cluster.publisher.node
    name, wanted, back = step.detail["parameter"], step.detail["to"], step.detail["back"]
    found = (await context.client.parameters(node)).get(name)
    if found == wanted:
        fact = f"enterprise parameter {name} is {wanted}"
        return Done(evidence=(context.evidence(fact, f"database of {node.name}"),), facts={"value": wanted})
    if found != back:
        return surprise("UCM-RUN-025", node.name, parameter=name, found=found or "not there", expected=back)
    return Todo(baseline={"value": back})


async def act(context: Context, step: Step) -> str:
    """Set it; the node's words."""
    node = context.cluster.publisher.node
    return await context.client.set_parameter(node, step.detail["parameter"], step.detail["to"])
