"""Promise: a plan runs to its end from wherever its ledger is, many steps at once, and stops at a surprise."""

import asyncio
from collections import Counter

import msgspec
import pytest
from fake_cluster import NoChance, World, unknown

from factory.certificates import NOW, request
from factory.clusters import cluster, with_node
from simulation.virtual_loop import run_virtually
from ucmcert.errors import Refused
from ucmcert.model.event import AnyEvent, Held, Intended, StateReached, TicketTaken, Verified, Waiting
from ucmcert.model.plan import Step, StepKind
from ucmcert.model.states import State
from ucmcert.run.outcome import Outcome, certificates
from ucmcert.run.runner import run_plan

HOSTS = ("cucm-pub", "cucm-sub1", "cucm-sub2", "imp-pub")


class Killed(Exception):
    """The process is gone at this very moment."""


def ends_well(world: World) -> None:
    """What a finished run must have done, whatever happened on the way."""
    assert [True] * len(world.plan.items) == [one.done for one in certificates(world.history)]
    for item, result in zip(world.plan.items, certificates(world.history), strict=True):
        node = world.client.nodes[item.node.split(".")[0]]
        assert result.new == node.identities[item.purpose].sha256
        assert result.new != item.old_sha256
        assert {} == node.requests
        if item.purpose == "tomcat":
            assert result.new == node.loaded["tomcat"].sha256


def every_act_once(world: World) -> None:
    """Once per step: DRF Local restarts for tomcat and again for ipsec."""
    restarts = (step for step in world.plan.steps if step.kind is StepKind.SERVICE_RESTART)
    allowed = Counter(("restart_service", one.node.split(".")[0], one.detail["service"]) for one in restarts)
    assert {} == {act: times for act, times in Counter(world.client.acts).items() if times > max(1, allowed[act])}


def test_four_nodes_and_two_purposes_are_served_in_the_end() -> None:
    world = World(purposes=())
    assert Outcome.DONE is world.run()
    ends_well(world)
    every_act_once(world)
    expected = {(host, purpose) for host in HOSTS for purpose in ("tomcat", "ipsec")}
    assert expected == {(host, what) for _, host, what in world.acts("upload_identity")}


def test_no_step_begins_before_its_needs_are_proved() -> None:
    world = World(purposes=())
    world.run()
    proved: set[str] = set()
    for event in world.events:
        if isinstance(event, Intended | Verified):
            assert set() == set(world.plan.step(event.step).needs) - proved
        if isinstance(event, Verified):
            proved.add(event.step)


def test_preparing_happens_on_all_nodes_at_once() -> None:
    world = World()
    began: dict[str, float] = {}
    world.client.before_act = lambda verb, host: began.setdefault(f"{verb} {host}", world.clock.now())
    world.run()
    assert {began["generate_csr cucm-pub"]} == {began[f"generate_csr {host}"] for host in HOSTS}
    assert began["upload_identity cucm-pub"] < began["upload_identity cucm-sub1"]
    assert began["upload_identity cucm-sub1"] == began["upload_identity cucm-sub2"]


def test_restarts_go_node_by_node_in_the_order_of_the_procedure() -> None:
    world = World(purposes=("tomcat",))
    world.run()
    hosts = [host for _, host, what in world.acts("restart_service") if what != "Cisco Intercluster Sync Agent"]
    assert list(HOSTS) == list(dict.fromkeys(hosts))
    assert sorted(hosts, key=HOSTS.index) == hosts


def test_states_are_reached_one_after_the_other_by_every_certificate() -> None:
    world = World(purposes=())
    world.run()
    for item in world.plan.items:
        reached = [one for one in world.of(StateReached) if (one.node, one.purpose) == (item.node, item.purpose)]
        ways = {
            "tomcat": [State.ISSUED, State.UPLOADED, State.ACTIVE, State.SERVED],
            "ipsec": [State.ISSUED, State.UPLOADED, State.ACTIVE],
        }
        assert ways[item.purpose] == [one.state for one in reached]
        assert {world.client.nodes[item.node.split(".")[0]].identities[item.purpose].sha256} == {
            one.sha256 for one in reached
        }


def test_the_new_leaf_is_expected_as_soon_as_it_is_issued() -> None:
    world = World(purposes=("tomcat",), nodes=("cucm-pub",))
    world.run()
    assert [("cucm-pub.lab.example", world.client.nodes["cucm-pub"].identities["tomcat"].sha256)] == (
        world.client.expected
    )


