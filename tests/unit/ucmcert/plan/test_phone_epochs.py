"""Promise: an epoch that phones notice holds the steps of the procedure in its order, and ends when phones follow."""

import msgspec
import pytest

from factory.certificates import NOW, self_signed
from factory.clusters import node_facts, with_node, with_service
from factory.phone_clusters import (
    FAR,
    RELEASE_14SU3,
    RELEASE_90,
    RELEASE_115,
    RELEASE_125,
    SOON,
    caller,
    phone_cluster,
    phones,
    with_lists,
)
from ucmcert.model.cluster import Cluster, Identity, ServiceStatus
from ucmcert.model.node import Role
from ucmcert.model.plan import Phase, Plan, StepKind
from ucmcert.plan.build import build
from ucmcert.plan.epochs.pace import gate_s
from ucmcert.plan.options import Options
from ucmcert.plan.rules import approved_away
from ucmcert.plan.select import select

PAIR = (caller("cucm-pub", Role.PUBLISHER, release=RELEASE_125), caller("cucm-sub1", release=RELEASE_125))
PURPOSES = ("CAPF", "CallManager", "TVS")


def pair(*, mixed: bool = False, **about: object) -> Cluster:
    """A publisher and a subscriber of 12.5, where phones reset only when they are told to."""
    return phone_cluster(*PAIR, release=RELEASE_125, mixed=mixed, **about)


def made(whole: Cluster, *purposes: str, options: Options = Options(), **chosen: object) -> Plan:  # noqa: B008
    items = select(whole, now=NOW, threshold_days=30, purposes=purposes, **chosen)
    return build(whole, items, now=NOW, options=options)


def window(plan: Plan, purpose: str = "") -> list[str]:
    steps = (one for one in plan.steps if one.phase is not Phase.PREPARE and purpose in ("", one.purpose))
    return [one.id.removeprefix(f"{purpose}/") for one in steps]


def kinds(plan: Plan) -> list[StepKind]:
    return list(dict.fromkeys(one.kind for one in plan.steps))


def of_kind(plan: Plan, kind: StepKind) -> list[str]:
    return [one.id for one in plan.steps if one.kind is kind]


def with_shared(whole: Cluster, purpose: str, common_name: str, *, until: int = SOON) -> Cluster:
    """`purpose` is one multi-server certificate on every CUCM node."""
    leaf = self_signed(common_name, not_after=until, key_label=f"shared {purpose} {common_name}")
    for facts in whole.nodes:
        kept = tuple(one for one in facts.holding.identities if one.purpose != purpose)
        held = msgspec.structs.replace(facts.holding, identities=(*kept, Identity(purpose=purpose, certificate=leaf)))
        whole = with_node(whole, facts.node.host, holding=held)
    return whole


def test_a_callmanager_epoch_in_mixed_mode_is_the_procedure_step_by_step() -> None:
    tvs, tftp = "Cisco Trust Verification Service", "Cisco Tftp"
    assert [
        "cluster/phones.baseline",
        "cucm-pub/backup.idle",
        "cucm-pub/identity.upload",
        "cucm-sub1/identity.upload",
        "cucm-pub/ctl.update",
        "cucm-pub/lists.check/ctl",
        "cucm-sub1/lists.check/ctl",
        f"cucm-pub/service.restart/{tvs}",
        f"cucm-sub1/service.restart/{tvs}",
        f"cucm-pub/service.restart/{tftp}",
        f"cucm-sub1/service.restart/{tftp}",
        "cucm-pub/service.restart/Cisco CallManager",
        "cucm-sub1/service.restart/Cisco CallManager",
        "cucm-pub/service.restart/Cisco CTIManager",
        "cucm-sub1/service.restart/Cisco CTIManager",
        "cucm-pub/served.check",
        "cucm-sub1/served.check",
        "cucm-pub/lists.check/itl,ctl",
        "cucm-sub1/lists.check/itl,ctl",
        "cluster/phones.reset/1/canary",
        "cluster/phones.gate/1/canary",
        "cluster/phones.reset/1/rest",
        "cluster/phones.gate/1/all",
        "cucm-pub/backup.fresh",
    ] == window(made(pair(mixed=True), "CallManager"), "CallManager")


