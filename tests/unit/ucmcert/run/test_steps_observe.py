"""Promise: each kind of step tells done, to do, unclear, outside and surprise apart by what is seen, never by hope."""

from collections.abc import Callable

import pytest
from fake_cluster import NOW, Requested, World, unknown

from factory.certificates import DAY, request, self_signed
from factory.clusters import cluster, with_node
from simulation.virtual_loop import run_virtually
from ucmcert.model.cluster import PendingRequest, Served
from ucmcert.model.event import Held, Intended, Verified
from ucmcert.model.plan import Step, StepKind
from ucmcert.plan.cut_over import Options
from ucmcert.run.kinds import KINDS
from ucmcert.run.observation import Done, Observation, Outside, Surprise, Todo, Unclear
from ucmcert.run.outcome import Outcome

HOST, NODE = "cucm-sub1", "cucm-sub1.lab.example"
STRANGER: Requested = request(NODE, key="ec", key_label="stranger")
RESTART = f"tomcat/{HOST}/service.restart/Cisco Tomcat"
UPLOAD = f"tomcat/{HOST}/identity.upload"
SERVED = f"tomcat/{HOST}/served.check"


def until(step_id: str, *, sso: bool = False) -> World:
    """A tomcat run of one node, held where `step_id` is about to be looked at for the first time."""
    whole = with_node(cluster(), "cucm-pub", sso_enabled=True) if sso else cluster()
    world = World(whole, purposes=("tomcat",), nodes=(HOST,))
    stopping = world.plan.step(step_id)

    class Enough(Exception):
        """Everything before is proved."""

    def watch(event: object) -> None:
        if isinstance(event, Verified) and world.history.done().issuperset(stopping.needs):
            raise Enough

    world.on_event = watch
    with pytest.raises(Enough):
        world.run()
    world.on_event = lambda event: None
    return world


def look(world: World, step_id: str, *, intended: dict[str, str] | None = None) -> Observation:
    step: Step = world.plan.step(step_id)
    if intended is not None:
        world.record(Intended(at=world.clock.now(), run="r1", step=step_id, attempt=1, baseline=intended))
    return run_virtually(KINDS[step.kind].observe(world.context(), step))


def code(seen: Observation) -> str:
    return seen.finding.code if isinstance(seen, Surprise) else seen.code


def test_every_kind_of_step_has_its_look_and_only_these_act() -> None:
    assert set(StepKind) == set(KINDS)
    acting = {
        StepKind.CSR_GENERATE,
        StepKind.CSR_SIGN,
        StepKind.TRUST_UPLOAD,
        StepKind.IDENTITY_UPLOAD,
        StepKind.SERVICE_RESTART,
        StepKind.IDENTITY_REGENERATE,
        StepKind.CTL_UPDATE,
        StepKind.LIST_RESET,
        StepKind.PHONES_INTERACTION,
        StepKind.PHONES_PAGES,
        StepKind.PHONES_LSC,
        StepKind.PHONES_RESET,
        StepKind.BACKUP_FRESH,
    }
    assert acting == {kind for kind, row in KINDS.items() if row.act is not None}


def test_a_csr_that_came_after_our_intention_is_ours_and_one_from_before_is_not() -> None:
    step = f"tomcat/{HOST}/csr.generate"
    world = World(purposes=("tomcat",), nodes=(HOST,))
    assert isinstance(look(world, step), Todo)
    world.client.nodes[HOST].requests["tomcat"] = STRANGER
    assert "UCM-RUN-001" == code(look(world, step))
    seen = look(world, step, intended={"spki_sha256": ""})
    assert isinstance(seen, Done)
    assert {"spki_sha256": STRANGER.request.spki_sha256, "csr_pem": STRANGER.request.pem} == seen.facts


def test_a_csr_that_the_plan_names_is_replaced_and_no_other() -> None:
    facts = cluster().facts(NODE)
    pending = PendingRequest(purpose="tomcat", request=STRANGER.request)
    holding = facts.holding.__class__(identities=facts.holding.identities, requests=(pending,), trust=())
    world = World(
        with_node(cluster(), HOST, holding=holding),
        purposes=("tomcat",),
        nodes=(HOST,),
        options=Options(replace_csr=True),
    )
    here = world.client.nodes[HOST]
    here.requests["tomcat"] = STRANGER
    seen = look(world, f"tomcat/{HOST}/csr.generate")
    assert isinstance(seen, Todo)
    assert {"spki_sha256": STRANGER.request.spki_sha256} == seen.baseline
    here.requests["tomcat"] = request(NODE, key="ec", key_label="a third one")
    assert "UCM-RUN-001" == code(look(world, f"tomcat/{HOST}/csr.generate"))
    here.requests["tomcat"] = STRANGER
    world.client.order("generate_csr", HOST, "dropped")
    assert Outcome.DONE is world.run()
    assert 2 == len(world.acts("generate_csr"))
    assert STRANGER.request.spki_sha256 not in {one.spki_sha256 for one in world.history.tickets.values()}


