"""What the ledger says of one run, folded into the questions the runner asks."""

from collections.abc import Iterable

import msgspec

from ucmcert.lint.phone_world import REUSES
from ucmcert.model.event import (
    Abandoned,
    AnyEvent,
    CertificateIssued,
    Entry,
    ExceptionsSigned,
    FindingsAccepted,
    Finished,
    Held,
    Intended,
    PhonesSeen,
    RunResumed,
    RunStarted,
    StateReached,
    TicketTaken,
    Verified,
    Waiting,
)
from ucmcert.model.plan import Item, Plan, Step, StepKind
from ucmcert.model.signing import Issued, Ticket
from ucmcert.model.states import State, later


class History:
    """The fold of one run's events. `add` is called for every event, old or new, in ledger order.

    `stop` is why the run stands still: the first surprise since it was last taken up, else the first wait. `phones` is
    the last look at phones of each step, `signed` whom a person took out of which gate, `accepted` by code who let
    which error of the lint pass.
    """

    def __init__(self, started: RunStarted) -> None:
        self.run = started.run
        self.started = started
        self.verified: dict[str, Verified] = {}
        self.intended: dict[str, Intended] = {}
        self.tickets: dict[str, Ticket] = {}
        self.issued: dict[str, Issued] = {}
        self.states: dict[tuple[str, str], State] = {}
        self.phones: dict[str, PhonesSeen] = {}
        self.signed: dict[str, frozenset[str]] = {}
        self.accepted: dict[str, FindingsAccepted] = {}
        self.stop: Waiting | Held | None = None
        self.finished = False
        self.abandoned: Abandoned | None = None

    @property
    def plan(self) -> Plan:
        """The approved plan of the run."""
        return self.started.plan

    @property
    def over(self) -> bool:
        """Whether the run is never taken up again: it reached its end, or a person gave it up."""
        return self.finished or self.abandoned is not None

    def add(self, event: AnyEvent) -> None:
        """Take one more event of this run into account."""
        match event:
            case Intended(step=step):
                self.intended[step] = event
            case Verified(step=step):
                self.verified[step] = event
            case TicketTaken(step=step, ticket=ticket):
                self.tickets[step] = ticket
            case CertificateIssued(step=step, issued=issued):
                self.issued[step] = issued
            case StateReached(node=node, purpose=purpose, state=state):
                key = (node, purpose)
                self.states[key] = later(self.states.get(key, State.PLANNED), state)
            case PhonesSeen():
                self.phones[event.step] = event
            case ExceptionsSigned() | FindingsAccepted():
                self._add_signature(event)
            case Held() | Waiting():
                self._stand_still(event)
            case RunResumed():
                self.stop = None
            case Abandoned():
                self.abandoned = event
            case Finished():
                self.finished, self.stop = True, None
            case _:
                pass

    def _stand_still(self, event: Held | Waiting) -> None:
        """The first surprise counts, and else the first wait."""
        if self.stop is None or (isinstance(event, Held) and not isinstance(self.stop, Held)):
            self.stop = event

    def _add_signature(self, event: ExceptionsSigned | FindingsAccepted) -> None:
        if isinstance(event, FindingsAccepted):
            self.accepted |= dict.fromkeys(event.codes, event)
        else:
            self.signed[event.step] = self.signed.get(event.step, frozenset()) | frozenset(event.phones)

    def done(self) -> frozenset[str]:
        """Ids of the verified steps."""
        return frozenset(self.verified)

    def sibling(self, step: Step, kind: StepKind) -> Step:
        """The step of `kind` for the same node and purpose as `step`. Raises KeyError when the plan has none.

        A node that shares a multi-server certificate has those of the node its CSR was made on.
        """
        item = self.item(step.node, step.purpose)
        for node in (step.node, item.shared_from if item else ""):
            for other in self.plan.steps:
                if other.kind is kind and other.node == node and other.purpose == step.purpose:
                    return other
        raise KeyError(f"{step.purpose}/{step.node}/{kind}")

    def item(self, node: str, purpose: str) -> Item | None:
        """The item of that node and purpose, None when it is not renewed."""
        return next((one for one in self.plan.items if (one.node, one.purpose) == (node, purpose)), None)

    def shown_on(self, step: Step) -> tuple[str, ...]:
        """Names of the nodes that will show the certificate of `step`: its own, and who shares it."""
        sharing = [one.node for one in self.plan.items if (one.shared_from, one.purpose) == (step.node, step.purpose)]
        return tuple(dict.fromkeys((step.node, *sharing)))

    def new_sha256(self, node: str, purpose: str) -> str:
        """The fingerprint this run gives to that node and purpose, "" before it is known."""
        item = self.item(node, purpose)
        places = {node, item.shared_from if item else ""} - {""}
        for step in self.plan.steps:
            if step.purpose == purpose and step.node in places:
                if step.id in self.issued:
                    return self.issued[step.id].leaf.sha256
                if step.kind is StepKind.IDENTITY_REGENERATE and step.id in self.verified:
                    return self.verified[step.id].facts["sha256"]
        return ""

    def sibling_id(self, step: Step, kind: StepKind) -> str:
        """The id of `sibling`, "" when the plan has none."""
        try:
            return self.sibling(step, kind).id
        except KeyError:
            return ""

    def certificate(self, step: Step) -> Issued:
        """What the CA issued for the node and purpose of `step`. Raises KeyError before that."""
        signed = msgspec.structs.replace(step, purpose=self.uploaded_as(step.purpose))
        return self.issued[self.sibling(signed, StepKind.CSR_SIGN).id]

    def uploaded_as(self, purpose: str) -> str:
        """The purpose by which a certificate of `purpose` comes in this run: tomcat where CallManager reuses it.

        Source: procedure.md 3.10.
        """
        renewed = {one.purpose for one in self.plan.items}
        web = next((one for one, call in REUSES.items() if call == purpose), "")
        return web if web in renewed and purpose not in renewed else purpose

    def fact(self, step: Step, kind: StepKind, name: str) -> str:
        """A fact that the verified sibling of `kind` left behind. Raises KeyError when it is not there."""
        return self.verified[self.sibling(step, kind).id].facts[name]


def runs(entries: Iterable[Entry]) -> dict[str, History]:
    """Every run of a ledger, oldest first, each folded."""
    found: dict[str, History] = {}
    for entry in entries:
        event = entry.event
        if isinstance(event, RunStarted):
            found[event.run] = History(event)
        elif event is not None and event.run in found:
            found[event.run].add(event)
    return found