def test_a_tvs_epoch_restarts_tftp_before_tvs_and_leaves_the_ctl_alone() -> None:
    plan = made(pair(mixed=True), "TVS")
    restarts = [one.split("/")[-1] for one in window(plan, "TVS") if "service.restart" in one]
    assert ["Cisco Tftp", "Cisco Tftp", *["Cisco Trust Verification Service"] * 2] == restarts
    assert StepKind.CTL_UPDATE not in kinds(plan)


def test_capf_restarts_on_every_node_though_only_the_publisher_is_renewed() -> None:
    plan = made(pair(), "CAPF")
    assert ["CAPF/cucm-pub/identity.upload"] == of_kind(plan, StepKind.IDENTITY_UPLOAD)
    restarts = [one for one in window(plan, "CAPF") if "service.restart" in one]
    assert 5 == len(restarts)
    assert "cucm-pub/service.restart/Cisco Certificate Authority Proxy Function" == restarts[-1]
    stores = [one.detail["store"] for one in plan.steps if one.kind is StepKind.TRUST_UPLOAD]
    assert ["CAPF-trust", "CallManager-trust"] == stores


@pytest.mark.parametrize(
    ("release", "signer"), [(RELEASE_115, "CallManager"), (RELEASE_125, "ITLRecovery"), (RELEASE_14SU3, "ITLRecovery")]
)
def test_lists_must_be_signed_as_the_release_signs_them(release: object, signer: str) -> None:
    plan = made(phone_cluster(release=release), "TVS")
    looks = [one for one in plan.steps if one.kind is StepKind.LISTS_CHECK]
    assert {"itl"} == {one.detail["lists"] for one in looks}
    assert {signer} == {one.detail["signer"] for one in looks}
    assert {one.node.name for one in phone_cluster(release=release).nodes} == {one.node for one in looks}


def test_each_purpose_has_an_epoch_of_its_own_in_the_order_of_the_seed() -> None:
    plan = made(pair())
    order = list(dict.fromkeys(one.purpose for one in plan.steps if one.phase is Phase.CUT_OVER))
    assert ["CAPF", "CallManager", "TVS"] == order
    first = made(pair(), options=Options(order="tvs-first"))
    order = list(dict.fromkeys(one.purpose for one in first.steps if one.phase is Phase.CUT_OVER))
    assert ["CAPF", "TVS", "CallManager"] == order
    for one in (plan, first):
        assert 3 == len(of_kind(one, StepKind.BACKUP_FRESH))
        assert 1 == len(of_kind(one, StepKind.PHONES_BASELINE))
        assert [] == [found.code for found in one.findings if found.code.startswith("UCM-RULE")]


def test_the_smallest_pool_is_the_canary_unless_somebody_chose_one() -> None:
    plan = made(pair(pools={"HQ": 300, "Lobby": 20, "Branch": 20, "Empty": 0}), "TVS")
    assert {"pools": "Branch", "wave": "canary", "pass": "1"} == plan.step("TVS/cluster/phones.reset/1/canary").detail
    gate = plan.step("TVS/cluster/phones.gate/1/canary")
    assert "0" == gate.detail["limit"]
    assert {"pools": "*", "wave": "rest", "pass": "1"} == plan.step("TVS/cluster/phones.reset/1/rest").detail
    assert "*" == plan.step("TVS/cluster/phones.gate/1/all").detail["pools"]
    chosen = made(pair(), "TVS", options=Options(canary="HQ", canary_limit=3))
    assert ("HQ", "3") == (
        chosen.step("TVS/cluster/phones.reset/1/canary").detail["pools"],
        chosen.step("TVS/cluster/phones.gate/1/canary").detail["limit"],
    )
    wrong = made(pair(), "TVS", options=Options(canary="Nobody"))
    assert ["UCM-PLAN-006"] == [one.code for one in wrong.findings]
    assert "Branch" == wrong.step("TVS/cluster/phones.reset/1/canary").detail["pools"]


