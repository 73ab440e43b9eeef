"""Promise: right before an act, facts decide: an anchor somebody left open, an open phone or a silent list says no."""

import msgspec
import pytest

from factory.certificates import NOW
from factory.clusters import with_node, with_service
from factory.phone_clusters import RELEASE_115, RELEASE_125, caller, leaf, phone_cluster, phones, with_lists
from ucmcert.knowledge.words import LANGUAGES, words
from ucmcert.model.cluster import Backup, Cluster, Identity, Served, ServiceStatus
from ucmcert.model.finding import Finding, Severity
from ucmcert.model.node import Role
from ucmcert.model.phone import PhoneState, Proof
from ucmcert.model.plan import Plan, StepKind
from ucmcert.plan.build import build
from ucmcert.plan.options import Options
from ucmcert.plan.rules import ask, rules_for
from ucmcert.plan.select import select

PAIR = (caller("cucm-pub", Role.PUBLISHER, release=RELEASE_125), caller("cucm-sub1", release=RELEASE_125))
WHOLE = phone_cluster(*PAIR, release=RELEASE_125)
MIXED = phone_cluster(*PAIR, release=RELEASE_125, mixed=True)
TVS = "Cisco Trust Verification Service"
CAPF_UPLOAD, CALL_UPLOAD, TVS_UPLOAD = (f"{name}/cucm-pub/identity.upload" for name in ("CAPF", "CallManager", "TVS"))
SUB1 = "cucm-sub1.lab.example"


def plan_of(whole: Cluster, *purposes: str, **options: object) -> Plan:
    items = select(whole, now=NOW, threshold_days=30, purposes=purposes)
    return build(whole, items, now=NOW, options=Options(**options))


PLAN = plan_of(WHOLE)
MIXED_PLAN = plan_of(MIXED)
AUTO = phone_cluster()
AUTO_PLAN = plan_of(AUTO)


def before(plan: Plan, step_id: str) -> frozenset[str]:
    ids = [one.id for one in plan.steps]
    return frozenset(ids[: ids.index(step_id)])


def asked(
    step_id: str, whole: Cluster = WHOLE, *, plan: Plan = PLAN, done: frozenset[str] | None = None, **more: object
) -> dict[str, dict[str, str]]:
    found = ask(plan.step(step_id), whole, plan, before(plan, step_id) if done is None else done, **more)
    for one in found:
        assert Severity.ERROR is one.severity
        for lang in LANGUAGES:
            assert words(one.code, lang, one.values).next
    return {one.code: one.values for one in found}


def renewed_by_hand(whole: Cluster, host: str, purpose: str, *, shown: bool = True) -> Cluster:
    """`purpose` of `host` was replaced and its service restarted, and nothing else was done."""
    facts = whole.facts(f"{host}.lab.example")
    new = leaf(purpose, host, label="by hand")
    kept = tuple(one for one in facts.holding.identities if one.purpose != purpose)
    held = msgspec.structs.replace(facts.holding, identities=(*kept, Identity(purpose=purpose, certificate=new)))
    port = {"CallManager": 5061, "TVS": 2445}.get(purpose, 0)
    served = tuple(Served(port=port, leaf=new) if shown and one.port == port else one for one in facts.served)
    return with_node(whole, host, holding=held, served=served)


def open_phone(name: str, proof: Proof) -> PhoneState:
    return PhoneState(name=name, pool="HQ", proof=proof)


@pytest.mark.parametrize(("whole", "plan"), [(WHOLE, PLAN), (MIXED, MIXED_PLAN), (AUTO, AUTO_PLAN)])
def test_in_its_turn_every_step_of_a_healthy_cluster_may_happen(whole: Cluster, plan: Plan) -> None:
    for step in plan.steps:
        assert {} == asked(step.id, whole, plan=plan), step.id


@pytest.mark.parametrize("host", ["cucm-pub", "cucm-sub1"])
@pytest.mark.parametrize("shown", [True, False])
def test_an_anchor_somebody_else_left_open_holds_every_other_one(host: str, shown: bool) -> None:
    whole = renewed_by_hand(WHOLE, host, "TVS", shown=shown)
    found = asked(CALL_UPLOAD, whole)
    assert {"UCM-RULE-024", "UCM-RULE-029"} == set(found)
    assert "TVS" == found["UCM-RULE-024"]["purpose"]
    assert {"UCM-RULE-024", "UCM-RULE-029"} == set(asked(CAPF_UPLOAD, whole))
    assert {} == asked(TVS_UPLOAD, whole)


