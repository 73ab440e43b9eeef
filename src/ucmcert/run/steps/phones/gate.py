"""Wait until every phone is proven to hold what is served now, or a person took it out by name. Closes an epoch.

Looks first when most phones can be back, then only at those still open; what no further look can prove is told at once,
the rest when patience is over. Source: phones.md 2.4, 4.1, 4.3, I3, I13.
"""

from ucmcert.errors import OutcomeUnknown
from ucmcert.model.event import PhonesSeen
from ucmcert.model.phone import PROVEN, PhoneState, Proof
from ucmcert.model.plan import Step
from ucmcert.model.trust_list import TrustListFacts
from ucmcert.run.context import Context
from ucmcert.run.gate_terms import before_the_reset, kept_proofs, reset_seen_at, terms
from ucmcert.run.lsc_look import named, reissues, with_lsc
from ucmcert.run.observation import Done, Observation, Outside, Surprise, Unclear
from ucmcert.run.phone_book import Watch
from ucmcert.run.phone_gate import counted, only_a_person, open_phones
from ucmcert.run.phone_look import look
from ucmcert.run.served_lists import kinds_for_phones, served_lists
from ucmcert.run.steps.phones.pages import opened
from ucmcert.run.steps.phones.reset import in_pools, pools_of
from ucmcert.run.surprises import finding
from ucmcert.run.words import names_told

LONGEST_SLEEP_S = 30.0  # a hold elsewhere is heard of that soon
BACK_PER_1000_S = 27.0  # 99 % of 40,000 phones are back after 19 minutes (phones.md 4.2)
QUESTION_S = 12.0  # two of our questions to real-time data: at most half of our share of its limit
PER_QUESTION = 1000
READ_AGAIN_S = 600.0
AGE_WHILE_AWAY_S = 3600.0  # before the first look only their number counts
PROVEN_FOR_GOOD = PROVEN - {Proof.SIGNED}  # a signature lasts only while nothing better is seen
TOLD_EACH = 50  # from here down every phone that is proven is told


async def observe(context: Context, step: Step) -> Observation:
    """Done when nothing is open; a canary wave may leave `limit` phones to the last gate."""
    watch = await _watch(context, step)
    now = context.clock.now()
    if now < watch.next_at:
        return _not_yet(watch, now)
    watch.next_at = now + _pause_s(context, watch)
    lists, wrong = await _lists(context)
    if wrong:
        why = "phones are compared with what TFTP serves"
        return Unclear(code="UCM-RUN-035", what=wrong, why=why, again_s=context.limits.look_s)
    try:
        await _look(context, step, watch, lists)
    except OutcomeUnknown as error:
        watch.next_at = context.clock.now() + 3 * context.limits.look_s
        return Unclear(
            code=error.code, what=error.what, why=error.why, again_s=min(LONGEST_SLEEP_S, 3 * context.limits.look_s)
        )
    watch.next_at = context.clock.now() + _pause_s(context, watch)
    return _decide(context, step, watch)


async def _watch(context: Context, step: Step) -> Watch:
    """What this process knows of the gate: all phones in its reach, those of an earlier wave as that wave proved them.

    The database is read again before a look from time to time, while phones stay open: who was deleted is nobody's to
    wait for.
    """
    now = context.clock.now()
    watch = context.phones.watches.get(step.id)
    if watch is not None and (now < watch.next_at or now - watch.read_at < READ_AGAIN_S):
        return watch
    publisher = context.cluster.publisher.node
    every = await context.phones.all(publisher, max_age_s=AGE_WHILE_AWAY_S if watch is None else READ_AGAIN_S)
    reach = in_pools(every, await pools_of(context, step))
    if _canary(step):
        away = before_the_reset(context)
        reach = tuple(one for one in reach if one.name not in away)
    known = watch.states if watch is not None else kept_proofs(context, step)
    phones = {one.name: one for one in reach}
    states = {name: known[name] for name in phones if name in known}
    begins = watch is None
    if watch is None:
        first_s = context.limits.first_look_s + BACK_PER_1000_S * len(phones) / 1000 / context.limits.pace
        first_at = reset_seen_at(context, step) + first_s if phones else now
        watch = Watch(began=now, next_at=first_at, opened=frozenset(opened(context)))
        context.phones.watches[step.id] = watch
    watch.phones, watch.states, watch.read_at = phones, states, now - READ_AGAIN_S if begins else now
    return await _watch(context, step) if begins and now >= watch.next_at else watch


async def _lists(context: Context) -> tuple[list[TrustListFacts], str]:
    """The lists phones are compared with, as they are served now, and what is wrong with them ("" for nothing).

    What stands in them was looked at before the reset, step by step.
    """
    lists = list(await served_lists(context, kinds_for_phones(context.cluster)))
    for one in lists:
        needed = one.kind == "itl" or context.cluster.mixed_mode is True
        if one.present and not one.verified:
            return lists, f"{one.told_by}: {one.problem or 'its signature is not verified'}"
        if needed and not one.present:
            return lists, f"{one.told_by}: the node says that it has none"
    return lists, ""