@pytest.mark.parametrize(("about", "options"), [({"pools": {"HQ": 500}}, Options()), ({}, Options(reset="at-once"))])
def test_all_at_once_is_one_reset_and_one_gate(about: dict[str, object], options: Options) -> None:
    plan = made(pair(**about), "TVS", options=options)
    assert ["TVS/cluster/phones.reset/1/all"] == of_kind(plan, StepKind.PHONES_RESET)
    assert ["TVS/cluster/phones.gate/1/all"] == of_kind(plan, StepKind.PHONES_GATE)


def test_a_cluster_without_phones_waits_for_none_and_says_so() -> None:
    plan = made(pair(total=0))
    assert set() == {kind for kind in kinds(plan) if kind.value.startswith("phones.")}
    assert 3 == len(of_kind(plan, StepKind.BACKUP_FRESH))
    assert {"served"} == {item.last_state for item in plan.items}
    assert () == plan.forecast.phones


def test_phones_nobody_counted_are_waited_for() -> None:
    unknown = msgspec.structs.replace(pair(), phones=None)
    assert StepKind.PHONES_GATE in kinds(made(unknown, "TVS"))
    partly = msgspec.structs.replace(pair(), phones=phones(0, complete=False))
    assert StepKind.PHONES_GATE in kinds(made(partly, "TVS"))


def test_where_phones_reset_by_themselves_each_upload_waits_until_they_are_quiet() -> None:
    plan = made(phone_cluster(), "CallManager")
    assert [
        "cucm-pub/identity.upload",
        "cucm-pub/phones.quiet",
        "cucm-sub1/identity.upload",
        "cucm-sub1/phones.quiet",
        "cucm-sub2/identity.upload",
        "cucm-sub2/phones.quiet",
    ] == window(plan, "CallManager")[2:8]
    for other in ("unknown", "automatic"):
        assert StepKind.PHONES_QUIET in kinds(made(phone_cluster(interaction=other), "CallManager"))
    for calm in (phone_cluster(interaction="manual"), phone_cluster(release=RELEASE_125)):
        assert StepKind.PHONES_QUIET not in kinds(made(calm, "CallManager"))


def test_the_run_keeps_phones_still_when_asked_and_sets_it_back_at_the_end() -> None:
    manual = Options(interaction="manual-for-the-run", pages="open-for-the-run")
    plan = made(phone_cluster(silent=("SEP1",)), "TVS", options=manual)
    steps = [one for one in plan.steps if one.kind in (StepKind.PHONES_INTERACTION, StepKind.PHONES_PAGES)]
    name = "PhoneInteractionOnCertificateUpdate"
    assert [
        (Phase.CUT_OVER, {"parameter": name, "to": "manual", "back": "automatic"}),
        (Phase.CUT_OVER, {"to": "on"}),
        (Phase.CLOSE, {"to": "off"}),
        (Phase.CLOSE, {"parameter": name, "to": "automatic", "back": "manual"}),
    ] == [(one.phase, one.detail) for one in steps]
    assert StepKind.PHONES_QUIET not in kinds(plan)
    assert plan.steps[-1] == steps[-1]
    unnamed = made(phone_cluster(interaction_parameter=""), "TVS", options=manual)
    assert StepKind.PHONES_INTERACTION not in kinds(unnamed)
    assert StepKind.PHONES_QUIET in kinds(unnamed)
    assert StepKind.PHONES_PAGES not in kinds(unnamed)


def test_a_backup_is_started_only_on_the_one_device_there_is() -> None:
    def devices(plan: Plan) -> set[str]:
        return {one.detail["device"] for one in plan.steps if one.kind is StepKind.BACKUP_FRESH}

    whole = pair()
    assert {"nas"} == devices(made(whole, "TVS"))
    assert {""} == devices(made(whole, "TVS", options=Options(backup="wait")))
    two = msgspec.structs.replace(whole, backup_devices=("nas", "tape"))
    assert {""} == devices(made(two, "TVS"))
    assert ["UCM-PLAN-007"] == [one.code for one in made(two, "TVS").findings]


