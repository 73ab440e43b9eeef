"""Promise: shared certificates, twins and rules right before an act are judged by what is seen now, node by node."""

import msgspec
import pytest
from fake_cluster import NOW
from fake_phones import PhoneWorld, leaf, some_phones

from factory.certificates import DAY, self_signed
from simulation.virtual_loop import run_virtually
from ucmcert.model.event import Held, Intended, PhonesSeen, Verified, Waiting
from ucmcert.model.phone import Phone, Proof, Sighting
from ucmcert.model.plan import Item, Phase, Plan, Reason, Step, StepKind
from ucmcert.model.states import State
from ucmcert.plan.options import Options
from ucmcert.run.kinds import KINDS
from ucmcert.run.observation import Done, Surprise, Todo, Unclear
from ucmcert.run.outcome import Outcome
from ucmcert.run.progress import state_of
from ucmcert.run.steps.phones.quiet import BOOT_S, sample
from ucmcert.run.steps.phones.reset import _movement

WHY = Reason(code="UCM-STEP-X", words="test", source="test")
PUB, SUB = "cucm-pub.lab.example", "cucm-sub1.lab.example"


def step(kind: StepKind, node: str = SUB, purpose: str = "CallManager", **detail: str) -> Step:
    name = f"{purpose}/{node}/{kind.value}"
    return Step(id=name, kind=kind, phase=Phase.CUT_OVER, node=node, purpose=purpose, reason=WHY, detail=detail)


def item(node: str, purpose: str, *, shared_from: str = "", last: State = State.TRUSTED) -> Item:
    return Item(
        node=node,
        purpose=purpose,
        old_sha256=leaf(node, purpose).sha256,
        not_after=NOW,
        reason=WHY,
        last_state=last,
        shared_from=shared_from,
    )


def planned(world: PhoneWorld, *steps: Step, items: tuple[Item, ...] = ()) -> Plan:
    """The world's plan with other steps and items, and its ledger's first entry with it."""
    plan = msgspec.structs.replace(world.plan, steps=steps, items=items or world.plan.items)
    world.plan = plan
    return plan


def look(world: PhoneWorld, one: Step):  # type: ignore[no-untyped-def]
    history = world.history
    history.started = msgspec.structs.replace(history.started, plan=world.plan)
    return run_virtually(KINDS[one.kind].observe(_context(world, history), one))


def _context(world: PhoneWorld, history):  # type: ignore[no-untyped-def]
    from fake_cluster import World

    return World.context(world, history)


def test_a_shared_certificate_is_waited_for_and_another_one_is_a_surprise() -> None:
    world = PhoneWorld(purposes=("CallManager",))
    assert Outcome.DONE is world.run()
    new = world.history.new_sha256(PUB, "CallManager")
    spread = step(StepKind.IDENTITY_SPREAD, of=PUB)
    items = (item(PUB, "CallManager", shared_from=PUB), item(SUB, "CallManager", shared_from=PUB))
    sign = world.plan.step("CallManager/cucm-pub/csr.sign")
    planned(world, sign, spread, items=items)
    here = world.client.nodes["cucm-sub1"].identities
    here["CallManager"] = leaf(SUB, "CallManager")
    assert "UCM-RUN-031" == look(world, spread).code
    here["CallManager"] = world.client.nodes["cucm-pub"].identities["CallManager"]
    seen = look(world, spread)
    assert isinstance(seen, Done)
    assert new == seen.facts["sha256"]
    here["CallManager"] = self_signed("by hand", not_after=NOW + 700 * DAY, key_label="by hand")
    assert isinstance(look(world, spread), Surprise)


def test_who_shares_a_certificate_shares_its_proofs_and_its_fingerprint() -> None:
    world = PhoneWorld(purposes=("CallManager",))
    assert Outcome.DONE is world.run()
    shared = item(SUB, "CallManager", shared_from=PUB)
    sign = world.plan.step("CallManager/cucm-pub/csr.sign")
    spread = step(StepKind.IDENTITY_SPREAD, of=PUB)
    gate = step(StepKind.PHONES_GATE, node="demo")
    plan = planned(world, sign, spread, gate, items=(item(PUB, "CallManager", shared_from=PUB), shared))
    history = world.history
    history.started = msgspec.structs.replace(history.started, plan=plan)
    assert history.new_sha256(PUB, "CallManager") == history.new_sha256(SUB, "CallManager")
    assert (PUB, SUB) == history.shown_on(sign)
    assert State.ISSUED is state_of(shared, plan, frozenset({sign.id}))
    assert State.SERVED is state_of(shared, plan, frozenset({sign.id, spread.id}))
    assert State.TRUSTED is state_of(shared, plan, frozenset({sign.id, spread.id, gate.id}))


