"""What a run tells the lint of the node beside the files.

`csr_waits` stays untold: the rules of the plan look at the waiting CSR themselves (UCM-RULE-008).
"""

from ucmcert.lint.case import Known
from ucmcert.lint.node_known import known_of
from ucmcert.model.plan import Step
from ucmcert.run.context import Context
from ucmcert.ucm.rest_answers import offers_rest


def known(context: Context, step: Step) -> Known:
    """What the lint may know about the upload of this step's purpose to its node."""
    facts, item = context.facts(step), context.history.item(step.node, step.purpose)
    return known_of(
        context.cluster,
        facts,
        step.purpose,
        transport="rest" if offers_rest(facts.node) else "cli",
        multi_server=item is not None and bool(item.shared_from),
    )