def test_a_ctl_signed_by_tokens_is_updated_by_a_person() -> None:
    whole = with_lists(phone_cluster(release=RELEASE_115, mixed=True))
    lists = {}
    for facts in whole.nodes:
        itl, ctl = facts.lists
        token = msgspec.structs.replace(ctl, signer_subject='cn="SAST-ADN008580ef";ou=IPCBU', signer_serial="8580EF")
        lists[facts.node.host] = (itl, token)
    for host, found in lists.items():
        whole = with_node(whole, host, lists=found)
    plan = made(whole, "CallManager")
    asked = [one for one in plan.steps if one.kind is StepKind.PERSON]
    assert [{"ask": "etoken.ctl"}] == [one.detail for one in asked]
    assert StepKind.CTL_UPDATE not in kinds(plan)
    ctl = [one.detail["signer"] for one in plan.steps if one.detail.get("lists") == "ctl"]
    assert [""] * 6 == ctl
    assert {"ask": "etoken.ctl"} in [one.detail for one in made(phone_cluster(release=RELEASE_90, mixed=True)).steps]


def test_only_a_shorter_list_of_restarts_that_somebody_chose_is_shorter() -> None:
    def services(chosen: str) -> list[str]:
        plan = made(phone_cluster(), "CallManager", options=Options(restart_set=chosen))
        return list(dict.fromkeys(one.detail["service"] for one in plan.steps if one.kind is StepKind.SERVICE_RESTART))

    assert ["Cisco HAProxy"] == services("security-guide")
    assert "Cisco HAProxy" not in services("cisco-217138")
    assert 5 == len(services("union"))


def test_a_multi_server_certificate_is_made_once_and_must_arrive_everywhere() -> None:
    whole = with_lists(with_shared(pair(), "CallManager", "cucm-pub-ms.lab.example"))
    plan = made(whole, "CallManager")
    assert ["CallManager/cucm-pub/csr.generate"] == of_kind(plan, StepKind.CSR_GENERATE)
    assert {"distribution": "multi-server"} == plan.step("CallManager/cucm-pub/csr.generate").detail
    assert ["CallManager/cucm-pub/identity.upload"] == of_kind(plan, StepKind.IDENTITY_UPLOAD)
    spread = plan.step("CallManager/cucm-sub1/identity.spread")
    assert {"of": "cucm-pub.lab.example"} == spread.detail
    assert ("CallManager/cucm-pub/identity.upload",) == spread.needs
    assert 2 == len(of_kind(plan, StepKind.SERVED_CHECK))


def test_a_multi_server_tomcat_restarts_and_is_looked_at_on_every_node() -> None:
    presence = node_facts("imp-pub", Role.IM_PRESENCE, tomcat_until=FAR, ipsec_until=FAR)
    whole = phone_cluster(*PAIR, presence, release=RELEASE_125)
    whole = with_shared(whole, "tomcat", "cucm-pub-ms.lab.example")
    plan = made(whole, "tomcat")
    assert ["tomcat/cucm-pub/identity.upload"] == of_kind(plan, StepKind.IDENTITY_UPLOAD)
    assert 2 == len(of_kind(plan, StepKind.IDENTITY_SPREAD))
    assert 3 == len(of_kind(plan, StepKind.SERVED_CHECK))
    reader = "tomcat/imp-pub/service.restart/Cisco Intercluster Sync Agent"
    assert reader in plan.step("tomcat/cucm-pub/identity.upload").needs
    first = plan.step("tomcat/cucm-pub/service.restart/Cisco Tomcat")
    assert set(of_kind(plan, StepKind.IDENTITY_SPREAD)) <= set(first.needs)