@pytest.mark.parametrize("host", ["cucm-pub", "cucm-sub1"])
def test_an_anchor_that_somebody_else_renewed_and_finished_holds_too_since_nobody_looked_at_phones(host: str) -> None:
    found = asked(CALL_UPLOAD, with_lists(renewed_by_hand(WHOLE, host, "TVS")))
    assert {"UCM-RULE-029"} == set(found)
    assert "TVS" == found["UCM-RULE-029"]["purpose"]
    assert {} == asked(TVS_UPLOAD, with_lists(renewed_by_hand(WHOLE, host, "TVS")))


def test_a_ctl_that_lacks_a_new_callmanager_holds_tvs_in_mixed_mode() -> None:
    fresh = with_lists(renewed_by_hand(MIXED, "cucm-sub1", "CallManager"))
    stale = tuple(
        msgspec.structs.replace(new, records=old.records) if new.kind == "ctl" else new
        for new, old in zip(fresh.publisher.lists, MIXED.publisher.lists, strict=True)
    )
    assert {} == asked(TVS_UPLOAD, fresh, plan=MIXED_PLAN)
    found = asked(TVS_UPLOAD, with_node(fresh, "cucm-pub", lists=stale), plan=MIXED_PLAN)
    assert {"UCM-RULE-024": "ctl"} == {code: values["holder"] for code, values in found.items()}


@pytest.mark.parametrize("change", [{"verified": False}, {"present": False}, {"records": ()}])
def test_a_list_that_does_not_verify_or_is_not_there_holds(change: dict[str, object]) -> None:
    bad = msgspec.structs.replace(WHOLE.facts(SUB1).lists[0], **change)
    assert {"UCM-RULE-024"} == set(asked(CALL_UPLOAD, with_node(WHOLE, "cucm-sub1", lists=(bad,))))
    assert {"UCM-RULE-024"} == set(asked(CALL_UPLOAD, with_node(WHOLE, "cucm-sub1", lists=())))


def test_a_tvs_record_that_carries_only_a_hash_is_known_by_its_serial() -> None:
    listed = WHOLE.publisher.lists[0]
    hashed = tuple(msgspec.structs.replace(one, sha256="") if one.role == 21 else one for one in listed.records)
    whole = with_node(WHOLE, "cucm-pub", lists=(msgspec.structs.replace(listed, records=hashed),))
    assert {} == asked(CALL_UPLOAD, whole)
    by_hand = renewed_by_hand(whole, "cucm-sub1", "TVS")
    assert {"UCM-RULE-024", "UCM-RULE-029"} == set(asked(CALL_UPLOAD, by_hand))


def test_two_anchors_never_change_together_on_any_release_and_no_option_helps() -> None:
    for release in (RELEASE_115, RELEASE_125):
        whole = phone_cluster(release=release)
        for order in ("tvs-last", "tvs-first"):
            plan = plan_of(whole, order=order, reset="at-once", restart_set="security-guide")
            first, second = ("TVS", "CallManager") if order == "tvs-first" else ("CallManager", "TVS")
            gate = f"{first}/cluster/phones.gate/1/all"
            done = before(plan, gate)
            assert "UCM-RULE-017" in asked(f"{second}/cucm-pub/identity.upload", whole, plan=plan, done=done)


def test_a_gate_that_is_verified_but_did_not_close_on_phones_is_no_gate() -> None:
    assert {} == asked(TVS_UPLOAD, closed_gates=frozenset(before(PLAN, TVS_UPLOAD)))
    assert {"UCM-RULE-017"} == set(asked(TVS_UPLOAD, closed_gates=frozenset({"CAPF/cluster/phones.gate/1/all"})))


@pytest.mark.parametrize("proof", [Proof.REGISTERED, Proof.STALE, Proof.AWAY, Proof.UNKNOWN])
def test_an_open_phone_holds_the_next_anchor_until_somebody_signs_for_it(proof: Proof) -> None:
    phone = (open_phone("SEP001", proof),)
    assert {"UCM-RULE-025": {"count": "1", "names": "SEP001"}} == asked(TVS_UPLOAD, open_phones=phone)
    assert {} == asked(TVS_UPLOAD, open_phones=phone, signed=frozenset({"SEP001"}))
    assert {} == asked(CAPF_UPLOAD, open_phones=phone)


@pytest.mark.parametrize("proof", [Proof.CHECKSUM, Proof.PROBE, Proof.STATUS, Proof.NO_LISTS, Proof.SIGNED])
def test_a_proven_phone_holds_nothing(proof: Proof) -> None:
    assert {} == asked(TVS_UPLOAD, open_phones=(open_phone("SEP001", proof),))


