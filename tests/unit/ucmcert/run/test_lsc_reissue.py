"""Promise: a new CAPF leaves no secure phone with an LSC that nobody trusts, and no order is guessed or doubled."""

import pytest
from fake_cluster import NOW
from fake_lsc import OLD, SECURE, LscWorld, secure_phones
from fake_phones import some_phones

from ucmcert.model.event import Doubted, ExceptionsSigned, Held, Intended, PhonesSeen, Verified, Waiting
from ucmcert.model.phone import INSTALL, NO_OPERATION, Lsc, Proof
from ucmcert.plan.options import Options
from ucmcert.run.limits import Limits
from ucmcert.run.outcome import Outcome

ORDER = "CAPF/cluster/phones.lsc"
UPLOAD = "CAPF/cucm-pub/identity.upload"
LAST = "CAPF/cluster/phones.gate/1/all"


def ordered(world: LscWorld) -> list[str]:
    return [what.split(" ", 1)[0] for _, _, what in world.acts("renew_lsc")]


def kinds_in_order(world: LscWorld) -> list[str]:
    return list(dict.fromkeys(one.kind.value for one in world.plan.steps if one.purpose == "CAPF"))


def test_every_secure_phone_is_ordered_a_new_lsc_before_its_reset_and_has_it_at_the_gate() -> None:
    world = LscWorld(same_name=True)
    assert Outcome.DONE is world.run()
    assert list(SECURE) == ordered(world)
    assert {"By Null String"} == {what.split(" ", 1)[1] for _, _, what in world.acts("renew_lsc")}
    acts = [verb for verb, _, _ in world.client.acts if verb in ("update_ctl", "renew_lsc", "reset_pool")]
    assert ["update_ctl", "renew_lsc", "reset_pool"] == list(dict.fromkeys(acts))
    assert {"Upgrade Success"} == {world.client.lscs[name].status for name in SECURE}
    kinds = kinds_in_order(world)
    assert kinds.index("lists.check") < kinds.index("trust.kept") < kinds.index("phones.lsc")
    assert kinds.index("phones.lsc") < kinds.index("phones.reset")


def test_the_operator_s_way_to_authenticate_is_the_one_that_is_ordered() -> None:
    how = "By Existing Certificate (precedence to MIC)"
    world = LscWorld(options=Options(lsc="reissue", lsc_authentication=how))
    assert Outcome.DONE is world.run()
    assert f"{SECURE[0]} {how}" == world.acts("renew_lsc")[0][2]


def test_kept_lscs_hold_a_capf_of_the_same_name_and_say_that_there_is_a_way() -> None:
    world = LscWorld("keep", same_name=True)
    assert Outcome.HELD is world.run()
    found = world.of(Held)[-1].finding
    assert ("UCM-RULE-016", True) == (found.code, 'lsc = "reissue"' in found.next)
    assert [] == world.acts("upload_identity")


def test_kept_lscs_go_on_with_a_capf_of_a_new_name_and_the_old_one_is_proven_to_be_trusted_still() -> None:
    world = LscWorld("keep")
    assert Outcome.DONE is world.run()
    assert [] == ordered(world)
    facts = [one.fact for one in world.of(Verified, "CAPF/cucm-pub/trust.kept")[0].evidence]
    assert [f"{OLD.common_name} is still in {store}-trust" for store in ("CAPF", "CallManager")] == facts
    assert 1 == len(world.of(Verified, "CAPF/cucm-sub1/trust.kept")[0].evidence)


@pytest.mark.parametrize("lsc", ["keep", "reissue"])
def test_an_old_capf_that_is_gone_in_spite_of_the_new_name_holds_before_any_phone_is_reset(lsc: str) -> None:
    world = LscWorld(lsc)

    def drop(event: object) -> None:
        if isinstance(event, Verified) and event.step == UPLOAD:
            world.client.nodes["cucm-sub1"].trust["CallManager"].remove(OLD)

    world.on_event = drop
    assert Outcome.HELD is world.run()
    held = world.of(Held)[-1]
    assert ("UCM-RUN-046", "CAPF/cucm-sub1/trust.kept") == (held.finding.code, held.step)
    assert "CallManager-trust" in held.finding.what
    assert [] == world.acts("reset_pool")
    world.on_event = lambda event: None
    world.client.nodes["cucm-sub1"].trust["CallManager"].append(OLD)
    assert Outcome.DONE is world.resume()