def test_without_a_gate_nothing_is_ever_trusted_and_a_twin_shares_its_anchors_gates() -> None:
    world = PhoneWorld()
    twin = item(PUB, "CallManager-ECDSA")
    gate = step(StepKind.PHONES_GATE, node="demo", purpose="CallManager")
    bare = msgspec.structs.replace(world.plan, steps=())
    assert State.SERVED is state_of(twin, bare, frozenset())
    with_gate = msgspec.structs.replace(world.plan, steps=(gate,))
    assert State.SERVED is state_of(twin, with_gate, frozenset())
    assert State.TRUSTED is state_of(twin, with_gate, frozenset({gate.id}))


def test_a_certificate_made_by_hand_is_never_taken_for_our_regeneration() -> None:
    world = PhoneWorld(purposes=("ITLRecovery",))
    one = world.plan.step("ITLRecovery/cucm-pub/identity.regenerate")
    assert isinstance(look(world, one), Todo)
    world.client.nodes["cucm-pub"].identities["ITLRecovery"] = self_signed("x", not_after=NOW + 9 * DAY, key_label="x")
    assert "UCM-RUN-003" == look(world, one).finding.code
    old = leaf(PUB, "ITLRecovery").sha256
    world.record(Intended(at=NOW, run="r1", step=one.id, attempt=1, baseline={"sha256": old}))
    assert isinstance(look(world, one), Done)


def test_another_anchor_that_somebody_changed_between_two_epochs_closes_the_door() -> None:
    world = PhoneWorld(purposes=("CallManager", "TVS"))
    backup = "CallManager/cucm-pub/backup.fresh"

    def by_hand(event: object) -> None:
        if isinstance(event, Verified) and event.step == backup:
            new = self_signed("ITLRECOVERY_new", not_after=NOW + 700 * DAY, key_label="by hand")
            world.client.nodes["cucm-pub"].identities["ITLRecovery"] = new

    world.on_event = by_hand
    assert Outcome.HELD is world.run()
    held = world.of(Held)[-1]
    assert ("UCM-RULE-029", True) == (held.finding.code, held.step.startswith("TVS/"))
    assert [] == [one for one in world.acts("upload_identity") if one[2] == "TVS"]


def test_tvs_that_is_down_elsewhere_stops_the_restart_of_the_next() -> None:
    world = PhoneWorld()

    def stop(event: object) -> None:
        if isinstance(event, Verified) and event.step == "TVS/cucm-sub1/service.restart/Cisco Tftp":
            service = world.client.nodes["cucm-sub2"].services["Cisco Trust Verification Service"]
            service.down_for_good = "Commanded Out of Service"

    world.on_event = stop
    assert Outcome.HELD is world.run()
    assert "UCM-RULE-014" == world.of(Held)[-1].finding.code
    assert "cucm-sub2" in world.of(Held)[-1].finding.what


def test_the_rollback_parameter_is_read_again_before_an_identity_changes() -> None:
    world = PhoneWorld()
    baseline = world.step("phones.baseline")

    def prepare_rollback(event: object) -> None:
        if isinstance(event, Verified) and event.step == baseline:
            world.client.settings["RollBackToPreGrayback"] = "T"

    world.on_event = prepare_rollback
    assert Outcome.HELD is world.run()
    assert "UCM-RULE-026" == world.of(Held)[-1].finding.code
    assert [] == world.acts("upload_identity")


def test_a_gate_asks_only_for_those_still_open_and_keeps_what_a_wave_proved() -> None:
    world = PhoneWorld(phones=some_phones(p3="dead"))
    world.run()
    gates = [one for one in world.of(PhonesSeen) if "phones.gate" in one.step]
    assert 3 == len(world.history.phones[world.step("phones.gate", "canary")].states)
    assert 1 == world.client.asked[-1]
    assert [Proof.AWAY] == [one.proof for one in gates[-1].open]


def test_a_listed_service_that_a_stranger_restarted_before_the_last_upload_is_restarted_again() -> None:
    world = PhoneWorld()

    def early(event: object) -> None:
        if isinstance(event, Verified) and event.step == "TVS/cucm-pub/identity.upload":
            world.client.nodes["cucm-pub"].services["Cisco Tftp"].up_at = world.clock.now()

    world.on_event = early
    assert Outcome.DONE is world.run()
    assert 1 == len([one for one in world.acts("restart_service", "cucm-pub") if one[2] == "Cisco Tftp"])


