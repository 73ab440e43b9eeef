"""Live progress: one line for each event of a run, as it is written to the ledger."""

from collections.abc import Callable

from ucmcert.model.event import (
    Abandoned,
    Acted,
    AnyEvent,
    CertificateIssued,
    Doubted,
    ExceptionsSigned,
    FindingsAccepted,
    Finished,
    Held,
    Intended,
    PhonesSeen,
    RunResumed,
    RunStarted,
    StateReached,
    Stopped,
    TicketTaken,
    Verified,
    Waiting,
)
from ucmcert.model.plan import Plan, Step
from ucmcert.report.moments import clock, stamp
from ucmcert.report.names import head, step_words
from ucmcert.report.pages.pauses_page import who
from ucmcert.report.pages.phones_page import counts_text, first_names
from ucmcert.report.paper.blocks import Line, Text, line
from ucmcert.report.words import Say, finding_words, recorded_words, speaker

WIDEST = 40


def live_line(event: AnyEvent, plan: Plan, lang: str) -> Line:
    """Time, node, purpose, what happens and, where a certificate moved on, the state it reached."""
    say = speaker(lang)
    at = Text(f"{clock(event.at)}  ", "dim")
    match event:
        case StateReached(node=node, purpose=purpose, state=state, sha256=sha256):
            told = say("live.reached", state=say(f"state.{state}"), fingerprint=head(sha256))
            return line(at, *_place(plan, node, purpose), Text(told, "good"))
        case RunStarted() | RunResumed() | Stopped() | Finished() | Abandoned() | FindingsAccepted():
            return line(at, Text(_of_the_run(event, say), "strong"))
        case PhonesSeen() | ExceptionsSigned():
            step = _step(plan, event.step)
            place = _place(plan, step.node, step.purpose) if step else (Text(f"{event.step}  "),)
            return line(at, *place, *_of_phones(event, say))
        case _:
            step = _step(plan, event.step)
            place = _place(plan, step.node, step.purpose) if step else (Text(f"{event.step}  "),)
            return line(at, *place, *_of_a_step(event, step, say, lang))


def _place(plan: Plan, node: str, purpose: str) -> tuple[Text, Text]:
    """Node and purpose in columns as wide as the plan needs them."""
    wide = min(WIDEST, max((len(one.node) for one in plan.steps), default=0))
    narrow = min(WIDEST, max((len(one.purpose) for one in plan.steps), default=0))
    return Text(f"{node:<{wide}}  "), Text(f"{purpose:<{narrow}}  ", "strong")


def _step(plan: Plan, step_id: str) -> Step | None:
    return next((one for one in plan.steps if one.id == step_id), None)


def _of_the_run(event: RunStarted | RunResumed | Stopped | Finished | Abandoned | FindingsAccepted, say: Say) -> str:
    match event:
        case FindingsAccepted(by=by, codes=codes, why=why):
            return say("live.accepted", by=by, codes=", ".join(codes), why=why)
        case RunStarted(run=run, at=at):
            return say("live.started", run=run, at=stamp(at))
        case RunResumed(run=run, at=at):
            return say("live.resumed", run=run, at=stamp(at))
        case Stopped():
            return say("live.stopped")
        case Finished():
            return say("live.finished")
        case Abandoned(by=by, why=why):
            return say("live.abandoned", by=by, why=why)


def _of_phones(event: PhonesSeen | ExceptionsSigned, say: Say) -> tuple[Text, ...]:
    if isinstance(event, ExceptionsSigned):
        return (Text(say("live.signed", by=event.by, count=len(event.phones), why=event.why), "warn"),)
    told = Text(say("live.phones", counts=counts_text(event.counts, say)))
    if not event.open:
        return (told,)
    return (told, Text(say("live.phones_open", count=len(event.open), names=first_names(event.open)), "warn"))


StepEvent = Intended | Acted | Doubted | Verified | TicketTaken | CertificateIssued | Waiting | Held


def _of_a_step(event: StepEvent, step: Step | None, say: Say, lang: str) -> tuple[Text, ...]:
    name = step_words(step, say) if step else event.step
    told: Callable[..., str] = say
    match event:
        case Intended(attempt=attempt):
            again = told("live.again", attempt=attempt) if attempt > 1 else ""
            return (Text(told("live.intended", step=name)), Text(again, "warn"))
        case Acted():
            return (Text(told("live.acted", step=name), "dim"),)
        case Doubted(what=what, why=why):
            return (Text(told("live.doubted", step=name, what=what, why=why), "warn"),)
        case Verified(evidence=evidence):
            fact = evidence[0].fact if evidence else ""
            return (Text(told("live.verified", step=name), "good"), Text(f"  {fact}" if fact else "", "dim"))
        case TicketTaken(ticket=ticket):
            return (Text(told("live.ticket", authority=ticket.authority, reference=ticket.reference)),)
        case CertificateIssued(issued=issued):
            return (Text(told("live.issued", fingerprint=head(issued.leaf.sha256))),)
        case Waiting(who=name_, what=what, next=todo):
            what, todo = recorded_words(what, lang), recorded_words(todo, lang)
            return (Text(told("live.waiting", who=who(name_, say), what=what, next=todo), "warn"),)
        case Held(finding=finding):
            what, _, todo = finding_words(finding, lang)
            return (Text(told("live.held", code=finding.code, what=what, next=todo), "bad"),)