def test_a_capf_of_the_same_name_may_push_the_old_one_out_where_lscs_are_issued_again() -> None:
    world = LscWorld(same_name=True)

    def drop(event: object) -> None:
        if isinstance(event, Verified) and event.step == UPLOAD:
            for here in world.client.nodes.values():
                here.trust["CallManager"].remove(OLD)

    world.on_event = drop
    assert Outcome.DONE is world.run()
    assert "is called" in world.of(Verified, "CAPF/cucm-pub/trust.kept")[0].evidence[0].fact


def test_a_phone_whose_operation_failed_or_waits_is_open_by_name_with_its_status() -> None:
    failed, left = SECURE[0], SECURE[1]
    world = LscWorld(limits=Limits(phones_s=900.0), options=Options(lsc="reissue", reset="at-once"))
    world.client.lsc_habits = {failed: "fails", left: "leaves"}
    assert Outcome.WAITING is world.run()
    waiting = world.of(Waiting)[-1]
    assert (LAST, "person") == (waiting.step, waiting.who)
    assert f"{failed} (Upgrade Failed)" in waiting.what
    assert f"{left} (Operation Pending, {INSTALL} waits)" in waiting.what
    assert "no LSC of the new CAPF" in waiting.what
    told = {one.name: (one.proof, one.lsc) for one in world.of(PhonesSeen, LAST)[-1].open}
    assert {failed: "Upgrade Failed", left: f"Operation Pending, {INSTALL} waits"} == {
        name: lsc for name, (_, lsc) in told.items()
    }
    assert {Proof.LSC} == {proof for proof, _ in told.values()}
    world.client.lscs |= dict.fromkeys((failed, left), Lsc(operation=NO_OPERATION, status="Upgrade Success"))
    assert Outcome.DONE is world.resume()


def test_a_failed_canary_holds_before_the_others_are_reset() -> None:
    world = LscWorld(limits=Limits(phones_s=900.0))
    canary = next(one.detail["pools"] for one in world.plan.steps if one.detail.get("wave") == "canary")
    inside = [name for name in SECURE if world.client.handsets[name].phone.pool == canary]
    world.client.lsc_habits = dict.fromkeys(inside, "fails")
    assert Outcome.HELD is world.run()
    assert ("UCM-RUN-023", True) == (
        world.of(Held)[-1].finding.code,
        "Upgrade Failed" in world.of(Held)[-1].finding.what,
    )
    assert [canary] == [what for _, _, what in world.acts("reset_pool")]


def test_who_is_signed_for_needs_no_lsc_and_who_stays_away_says_what_may_be_behind_it() -> None:
    world = LscWorld(
        phones=secure_phones(p1="dead"),
        limits=Limits(phones_s=900.0),
        options=Options(lsc="reissue", reset="at-once"),
    )
    world.client.lsc_habits = {SECURE[1]: "fails"}
    assert Outcome.WAITING is world.run()
    told = {one.name: (one.proof, one.lsc) for one in world.of(PhonesSeen, LAST)[-1].open}
    assert {
        SECURE[0]: (Proof.AWAY, f"Operation Pending, {INSTALL} waits"),
        SECURE[1]: (Proof.LSC, "Upgrade Failed"),
    } == told
    names = (SECURE[0], SECURE[1])
    world.record(ExceptionsSigned(at=world.clock.now(), run="r1", step=LAST, phones=names, by="ana", why="test"))
    assert Outcome.DONE is world.resume()
    assert {"signed": 2} == {key: n for key, n in world.of(PhonesSeen, LAST)[-1].counts.items() if key == "signed"}