def test_an_upload_is_done_only_when_the_csr_is_gone() -> None:
    world = until(UPLOAD)
    here = world.client.nodes[HOST]
    assert isinstance(look(world, UPLOAD), Todo)
    here.identities["tomcat"] = world.history.issued[f"tomcat/{HOST}/csr.sign"].leaf
    assert "UCM-RUN-002" == code(look(world, UPLOAD))
    here.requests.clear()
    seen = look(world, UPLOAD)
    assert isinstance(seen, Done)
    assert here.identities["tomcat"].sha256 == seen.facts["sha256"]


def test_a_strangers_csr_after_a_finished_upload_is_not_our_business() -> None:
    world = until(UPLOAD)
    here = world.client.nodes[HOST]
    here.identities["tomcat"] = world.history.issued[f"tomcat/{HOST}/csr.sign"].leaf
    here.requests["tomcat"] = STRANGER
    assert isinstance(look(world, UPLOAD), Done)


@pytest.mark.parametrize("gone", ["requests", "identities"])
def test_between_old_and_new_an_upload_of_ours_may_be_landing_but_not_for_ever(gone: str) -> None:
    world = until(UPLOAD)
    getattr(world.client.nodes[HOST], gone).clear()
    assert isinstance(look(world, UPLOAD), Surprise)
    assert "UCM-RUN-021" == code(look(world, UPLOAD, intended={"sha256": ""}))
    world.clock.began += world.limits.settle_s
    assert isinstance(look(world, UPLOAD), Surprise)


def test_another_certificate_is_a_surprise_even_while_an_upload_of_ours_may_be_landing() -> None:
    world = until(UPLOAD)
    world.client.nodes[HOST].identities["tomcat"] = self_signed(NODE, not_after=NOW + 700 * DAY, key_label="by hand")
    assert "UCM-RUN-003" == code(look(world, UPLOAD, intended={"sha256": ""}))


def at_restart(change: Callable[[object], None], *, intended: dict[str, str] | None = None) -> Observation:
    world = until(RESTART)
    world.clock.began += 60.0
    change(world.client.nodes[HOST].services["Cisco Tomcat"])
    return look(world, RESTART, intended=intended)


def test_a_start_after_the_upload_is_proof_whoever_restarted_it() -> None:
    now = until(RESTART).clock.now()
    assert isinstance(at_restart(lambda one: setattr(one, "up_at", now + 30.0)), Done)
    assert isinstance(at_restart(lambda one: setattr(one, "up_at", now - 3600.0)), Todo)


def test_a_start_later_than_the_one_before_our_act_is_proof() -> None:
    now = until(RESTART).clock.now()
    old = {"started_at": repr(now - 7200.0)}
    assert isinstance(at_restart(lambda one: setattr(one, "up_at", now - 7200.0), intended=old), Todo)
    assert isinstance(at_restart(lambda one: setattr(one, "up_at", now + 20.0), intended=old), Done)


def test_a_start_of_this_very_second_is_not_told_apart_from_the_one_before() -> None:
    world = until(RESTART)
    since = float(world.history.verified[UPLOAD].facts["node_utc"])
    world.client.nodes[HOST].services["Cisco Tomcat"].up_at = since + 1.0
    world.clock.began = since + 2.0
    assert "UCM-RUN-009" == code(look(world, RESTART))
    world.clock.began = since + 60.0
    assert isinstance(look(world, RESTART), Todo)


def test_a_service_on_its_way_is_unclear_and_a_stopped_one_only_after_our_act() -> None:
    assert "UCM-RUN-008" == code(at_restart(lambda one: setattr(one, "up_at", float(NOW) + 9e9)))
    down: Callable[[object], None] = lambda one: setattr(one, "down_for_good", "crashed")  # noqa: E731
    assert "UCM-RUN-007" == code(at_restart(down))
    assert "UCM-RUN-008" == code(at_restart(down, intended={"started_at": "0.0"}))


def test_a_start_time_that_cannot_be_read_now_is_waited_for_and_one_that_is_never_told_is_not() -> None:
    assert "UCM-RUN-010" == code(at_restart(lambda one: setattr(one, "start_hidden", True)))
    assert isinstance(at_restart(lambda one: setattr(one, "start_told", False)), Todo)