def test_a_tomcat_that_is_reused_is_followed_by_the_callmanager_block() -> None:
    name = "cucm-pub-ms.lab.example"
    whole = with_shared(with_shared(phone_cluster(), "tomcat", name), "CallManager", name)
    leaf = whole.publisher.holding.identity("tomcat")
    for facts in whole.nodes:
        same = Identity(purpose="CallManager", certificate=leaf)
        kept = tuple(one for one in facts.holding.identities if one.purpose != "CallManager")
        held = msgspec.structs.replace(facts.holding, identities=(*kept, same))
        whole = with_node(whole, facts.node.host, holding=held)
    plan = made(with_lists(whole), "tomcat", "TVS")
    order = list(dict.fromkeys(one.purpose for one in plan.steps if one.phase is Phase.CUT_OVER))
    assert {"CallManager", "tomcat", "TVS"} == set(order)
    assert order.index("tomcat") < order.index("TVS")
    ids = [one.id for one in plan.steps]
    assert ids.index("CallManager/cluster/phones.baseline") < ids.index("tomcat/cucm-pub/identity.upload")
    assert ids.index("tomcat/cucm-sub2/served.check") < ids.index("CallManager/cucm-pub/backup.idle")
    assert ids.index("CallManager/cluster/phones.gate/1/all") < ids.index("TVS/cucm-pub/identity.upload")
    assert "UCM-RULE-017" in plan.step("tomcat/cucm-pub/identity.upload").rules
    assert ["tomcat-trust", "CallManager-trust"] == [
        one.detail["store"] for one in plan.steps if one.kind is StepKind.TRUST_UPLOAD and one.purpose == "tomcat"
    ]
    assert [] == [one.code for one in plan.findings if one.code.startswith("UCM-RULE")]
    assert {0} == {one.lost for one in plan.forecast.phones if one.order == "plan"}


def test_itlrecovery_goes_through_two_passes_in_a_non_secure_cluster() -> None:
    assert [
        "cluster/phones.baseline",
        "cucm-pub/backup.idle",
        "cucm-pub/identity.regenerate",
        "cucm-pub/list.reset/itl",
        "cucm-pub/lists.check/1/itl",
        "cucm-sub1/lists.check/1/itl",
        "cluster/phones.reset/1/all",
        "cluster/phones.gate/1/all",
        "cucm-pub/service.restart/Cisco Trust Verification Service",
        "cucm-sub1/service.restart/Cisco Trust Verification Service",
        "cucm-pub/service.restart/Cisco Tftp",
        "cucm-sub1/service.restart/Cisco Tftp",
        "cucm-pub/lists.check/itl",
        "cucm-sub1/lists.check/itl",
        "cluster/phones.reset/2/all",
        "cluster/phones.gate/2/all",
        "cucm-pub/backup.fresh",
    ] == window(made(pair(), "ITLRecovery", options=Options(reset="at-once")), "ITLRecovery")


def test_itlrecovery_in_mixed_mode_is_carried_by_the_ctl() -> None:
    plan = made(pair(mixed=True), "ITLRecovery", options=Options(reset="at-once"))
    short = [one for one in window(plan, "ITLRecovery") if "sub1" not in one and "cluster" not in one]
    assert [
        "cucm-pub/backup.idle",
        "cucm-pub/identity.regenerate",
        "cucm-pub/list.reset/ctl",
        "cucm-pub/service.restart/Cisco CallManager",
        "cucm-pub/service.restart/Cisco CTIManager",
        "cucm-pub/lists.check/1/ctl",
        "cucm-pub/ctl.update",
        "cucm-pub/service.restart/Cisco Trust Verification Service",
        "cucm-pub/service.restart/Cisco Tftp",
        "cucm-pub/lists.check/itl,ctl",
        "cucm-pub/backup.fresh",
    ] == short
    signers = [one.detail["signer"] for one in plan.steps if one.kind is StepKind.LISTS_CHECK]
    assert ["CallManager", "CallManager", "ITLRecovery", "ITLRecovery"] == signers