def test_waiting_for_the_ca_stops_only_what_depends_on_it() -> None:
    world = World()
    world.authority.waiting = {("cucm-sub2", "ipsec")}
    assert Outcome.WAITING is world.run()
    assert [("ipsec/cucm-sub2/csr.sign", "ca")] == [(one.step, one.who) for one in world.of(Waiting)]
    stored = {host for _, host, _ in world.acts("upload_trust")}
    assert {"cucm-pub", "cucm-sub1", "imp-pub"} == stored
    assert [] == world.acts("upload_identity")

    world.authority.waiting = set()
    assert Outcome.DONE is world.resume()
    every_act_once(world)
    ends_well(world)
    assert 4 == len(world.authority.submitted) == len(world.of(TicketTaken))


def test_weeks_of_waiting_are_asked_for_by_each_resume_and_nothing_is_made_twice() -> None:
    world = World(nodes=("cucm-sub1",))
    world.authority.waiting = {("cucm-sub1", "ipsec")}
    for _ in range(3):
        assert Outcome.WAITING is world.resume()
        world.clock.began += 7 * 86_400.0
    assert 3 == len(world.of(Waiting))
    assert 1 == len(world.acts("generate_csr")) == len(world.authority.submitted)


def test_a_hold_outweighs_a_wait() -> None:
    world = World()
    world.authority.waiting = {("cucm-sub2", "ipsec")}
    world.client.order(
        "upload_trust",
        "cucm-sub1",
        Refused("UCM-UPLOAD-E7", "no", where="x", why="y", next="n", answer="Error in CA certificate"),
    )
    assert Outcome.HELD is world.run()
    assert isinstance(world.history.stop, Held)


def test_a_wait_after_a_hold_does_not_hide_it() -> None:
    """The surprise comes first, and an answer of the CA that was under way comes in as pending afterwards."""
    world = World()
    world.authority.waiting = {(host, "ipsec") for host in ("cucm-pub", "cucm-sub1", "imp-pub")}
    world.client.nodes["cucm-sub2"].requests["ipsec"] = request("cucm-sub2.lab.example", key="ec", key_label="alien")

    async def slow(node: object) -> object:
        await world.clock.sleep(1.5)
        return await holding(node)

    holding = world.client.holding
    world.client.holding = lambda node, _part: slow(node) if node.host == "cucm-sub2" else holding(node)
    assert Outcome.HELD is world.run()
    kinds = [type(one) for one in world.events if isinstance(one, Held | Waiting)]
    assert Held in kinds[:-1]
    assert isinstance(world.history.stop, Held)


def test_after_a_hold_no_further_step_is_even_begun() -> None:
    world = World()
    asked: list[tuple[bool, str]] = []

    async def note(step: Step) -> None:
        asked.append((bool(world.of(Held)), step.id))

    world.gate = note
    world.client.nodes["cucm-sub2"].requests["ipsec"] = request("cucm-sub2.lab.example", key="ec", key_label="alien")
    assert Outcome.HELD is world.run()
    assert {"ipsec/cucm-pub/csr.generate", "ipsec/cucm-sub1/csr.generate"} <= set(world.history.done())
    assert [] == [step for after, step in asked if after and not step.endswith("csr.generate")]


def test_a_held_run_goes_on_after_a_person_mended_it() -> None:
    world = World()
    world.client.nodes["cucm-sub2"].requests["ipsec"] = request("cucm-sub2.lab.example", key="ec", key_label="alien")
    assert Outcome.HELD is world.run()
    assert Outcome.HELD is world.resume()
    world.client.nodes["cucm-sub2"].requests.clear()
    assert Outcome.DONE is world.resume()
    every_act_once(world)
    ends_well(world)


def test_single_sign_on_is_waited_for_before_and_after() -> None:
    world = World(with_node(cluster(), "cucm-pub", sso_enabled=True), purposes=("tomcat",))
    publisher = world.client.nodes["cucm-pub"]
    assert Outcome.WAITING is world.run()
    assert ["person"] == [one.who for one in world.of(Waiting)]
    assert [] == world.acts("upload_identity") + world.acts("restart_service")
    publisher.sso = False
    assert Outcome.WAITING is world.resume()
    assert "tomcat/cluster/person/sso.enable" == world.of(Waiting)[-1].step
    ends_well(world)
    publisher.sso = True
    assert Outcome.DONE is world.resume()
    every_act_once(world)