def test_a_phone_approved_with_the_plan_may_stay_away_but_not_come_back_stale() -> None:
    whole = phone_cluster(*PAIR, release=RELEASE_125, absent=("SEP001",))
    plan = plan_of(whole)
    assert {} == asked(TVS_UPLOAD, whole, plan=plan, open_phones=(open_phone("SEP001", Proof.AWAY),))
    stale = asked(TVS_UPLOAD, whole, plan=plan, open_phones=(open_phone("SEP001", Proof.STALE),))
    assert {"UCM-RULE-025"} == set(stale)


@pytest.mark.parametrize(
    "seen",
    [None, phones(500, rollback=True), phones(500, rollback=None), phones(500, complete=False), phones(5, problem="x")],
)
def test_without_known_phones_and_settings_nothing_starts(seen: object) -> None:
    whole = msgspec.structs.replace(WHOLE, phones=seen)
    assert {"UCM-RULE-026"} == set(asked(CAPF_UPLOAD, whole))
    unknown_mode = msgspec.structs.replace(WHOLE, mixed_mode=None)
    assert {"UCM-RULE-026"} == set(asked(CAPF_UPLOAD, unknown_mode))


def test_a_list_longer_than_phones_load_holds() -> None:
    listed = WHOLE.publisher.lists[0]
    long = msgspec.structs.replace(listed, records=(*listed.records, *(listed.records[:1] * 40)))
    assert {"UCM-RULE-027"} == set(asked(CAPF_UPLOAD, with_node(WHOLE, "cucm-pub", lists=(long,))))


def test_tvs_is_never_down_on_two_nodes_at_once() -> None:
    step = f"CAPF/cucm-sub1/service.restart/{TVS}"
    down = ServiceStatus(name=TVS, state="stopped")
    found = asked(step, with_service(WHOLE, "cucm-pub", down))
    assert {"UCM-RULE-014": {"service": TVS, "other": "cucm-pub.lab.example", "state": "stopped"}} == found
    assert {} == asked(step, with_service(WHOLE, "cucm-pub", ServiceStatus(name="Cisco Tftp", state="stopped")))


def test_services_go_one_after_the_other_and_the_publisher_first() -> None:
    done = before(PLAN, f"CAPF/cucm-pub/service.restart/{TVS}")
    assert {"UCM-RULE-013"} == set(asked(f"CAPF/cucm-sub1/service.restart/{TVS}", done=done))
    assert {"UCM-RULE-013"} == set(asked("CAPF/cucm-pub/service.restart/Cisco Tftp", done=done))
    assert {} == asked(f"CAPF/cucm-pub/service.restart/{TVS}", done=done)


def test_in_mixed_mode_the_ctl_comes_before_any_restart_and_not_for_tvs() -> None:
    done = before(MIXED_PLAN, "CallManager/cucm-pub/ctl.update")
    restart = f"CallManager/cucm-pub/service.restart/{TVS}"
    assert {"UCM-RULE-015"} == set(asked(restart, MIXED, plan=MIXED_PLAN, done=done))
    assert {} == asked("TVS/cucm-pub/service.restart/Cisco Tftp", MIXED, plan=MIXED_PLAN)


def test_phones_are_reset_after_the_last_restart_and_the_last_list() -> None:
    reset = "CallManager/cluster/phones.reset/1/canary"
    done = before(PLAN, reset)
    assert {"UCM-RULE-019"} == set(asked(reset, done=done - {"CallManager/cucm-sub1/lists.check/itl"}))
    late = "CallManager/cucm-sub1/service.restart/Cisco CallManager"
    assert {"UCM-RULE-020"} == set(asked(reset, done=done - {late}))
    rest = "CallManager/cluster/phones.reset/1/rest"
    assert {"UCM-RULE-021"} == set(asked(rest, done=before(PLAN, rest) - {"CallManager/cluster/phones.gate/1/canary"}))


def test_a_tftp_node_that_nobody_looked_at_keeps_phones_from_being_reset() -> None:
    quiet = with_service(WHOLE, "cucm-sub1", ServiceStatus(name="Cisco Tftp", state="stopped"))
    plan = plan_of(quiet, "TVS")
    assert {} == asked("TVS/cluster/phones.reset/1/canary", quiet, plan=plan)
    found = asked("TVS/cluster/phones.reset/1/canary", WHOLE, plan=plan)
    assert {"UCM-RULE-019": {"node": SUB1, "step": "-"}} == found


def test_a_backup_with_the_new_keys_comes_before_the_next_epoch() -> None:
    done = before(PLAN, CALL_UPLOAD)
    found = asked(CALL_UPLOAD, done=done - {"CAPF/cucm-pub/backup.fresh"})
    assert {"UCM-RULE-003", "UCM-RULE-022"} == set(found)


