"""What the ledger holds: typed events. Terminal, JSON, web and evidence pack are renderings of this one stream.

Room rules: an event never changes meaning and never loses a field; a new field has a default; a new kind of event gets
a new tag. Older releases keep records they cannot read as raw JSON (see run/ledger).
"""

import msgspec

from ucmcert.model.cluster import Cluster
from ucmcert.model.evidence import Evidence
from ucmcert.model.finding import Finding
from ucmcert.model.phone import PhoneState
from ucmcert.model.plan import Plan
from ucmcert.model.signing import Issued, Ticket
from ucmcert.model.states import State


class Event(msgspec.Struct, frozen=True, kw_only=True, tag_field="type"):
    """`at` is our UTC epoch seconds, `run` the id of the run it belongs to."""

    at: float
    run: str


class RunStarted(Event, frozen=True, kw_only=True, tag="run_started"):
    """A run begins with an approved plan. `approved_by` says how the yes was given, `before` is the inventory."""

    plan: Plan
    tool: str
    approved_by: str
    before: Cluster | None = None


class RunResumed(Event, frozen=True, kw_only=True, tag="run_resumed"):
    """A process took the run up again."""

    tool: str


class Intended(Event, frozen=True, kw_only=True, tag="intended"):
    """We are about to act. `baseline` is what was observed just before, by which the act is recognised later."""

    step: str
    attempt: int
    baseline: dict[str, str]


class Acted(Event, frozen=True, kw_only=True, tag="acted"):
    """The node answered our act. `answer` is its own text, for the record; it proves nothing."""

    step: str
    answer: str


class Doubted(Event, frozen=True, kw_only=True, tag="doubted"):
    """An act or a look ended without a usable answer: the outcome is unknown and will be observed."""

    step: str
    code: str
    what: str
    why: str


class Verified(Event, frozen=True, kw_only=True, tag="verified"):
    """The step is done, and this is what proves it. `skipped` is True when it was found done already."""

    step: str
    evidence: tuple[Evidence, ...]
    facts: dict[str, str] = {}
    skipped: bool = False


class TicketTaken(Event, frozen=True, kw_only=True, tag="ticket_taken"):
    """A CSR is at the CA."""

    step: str
    ticket: Ticket


class CertificateIssued(Event, frozen=True, kw_only=True, tag="certificate_issued"):
    """The CA answered, and the answer passed the lint."""

    step: str
    issued: Issued


class StateReached(Event, frozen=True, kw_only=True, tag="state_reached"):
    """A certificate moved on, by evidence."""

    node: str
    purpose: str
    state: State
    sha256: str


class PhonesSeen(Event, frozen=True, kw_only=True, tag="phones_seen"):
    """A look at the phones that decided something: the baseline, or a gate. `counts` by proof; `open` are the phones
    that nothing proves, by name. `states` holds every phone only at the baseline and where a gate closes.
    """

    step: str
    counts: dict[str, int]
    open: tuple[PhoneState, ...] = ()
    states: tuple[PhoneState, ...] = ()


class ExceptionsSigned(Event, frozen=True, kw_only=True, tag="exceptions_signed"):
    """A person took these phones out of a gate, by name. `step` is the gate, `by` who, `why` in their own words."""

    step: str
    phones: tuple[str, ...]
    by: str
    why: str


class FindingsAccepted(Event, frozen=True, kw_only=True, tag="findings_accepted"):
    """A person lets the run go on with these errors of the lint. `by` says who, `why` in their own words.

    Never an error that CUCM itself refuses.
    """

    codes: tuple[str, ...]
    by: str
    why: str


class Waiting(Event, frozen=True, kw_only=True, tag="waiting"):
    """The run waits for somebody or something outside: `who` is "ca", "person" or "window"."""

    step: str
    who: str
    what: str
    next: str


class Held(Event, frozen=True, kw_only=True, tag="held"):
    """The run stopped at a surprise. A person looks at `finding`, then resumes."""

    step: str
    finding: Finding
    answer: str = ""


class Stopped(Event, frozen=True, kw_only=True, tag="stopped"):
    """A person stopped the run cleanly (Ctrl-C)."""

    why: str


class Finished(Event, frozen=True, kw_only=True, tag="finished"):
    """Every item reached its last state. `after` is the inventory at the end, `findings` what the post-checks said."""

    reminders: tuple[str, ...] = ()
    after: Cluster | None = None
    findings: tuple[Finding, ...] = ()


class Abandoned(Event, frozen=True, kw_only=True, tag="abandoned"):
    """A person gave the run up: it is never resumed. `by` says who, `why` in their own words."""

    by: str
    why: str


AnyEvent = (
    RunStarted
    | RunResumed
    | Intended
    | Acted
    | Doubted
    | Verified
    | TicketTaken
    | CertificateIssued
    | StateReached
    | PhonesSeen
    | ExceptionsSigned
    | FindingsAccepted
    | Waiting
    | Held
    | Stopped
    | Finished
    | Abandoned
)


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the ledger. `event` is None when a newer release wrote a kind this one does not know.

    `digest` = SHA-256 hex of `previous` + "\n" + `body`; the first entry's `previous` is 64 zeros.
    """

    number: int
    previous: str
    digest: str
    body: bytes
    event: AnyEvent | None