async def _look(context: Context, step: Step, watch: Watch, lists: list[TrustListFacts]) -> None:
    """One look at those who are open, and the ledger is told when it shows something new."""
    asked = [phone for name, phone in watch.phones.items() if _may_change(watch, name)]
    if not asked:
        return
    everybody = len(await context.phones.all(context.cluster.publisher.node))
    held_to = terms(context, step, lists)
    seen = await look(context, asked, held_to, of=everybody)
    states = await with_lsc(context, step, seen.states, watch.phones, held_to.signed)
    watch.states.update((one.name, one) for one in states)
    watch.pages.update(seen.pages)
    watch.missing = seen.missing if not seen.complete else ""
    left = len(open_phones(watch.states.values()))
    if watch.told is None or left <= watch.told / 2 or (left != watch.told and left <= TOLD_EACH):
        _tell(context, step, watch)


def _may_change(watch: Watch, name: str) -> bool:
    """Whether another look can tell more of this phone: not of one that is proven, or is back and has no page."""
    known = watch.states.get(name)
    if known is None:
        return True
    return known.proof not in PROVEN_FOR_GOOD and (name in watch.opened or not only_a_person([known], watch.pages))


def _decide(context: Context, step: Step, watch: Watch) -> Observation:
    """Close, wait on, or hand the rest to a person; a canary wave that went wrong holds the run.

    Phones that are back and have nothing to tell did not go wrong: they need a person in any wave.
    """
    left = open_phones(watch.states.values())
    limit = int(step.detail.get("limit", "0")) if _canary(step) else 0
    if len(left) <= limit:
        return _closed(context, step, watch, left)
    patience_over = context.clock.now() - reset_seen_at(context, step) >= context.limits.phones_s
    unknown = [one for one in left if one.proof is Proof.UNKNOWN]
    if unknown:
        what = f"real-time data does not show {len(unknown)} phones"
        return Unclear(
            code="UCM-RUN-030",
            what=what,
            why=watch.missing or "no reason given",
            again_s=min(LONGEST_SLEEP_S, 3 * context.limits.look_s),
        )
    silent = not any(_may_change(watch, one.name) for one in left)
    if not patience_over and not silent:
        return _not_yet(watch, context.clock.now(), left)
    _tell(context, step, watch)
    values = {"count": str(len(left)), "names": names_told(map(named, left)), "run": context.history.run}
    if _canary(step) and not silent:
        held = finding("UCM-RUN-023", step.node, step=step.id, limit=str(limit), **values)
        return Surprise(finding=held)
    only_lsc = all(one.proof is Proof.LSC for one in left)
    asked = finding("UCM-RUN-045" if only_lsc else "UCM-RUN-022", step.node, **values)
    return Outside(who="person", what=asked.what, next=asked.next)


def _closed(context: Context, step: Step, watch: Watch, left: tuple[PhoneState, ...]) -> Observation:
    """The gate is closed: every phone, and what proves it, goes into the ledger."""
    states = tuple(watch.states.values())
    counts = counted(states)
    context.record(
        PhonesSeen(
            at=context.clock.now(), run=context.history.run, step=step.id, counts=counts, open=left, states=states
        )
    )
    said = ", ".join(f"{count} {proof}" for proof, count in counts.items()) or "there are none"
    fact = (
        f"{len(states)} phones registered again after the reset and hold what is served now, or are signed for: {said}"
    )
    if reissues(context, step):
        fact += "; each secure one that is not signed for has its new LSC"
    proof = context.evidence(fact, "real-time data and the phones' own pages")
    return Done(evidence=(proof,), facts={name: str(count) for name, count in counts.items()})


def _tell(context: Context, step: Step, watch: Watch) -> None:
    left = open_phones(watch.states.values())
    counts = counted(watch.states.values())
    watch.told = len(left)
    context.record(PhonesSeen(at=context.clock.now(), run=context.history.run, step=step.id, counts=counts, open=left))


def _not_yet(watch: Watch, now: float, left: tuple[PhoneState, ...] = ()) -> Unclear:
    again_s = min(max(watch.next_at - now, 0.0), LONGEST_SLEEP_S)
    if not left:
        what = f"{len(watch.phones)} phones are on their way"
        return Unclear(code="UCM-RUN-040", what=what, why="they were reset moments ago", again_s=again_s)
    what = f"{len(left)} of {len(watch.phones)} phones are not proven yet"
    why = ", ".join(f"{count} {proof}" for proof, count in counted(left).items())
    return Unclear(code="UCM-RUN-041", what=what, why=why, again_s=again_s)


def _pause_s(context: Context, watch: Watch) -> float:
    """How long to the next look: the more phones are open, the more questions it costs."""
    left = sum(_may_change(watch, name) for name in watch.phones)
    return max(context.limits.look_s, QUESTION_S * left / PER_QUESTION / context.limits.pace)


def _canary(step: Step) -> bool:
    return step.detail.get("wave") == "canary"
