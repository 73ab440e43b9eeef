"""Reset the phones of some pools, once. Recognised by the share of phones whose status changed after our intention.

A pool is never sent a second reset while half of its registered phones moved, whatever became of the answer.
Source: phones.md 1.2, 1.8, I7, I8; interfaces-http.md 2.2, 3; design.md 4 (footprint of a reset).
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Literal

from ucmcert.errors import OutcomeUnknown
from ucmcert.model.phone import Phone, Sighting
from ucmcert.model.plan import Step, StepKind
from ucmcert.run.context import Context
from ucmcert.run.observation import Done, Observation, Todo, Unclear
from ucmcert.run.steps.phones.pages import opened
from ucmcert.run.steps.phones.quiet import BOOT_S, on_their_way, sample
from ucmcert.run.words import names_told

SAMPLE = 300
OF_A_POOL = 3
ENOUGH = 0.5
FEW = 0.1
WHOLE_SECOND = 1.0
SLOWEST_PER_S = 20  # half of what phones.md 4.2 assumes a cluster to reset
Movement = Literal["moved", "still", "nobody"]


async def observe(context: Context, step: Step) -> Observation:
    """Done when in every pool half of the phones that were registered changed their status after our intention."""
    publisher = context.cluster.publisher.node
    phones = in_pools(await context.phones.all(publisher), await pools_of(context, step))
    intended = context.history.intended.get(step.id)
    if intended is None:
        returning = await _returning(context, phones)
        if returning:
            return returning
        utc = await context.client.node_utc(publisher)
        pools = ",".join(sorted({one.pool for one in phones}))
        dark = ",".join(await _dark(context, step, phones)) if phones else ""
        return Todo(baseline={"utc": repr(utc), "pools": pools, "dark": dark}) if phones else _nobody(context, step)
    utc = float(intended.baseline["utc"])
    answered = context.phones.answered.get(step.id, set())
    moves = await _moves(context, phones, utc)
    left = sorted(
        pool for pool, move in moves.items() if move == "still" or (move == "nobody" and pool not in answered)
    )
    if not left:
        fact = (
            f"the phones of {len(moves)} pools changed their status after {utc:.0f} (node clock): {names_told(moves)}"
        )
        proof = context.evidence(fact, f"real-time data of {publisher.name}")
        facts = {"utc": repr(utc), "pools": ",".join(sorted(moves)), "dark": intended.baseline.get("dark", "")}
        return Done(evidence=(proof,), facts=facts)
    if context.clock.now() - intended.at < context.limits.settle_s + len(phones) / SLOWEST_PER_S / context.limits.pace:
        what = f"fewer than half of the phones moved in {names_told(left)}"
        why = "a cluster resets some tens of phones a second, and a phone in a call waits for its end"
        return Unclear(code="UCM-RUN-039", what=what, why=why, again_s=min(context.limits.look_s, 20.0))
    return Todo(baseline={**intended.baseline, "pools": ",".join(left)})


async def act(context: Context, step: Step) -> str:
    """Reset pool after pool, those of our last intention that were not answered to this process.

    Clocks and changes of status are told in whole seconds: what changes in the second of the intention shows nothing.
    """
    await context.clock.sleep(WHOLE_SECOND)
    publisher = context.cluster.publisher.node
    answered = context.phones.answered.setdefault(step.id, set())
    answers = []
    for pool in context.history.intended[step.id].baseline["pools"].split(","):
        answer = await context.client.reset_pool(publisher, pool)
        answered.add(pool)
        answers.append(f"{pool}: {answer}")
    return "\n".join(answers)


async def _returning(context: Context, phones: Sequence[Phone]) -> Unclear | None:
    """Whether phones are still on their way back from the restarts before: who is not there hears no reset.

    A few may be so at any time. Source: procedure.md 3.4 CCM-5 (fail over and come back); phones.md I13.
    """
    asked = [one.name for one in _spread(phones)]
    if not asked:
        return None
    publisher = context.cluster.publisher.node
    picture = await context.client.sightings(publisher, asked)
    if not picture.complete:
        raise _untold(publisher.name, picture.missing)
    seen = [one for one in picture.sightings if one.name in set(asked)]
    away = on_their_way(seen, await context.client.node_utc(publisher), BOOT_S / context.limits.pace)
    if away <= FEW * len(asked):
        return None
    what = f"{away} of {len(asked)} phones are on their way"
    return Unclear(
        code="UCM-RUN-040", what=what, why="who is not back hears no reset", again_s=min(context.limits.look_s, 20.0)
    )


def _nobody(context: Context, step: Step) -> Observation:
    fact = f"no phone is in the pools of this wave ({step.detail['pools']})"
    proof = context.evidence(fact, f"database of {context.cluster.publisher.node.name}")
    return Done(evidence=(proof,), facts={"utc": "0.0", "pools": "", "dark": ""})


async def pools_of(context: Context, step: Step) -> frozenset[str]:
    """Names of the pools a wave is about: those it names, or every pool that no other wave of its pass names."""
    named = step.detail.get("pools", "*")
    if named != "*":
        return frozenset(named.split(","))
    every = {one.pool for one in await context.phones.all(context.cluster.publisher.node)}
    if step.kind is not StepKind.PHONES_RESET:
        return frozenset(every)
    others = [one for one in same_pass(context, step) if one.id != step.id and one.detail.get("pools", "*") != "*"]
    return frozenset(every - {pool for one in others for pool in one.detail["pools"].split(",")})


def same_pass(context: Context, step: Step) -> tuple[Step, ...]:
    """The resets of the same purpose and pass as `step`, in order."""
    key = (step.purpose, step.detail.get("pass", "1"))
    resets = (one for one in context.plan.steps if one.kind is StepKind.PHONES_RESET)
    return tuple(one for one in resets if (one.purpose, one.detail.get("pass", "1")) == key)


def in_pools(phones: Sequence[Phone], pools: frozenset[str]) -> tuple[Phone, ...]:
    """The phones of these pools."""
    return tuple(one for one in phones if one.pool in pools)


async def _moves(context: Context, phones: Sequence[Phone], utc: float) -> dict[str, Movement]:
    """By pool whether its phones moved. Raises OutcomeUnknown when real-time data does not tell."""
    asked = {one.name: one.pool for one in _spread(phones)}
    picture = await context.client.sightings(context.cluster.publisher.node, list(asked))
    if not picture.complete:
        raise _untold(context.cluster.publisher.node.name, picture.missing)
    seen: dict[str, list[Sighting]] = defaultdict(list)
    for one in picture.sightings:
        if one.name in asked:
            seen[asked[one.name]].append(one)
    return {pool: _movement(seen[pool], utc) for pool in sorted(set(asked.values()))}


def _untold(publisher: str, missing: str) -> OutcomeUnknown:
    return OutcomeUnknown("UCM-RUN-030", "real-time data does not show all phones", where=publisher, why=missing)


def _movement(seen: Sequence[Sighting], utc: float) -> Movement:
    """What a pool's phones did since `utc`. Who was off before and still is says nothing."""
    moved = sum(one.changed_at > utc for one in seen)
    still = sum(one.registered and one.changed_at <= utc for one in seen)
    if not moved and not still:
        return "nobody"
    return "moved" if moved >= ENOUGH * (moved + still) else "still"


def _spread(phones: Sequence[Phone]) -> tuple[Phone, ...]:
    """Some phones of every pool: enough to see a reset, few enough for one cheap question."""
    by_pool: dict[str, list[Phone]] = defaultdict(list)
    for one in phones:
        by_pool[one.pool].append(one)
    share = max(OF_A_POOL, SAMPLE // max(1, len(by_pool)))
    return tuple(one for some in by_pool.values() for one in sample(some, share))


async def _dark(context: Context, step: Step, phones: Sequence[Phone]) -> list[str]:
    """Phones whose page we opened and whose page is seen to be off still, before the first reset that opens it."""
    history = context.history
    own = {one.id for one in same_pass(context, step)}
    resets = (one for one in context.plan.steps if one.kind is StepKind.PHONES_RESET and one.id not in own)
    if any(one.id in history.intended or one.id in history.verified for one in resets):
        return []
    silent = set(opened(context)) & {one.name for one in phones}
    if not silent:
        return []
    picture = await context.client.sightings(context.cluster.publisher.node, sorted(silent))
    return sorted(one.name for one in picture.sightings if one.page is False and one.name in silent)