def test_below_12_itlrecovery_is_one_more_record_and_one_pass_carries_it() -> None:
    plan = made(phone_cluster(release=RELEASE_115), "ITLRecovery")
    assert 3 == len(of_kind(plan, StepKind.IDENTITY_REGENERATE))
    assert StepKind.LIST_RESET not in kinds(plan)
    assert {"1"} == {one.detail["pass"] for one in plan.steps if one.kind is StepKind.PHONES_RESET}
    assert {"CallManager"} == {one.detail["signer"] for one in plan.steps if one.kind is StepKind.LISTS_CHECK}


def test_the_unused_capf_of_a_subscriber_moves_no_phone() -> None:
    callers = (PAIR[0], caller("cucm-sub1", release=RELEASE_125, capf=True))
    whole = phone_cluster(*callers, release=RELEASE_125)
    options = Options(capf_subscribers=True)
    plan = made(whole, "CAPF", options=options, capf_subscribers=True, nodes=("cucm-sub1",))
    assert ["CAPF/cucm-sub1/identity.regenerate"] == [one.id for one in plan.steps]
    assert ("UCM-RULE-003",) == plan.steps[0].rules
    both = made(whole, "CAPF", "TVS", options=options, capf_subscribers=True)
    assert "CAPF/cucm-sub1/csr.generate" not in [one.id for one in both.steps]
    assert [] == [one.code for one in both.findings if one.code.startswith("UCM-RULE")]


def test_absent_phones_are_approved_by_name_only_where_nothing_can_lock_them() -> None:
    away = ("SEP001", "SEP002")
    calm = made(pair(absent=away), "CallManager", "TVS")
    assert {"away": "SEP001,SEP002"} == calm.step("CallManager/cluster/phones.baseline").detail
    assert frozenset(away) == approved_away(calm)
    assert ["UCM-PLAN-003"] == [one.code for one in calm.findings]
    renewed = made(pair(absent=away), "ITLRecovery")
    old = made(phone_cluster(release=RELEASE_115, absent=away), "CallManager", "TVS")
    unread = made(with_node(pair(absent=away), "cucm-sub1", lists=()), "CallManager")
    for plan in (renewed, old, unread):
        assert frozenset() == approved_away(plan)
        assert ["UCM-PLAN-004"] == [one.code for one in plan.findings]


def test_mixed_mode_with_automatic_resets_is_advised_against() -> None:
    assert ["UCM-PLAN-005"] == [one.code for one in made(phone_cluster(mixed=True), "CallManager").findings]
    calm = Options(interaction="manual-for-the-run")
    assert [] == [one.code for one in made(phone_cluster(mixed=True), "CallManager", options=calm).findings]
    assert [] == [one.code for one in made(phone_cluster(mixed=True), "TVS").findings]


@pytest.mark.parametrize("release", [RELEASE_90, RELEASE_115, RELEASE_125, RELEASE_14SU3])
@pytest.mark.parametrize("mixed", [False, True])
def test_nobody_is_lost_by_the_plan_and_the_naive_order_is_told_with_its_price(release: object, mixed: bool) -> None:
    plan = made(phone_cluster(release=release, mixed=mixed), *PURPOSES, "ITLRecovery")
    rows = plan.forecast.phones
    assert {(0, "none")} == {(one.lost, one.lock) for one in rows if one.order == "plan"}
    assert {"hard"} == {one.lock for one in rows if one.order == "naive"}
    assert 500 == sum(one.lost for one in rows if one.order == "naive")


def test_a_service_that_does_not_run_shows_nothing_to_look_at() -> None:
    stopped = ServiceStatus(name="Cisco CallManager", state="stopped", reason="Service Not Activated")
    plan = made(with_service(pair(), "cucm-sub1", stopped), "CallManager")
    assert ["CallManager/cucm-pub/served.check"] == of_kind(plan, StepKind.SERVED_CHECK)
    assert "CallManager/cucm-sub1/service.restart/Cisco Tftp" in [one.id for one in plan.steps]


def test_gates_take_longer_the_more_phones_there_are() -> None:
    times = [gate_s(phones) for phones in (0, 1, 100, 1_000, 10_000, 40_000, 80_000)]
    assert times == sorted(times)
    assert (0, 780 + 4 + 32) == (times[0], times[3])
    assert times[-1] > times[-2] + 1_000


