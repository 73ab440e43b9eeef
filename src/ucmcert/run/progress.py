"""Where each certificate stands: the furthest state whose evidence, and all evidence before it, is in the ledger."""

from ucmcert.model.plan import Item, Plan, StepKind
from ucmcert.model.states import State

PROOF: tuple[tuple[State, StepKind], ...] = (
    (State.ISSUED, StepKind.CSR_SIGN),
    (State.UPLOADED, StepKind.IDENTITY_UPLOAD),
    (State.ACTIVE, StepKind.SERVICE_RESTART),
    (State.SERVED, StepKind.SERVED_CHECK),
)


def state_of(item: Item, plan: Plan, verified: frozenset[str]) -> State:
    """The state of `item` when the steps in `verified` are proven. It never passes the item's last state."""
    reached = State.PLANNED
    for state, kind in PROOF:
        steps = [one for one in plan.steps if one.kind is kind and (one.node, one.purpose) == (item.node, item.purpose)]
        if any(one.id not in verified for one in steps):
            return reached
        reached = state
        if state == item.last_state:
            return reached
    return reached
