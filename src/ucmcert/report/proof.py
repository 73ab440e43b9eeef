"""The evidence behind each state of each certificate, with the time it was complete."""

import msgspec

from ucmcert.model.evidence import Evidence
from ucmcert.model.plan import Item
from ucmcert.model.states import ORDER, State
from ucmcert.report.story import StepStory, Story
from ucmcert.run.progress import PROOF, proving


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """One state of one certificate. `at` is None while it is not reached; `skipped` is why this purpose has no such."""

    node: str
    purpose: str
    state: State
    at: float | None
    evidence: tuple[Evidence, ...] = ()
    skipped: str = ""


def proofs(story: Story) -> tuple[Proof, ...]:
    """Every state after `planned` of every item, in order. A state is reached only when all before it are."""
    return tuple(proof for item in story.plan.items for proof in _of(story, item))


def _of(story: Story, item: Item) -> list[Proof]:
    kinds = dict(PROOF)
    found: list[Proof] = []
    broken, before = False, story.started_at
    for state in ORDER[1:]:
        skipped = item.skipped.get(state, "")
        ids = {one.id for one in proving(item, story.plan, kinds.get(state, ()))}
        steps = [one for one in story.steps if one.step.id in ids]
        if not skipped and not steps and ORDER.index(state) > ORDER.index(State(item.last_state)):
            continue
        at = None if broken or skipped else _complete(steps, before)
        broken = broken or (at is None and not skipped)
        before = at if at is not None else before
        evidence = tuple(seen for one in steps for seen in one.evidence) if at is not None else ()
        found.append(
            Proof(node=item.node, purpose=item.purpose, state=state, at=at, evidence=evidence, skipped=skipped)
        )
    return found


def _complete(steps: list[StepStory], before: float) -> float | None:
    """When the last of `steps` was proven; with nothing to prove (no service loads it here), the state before it."""
    ends = [one.ended_at for one in steps if one.ended_at is not None]
    return max(ends, default=before) if len(ends) == len(steps) else None
