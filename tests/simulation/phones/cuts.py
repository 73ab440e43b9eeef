"""How a plan is spoiled on purpose: steps left out, rules left unasked, steps moved. Needs are linked anew."""

from collections.abc import Callable, Iterable

import msgspec

from ucmcert.model.plan import Plan, Step, StepKind

Change = Callable[[Plan], Plan]


def as_it_is(plan: Plan) -> Plan:
    """No change."""
    return plan


def together(*changes: Change) -> Change:
    """One change after the other."""

    def change(plan: Plan) -> Plan:
        for one in changes:
            plan = one(plan)
        return plan

    return change


def unasked(*codes: str) -> Change:
    """These safety rules are asked of no step."""

    def change(plan: Plan) -> Plan:
        steps = (
            msgspec.structs.replace(step, rules=tuple(code for code in step.rules if code not in codes))
            for step in plan.steps
        )
        return msgspec.structs.replace(plan, steps=tuple(steps))

    return change


def left_out(kind: StepKind, purpose: str = "", *, node: str = "", **detail: str) -> Change:
    """The steps of this kind that fit are not in the plan; what needed them needs what they needed."""
    return lambda plan: _without(plan, {step.id for step in chosen(plan, kind, purpose, node=node, **detail)})


def chosen(plan: Plan, kind: StepKind, purpose: str = "", *, node: str = "", **detail: str) -> tuple[Step, ...]:
    """The steps that fit; `node` is the beginning of a node's name, of each detail the value may be its beginning.

    Raises AssertionError when there is none: a cut that cuts nothing would prove nothing.
    """
    found = tuple(
        step
        for step in plan.steps
        if step.kind is kind
        and purpose in ("", step.purpose)
        and step.node.startswith(node)
        and all(step.detail.get(name, "").startswith(value) for name, value in detail.items())
    )
    assert found, f"no {kind} of {purpose or 'any purpose'} {node} {detail}"
    return found


def moved(what: Change, *, behind: Change) -> Change:
    """The steps that `what` leaves out stand right behind the last of those that `behind` leaves out."""

    def change(plan: Plan) -> Plan:
        mine = [step for step in plan.steps if step.id in _gone(plan, what)]
        rest = _without(plan, {step.id for step in mine})
        anchor = [step.id for step in rest.steps if step.id in _gone(plan, behind)][-1]
        place = [step.id for step in rest.steps].index(anchor) + 1
        before, after = rest.steps[:place], rest.steps[place:]
        row, last = [], (anchor,)
        for step in mine:
            row.append(msgspec.structs.replace(step, needs=last))
            last = (step.id,)
        later = (_needing(step, {anchor: last}) for step in after)
        return msgspec.structs.replace(rest, steps=(*before, *row, *later))

    return change


def not_waiting(what: Change, *, awaited: Change) -> Change:
    """The steps that `what` would leave out no longer need those that `awaited` would leave out, but what they need."""

    def change(plan: Plan) -> Plan:
        mine, gone = _gone(plan, what), _gone(plan, awaited)
        needs = _inherited(plan, gone)
        steps = (_needing(step, needs) if step.id in mine else step for step in plan.steps)
        return msgspec.structs.replace(plan, steps=tuple(steps))

    return change


def side_by_side(what: Change) -> Change:
    """The steps that `what` would leave out start together, when the first of them may."""

    def change(plan: Plan) -> Plan:
        mine = _gone(plan, what)
        first = next(step for step in plan.steps if step.id in mine)
        last = tuple(step.id for step in plan.steps if step.id in mine)
        steps = []
        for step in plan.steps:
            if step.id in mine:
                steps.append(msgspec.structs.replace(step, needs=first.needs))
            else:
                steps.append(_needing(step, {last[-1]: last}))
        return msgspec.structs.replace(plan, steps=tuple(steps))

    return change


def _gone(plan: Plan, change: Change) -> set[str]:
    return {step.id for step in plan.steps} - {step.id for step in change(plan).steps}


def _without(plan: Plan, gone: set[str]) -> Plan:
    needs = _inherited(plan, gone)
    steps = (_needing(step, needs) for step in plan.steps if step.id not in gone)
    return msgspec.structs.replace(plan, steps=tuple(steps))


def _inherited(plan: Plan, gone: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """By step left out: what must be verified instead of it."""
    found: dict[str, tuple[str, ...]] = {}
    for step in plan.steps:
        if step.id in gone:
            found[step.id] = tuple(dict.fromkeys(one for need in step.needs for one in found.get(need, (need,))))
    return found


def _needing(step: Step, instead: dict[str, tuple[str, ...]]) -> Step:
    needs = tuple(dict.fromkeys(one for need in step.needs for one in instead.get(need, (need,))))
    return step if needs == step.needs else msgspec.structs.replace(step, needs=needs)
