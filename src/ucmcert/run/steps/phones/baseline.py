"""Record every phone before anything changes: who is registered, and which lists each holds.

A phone that already holds a list nobody serves would be lost by the next change, and one that is off misses it: unless
the approved plan named it, a person looks first, or it comes back. Source: phones.md 2.4 (baseline), I10; procedure.md
3.6 rule 4, 4.1 P9, P10.
"""

from collections.abc import Sequence

from ucmcert.model.event import PhonesSeen
from ucmcert.model.phone import PhoneState, Proof
from ucmcert.model.plan import Step
from ucmcert.model.trust_list import TrustListFacts
from ucmcert.plan.phone_findings import may_stay_away
from ucmcert.plan.recovery.excused import excused, is_recovery
from ucmcert.plan.rules import approved_away
from ucmcert.run.context import Context
from ucmcert.run.gate_terms import ctl_checksums
from ucmcert.run.observation import Done, Observation, Outside, Unclear
from ucmcert.run.phone_book import Watch
from ucmcert.run.phone_gate import Terms, counted
from ucmcert.run.phone_look import Look, checksums, look
from ucmcert.run.served_lists import kinds_for_phones, served_lists
from ucmcert.run.steps.phones.quiet import BOOT_S
from ucmcert.run.surprises import finding
from ucmcert.run.words import names_told

AGAIN_S = 60.0


async def observe(context: Context, step: Step) -> Observation:
    """Done when one complete picture of all phones is in the ledger, and nobody in it is a surprise."""
    kinds = kinds_for_phones(context.cluster)
    now = await served_lists(context, kinds)
    served = [*now, *_lists_of_the_approval(context, now)]
    phones = await context.phones.all(context.cluster.publisher.node, max_age_s=0.0)
    terms = Terms(
        itl=checksums(served, "itl"),
        ctl=ctl_checksums(context, served),
        reset_at={"": -1.0},
    )
    seen = await look(context, phones, terms, of=len(phones))
    if not seen.complete:
        what = "real-time data does not show all phones"
        return Unclear(code="UCM-RUN-030", what=what, why=seen.missing, again_s=AGAIN_S)
    gone = [one.name for one in seen.states if _is_gone(context, step, one)]
    if gone and _may_be_booting(context, step):
        what = f"{len(gone)} phones that were registered when the plan was made are not: {names_told(gone)}"
        return Unclear(code="UCM-RUN-040", what=what, why="they may be booting", again_s=AGAIN_S / context.limits.pace)
    event = PhonesSeen(
        at=context.clock.now(),
        run=context.history.run,
        step=step.id,
        counts=counted(seen.states),
        open=tuple(one for one in seen.states if one.proof in (Proof.STALE, Proof.AWAY)),
        states=seen.states,
    )
    context.record(event)
    return _decide(context, step, event, gone, silent=_silent(seen))


def _decide(context: Context, step: Step, event: PhonesSeen, gone: list[str], *, silent: str) -> Observation:
    """Whether the run may go on from this baseline."""
    signed = context.history.signed.get(step.id, frozenset())
    unnamed = [one for one in event.open if one.proof is Proof.STALE and one.name not in approved(context) | signed]
    if unnamed:
        names = names_told(one.name for one in unnamed)
        asked = finding("UCM-RUN-024", step.node, count=str(len(unnamed)), names=names, run=context.history.run)
        return Outside(who="person", what=asked.what, next=asked.next)
    if gone:
        values = {"count": str(len(gone)), "names": names_told(gone), "run": context.history.run}
        asked = finding("UCM-RUN-049", step.node, **values)
        return Outside(who="person", what=asked.what, next=asked.next)
    told = ", ".join(f"{count} {proof}" for proof, count in event.counts.items())
    fact = f"{len(event.states)} phones recorded before the first change: {told or 'none'}"
    source = "real-time data and the phones' own pages"
    return Done(evidence=(context.evidence(fact, source),), facts={"total": str(len(event.states)), "silent": silent})


def _lists_of_the_approval(context: Context, now: Sequence[TrustListFacts]) -> tuple[TrustListFacts, ...]:
    """What TFTP served when the plan was made, where it is what it serves `now` but for the time of making: an earlier
    epoch may have restarted Cisco Tftp, which makes its lists anew of the same certificates, with another checksum.
    Whoever holds those of that day lost nothing. A list of other certificates is another list, whoever renewed them.
    """
    before = context.history.started.before
    known = tuple(one for facts in before.nodes for one in facts.lists) if before is not None else ()
    return tuple(one for one in known if any(_same_list(one, other) for other in now))


def _same_list(one: TrustListFacts, other: TrustListFacts) -> bool:
    same = (one.node, one.kind, one.signer_serial) == (other.node, other.kind, other.signer_serial)
    return same and set(one.records) == set(other.records)


def approved(context: Context) -> frozenset[str]:
    """Phones that the approved plan was made with in the knowledge that they hold another list than is served.

    A recovery names those it is for. In a renewal only where such a phone cannot be locked by the plan: elsewhere a
    person signs for each, because an old list may be one that a reset today would still replace, and that no reset can
    after the next change (phones.md I3, 1.5).
    """
    plan, before = context.plan, context.history.started.before
    named = excused(plan, "wrong") | excused(plan, "lost")
    if before is None or before.phones is None:
        return named
    harmless = is_recovery(plan) or may_stay_away(before, plan.items)
    return named | frozenset(before.phones.mismatched) if harmless else named


def _is_gone(context: Context, step: Step, state: PhoneState) -> bool:
    """Whether a phone is off although nobody who approved the plan knew of it, and nobody signed for it since."""
    if state.proof is not Proof.AWAY or state.name in context.history.signed.get(step.id, frozenset()):
        return False
    before = context.history.started.before
    absent = before.phones.absent if before is not None and before.phones is not None else ()
    return state.name not in absent and state.name not in approved_away(context.plan)


def _may_be_booting(context: Context, step: Step) -> bool:
    """Whether this process has not watched for as long yet as a phone takes to boot."""
    now = context.clock.now()
    watch = context.phones.watches.setdefault(step.id, Watch(began=now, next_at=now))
    return now - watch.began < BOOT_S / context.limits.pace


def _silent(seen: Look) -> str:
    """Names of registered phones whose page is off although they know lists: nothing but a page would tell of them."""
    return ",".join(one.name for one in seen.states if _is_silent(one, seen))


def _is_silent(state: PhoneState, seen: Look) -> bool:
    return state.proof is Proof.REGISTERED and seen.pages.get(state.name) is False