def test_an_operation_that_nobody_can_read_holds_by_name_and_orders_nothing() -> None:
    world = LscWorld()
    world.client.unreadable = {SECURE[2]}
    assert Outcome.HELD is world.run()
    found = world.of(Held)[-1].finding
    assert ("UCM-RUN-043", True) == (found.code, SECURE[2] in found.what)
    assert ([], []) == (ordered(world), world.acts("reset_pool"))


def test_an_lsc_that_can_no_longer_be_read_at_the_gate_is_open() -> None:
    world = LscWorld(limits=Limits(phones_s=900.0), options=Options(lsc="reissue", reset="at-once"))

    def blind(event: object) -> None:
        if isinstance(event, Verified) and event.step == ORDER:
            world.client.unreadable = {SECURE[2]}

    world.on_event = blind
    assert Outcome.WAITING is world.run()
    assert {SECURE[2]: "cannot be read"} == {one.name: one.lsc for one in world.of(PhonesSeen, LAST)[-1].open}


def test_somebody_else_s_order_is_never_replaced() -> None:
    world = LscWorld()
    world.client.lscs[SECURE[0]] = Lsc(operation="Delete", status="Operation Pending")
    assert Outcome.HELD is world.run()
    found = world.of(Held)[-1].finding
    assert ("UCM-RUN-044", True) == (found.code, f"{SECURE[0]} (Delete)" in found.what)
    assert [] == ordered(world)


def test_after_a_crash_only_those_are_ordered_again_for_whom_nothing_waits() -> None:
    world = LscWorld()
    for name in SECURE[:3]:
        world.client.lscs[name] = Lsc(operation=INSTALL, status="Operation Pending")
    world.record(Intended(at=NOW, run="r1", step=ORDER, attempt=1, baseline={"count": "5"}))
    assert Outcome.DONE is world.run()
    assert list(SECURE[3:]) == ordered(world)


def test_a_phone_that_boots_by_itself_meanwhile_is_neither_ordered_twice_nor_missed() -> None:
    world = LscWorld()
    renew = world.client.renew_lsc

    async def renewed_and_booted(publisher: object, name: str, how: str) -> str:
        words = await renew(publisher, name, how)  # type: ignore[arg-type]
        if name == SECURE[-1]:
            seen = world.client.lsc_states

            async def then_it_boots(*asked: object) -> dict[str, Lsc]:
                found = await seen(*asked)  # type: ignore[arg-type]
                world.client.lscs[name] = Lsc(operation=NO_OPERATION, status="Upgrade Success")
                world.client.lsc_states = seen  # type: ignore[method-assign]
                return found

            world.client.lsc_states = then_it_boots  # type: ignore[method-assign]
        return words

    world.client.renew_lsc = renewed_and_booted  # type: ignore[method-assign]
    assert Outcome.DONE is world.run()
    assert list(SECURE) == ordered(world)


def test_an_order_that_is_confirmed_and_does_not_show_holds() -> None:
    world = LscWorld()
    world.client.order("renew_lsc", "cucm-pub", "ignored")
    assert Outcome.HELD is world.run()
    assert "UCM-RUN-017" == world.of(Held)[-1].finding.code
    assert [] == world.acts("reset_pool")


def test_a_lost_answer_is_asked_again() -> None:
    world = LscWorld()
    world.client.order("renew_lsc", "cucm-pub", "lost", "dropped")
    assert Outcome.DONE is world.run()
    assert [] == world.of(Doubted, ORDER)
    assert {"Upgrade Success"} == {world.client.lscs[name].status for name in SECURE}


def test_without_secure_phones_nothing_is_ordered() -> None:
    world = LscWorld(phones=some_phones())
    assert Outcome.DONE is world.run()
    assert ([], "no phone is secure") == (ordered(world), world.of(Verified, ORDER)[0].evidence[0].fact)


def test_without_an_inventory_from_before_the_old_capf_must_be_everywhere() -> None:
    class Blind(LscWorld):
        with_inventory = False

    world = Blind("keep")
    assert Outcome.HELD is world.run()
    held = {one.step: one.finding.code for one in world.of(Held)}
    assert dict.fromkeys(("CAPF/cucm-sub1/trust.kept", "CAPF/cucm-sub2/trust.kept"), "UCM-RUN-046") == held
