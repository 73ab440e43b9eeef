"""Promise: an epoch that phones notice ends when each is proven or signed for, else in a wait or hold by name."""

import pytest
from fake_phones import PARAMETER, FakePhone, PhoneWorld, some_phones

from ucmcert.errors import OutcomeUnknown, Refused
from ucmcert.model.event import Doubted, Held, PhonesSeen, Verified, Waiting
from ucmcert.model.phone import Proof
from ucmcert.model.states import State
from ucmcert.plan.options import Options
from ucmcert.run.limits import Limits
from ucmcert.run.outcome import Outcome, certificates

AT_ONCE = Options(reset="at-once")
P3 = "SEP000000000003"


def resets(world: PhoneWorld) -> list[str]:
    return [what for verb, _, what in world.client.acts if verb == "reset_pool"]


def last(world: PhoneWorld, kind: type):  # type: ignore[no-untyped-def]
    return world.of(kind)[-1]


def test_everybody_back_with_the_new_list_is_trusted_after_one_reset_each() -> None:
    world = PhoneWorld()
    assert Outcome.DONE is world.run()
    assert ["Branch", "HQ"] == resets(world)
    assert {1} == {one.resets for one in world.client.handsets.values()}
    assert {State.TRUSTED} == {one.state for one in certificates(world.history)}
    gate = world.history.phones[world.step("phones.gate", "all")]
    assert {"checksum": 11} == gate.counts
    assert 11 == len(gate.states)


def test_the_baseline_holds_every_phone_before_anything_changes() -> None:
    world = PhoneWorld(phones=some_phones(p1="obeys,off", p2="off"))
    world.run()
    seen = world.of(PhonesSeen)[0]
    assert world.step("phones.baseline") == seen.step
    assert {"checksum": 9, "registered": 1, "away": 1} == seen.counts
    assert 11 == len(seen.states)
    uploads = [at for at, one in enumerate(world.journal) if isinstance(one, tuple) and one[0] == "upload_identity"]
    assert world.journal.index(seen) < min(uploads)


def test_a_phone_without_a_page_is_handed_to_a_person_at_once_and_a_signature_closes_the_gate() -> None:
    world = PhoneWorld(phones=some_phones(p3="obeys,off"))
    assert Outcome.WAITING is world.run()
    wait = last(world, Waiting)
    assert ("person", True, True) == (wait.who, P3 in wait.what, "ucmcert approve r1 --phones" in wait.next)
    assert world.clock.now() - world.of(Verified, world.step("phones.reset", "rest"))[0].at < 600.0
    assert [P3] == [one.name for one in world.history.phones[wait.step].open]
    world.sign(wait.step, P3)
    assert Outcome.DONE is world.resume()
    assert {"checksum": 10, "signed": 1} == world.history.phones[wait.step].counts
    assert 1 == world.phone(3).resets


def test_a_phone_that_does_not_come_back_is_waited_for_and_then_named() -> None:
    world = PhoneWorld(phones=some_phones(p3="dead"), options=AT_ONCE)
    assert Outcome.WAITING is world.run()
    reset = world.of(Verified, world.step("phones.reset"))[0].at
    assert world.limits.phones_s <= last(world, Waiting).at - reset < world.limits.phones_s + 120.0
    world.back(3)
    assert Outcome.DONE is world.resume()
    assert ["Branch", "HQ"] == resets(world)


def test_one_phone_that_kept_its_old_list_stops_the_canary_wave_and_nobody_else_is_reset() -> None:
    world = PhoneWorld(phones=some_phones(p9="stuck"))
    assert Outcome.HELD is world.run()
    held = last(world, Held)
    assert ("UCM-RUN-023", True) == (held.finding.code, "SEP000000000009" in held.finding.what)
    assert ["Branch"] == resets(world)
    assert Proof.STALE is world.history.phones[held.step].open[0].proof
    world.back(9)
    assert Outcome.DONE is world.resume()
    assert ["Branch", "HQ"] == resets(world)


