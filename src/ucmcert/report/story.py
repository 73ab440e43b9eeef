"""What one run tells, folded from its ledger entries: steps with times and evidence, pauses, states and the end."""

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from ucmcert.model.cluster import Cluster
from ucmcert.model.event import (
    Abandoned,
    Acted,
    AnyEvent,
    Doubted,
    Entry,
    FindingsAccepted,
    Finished,
    Held,
    Intended,
    RunResumed,
    RunStarted,
    StateReached,
    Stopped,
    Verified,
    Waiting,
)
from ucmcert.model.evidence import Evidence
from ucmcert.model.finding import Finding
from ucmcert.model.plan import Plan, Step, StepKind
from ucmcert.model.signing import Issued
from ucmcert.report.phones import PhoneStory, phone_stories
from ucmcert.run.history import History
from ucmcert.run.ledger import FIRST_PREVIOUS
from ucmcert.run.outcome import CertificateResult, Outcome, certificates
from ucmcert.run.progress import ARRIVALS

LOOKS_ONLY = frozenset(
    {
        StepKind.BACKUP_IDLE,
        StepKind.SERVED_CHECK,
        StepKind.PERSON,
        StepKind.IDENTITY_SPREAD,
        StepKind.LISTS_CHECK,
        StepKind.TRUST_KEPT,
        StepKind.PHONES_BASELINE,
        StepKind.PHONES_QUIET,
        StepKind.PHONES_GATE,
    }
)
Standing = Literal["verified", "found", "working", "unclear", "waiting", "held", "next", "later"]


class StepStory(msgspec.Struct, frozen=True, kw_only=True):
    """One step as it went. `found` means it showed already and nothing was done. Times are our UTC epoch seconds."""

    step: Step
    standing: Standing
    began_at: float | None = None
    ended_at: float | None = None
    attempts: int = 0
    doubts: int = 0
    answer: str = ""
    evidence: tuple[Evidence, ...] = ()


class Pause(msgspec.Struct, frozen=True, kw_only=True):
    """A wait (`ca`, `person`, `window`) or a hold. `until` is None while nobody has moved; `finding` is the hold's."""

    who: str
    step: str
    what: str
    next: str
    since: float
    until: float | None = None
    finding: Finding | None = None
    answer: str = ""


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """One run from its first to its last entry. `outcome` is None when it neither ended nor stopped at a reason."""

    run: str
    tool: str
    approved_by: str
    plan: Plan
    started_at: float
    last_at: float
    outcome: Outcome | None
    steps: tuple[StepStory, ...]
    pauses: tuple[Pause, ...]
    resumed_at: tuple[float, ...]
    stopped: tuple[tuple[float, str], ...]
    abandoned: Abandoned | None
    accepted: tuple[FindingsAccepted, ...]
    reached: tuple[StateReached, ...]
    certificates: tuple[CertificateResult, ...]
    issued: dict[str, Issued]
    facts: dict[str, dict[str, str]]
    phones: tuple[PhoneStory, ...]
    before: Cluster | None
    after: Cluster | None
    reminders: tuple[str, ...]
    unknown: int
    entries: int
    last_digest: str

    def step(self, step_id: str) -> StepStory:
        """The story of the step of that id. Raises KeyError."""
        for one in self.steps:
            if one.step.id == step_id:
                return one
        raise KeyError(step_id)

    def certificate(self, node: str, purpose: str) -> Issued | None:
        """What the CA issued for that node and purpose, None before that."""
        step = self._step_id(node, purpose, StepKind.CSR_SIGN)
        return self.issued.get(step)

    def request_pem(self, node: str, purpose: str) -> str:
        """The CSR of that node and purpose as PEM, "" before it was made."""
        return self.fact(node, purpose, StepKind.CSR_GENERATE, "csr_pem")

    def fact(self, node: str, purpose: str, kind: StepKind, name: str) -> str:
        """What the proven step of `kind` left behind under `name`, "" when there is none."""
        return self.facts.get(self._step_id(node, purpose, kind), {}).get(name, "")

    def new_sha256(self, node: str, purpose: str) -> str:
        """The fingerprint this run gave to that node and purpose, "" before it was known."""
        mine = (one.new for one in self.certificates if (one.node, one.purpose) == (node, purpose))
        return next(mine, "")

    def arrival(self, node: str, purpose: str, name: str) -> str:
        """What the step left behind under `name` that showed the new certificate stored on that node, "" before."""
        for one in self.plan.steps:
            if one.kind in ARRIVALS and (one.node, one.purpose) == (node, purpose) and one.id in self.facts:
                return self.facts[one.id].get(name, "")
        return ""

    def _step_id(self, node: str, purpose: str, kind: StepKind) -> str:
        own = (one.id for one in self.plan.steps if (one.kind, one.node, one.purpose) == (kind, node, purpose))
        return next(own, "")

    @property
    def open_pauses(self) -> tuple[Pause, ...]:
        """What the run waits for, or is held by, as of its last entry."""
        return tuple(one for one in self.pauses if one.until is None)


