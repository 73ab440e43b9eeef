"""Promise: the ledger's events, folded, answer what was meant, seen, issued, proved, and why the run stands still."""

import msgspec
import pytest
from fake_cluster import CA, World

from factory.certificates import NOW, request, sign
from ucmcert.model.event import (
    AnyEvent,
    CertificateIssued,
    Entry,
    Finished,
    Held,
    Intended,
    RunResumed,
    RunStarted,
    StateReached,
    TicketTaken,
    Verified,
    Waiting,
)
from ucmcert.model.plan import StepKind
from ucmcert.model.signing import Issued, Ticket
from ucmcert.model.states import State
from ucmcert.run.history import History, runs
from ucmcert.run.surprises import finding

WORLD = World(nodes=("cucm-sub1",))
STARTED = WORLD.events[0]
CSR, SIGN, UPLOAD = (
    WORLD.plan.step(f"ipsec/cucm-sub1/{kind}") for kind in ("csr.generate", "csr.sign", "identity.upload")
)
WHEN = {"at": float(NOW), "run": "r1"}
NODE = "cucm-sub1.lab.example"
ASKED = request(NODE, key="ec")
ISSUED = Issued(leaf=sign(ASKED, CA.intermediate), chain=CA.chain)


def folded(*events: AnyEvent) -> History:
    assert isinstance(STARTED, RunStarted)
    history = History(STARTED)
    for event in events:
        history.add(event)
    return history


def intended(attempt: int, **baseline: str) -> Intended:
    return Intended(**WHEN, step=CSR.id, attempt=attempt, baseline=baseline)


def held(code: str = "UCM-RUN-017") -> Held:
    return Held(**WHEN, step=UPLOAD.id, finding=finding(code, NODE, step=UPLOAD.id))


def waiting(who: str = "ca") -> Waiting:
    return Waiting(**WHEN, step=SIGN.id, who=who, what="a person", next="ask")


def reached(state: State) -> StateReached:
    return StateReached(**WHEN, node=NODE, purpose="ipsec", state=state, sha256="ab")


def test_a_run_that_has_just_begun_knows_its_plan_and_nothing_else() -> None:
    history = folded()
    assert ("r1", WORLD.plan, frozenset(), None, False) == (
        history.run,
        history.plan,
        history.done(),
        history.stop,
        history.finished,
    )


def test_the_last_intention_counts() -> None:
    history = folded(intended(1, spki_sha256=""), intended(2, spki_sha256="x"))
    assert (2, {"spki_sha256": "x"}) == (history.intended[CSR.id].attempt, history.intended[CSR.id].baseline)


def test_what_a_verified_sibling_left_behind_is_found() -> None:
    history = folded(Verified(**WHEN, step=CSR.id, evidence=(), facts={"spki_sha256": "abc"}))
    assert frozenset({CSR.id}) == history.done()
    assert "abc" == history.fact(UPLOAD, StepKind.CSR_GENERATE, "spki_sha256")
    with pytest.raises(KeyError):
        history.fact(UPLOAD, StepKind.CSR_GENERATE, "csr_pem")
    with pytest.raises(KeyError):
        history.fact(CSR, StepKind.IDENTITY_UPLOAD, "node_utc")


def test_the_certificate_of_a_step_is_what_was_issued_for_its_node_and_purpose() -> None:
    with pytest.raises(KeyError):
        folded().certificate(UPLOAD)
    assert ISSUED == folded(CertificateIssued(**WHEN, step=SIGN.id, issued=ISSUED)).certificate(UPLOAD)


def test_a_certificate_that_another_purpose_reuses_comes_by_its_own() -> None:
    web = msgspec.structs.replace(STARTED.plan.items[0], purpose="tomcat")
    plan = msgspec.structs.replace(STARTED.plan, items=(*STARTED.plan.items, web))
    history = History(msgspec.structs.replace(STARTED, plan=plan))
    assert "tomcat" == history.uploaded_as("CallManager")
    assert ("ipsec", "tomcat", "TVS") == tuple(map(history.uploaded_as, ("ipsec", "tomcat", "TVS")))
    assert "CallManager" == folded().uploaded_as("CallManager")


def test_a_ticket_is_kept() -> None:
    ticket = Ticket(
        authority="files", reference="7", node=NODE, purpose="ipsec", spki_sha256="abc", submitted_at=float(NOW)
    )
    assert {SIGN.id: ticket} == folded(TicketTaken(**WHEN, step=SIGN.id, ticket=ticket)).tickets


def test_siblings_share_node_and_purpose() -> None:
    assert CSR == folded().sibling(UPLOAD, StepKind.CSR_GENERATE)
    assert CSR.id == folded().sibling_id(UPLOAD, StepKind.CSR_GENERATE)
    assert "" == folded().sibling_id(UPLOAD, StepKind.SERVED_CHECK)
    master = WORLD.plan.step("ipsec/cucm-pub/service.restart/Cisco DRF Master")
    with pytest.raises(KeyError, match="cucm-pub"):
        folded().sibling(master, StepKind.CSR_GENERATE)


def test_a_state_never_goes_back() -> None:
    history = folded(reached(State.UPLOADED), reached(State.ISSUED))
    assert {(NODE, "ipsec"): State.UPLOADED} == history.states


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ((waiting(),), waiting()),
        ((held(),), held()),
        ((waiting(), held()), held()),
        ((held(), waiting()), held()),
        ((held("UCM-RUN-017"), held("UCM-RUN-016")), held("UCM-RUN-017")),
        ((waiting("ca"), waiting("person")), waiting("ca")),
        ((held(), RunResumed(**WHEN, tool="t")), None),
        ((held(), RunResumed(**WHEN, tool="t"), waiting()), waiting()),
        ((waiting(), Finished(**WHEN)), None),
    ],
)
def test_the_reason_of_standing_still_is_the_first_surprise_else_the_first_wait(
    events: tuple[AnyEvent, ...], expected: AnyEvent | None
) -> None:
    assert expected == folded(*events).stop


def test_a_finished_run_is_finished() -> None:
    assert folded(Finished(**WHEN)).finished


def entry(number: int, event: AnyEvent | None) -> Entry:
    return Entry(number=number, previous="", digest="", body=b"", event=event)


def test_runs_of_one_ledger_are_told_apart_and_unknown_events_are_passed_over() -> None:
    assert isinstance(STARTED, RunStarted)
    other = RunStarted(at=1.0, run="r2", plan=WORLD.plan, tool="t", approved_by="b")
    verified = Verified(at=2.0, run="r2", step=CSR.id, evidence=())
    orphan = Verified(at=2.0, run="r9", step=CSR.id, evidence=())
    found = runs(entry(at, one) for at, one in enumerate((STARTED, None, other, verified, orphan, held())))
    assert ["r1", "r2"] == list(found)
    assert (frozenset(), frozenset({CSR.id})) == (found["r1"].done(), found["r2"].done())
    assert (held(), None) == (found["r1"].stop, found["r2"].stop)