def test_a_throttled_cluster_is_unknown_and_ends_in_a_hold_that_says_so() -> None:
    world = PhoneWorld(options=AT_ONCE, limits=Limits(phones_s=600.0, patience_s=300.0))
    reset = world.step("phones.reset")

    def watch(event: object) -> None:
        if isinstance(event, Verified) and event.step == reset:
            world.client.throttled = True

    world.on_event = watch
    assert Outcome.HELD is world.run()
    held = last(world, Held)
    assert ("UCM-RUN-018", True) == (held.finding.code, "Exceeded allowed rate" in held.finding.why)
    assert world.step("phones.gate") not in world.history.phones
    world.client.throttled = False
    assert Outcome.DONE is world.resume()
    assert 2 == len(resets(world))


def test_a_picture_with_a_silent_node_never_counts_a_phone_as_away() -> None:
    world = PhoneWorld(options=AT_ONCE, limits=Limits(phones_s=300.0, patience_s=300.0))
    whole = world.client.sightings

    async def without(publisher, names=None):  # type: ignore[no-untyped-def]
        picture = await whole(publisher, names)
        if world.step("phones.reset") not in world.history.verified:
            return picture
        here = tuple(one for one in picture.sightings if one.name != P3)
        return picture.__class__(
            observed_at=picture.observed_at, sightings=here, complete=False, missing="cucm-sub2 does not answer"
        )

    world.client.sightings = without  # type: ignore[method-assign]
    assert Outcome.HELD is world.run()
    assert "cucm-sub2 does not answer" in last(world, Held).finding.why
    assert Proof.UNKNOWN is last(world, PhonesSeen).open[0].proof


@pytest.mark.parametrize(("fault", "sent"), [("lost", 1), ("dropped", 2)])
def test_a_reset_is_repeated_only_when_the_phones_did_not_move(fault: str, sent: int) -> None:
    world = PhoneWorld(options=AT_ONCE)
    world.client.order("reset_pool", "cucm-pub", fault)
    assert Outcome.DONE is world.run()
    assert ["Branch"] * sent + ["HQ"] == sorted(resets(world))
    assert {1} == {one.resets for one in world.client.handsets.values()}


def test_a_reset_that_is_answered_and_moves_nobody_is_a_hold() -> None:
    world = PhoneWorld(phones=tuple(_deaf(one) for one in some_phones()), options=AT_ONCE)
    assert Outcome.HELD is world.run()
    assert ("UCM-RUN-017", world.step("phones.reset")) == (last(world, Held).finding.code, last(world, Held).step)
    assert 2 == len(resets(world))


def _deaf(one: FakePhone) -> FakePhone:
    one.habit = "deaf"
    return one


def test_phones_that_a_person_resets_in_mid_epoch_change_nothing() -> None:
    world = PhoneWorld(options=AT_ONCE)

    def by_hand(event: object) -> None:
        if isinstance(event, Verified) and event.step.endswith("cucm-sub1/identity.upload"):
            world.client.reset("HQ")

    world.on_event = by_hand
    assert Outcome.DONE is world.run()


def test_a_phone_that_vanishes_from_the_database_is_nobodys_to_wait_for() -> None:
    world = PhoneWorld(phones=some_phones(p3="dead"), options=AT_ONCE)

    def delete(event: object) -> None:
        if isinstance(event, PhonesSeen) and event.step == world.step("phones.gate"):
            world.client.handsets.pop(P3, None)

    world.on_event = delete
    assert Outcome.DONE is world.run()
    assert {"checksum": 10} == world.history.phones[world.step("phones.gate")].counts


def test_absent_phones_that_the_plan_names_may_stay_away_but_not_come_back_with_an_old_list() -> None:
    world = PhoneWorld(phones=some_phones(p3="off"), options=AT_ONCE)
    assert Outcome.DONE is world.run()
    assert {"checksum": 10, "signed": 1} == world.history.phones[world.step("phones.gate")].counts
    other = PhoneWorld(phones=some_phones(p3="off"), options=AT_ONCE)

    def come_back(event: object) -> None:
        if isinstance(event, Verified) and event.step == other.step("phones.reset"):
            other.client.move(other.phone(3), registered=True)

    other.on_event = come_back
    other.phone(3).itl = "00" * 20
    assert Outcome.WAITING is other.run()
    assert P3 in last(other, Waiting).what