def tell(entries: Iterable[Entry], run: str) -> Story:
    """The story of `run`. `entries` is the whole ledger, oldest first. Raises KeyError when it has no such run."""
    listed = upto(tuple(entries), run)
    events = [one.event for one in listed if one.event is not None and one.event.run == run]
    started = next((one for one in events if isinstance(one, RunStarted)), None)
    if started is None:
        raise KeyError(run)
    history = History(started)
    for event in events:
        history.add(event)
    finished = next((one for one in events if isinstance(one, Finished)), None)
    pauses = _pauses(events)
    return Story(
        run=run,
        tool=started.tool,
        approved_by=started.approved_by,
        plan=started.plan,
        started_at=started.at,
        last_at=events[-1].at,
        outcome=_outcome(history, events),
        steps=_steps(history, events, pauses),
        pauses=pauses,
        resumed_at=tuple(one.at for one in events if isinstance(one, RunResumed)),
        stopped=tuple((one.at, one.why) for one in events if isinstance(one, Stopped)),
        abandoned=history.abandoned,
        accepted=tuple(one for one in events if isinstance(one, FindingsAccepted)),
        reached=tuple(one for one in events if isinstance(one, StateReached)),
        certificates=certificates(history),
        issued=dict(history.issued),
        facts={step: one.facts for step, one in history.verified.items()},
        phones=phone_stories(history, events),
        before=started.before,
        after=finished.after if finished else None,
        reminders=finished.reminders if finished else (),
        unknown=sum(1 for one in listed if one.event is None),
        entries=listed[-1].number if listed else 0,
        last_digest=listed[-1].digest if listed else FIRST_PREVIOUS,
    )


def upto(entries: Sequence[Entry], run: str) -> tuple[Entry, ...]:
    """The ledger up to the last entry of `run`: later runs change nothing of what this one tells."""
    last = max((at for at, one in enumerate(entries) if run_of(one) == run), default=-1)
    return tuple(entries[: last + 1])


def run_of(entry: Entry) -> str:
    """The run an entry belongs to, read from its body when this release does not know its kind; "" if it has none."""
    if entry.event is not None:
        return entry.event.run
    try:
        return msgspec.json.decode(entry.body, type=_Owned).run
    except msgspec.DecodeError:
        return ""


class _Owned(msgspec.Struct, frozen=True):
    run: str = ""


def _since_taken_up(events: Sequence[AnyEvent]) -> list[AnyEvent]:
    last = max(at for at, one in enumerate(events) if isinstance(one, RunStarted | RunResumed))
    return list(events[last:])


def _outcome(history: History, events: Sequence[AnyEvent]) -> Outcome | None:
    """A hold outweighs a wait: the run reports the worst of what stopped it since it was last taken up."""
    if history.finished:
        return Outcome.DONE
    if history.abandoned is not None:
        return Outcome.FAILED
    recent = _since_taken_up(events)
    if any(isinstance(one, Held) for one in recent):
        return Outcome.HELD
    if any(isinstance(one, Waiting) and one.step not in history.verified for one in recent):
        return Outcome.WAITING
    return None


def _pauses(events: Sequence[AnyEvent]) -> tuple[Pause, ...]:
    """Waits and holds. The same wait met again after a resume is one wait, since the first time it was met."""
    found: dict[tuple[str, str], Pause] = {}
    closed: list[Pause] = []
    for event in events:
        if isinstance(event, Waiting | Held):
            key = (event.step, event.who if isinstance(event, Waiting) else event.finding.code)
            known = found.get(key)
            found[key] = _pause(event, known.since if known else event.at)
        else:
            over = [key for key, one in found.items() if _ends(event, one)]
            closed += [msgspec.structs.replace(found.pop(key), until=event.at) for key in over]
    return tuple(sorted([*closed, *found.values()], key=lambda one: (one.since, one.step)))


def _ends(event: AnyEvent, pause: Pause) -> bool:
    """A wait ends when its step goes on; a hold already when a person takes the run up again."""
    if isinstance(event, Verified | Intended):
        return event.step == pause.step
    return isinstance(event, Finished) or (isinstance(event, RunResumed) and pause.who == "hold")


def _pause(event: Waiting | Held, since: float) -> Pause:
    if isinstance(event, Waiting):
        return Pause(who=event.who, step=event.step, what=event.what, next=event.next, since=since)
    return Pause(
        who="hold",
        step=event.step,
        what=event.finding.what,
        next=event.finding.next,
        since=since,
        finding=event.finding,
        answer=event.answer,
    )


def _steps(history: History, events: Sequence[AnyEvent], pauses: Sequence[Pause]) -> tuple[StepStory, ...]:
    stopped = {one.step: "held" if one.who == "hold" else "waiting" for one in pauses if one.until is None}
    told: list[StepStory] = []
    ends: dict[str, float] = {}
    for step in history.plan.steps:
        own = [one for one in events if getattr(one, "step", "") == step.id]
        verified = history.verified.get(step.id)
        ready = max((ends[need] for need in step.needs if need in ends), default=history.started.at)
        # a step that only looks leaves no intention: it began when its last need was proven
        began = own[0].at if own and not isinstance(own[0], Verified) else ready
        if verified is not None:
            ends[step.id] = verified.at
        answers = [one.answer for one in own if isinstance(one, Acted)]
        told.append(
            StepStory(
                step=step,
                standing=_standing(step, history, own, stopped),
                began_at=began if own else None,
                ended_at=verified.at if verified else None,
                attempts=sum(isinstance(one, Intended) for one in own),
                doubts=sum(isinstance(one, Doubted) for one in own),
                answer=answers[-1] if answers else "",
                evidence=verified.evidence if verified else (),
            )
        )
    return tuple(told)


def _standing(step: Step, history: History, own: Sequence[AnyEvent], stopped: dict[str, str]) -> Standing:
    verified = history.verified.get(step.id)
    if verified is not None:
        ours = step.kind in LOOKS_ONLY or step.id in history.intended or not verified.skipped
        return "verified" if ours else "found"
    if step.id in stopped:
        return "held" if stopped[step.id] == "held" else "waiting"
    if own:
        return "unclear" if isinstance(own[-1], Doubted) else "working"
    return "next" if history.done().issuperset(step.needs) else "later"
