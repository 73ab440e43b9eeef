"""Promise: a certificate is only as far as its evidence, all of it; "done" is the last state and nothing before."""

import pytest
from fake_cluster import World

from ucmcert.model.plan import StepKind
from ucmcert.model.states import State
from ucmcert.run.outcome import EXIT_CODES, Outcome, certificates
from ucmcert.run.progress import PROOF, state_of

WORLD = World(purposes=(), nodes=("cucm-pub",))
TOMCAT = next(item for item in WORLD.plan.items if item.purpose == "tomcat")
IPSEC = next(item for item in WORLD.plan.items if item.purpose == "ipsec")


def proved(*kinds: StepKind, without: str = "none") -> frozenset[str]:
    return frozenset(step.id for step in WORLD.plan.steps if step.kind in kinds and without not in step.id)


ISSUED = (StepKind.CSR_GENERATE, StepKind.CSR_SIGN)
UPLOADED = (*ISSUED, StepKind.TRUST_UPLOAD, StepKind.BACKUP_IDLE, StepKind.IDENTITY_UPLOAD)
ACTIVE = (*UPLOADED, StepKind.SERVICE_RESTART)
SERVED = (*ACTIVE, StepKind.SERVED_CHECK)


@pytest.mark.parametrize(
    ("verified", "tomcat", "ipsec"),
    [
        (frozenset(), State.PLANNED, State.PLANNED),
        (proved(StepKind.CSR_GENERATE), State.PLANNED, State.PLANNED),
        (proved(*ISSUED), State.ISSUED, State.ISSUED),
        (proved(*ISSUED, StepKind.TRUST_UPLOAD), State.ISSUED, State.ISSUED),
        (proved(*UPLOADED), State.UPLOADED, State.UPLOADED),
        (proved(*ACTIVE), State.ACTIVE, State.ACTIVE),
        (proved(*SERVED), State.SERVED, State.ACTIVE),
    ],
)
def test_each_state_needs_its_evidence(verified: frozenset[str], tomcat: State, ipsec: State) -> None:
    assert tomcat is state_of(TOMCAT, WORLD.plan, verified)
    assert ipsec is state_of(IPSEC, WORLD.plan, verified)


def test_one_service_that_is_not_restarted_keeps_it_from_active() -> None:
    verified = proved(*SERVED, without="tomcat/cucm-pub/service.restart/Cisco UDS Tomcat")
    assert State.UPLOADED is state_of(TOMCAT, WORLD.plan, verified)
    assert State.ACTIVE is state_of(IPSEC, WORLD.plan, verified)


def test_served_without_stored_proves_nothing() -> None:
    verified = proved(*SERVED, without="identity.upload")
    assert State.ISSUED is state_of(TOMCAT, WORLD.plan, verified)


def test_states_of_the_proof_stand_in_their_order() -> None:
    order = list(State)
    assert sorted((state for state, _ in PROOF), key=order.index) == [state for state, _ in PROOF]


def test_nothing_is_new_or_done_before_it_is_issued() -> None:
    assert [("", False, State.PLANNED)] * 2 == [(one.new, one.done, one.state) for one in certificates(WORLD.history)]


def test_a_finished_run_tells_old_and_new_of_every_certificate() -> None:
    world = World(purposes=())
    assert Outcome.DONE is world.run()
    results = certificates(world.history)
    assert [(item.node, item.purpose, item.old_sha256) for item in world.plan.items] == [
        (one.node, one.purpose, one.old) for one in results
    ]
    assert len({one.new for one in results}) == len(results)
    assert {(State.SERVED, True), (State.ACTIVE, True)} == {(one.state, one.done) for one in results}


def test_a_certificate_that_is_stored_and_not_restarted_is_not_done() -> None:
    world = World(nodes=("cucm-sub1",))
    world.client.order("restart_service", "cucm-sub1", *["dropped"] * 3)
    assert Outcome.HELD is world.run()
    assert [(State.UPLOADED, False)] == [(one.state, one.done) for one in certificates(world.history)]
    assert all(one.new for one in certificates(world.history))


def test_exit_codes_are_those_of_the_contract() -> None:
    assert {"done": 0, "failed": 1, "waiting": 4, "held": 5} == {one.value: code for one, code in EXIT_CODES.items()}
    assert set(Outcome) == set(EXIT_CODES)