def test_a_mismatch_that_the_plan_did_not_name_stops_before_the_first_change() -> None:
    world = PhoneWorld()
    world.phone(3).itl = "00" * 20
    assert Outcome.WAITING is world.run()
    assert (world.step("phones.baseline"), True) == (last(world, Waiting).step, P3 in last(world, Waiting).what)
    assert [] == world.acts("upload_identity")
    world.sign(world.step("phones.baseline"), P3)
    assert Outcome.DONE is world.resume()


def test_a_tftp_node_that_is_not_reached_ends_in_a_hold_by_name() -> None:
    world = PhoneWorld(limits=Limits(patience_s=60.0))
    silent = OutcomeUnknown("UCM-NET-003", "no answer in time", where="cucm-sub1", why="10 s passed")

    def cut(event: object) -> None:
        if isinstance(event, Verified) and event.step.endswith("cucm-sub2/served.check"):
            world.client.order("show_list", "cucm-sub1", *[silent] * 500)

    world.on_event = cut
    assert Outcome.HELD is world.run()
    assert ("UCM-RUN-018", True) == (last(world, Held).finding.code, "cucm-sub1" in last(world, Held).finding.why)


def test_two_anchors_close_one_after_the_other_and_a_backup_lies_between() -> None:
    world = PhoneWorld(purposes=("CallManager", "TVS"))
    assert Outcome.DONE is world.run()
    assert {2} == {one.resets for one in world.client.handsets.values()}
    order = [
        (one[0], one[2]) for one in world.client.acts if one[0] in ("upload_identity", "reset_pool", "start_backup")
    ]
    assert [*[("upload_identity", "CallManager")] * 3, ("reset_pool", "Branch"), ("reset_pool", "HQ")] == order[:5]
    assert ("start_backup", "dev1") == order[5]
    assert ("upload_identity", "TVS") == order[6]


def test_mixed_mode_updates_the_ctl_before_any_restart_and_phones_must_hold_it() -> None:
    world = PhoneWorld(purposes=("CallManager",), mixed=True)
    assert Outcome.DONE is world.run()
    verbs = [one[0] for one in world.client.acts]
    assert 1 == verbs.count("update_ctl")
    assert verbs.index("update_ctl") < verbs.index("restart_service")
    assert world.phone(0).ctl


@pytest.mark.parametrize(("fault", "sent"), [("lost", 1), ("dropped", 2), (30.0, 1)])
def test_a_ctl_update_is_not_sent_again_while_it_may_run(fault: str | float, sent: int) -> None:
    world = PhoneWorld(purposes=("CallManager",), mixed=True)
    world.client.order("update_ctl", "cucm-pub", fault)
    assert Outcome.DONE is world.run()
    assert sent == len(world.acts("update_ctl"))


def test_a_refused_ctl_update_holds_with_the_nodes_own_words() -> None:
    world = PhoneWorld(purposes=("CallManager",), mixed=True)
    words = "The CTL Provider service is not running"
    refusal = Refused("UCM-CLI-011", "refused", where="cucm-pub", why="no", next="look", answer=words)
    world.client.order("update_ctl", "cucm-pub", refusal)
    assert Outcome.HELD is world.run()
    assert words == last(world, Held).answer
    assert [] == world.acts("restart_service")


def test_itl_recovery_goes_out_in_two_passes() -> None:
    world = PhoneWorld(purposes=("ITLRecovery",))
    assert Outcome.DONE is world.run()
    assert {2} == {one.resets for one in world.client.handsets.values()}
    assert 1 == len(world.acts("regenerate"))
    assert 1 == len(world.acts("reset_localkey"))
    assert {State.TRUSTED} == {one.state for one in certificates(world.history)}
    assert all(one.new for one in certificates(world.history))


@pytest.mark.parametrize("verb", ["regenerate", "reset_localkey"])
def test_what_changes_the_main_anchor_is_done_once_although_its_answer_is_lost(verb: str) -> None:
    world = PhoneWorld(purposes=("ITLRecovery",))
    world.client.order(verb, "cucm-pub", "lost")
    assert Outcome.DONE is world.run()
    assert 1 == len(world.acts(verb))