def test_a_restart_for_the_chain_counts_only_from_our_own_intention() -> None:
    step = "tomcat/imp-pub/service.restart/Cisco Intercluster Sync Agent"
    world = World(purposes=("tomcat",), nodes=("imp-pub",))
    assert isinstance(look(world, step), Todo)
    began = world.client.nodes["imp-pub"].services["Cisco Intercluster Sync Agent"].up_at
    world.client.nodes["imp-pub"].services["Cisco Intercluster Sync Agent"].up_at = NOW - 100.0
    assert isinstance(look(world, step), Todo)
    assert isinstance(look(world, step, intended={"started_at": repr(began)}), Done)


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (Served(port=8443, leaf=None, problem="refused"), "UCM-RUN-011"),
        (Served(port=8443, leaf=self_signed("else.example"), problem=""), "UCM-RUN-012"),
    ],
)
def test_every_port_must_show_the_new_leaf(shown: Served, expected: str) -> None:
    world = until(SERVED)
    assert isinstance(look(world, SERVED), Done)
    real = world.client.served

    async def one_is_wrong(node: object, port: int) -> Served:
        return shown if port == 8443 else await real(node, port)

    world.client.served = one_is_wrong
    assert expected == code(look(world, SERVED))


def test_evidence_names_each_port() -> None:
    world = until(SERVED)
    seen = look(world, SERVED)
    assert isinstance(seen, Done)
    assert [f"tls {NODE}:443", f"tls {NODE}:8443"] == [one.source for one in seen.evidence]


def test_a_port_that_never_shows_it_is_held() -> None:
    world = until(SERVED)
    world.client.nodes[HOST].loaded["tomcat"] = self_signed(NODE, key_label="old")
    assert Outcome.HELD is world.resume()
    assert [(SERVED, "UCM-RUN-018")] == [(one.step, one.finding.code) for one in world.of(Held)]
    assert "8443" in world.of(Held)[0].finding.why or "443" in world.of(Held)[0].finding.why


def test_a_person_is_asked_until_single_sign_on_is_off_everywhere() -> None:
    step = "tomcat/cluster/person/sso.disable"
    world = until(step, sso=True)
    world.client.nodes["cucm-sub2"].sso = True
    seen = look(world, step)
    assert isinstance(seen, Outside)
    assert "person" == seen.who
    world.client.nodes["cucm-pub"].sso = False
    assert isinstance(look(world, step), Outside)
    world.client.nodes["cucm-sub2"].sso = False
    assert isinstance(look(world, step), Done)
    world.client.nodes["cucm-pub"].sso = None
    assert "UCM-RUN-020" == code(look(world, step))


def test_single_sign_on_is_on_again_when_the_publisher_says_so() -> None:
    world = until("tomcat/cluster/person/sso.disable", sso=True)
    step = "tomcat/cluster/person/sso.enable"
    assert isinstance(look(world, step), Done)
    world.client.nodes["cucm-pub"].sso = False
    world.client.nodes["cucm-sub1"].sso = True
    assert isinstance(look(world, step), Outside)


def test_a_request_is_handed_over_once_and_a_lost_answer_of_the_ca_leaves_it_unclear() -> None:
    step = f"tomcat/{HOST}/csr.sign"
    world = until(step)
    assert isinstance(look(world, step), Todo)
    world.authority.waiting = {(HOST, "tomcat")}
    assert Outcome.WAITING is world.run()
    assert isinstance(look(world, step), Outside)

    async def lost(ticket: object) -> object:
        raise unknown()

    world.authority.collect = lost
    assert "UCM-NET-001" == code(look(world, step))


def test_what_was_issued_is_not_asked_for_again() -> None:
    world = until(f"tomcat/{HOST}/trust.upload")
    world.authority.waiting = {(HOST, "tomcat")}
    assert isinstance(look(world, f"tomcat/{HOST}/csr.sign"), Done)


def test_unclear_is_never_an_act() -> None:
    """A look that cannot tell leads to no act, whatever the step."""
    world = until(UPLOAD)
    world.client.nodes[HOST].identities.pop("tomcat")
    seen = look(world, UPLOAD, intended={"sha256": ""})
    assert isinstance(seen, Unclear)
    assert [] == world.acts("upload_identity")


def test_single_sign_on_of_a_subscriber_that_nobody_can_read_is_not_taken_for_off() -> None:
    step = "tomcat/cluster/person/sso.disable"
    world = until(step, sso=True)
    world.client.nodes["cucm-pub"].sso = False
    world.client.nodes["cucm-sub2"].sso = None
    assert not isinstance(look(world, step), Done)