def test_the_next_upload_waits_until_phones_are_quiet() -> None:
    step = "CallManager/cucm-sub1/identity.upload"
    done = before(AUTO_PLAN, step)
    assert {} == asked(step, AUTO, plan=AUTO_PLAN, done=done)
    found = asked(step, AUTO, plan=AUTO_PLAN, done=done - {"CallManager/cucm-pub/phones.quiet"})
    assert {"UCM-RULE-023"} == set(found)


def test_nothing_changes_before_the_baseline_and_the_chain_stand() -> None:
    done = before(PLAN, CAPF_UPLOAD)
    assert {"UCM-RULE-018"} == set(asked(CAPF_UPLOAD, done=done - {"CAPF/cluster/phones.baseline"}))
    second = "CAPF/cucm-pub/trust.upload/CallManager-trust"
    assert {"UCM-RULE-012": {"store": "CallManager-trust", "step": second}} == asked(CAPF_UPLOAD, done=done - {second})


def test_a_capf_that_would_push_the_old_one_out_is_held_in_mixed_mode_only() -> None:
    same = Finding(code="UCM-CAPF-001", severity=Severity.WARNING, where="x", what="w", why="y", next="n", source="s")
    assert {"UCM-RULE-016"} == set(asked(CAPF_UPLOAD, MIXED, plan=MIXED_PLAN, standing=(same,)))
    assert {} == asked(CAPF_UPLOAD, standing=(same,))


def test_a_plan_that_issues_lscs_again_may_push_the_old_capf_out() -> None:
    same = Finding(code="UCM-CAPF-001", severity=Severity.WARNING, where="x", what="w", why="y", next="n", source="s")
    items = select(MIXED, now=NOW, threshold_days=30, purposes=("CAPF",))
    again = build(MIXED, items, now=NOW, options=Options(lsc="reissue"))
    assert {} == asked(CAPF_UPLOAD, MIXED, plan=again, standing=(same,))
    order = "CAPF/cluster/phones.lsc"
    done = before(again, order)
    assert {} == asked(order, MIXED, plan=again, done=done)
    looked = next(one for one in done if "/lists.check/" in one and one.startswith("CAPF/cucm-sub1"))
    assert {"UCM-RULE-019"} == set(asked(order, MIXED, plan=again, done=done - {looked}))
    restart = "CAPF/cucm-pub/service.restart/Cisco Certificate Authority Proxy Function"
    assert {"UCM-RULE-020"} == set(asked(order, MIXED, plan=again, done=done - {restart}))


def test_itlrecovery_is_brought_in_by_the_other_key_before_any_phone_boots() -> None:
    plan = plan_of(WHOLE, "ITLRecovery")
    reset = "ITLRecovery/cluster/phones.reset/1/canary"
    assert {} == asked(reset, plan=plan)
    found = asked(reset, plan=plan, done=before(plan, reset) - {"ITLRecovery/cucm-pub/list.reset/itl"})
    assert {"UCM-RULE-028"} == set(found)
    second = "ITLRecovery/cluster/phones.reset/2/canary"
    gate = "ITLRecovery/cluster/phones.gate/1/all"
    assert {"UCM-RULE-021"} == set(asked(second, plan=plan, done=before(plan, second) - {gate}))


def test_a_running_backup_stops_every_upload_that_phones_notice() -> None:
    busy = with_node(WHOLE, "cucm-pub", backup=Backup(running=True))
    for step in (CAPF_UPLOAD, CALL_UPLOAD, TVS_UPLOAD):
        assert {"UCM-RULE-004"} == set(asked(step, busy))


def test_without_phones_lists_and_gates_are_nobodys_business() -> None:
    empty = phone_cluster(*PAIR, release=RELEASE_125, total=0)
    plan = plan_of(empty)
    stale = renewed_by_hand(empty, "cucm-sub1", "TVS")
    assert {} == asked(CALL_UPLOAD, stale, plan=plan)


def test_the_rules_of_a_plain_purpose_are_those_they_were() -> None:
    assert ("UCM-RULE-001", "UCM-RULE-003", "UCM-RULE-004", "UCM-RULE-007", "UCM-RULE-008", "UCM-RULE-010") == (
        rules_for(StepKind.IDENTITY_UPLOAD, "ipsec")
    )
    assert ("UCM-RULE-002", "UCM-RULE-003", "UCM-RULE-004", "UCM-RULE-005", "UCM-RULE-011") == rules_for(
        StepKind.SERVICE_RESTART, "ipsec"
    )