def test_automatic_resets_are_made_manual_for_the_run_and_the_old_value_comes_back() -> None:
    options = Options(interaction="manual-for-the-run")
    world = PhoneWorld(options=options, interaction="automatic")
    assert Outcome.DONE is world.run()
    assert [f"{PARAMETER}=1", f"{PARAMETER}=0"] == [one[2] for one in world.acts("set_parameter")]
    assert [] == world.of(Doubted, "phones.quiet")


def test_a_parameter_that_somebody_changed_meanwhile_is_a_hold() -> None:
    world = PhoneWorld(options=Options(interaction="manual-for-the-run"), interaction="automatic")
    world.client.settings[PARAMETER] = "never heard of"
    assert Outcome.HELD is world.run()
    assert "UCM-RUN-025" == last(world, Held).finding.code


def test_where_phones_reset_by_themselves_each_upload_waits_until_they_are_quiet() -> None:
    world = PhoneWorld(interaction="automatic")

    def by_itself(event: object) -> None:
        if isinstance(event, Verified) and event.step.endswith("/identity.upload"):
            world.client.reset("HQ")

    world.on_event = by_itself
    assert Outcome.DONE is world.run()
    uploads = [one for one in world.of(Verified) if one.step.endswith("/identity.upload")]
    quiet = [one for one in world.of(Verified) if one.step.endswith("/phones.quiet")]
    assert 3 == len(quiet)
    for upload, calm in zip(uploads, quiet, strict=True):
        assert calm.at - upload.at >= 90.0 + world.limits.quiet_s


def test_pages_are_opened_for_the_run_and_closed_again() -> None:
    world = PhoneWorld(phones=some_phones(p3="obeys,off"), options=Options(pages="open-for-the-run", reset="at-once"))

    def obey(event: object) -> None:
        if isinstance(event, Verified) and event.step == world.step("phones.reset"):
            world.phone(3).page = "on"

    world.on_event = obey
    assert Outcome.DONE is world.run()
    assert [f"{P3} True", f"{P3} False"] == [one[2] for one in world.acts("set_phone_page")]
    assert {"checksum": 11} == world.history.phones[world.step("phones.gate")].counts


def test_a_page_that_came_on_by_a_signed_configuration_proves_even_when_it_tells_no_checksum() -> None:
    world = PhoneWorld(phones=some_phones(p3="obeys,off"), options=Options(pages="open-for-the-run", reset="at-once"))

    def obey(event: object) -> None:
        if isinstance(event, Verified) and event.step == world.step("phones.reset"):
            world.phone(3).page = "mute"

    world.on_event = obey
    assert Outcome.DONE is world.run()
    assert {"checksum": 10, "probe": 1} == world.history.phones[world.step("phones.gate")].counts


def test_a_page_that_came_on_before_the_reset_proves_nothing() -> None:
    world = PhoneWorld(phones=some_phones(p3="obeys,off"), options=Options(pages="open-for-the-run", reset="at-once"))

    def early(event: object) -> None:
        if isinstance(event, Verified) and event.step.endswith("cucm-sub2/identity.upload"):
            world.phone(3).page = "mute"

    world.on_event = early
    assert Outcome.WAITING is world.run()
    assert P3 in last(world, Waiting).what


def test_without_a_device_a_person_makes_the_backup_and_it_must_be_newer() -> None:
    world = PhoneWorld(devices=())
    assert Outcome.WAITING is world.run()
    assert ("person", world.step("backup.fresh")) == (last(world, Waiting).who, last(world, Waiting).step)
    assert Outcome.WAITING is world.resume()
    world.client.history.append(("b.tar", "SUCCESS"))
    assert Outcome.DONE is world.resume()
    assert [] == world.acts("start_backup")


def test_a_backup_that_fails_is_a_hold_and_is_tried_again_after_it() -> None:
    world = PhoneWorld()
    world.client.backup_result = "ERROR"
    assert Outcome.HELD is world.run()
    assert "UCM-RUN-028" == last(world, Held).finding.code
    world.client.backup_result = "SUCCESS"
    assert Outcome.DONE is world.resume()
    assert 2 == len(world.acts("start_backup"))
