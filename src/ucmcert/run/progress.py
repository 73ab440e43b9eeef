"""Where each certificate stands: the furthest state whose evidence, and all evidence before it, is in the ledger."""

from ucmcert.knowledge.purposes import PURPOSES
from ucmcert.model.plan import Item, Plan, Step, StepKind
from ucmcert.model.states import State

PROOF: tuple[tuple[State, tuple[StepKind, ...]], ...] = (
    (State.ISSUED, (StepKind.CSR_SIGN,)),
    (State.UPLOADED, (StepKind.IDENTITY_UPLOAD, StepKind.IDENTITY_SPREAD, StepKind.IDENTITY_REGENERATE)),
    (State.ACTIVE, (StepKind.SERVICE_RESTART,)),
    (State.SERVED, (StepKind.SERVED_CHECK,)),
    (State.TRUSTED, (StepKind.PHONES_GATE,)),
)

ARRIVALS = frozenset({StepKind.IDENTITY_UPLOAD, StepKind.IDENTITY_SPREAD, StepKind.IDENTITY_REGENERATE})


def state_of(item: Item, plan: Plan, verified: frozenset[str]) -> State:
    """The state of `item` when the steps in `verified` are proven. It never passes the item's last state."""
    reached = State.PLANNED
    for state, kinds in PROOF:
        steps = proving(item, plan, kinds)
        if any(one.id not in verified for one in steps) or (state is State.TRUSTED and not steps):
            return reached
        reached = state
        if state == item.last_state:
            return reached
    return reached


def proving(item: Item, plan: Plan, kinds: tuple[StepKind, ...]) -> list[Step]:
    """The steps whose evidence moves `item` on. Gates are asked for the whole cluster, and once for twins."""
    if StepKind.PHONES_GATE in kinds:
        return gates_of(item.purpose, plan)
    node = item.shared_from if item.shared_from and StepKind.CSR_SIGN in kinds else item.node
    return [one for one in plan.steps if one.kind in kinds and (one.node, one.purpose) == (node, item.purpose)]


def gates_of(purpose: str, plan: Plan) -> list[Step]:
    """The gates that close the epoch of `purpose`, its own or those of the purpose whose anchor it shares."""
    gates = [one for one in plan.steps if one.kind is StepKind.PHONES_GATE]
    own = [one for one in gates if one.purpose == purpose]
    row = PURPOSES.get(purpose)
    return own or [one for one in gates if row is not None and one.purpose in (row.twin_of, row.anchor)]