def test_single_sign_on_that_comes_back_in_the_window_holds_the_next_act() -> None:
    world = World(with_node(cluster(), "cucm-pub", sso_enabled=True), purposes=("tomcat",))
    world.run()
    publisher = world.client.nodes["cucm-pub"]
    publisher.sso = False

    def on_again(event: AnyEvent) -> None:
        if isinstance(event, Verified) and event.step == "tomcat/cucm-pub/identity.upload":
            publisher.sso = True

    world.on_event = on_again
    assert Outcome.HELD is world.resume()
    assert {"UCM-RULE-006"} == {one.finding.code for one in world.of(Held)}
    assert [("upload_identity", "cucm-pub", "tomcat")] == world.acts("upload_identity")


def test_single_sign_on_that_nobody_can_read_is_not_taken_for_off() -> None:
    world = World(with_node(cluster(), "cucm-pub", sso_enabled=True), purposes=("tomcat",))
    world.client.nodes["cucm-pub"].sso = None
    assert Outcome.HELD is world.run()
    assert [] == world.of(Verified, "tomcat/cluster/person/sso.disable")
    assert [] == world.acts("upload_identity")


def test_a_bug_of_ours_ends_the_run_and_is_not_swallowed() -> None:
    world = World()
    world.authority.troubles.append(ZeroDivisionError("a bug"))
    with pytest.raises(ZeroDivisionError):
        world.run()
    assert Outcome.DONE is world.resume()
    ends_well(world)


def test_a_cancelled_run_is_taken_up_like_a_crashed_one() -> None:
    world = World()

    async def main() -> None:
        task = asyncio.create_task(run_plan(world.context(), NoChance(), world.gate))
        await world.clock.sleep(5.3)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert 1 == len(asyncio.all_tasks())

    run_virtually(main())
    world.clock.began += 6.0
    assert Outcome.DONE is world.resume()
    ends_well(world)


def kill_points() -> int:
    world = World(purposes=("tomcat",), nodes=("cucm-sub1",))
    world.run()
    return len(world.events) - 1


@pytest.mark.parametrize("written", [True, False], ids=["after_the_append", "before_the_append"])
@pytest.mark.parametrize("point", range(kill_points()))
def test_killed_at_any_event_the_run_ends_the_same_and_repeats_nothing(point: int, written: bool) -> None:
    world = World(purposes=("tomcat",), nodes=("cucm-sub1",))
    left = [point]
    append = world.ledger.append

    def killing(event: AnyEvent) -> object:
        left[0] -= 1
        if left[0] == -1:
            if written:
                append(event)
            raise Killed
        return append(event)

    world.ledger.append = killing
    with pytest.raises(Killed):
        world.run()
    world.ledger.append = append
    world.clock.began += 100.0
    assert Outcome.DONE is world.resume()
    ends_well(world)
    every_act_once(world)
    reached = [one.state for one in world.of(StateReached)]
    assert [State.ISSUED, State.UPLOADED, State.ACTIVE, State.SERVED] == list(dict.fromkeys(reached))


def test_a_finished_run_taken_up_again_does_nothing() -> None:
    world = World(nodes=("cucm-sub1",))
    world.run()
    before = list(world.client.acts)
    assert Outcome.DONE is world.resume()
    assert before == world.client.acts


def test_an_empty_plan_is_done() -> None:
    world = World(purposes=("tomcat",), nodes=("nobody",))
    assert () == world.plan.steps
    assert Outcome.DONE is world.run()


def test_lost_answers_everywhere_change_nothing_in_the_end() -> None:
    world = World(purposes=())
    for host in HOSTS:
        for verb in ("generate_csr", "upload_trust", "upload_identity", "restart_service"):
            world.client.order(verb, host, "lost")
        world.client.order("holding", host, unknown())
        world.client.order("services", host, unknown())
    assert Outcome.DONE is world.run()
    ends_well(world)
    every_act_once(world)


def test_a_plan_without_services_to_restart_is_active_when_it_is_stored() -> None:
    whole = with_node(cluster(), "cucm-sub1", services=())
    whole = with_node(whole, "cucm-pub", services=())
    world = World(whole, nodes=("cucm-sub1",))
    assert [] == [one for one in world.plan.steps if one.kind is StepKind.SERVICE_RESTART]
    assert Outcome.DONE is world.run()
    assert [State.ACTIVE] == [one.state for one in certificates(world.history)]


def test_the_clock_of_the_node_decides_what_a_restart_is() -> None:
    """A node four minutes behind: its start times are earlier than our own clock says the upload was."""
    whole = cluster(*(msgspec.structs.replace(one, clock_offset_s=-240.0) for one in cluster().nodes))
    world = World(whole, purposes=("tomcat",))
    assert Outcome.DONE is world.run()
    ends_well(world)
    every_act_once(world)
    assert NOW - 240 < float(world.of(Verified, "tomcat/cucm-sub1/identity.upload")[0].facts["node_utc"]) < NOW
