"""Runs a plan: starts every step whose needs are proven, as many at once as the plan allows, and stops at a surprise.

Rules of this room: the plan decides what may run together (its needs); nothing here knows what a step does. After a
Hold nothing new starts anywhere in the cluster, and what is in the middle of an act is let finish. A Wait stops only
what depends on it. Cancelling (Ctrl-C) is a crash with manners: it is recorded and resumed like one.
"""

import asyncio

from ucmcert.model.event import StateReached
from ucmcert.model.plan import Step
from ucmcert.model.ports import Random
from ucmcert.model.states import State
from ucmcert.run.carry_out import Gate, Hold, StepDriver, Wait
from ucmcert.run.context import Context
from ucmcert.run.outcome import Outcome
from ucmcert.run.progress import state_of


async def run_plan(context: Context, random: Random, gate: Gate) -> Outcome:
    """Carry out what is left of the plan. WAITING and HELD leave their reason as the last events of the ledger."""
    driver = StepDriver(context, random, gate)
    working: dict[asyncio.Task[None], Step] = {}
    started = set(context.history.done())
    outcome = Outcome.DONE
    _record_states(context)
    try:
        while True:
            if outcome is not Outcome.HELD:
                for step in _ready(context, started):
                    started.add(step.id)
                    working[asyncio.create_task(driver.carry_out(step), name=step.id)] = step
            if not working:
                return outcome
            finished, _ = await asyncio.wait(working, return_when=asyncio.FIRST_COMPLETED)
            for task in sorted(finished, key=lambda one: one.get_name()):
                del working[task]
                outcome = _worse(outcome, _ending(task))
                _record_states(context)
    finally:
        for task in working:
            task.cancel()
        await asyncio.gather(*working, return_exceptions=True)


def _ready(context: Context, started: set[str]) -> list[Step]:
    done = context.history.done()
    return [step for step in context.plan.steps if step.id not in started and done.issuperset(step.needs)]


def _ending(task: asyncio.Task[None]) -> Outcome:
    error = task.exception()
    if error is None:
        return Outcome.DONE
    if isinstance(error, Wait):
        return Outcome.WAITING
    if isinstance(error, Hold):
        return Outcome.HELD
    raise error


def _worse(one: Outcome, other: Outcome) -> Outcome:
    order = (Outcome.DONE, Outcome.WAITING, Outcome.HELD)
    return max(one, other, key=order.index)


def _record_states(context: Context) -> None:
    """Append StateReached for every certificate that the evidence moved on, also for what a crash left unsaid."""
    history = context.history
    for item in context.plan.items:
        reached = state_of(item, context.plan, history.done())
        if reached is State.PLANNED or reached == history.states.get((item.node, item.purpose)):
            continue
        context.record(
            StateReached(
                at=context.clock.now(),
                run=history.run,
                node=item.node,
                purpose=item.purpose,
                state=reached,
                sha256=history.new_sha256(item.node, item.purpose),
            )
        )
