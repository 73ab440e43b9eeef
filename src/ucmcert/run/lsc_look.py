"""Whether secure phones have their new LSC: asked of the cluster for those that are proven otherwise.

A phone that holds the lists and has no new LSC is open: with the old CAPF gone nobody trusts the old one.
Source: procedure.md 3.3 CAP-7; phones.md 1.6, I9.
"""

from collections.abc import Mapping, Sequence

import msgspec

from ucmcert.model.phone import PROVEN, Phone, PhoneState, Proof
from ucmcert.model.plan import Step, StepKind
from ucmcert.run.context import Context

UNREAD = "cannot be read"
HOLDS_LISTS = PROVEN - {Proof.SIGNED}
SKIPPED = frozenset({Proof.SIGNED, Proof.UNKNOWN})  # nobody's to wait for; not seen at all


def reissues(context: Context, step: Step) -> bool:
    """Whether the epoch of `step` gives secure phones a new LSC."""
    return any(one.kind is StepKind.PHONES_LSC and one.purpose == step.purpose for one in context.plan.steps)


async def with_lsc(
    context: Context,
    step: Step,
    states: Sequence[PhoneState],
    phones: Mapping[str, Phone],
    signed: frozenset[str],
) -> tuple[PhoneState, ...]:
    """`states`, in which a proven secure phone without its new LSC is open, with what the cluster says of it.

    One that is open already keeps its reason, and says of its LSC too what may be behind it.
    `signed` are those a person took out of the gate. Raises OutcomeUnknown when the cluster does not answer.
    """
    names = [one.name for one in states if one.proof not in SKIPPED and phones[one.name].secure]
    if not names or not reissues(context, step):
        return tuple(states)
    told = await context.client.lsc_states(context.cluster.publisher.node, names)
    problem = dict.fromkeys(names, UNREAD)
    for name, lsc in told.items():
        problem[name] = "" if lsc.renewed else f"{lsc.status}, {lsc.waiting} waits" if lsc.waiting else lsc.status
    return tuple(_judged(one, problem.get(one.name, ""), signed) for one in states)


def _judged(state: PhoneState, problem: str, signed: frozenset[str]) -> PhoneState:
    if not problem:
        return state
    proof = state.proof
    if proof in HOLDS_LISTS:
        proof = Proof.SIGNED if state.name in signed else Proof.LSC
    return msgspec.structs.replace(state, proof=proof, lsc=problem)


def named(state: PhoneState) -> str:
    """The name of a phone, with what its LSC lacks."""
    return f"{state.name} ({state.lsc})" if state.lsc else state.name