@pytest.mark.parametrize(
    ("moved", "still", "off", "movement"),
    [(0, 0, 3, "nobody"), (1, 1, 0, "moved"), (1, 2, 0, "still"), (0, 1, 9, "still"), (1, 0, 9, "moved")],
)
def test_half_of_those_that_were_on_must_have_moved(moved: int, still: int, off: int, movement: str) -> None:
    def seen(at: int, *, registered: bool) -> Sighting:
        return Sighting(name="SEP1", node="cucm-pub", registered=registered, changed_at=at)

    all_of = [seen(200, registered=False)] * moved + [seen(50, registered=True)] * still
    assert movement == _movement(all_of + [seen(50, registered=False)] * off, 100.0)


def test_no_reset_goes_out_while_phones_are_on_their_way_back() -> None:
    world = PhoneWorld(purposes=("CallManager",))
    reset = next(one for one in world.plan.steps if one.kind is StepKind.PHONES_RESET)
    assert isinstance(look(world, reset), Todo)
    for handset in world.client.handsets.values():
        world.client.move(handset, registered=False)
    waits = look(world, reset)
    assert isinstance(waits, Unclear)
    assert "UCM-RUN-040" == waits.code
    world.clock.began += BOOT_S  # whoever is away longer is away
    assert isinstance(look(world, reset), Todo)


def test_a_sample_is_spread_over_everybody() -> None:
    phones = [Phone(name=f"SEP{at}", model="", pool="", protocol="SIP", group=()) for at in range(1000)]
    assert [f"SEP{at}" for at in range(0, 1000, 100)] == [one.name for one in sample(phones, 10)]
    assert tuple(phones[:3]) == sample(phones[:3], 10)


def test_a_look_in_the_middle_of_an_act_waits() -> None:
    world = PhoneWorld(purposes=("CallManager",), mixed=True)
    one = world.plan.step("CallManager/cucm-pub/ctl.update")
    world.client.nodes["cucm-pub"].identities["CallManager"] = leaf(PUB, "something else")
    assert isinstance(look(world, one), Todo)
    baseline = {"made_at": "0", "sha1": "00"}
    world.record(Intended(at=world.clock.now(), run="r1", step=one.id, attempt=1, baseline=baseline))
    assert isinstance(look(world, one), Unclear)
    world.clock.began += world.limits.settle_s
    assert isinstance(look(world, one), Todo)


def test_a_phone_that_went_away_since_the_plan_is_waited_for_and_then_asked_about() -> None:
    world = PhoneWorld(purposes=("CallManager",))
    baseline = world.plan.step(world.step("phones.baseline"))
    world.client.move(world.phone(3), registered=False)
    assert Outcome.WAITING is world.run()
    asked = world.of(Waiting)[-1]
    assert (baseline.id, True) == (asked.step, "SEP000000000003" in asked.what)
    assert [] == world.acts("upload_identity")
    world.sign(baseline.id, "SEP000000000003")
    assert Outcome.DONE is world.run()


def test_a_phone_that_comes_back_within_the_time_of_a_boot_is_not_asked_about() -> None:
    world = PhoneWorld(purposes=("CallManager",))
    world.client.move(world.phone(3), registered=False)
    world.phone(3).back_at = NOW + BOOT_S / 2
    assert Outcome.DONE is world.run()


def test_phones_that_were_away_when_the_plan_was_made_do_not_hold_the_baseline() -> None:
    world = PhoneWorld(purposes=("CallManager",), phones=some_phones(p3="off"))
    world.run()
    assert world.step("phones.baseline") in world.history.verified


def test_a_page_that_the_database_has_on_already_is_neither_opened_nor_closed() -> None:
    phones = some_phones(p3="obeys,off", p4="obeys,off")
    phones[4].page_set = True
    world = PhoneWorld(purposes=("CallManager",), phones=phones, options=Options(pages="open-for-the-run"))
    world.run()
    assert {"SEP000000000003 True"} == {one[2] for one in world.acts("set_phone_page")}


def test_a_list_that_no_phone_can_fetch_is_not_served() -> None:
    world = PhoneWorld(purposes=("CallManager",))
    check = next(one for one in world.plan.steps if (one.kind, one.node) == (StepKind.LISTS_CHECK, SUB))
    assert Outcome.DONE is world.run()
    assert isinstance(look(world, check), Done)
    world.client.nodes["cucm-sub1"].services["Cisco Tftp"].down_for_good = "Commanded Out of Service"
    seen = look(world, check)
    assert isinstance(seen, Unclear)
    assert ("UCM-RUN-035", True) == (seen.code, "cucm-sub1" in seen.what)
