"""What a run tells of phones: each look that decided something, who is still open, and who was signed for by whom."""

from collections.abc import Sequence

import msgspec

from ucmcert.model.event import AnyEvent, ExceptionsSigned, PhonesSeen
from ucmcert.model.phone import PhoneState
from ucmcert.model.plan import Step
from ucmcert.run.history import History
from ucmcert.run.open_gates import open_at


class SignedStory(msgspec.Struct, frozen=True, kw_only=True):
    """One signature: how many phones `by` took out of the gate, when (our UTC epoch), and why in their own words."""

    by: str
    why: str
    at: float
    phones: tuple[str, ...]


class PhoneStory(msgspec.Struct, frozen=True, kw_only=True):
    """One step that looked at phones. `counts` by proof as of `seen_at`; `open` are those still open and unsigned.

    `since` is when it looked first; `closed_at` is None while the step is not proven.
    """

    step: Step
    since: float
    seen_at: float
    counts: dict[str, int]
    open: tuple[PhoneState, ...]
    signed: tuple[SignedStory, ...]
    closed_at: float | None


def phone_stories(history: History, events: Sequence[AnyEvent]) -> tuple[PhoneStory, ...]:
    """Every step that looked at phones, in the order of the plan."""
    looks = [one for one in events if isinstance(one, PhonesSeen)]
    signatures = [one for one in events if isinstance(one, ExceptionsSigned)]
    left = open_at(history)
    found = []
    for step in history.plan.steps:
        own = [one for one in looks if one.step == step.id]
        if not own:
            continue
        verified = history.verified.get(step.id)
        found.append(
            PhoneStory(
                step=step,
                since=own[0].at,
                seen_at=own[-1].at,
                counts=own[-1].counts,
                open=left.get(step.id, ()),
                signed=tuple(
                    SignedStory(by=one.by, why=one.why, at=one.at, phones=one.phones)
                    for one in signatures
                    if one.step == step.id
                ),
                closed_at=verified.at if verified else None,
            )
        )
    return tuple(found)