def test_phones_without_a_second_opinion_are_lost_and_the_plan_says_so() -> None:
    whole = phone_cluster(release=RELEASE_90)
    for facts in whole.nodes:
        stopped = ServiceStatus(name="Cisco Trust Verification Service", state="stopped")
        whole = with_service(whole, facts.node.host, stopped)
    plan = made(whole, "CallManager")
    assert {"UCM-PLAN-002"} == {one.code for one in plan.findings}
    assert {"hard"} == {one.lock for one in plan.forecast.phones}


def test_models_without_lists_cannot_follow_a_ctl_whose_signer_changes() -> None:
    old = {"secure, group of 2, no lists, no page": 7}
    plan = made(phone_cluster(release=RELEASE_115, mixed=True, classes=old), "CallManager")
    assert ["UCM-PLAN-002"] == [one.code for one in plan.findings]
    assert "7" == plan.findings[0].values["count"]
    assert [] == [one.code for one in made(phone_cluster(release=RELEASE_125, classes=old), "CallManager").findings]


SECURE = "secure, group of 2, lists, page"


@pytest.mark.parametrize(("lsc", "code"), [("keep", "UCM-PLAN-008"), ("reissue", "UCM-PLAN-009")])
def test_a_capf_plan_says_what_becomes_of_lscs_and_orders_new_ones_only_when_that_is_wanted(
    lsc: str, code: str
) -> None:
    whole = pair(mixed=True, classes={SECURE: 7, "not secure, group of 2, lists, page": 3})
    plan = made(whole, "CAPF", options=Options(lsc=lsc))  # type: ignore[arg-type]
    told = [one for one in plan.findings if one.code in ("UCM-PLAN-008", "UCM-PLAN-009")]
    assert [(code, "7")] == [(one.code, one.values["count"]) for one in told]
    assert "802.1X" in told[0].next
    steps = window(plan, "CAPF")
    looks = ["cucm-pub/trust.kept", "cucm-sub1/trust.kept"]
    order = ["cluster/phones.lsc"] if lsc == "reissue" else []
    reset = next(place for place, one in enumerate(steps) if "/phones.reset/" in one)
    assert looks + order == steps[reset - len(looks + order) : reset]
    assert "lists.check" in steps[reset - len(looks + order) - 1]


def test_the_order_of_lscs_says_how_phones_prove_themselves_and_which_stores_are_looked_at() -> None:
    how = "By Existing Certificate (precedence to LSC)"
    plan = made(pair(mixed=True), "CAPF", options=Options(lsc="reissue", lsc_authentication=how))
    assert {"authentication": how} == plan.step("CAPF/cluster/phones.lsc").detail
    assert {"stores": "CAPF-trust,CallManager-trust", "of": "cucm-pub.lab.example"} == plan.step(
        "CAPF/cucm-sub1/trust.kept"
    ).detail


def test_lscs_are_capf_s_business_alone_and_nobody_s_without_phones() -> None:
    again = Options(lsc="reissue")
    for plan in (
        made(pair(mixed=True), "CallManager", options=again),
        made(pair(mixed=True), "TVS", options=again),
        made(pair(total=0), "CAPF", options=again),
    ):
        assert {StepKind.PHONES_LSC, StepKind.TRUST_KEPT}.isdisjoint(kinds(plan))
        assert {"UCM-PLAN-008", "UCM-PLAN-009"}.isdisjoint(one.code for one in plan.findings)


def test_the_cost_of_opening_pages_is_told_and_grows_with_the_silent_phones() -> None:
    def told(*silent: str) -> list[str]:
        plan = made(pair(silent=silent), "TVS", options=Options(pages="open-for-the-run"))
        return [one.what for one in plan.findings if one.code == "UCM-PLAN-010"]

    assert [] == told()
    (one,) = told("SEP000000000001", "SEP000000000002")
    assert "2 phones, up to 6 AXL requests" in one
