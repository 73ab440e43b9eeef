"""What a run knows of a node beside the files: what the lint asks about the release, the modes, the way of an upload.

`csr_waits` stays untold: the rules of the plan look at the waiting CSR themselves (UCM-RULE-008).
"""

from ucmcert.knowledge.purposes import PURPOSES
from ucmcert.lint.case import Known
from ucmcert.model.certificate import Certificate
from ucmcert.model.plan import Step
from ucmcert.run.context import Context
from ucmcert.ucm.rest_answers import offers_rest


def known(context: Context, step: Step) -> Known:
    """What the lint may know about the upload of this step's purpose to its node."""
    facts, item = context.facts(step), context.history.item(step.node, step.purpose)
    return Known(
        release=facts.node.release,
        mixed=context.cluster.mixed_mode,
        fips=facts.fips,
        transport="rest" if offers_rest(facts.node) else "cli",
        distribution="multi-server" if item is not None and item.shared_from else "this-server",
        domain=facts.node.name.partition(".")[2],
    )


def leaves(context: Context, step: Step, store: str) -> tuple[Certificate, ...]:
    """The identities of the step's node that are verified by `store` (a base name) today."""
    held = context.facts(step).holding.identities
    return tuple(one.certificate for one in held if one.purpose in PURPOSES and PURPOSES[one.purpose].trust == store)
