"""What a gate holds its phones to, put together from the plan, the ledger and the lists served now.

Source: phones.md 2.4, I3.
"""

from collections.abc import Sequence

from ucmcert.model.phone import PROVEN, PhoneState, Proof
from ucmcert.model.plan import Step, StepKind
from ucmcert.model.trust_list import TrustListFacts
from ucmcert.plan.recovery.excused import excused
from ucmcert.plan.rules import approved_away
from ucmcert.run.context import Context
from ucmcert.run.phone_gate import Terms
from ucmcert.run.phone_look import checksums


def terms(context: Context, step: Step, lists: Sequence[TrustListFacts]) -> Terms:
    """The terms of the gate `step`, phones being compared with `lists`."""
    history = context.history
    resets = [history.verified[one.id].facts for one in resets_before(context, step) if one.id in history.verified]
    at = {pool: float(facts["utc"]) for facts in resets for pool in facts["pools"].split(",") if pool}
    if at:
        at[""] = min(at.values())
    dark = {name for facts in resets for name in facts.get("dark", "").split(",") if name}
    return Terms(
        itl=checksums(lists, "itl"),
        ctl=ctl_checksums(context, lists),
        reset_at=at,
        signed=signed_for(context, step),
        absent=approved_away(context.plan) | signed_anywhere(context),
        dark=frozenset(dark),
        untold=excused(context.plan, "untold"),
        lost=excused(context.plan, "lost"),
    )


def ctl_checksums(context: Context, lists: Sequence[TrustListFacts]) -> frozenset[str] | None:
    """Checksums of the CTLs that phones must hold; None where they need none."""
    found = checksums(lists, "ctl")
    if context.cluster.mixed_mode is False or (context.cluster.mixed_mode is None and not found):
        return None
    return found


def resets_before(context: Context, step: Step) -> tuple[Step, ...]:
    """The resets of the same purpose and pass that stand before `step` in the plan."""
    found = []
    for one in context.plan.steps:
        if one.id == step.id:
            break
        if one.kind is StepKind.PHONES_RESET and _pass(one) == _pass(step):
            found.append(one)
    return tuple(found)


def reset_seen_at(context: Context, step: Step) -> float:
    """Our time when the last reset before `step` was seen to work: patience counts from there."""
    done = context.history.verified
    return max((done[one.id].at for one in resets_before(context, step) if one.id in done), default=0.0)


def kept_proofs(context: Context, step: Step) -> dict[str, PhoneState]:
    """What closed gates of the same purpose and pass proved: nothing of the lists changed since."""
    found: dict[str, PhoneState] = {}
    for one in context.plan.steps:
        seen = context.history.phones.get(one.id)
        closed = one.kind is StepKind.PHONES_GATE and one.id in context.history.verified and _pass(one) == _pass(step)
        if closed and seen is not None:
            found.update((state.name, state) for state in seen.states if state.proof in PROVEN)
    return found


def signed_for(context: Context, step: Step) -> frozenset[str]:
    """Whom a person took out of this gate, or out of an earlier one of the same purpose and pass."""
    signed = context.history.signed
    gates = [one for one in context.plan.steps if one.kind is StepKind.PHONES_GATE and _pass(one) == _pass(step)]
    return frozenset(name for one in gates for name in signed.get(one.id, frozenset()))


def signed_anywhere(context: Context) -> frozenset[str]:
    """Whom a person took out of any gate: as long as such a phone stays away, nobody is asked again."""
    return frozenset(name for names in context.history.signed.values() for name in names)


def before_the_reset(context: Context) -> frozenset[str]:
    """Phones that were not registered at the baseline: a canary wave says nothing about them."""
    for one in context.plan.steps:
        if one.kind is StepKind.PHONES_BASELINE and (seen := context.history.phones.get(one.id)):
            return frozenset(state.name for state in seen.states if state.proof in (Proof.AWAY, Proof.UNKNOWN))
    return frozenset()


def _pass(step: Step) -> tuple[str, str]:
    return step.purpose, step.detail.get("pass", "1")
