"""Promise: the plan of a cluster holds the steps of the procedure, in its order, with its estimates and its reasons."""

from itertools import pairwise

import msgspec
import pytest

from factory.certificates import DAY, NOW, request
from factory.clusters import cluster, node_facts, with_node, with_service
from ucmcert.knowledge.words import LANGUAGES, catalogue
from ucmcert.model.cluster import Cluster, Identity, PendingRequest, ServiceStatus
from ucmcert.model.finding import Finding, Severity
from ucmcert.model.node import Role
from ucmcert.model.plan import Phase, Plan, Step, StepKind
from ucmcert.plan.build import build
from ucmcert.plan.cut_over import Options
from ucmcert.plan.reasons import SOURCES, reason, sentence
from ucmcert.plan.restarts import running_restarts
from ucmcert.plan.select import select
from ucmcert.plan.step_id import step_id
from ucmcert.plan.window_fit import block_s

FAR = NOW + 900 * DAY


def made(whole: Cluster, *, options: Options = Options(), **chosen: object) -> Plan:  # noqa: B008
    return build(whole, select(whole, now=NOW, threshold_days=30, **chosen), now=NOW, options=options)


def window(plan: Plan, purpose: str) -> list[str]:
    steps = (one for one in plan.steps if one.phase is Phase.CUT_OVER and one.purpose == purpose)
    return [one.id.removeprefix(f"{purpose}/") for one in steps]


def single(**changes: object) -> Cluster:
    return cluster(msgspec.structs.replace(node_facts("cucm-pub", Role.PUBLISHER), **changes))


def test_a_single_node_renews_tomcat_as_the_procedure_prints_it() -> None:
    plan = made(single(), purposes=("tomcat",))
    assert [
        "tomcat/cucm-pub/csr.generate",
        "tomcat/cucm-pub/csr.sign",
        "tomcat/cucm-pub/trust.upload",
        "tomcat/cucm-pub/backup.idle",
        "tomcat/cucm-pub/identity.upload",
        "tomcat/cucm-pub/service.restart/Cisco Tomcat",
        "tomcat/cucm-pub/service.restart/Cisco UDS Tomcat",
        "tomcat/cucm-pub/service.restart/Cisco AXL Tomcat",
        "tomcat/cucm-pub/service.restart/Cisco SSOSP Tomcat",
        "tomcat/cucm-pub/service.restart/Cisco DRF Master",
        "tomcat/cucm-pub/service.restart/Cisco DRF Local",
        "tomcat/cucm-pub/service.restart/Cisco Tftp",
        "tomcat/cucm-pub/served.check",
    ] == [step.id for step in plan.steps]
    for before, after in pairwise(plan.steps):
        assert before.id in after.needs
    assert {"ports": "443,8443"} == plan.steps[-1].detail
    assert {"store": "tomcat-trust"} == plan.steps[2].detail


def test_ipsec_restarts_master_then_local_publisher_first_and_shows_nowhere() -> None:
    plan = made(cluster(), purposes=("ipsec",))
    assert [
        "cucm-pub/backup.idle",
        "cucm-pub/identity.upload",
        "cucm-sub1/identity.upload",
        "cucm-sub2/identity.upload",
        "imp-pub/identity.upload",
        "cucm-pub/service.restart/Cisco DRF Master",
        "cucm-pub/service.restart/Cisco DRF Local",
        "cucm-sub1/service.restart/Cisco DRF Local",
        "cucm-sub2/service.restart/Cisco DRF Local",
        "imp-pub/service.restart/Cisco DRF Local",
    ] == window(plan, "ipsec")
    assert {"store": "ipsec-trust"} == plan.step("ipsec/imp-pub/trust.upload").detail


def test_no_restart_begins_before_every_identity_of_the_purpose_is_up() -> None:
    plan = made(cluster(), purposes=("ipsec",))
    first = plan.step("ipsec/cucm-pub/service.restart/Cisco DRF Master")
    uploads = {step.id for step in plan.steps if step.kind is StepKind.IDENTITY_UPLOAD}
    assert 4 == len(uploads)
    assert uploads <= set(first.needs)


def test_identities_after_the_publishers_go_up_side_by_side() -> None:
    plan = made(cluster(), purposes=("ipsec",))
    needs = ("ipsec/cucm-pub/backup.idle", "ipsec/cucm-pub/identity.upload")
    for host in ("cucm-sub1", "cucm-sub2", "imp-pub"):
        assert needs == plan.step(f"ipsec/{host}/identity.upload").needs


def test_presence_reads_the_chain_before_its_identity_comes() -> None:
    plan = made(cluster(), purposes=("tomcat",))
    reader = plan.step("tomcat/imp-pub/service.restart/Cisco Intercluster Sync Agent")
    assert "trust" == reader.detail["after"]
    assert reader.id in plan.step("tomcat/imp-pub/identity.upload").needs
    assert reader.id not in plan.step("tomcat/cucm-sub1/identity.upload").needs
    assert "UCM-STEP-SYNC" == reader.reason.code


def test_one_restart_reads_the_chains_of_every_purpose_of_a_run() -> None:
    voice = node_facts("imp-pub", Role.IM_PRESENCE)
    leaf = voice.holding.identity("tomcat")
    assert leaf is not None
    more = tuple(Identity(purpose=name, certificate=leaf) for name in ("cup-xmpp", "cup-xmpp-s2s"))
    holding = msgspec.structs.replace(voice.holding, identities=voice.holding.identities + more)
    whole = cluster(node_facts("cucm-pub", Role.PUBLISHER), msgspec.structs.replace(voice, holding=holding))

    def readers(*purposes: str) -> list[str]:
        plan = made(whole, purposes=purposes, force=True)
        return [one.id.split("/")[0] for one in plan.steps if one.detail.get("after") == "trust"]

    assert ["tomcat"] == readers("tomcat", "cup-xmpp", "cup-xmpp-s2s")
    assert ["cup-xmpp"] == readers("cup-xmpp", "cup-xmpp-s2s")
    assert ["cup-xmpp-s2s"] == readers("cup-xmpp-s2s")


def test_a_publisher_that_is_not_renewed_still_restarts_its_drf_master() -> None:
    plan = made(cluster(), purposes=("ipsec",), nodes=("cucm-sub1",))
    assert [
        "cucm-pub/backup.idle",
        "cucm-sub1/identity.upload",
        "cucm-pub/service.restart/Cisco DRF Master",
        "cucm-sub1/service.restart/Cisco DRF Local",
    ] == window(plan, "ipsec")
    assert ["UCM-PLAN-001"] == [one.code for one in plan.findings]


def test_a_publisher_in_the_plan_or_a_plan_of_tomcat_alone_needs_no_such_warning() -> None:
    assert () == made(cluster(), purposes=("ipsec",)).findings
    assert () == made(cluster(), purposes=("tomcat",), nodes=("cucm-sub1",)).findings


def test_tomcat_after_ipsec_is_the_operators_choice() -> None:
    plain = made(single(), purposes=("ipsec",))
    chosen = made(single(), purposes=("ipsec",), options=Options(tomcat_after_ipsec=True))
    assert [*window(plain, "ipsec"), "cucm-pub/service.restart/Cisco Tomcat"] == window(chosen, "ipsec")
    assert plain.digest != chosen.digest


@pytest.mark.parametrize("state", ["stopped", "starting", "stopping", "unknown"])
def test_what_does_not_run_is_not_restarted(state: str) -> None:
    whole = with_service(single(), "cucm-pub", ServiceStatus(name="Cisco Tftp", state=state))
    assert "cucm-pub/service.restart/Cisco Tftp" not in window(made(whole), "tomcat")


def test_a_node_spells_its_services_itself() -> None:
    primary = ServiceStatus(name="Cisco DRF Primary", state="started")
    pairs = running_restarts(msgspec.structs.replace(single().publisher, services=(primary,)), "ipsec")
    assert [("drf-master", "Cisco DRF Primary")] == [(service.key, name) for service, name in pairs]


def test_a_csr_that_waits_is_named_only_when_it_may_be_replaced() -> None:
    csr = request("cucm-pub.lab.example", key="ec").request
    held = single().publisher.holding
    pending = PendingRequest(purpose="tomcat", request=csr)
    whole = single(holding=msgspec.structs.replace(held, requests=(pending,)))
    assert {} == made(whole).step("tomcat/cucm-pub/csr.generate").detail
    replacing = made(whole, options=Options(replace_csr=True))
    assert {"replaces": csr.spki_sha256} == replacing.step("tomcat/cucm-pub/csr.generate").detail
    assert {} == replacing.step("ipsec/cucm-pub/csr.generate").detail


def test_single_sign_on_frames_the_whole_window() -> None:
    plan = made(with_node(cluster(), "cucm-sub1", sso_enabled=True))
    off, on = plan.step("tomcat/cluster/person/sso.disable"), plan.step("tomcat/cluster/person/sso.enable")
    assert (Phase.CUT_OVER, Phase.CLOSE) == (off.phase, on.phase)
    assert {"cucm-pub.lab.example"} == {off.node, on.node}
    assert {step.id for step in plan.steps if step.kind is StepKind.TRUST_UPLOAD} == set(off.needs)
    assert (off.id,) == plan.step("tomcat/cucm-pub/backup.idle").needs
    assert on is plan.steps[-1]


def test_single_sign_on_concerns_tomcat_alone() -> None:
    plan = made(with_node(cluster(), "cucm-pub", sso_enabled=True), purposes=("ipsec",))
    assert [] == [step for step in plan.steps if step.kind is StepKind.PERSON]


def test_findings_of_the_checks_travel_with_the_plan_and_are_part_of_the_yes() -> None:
    known = Finding(code="UCM-CHECK-007", severity=Severity.WARNING, where="x", what="w", why="y", next="n", source="s")
    whole = single()
    items = select(whole, now=NOW, threshold_days=30)
    plain, warned = build(whole, items, now=NOW), build(whole, items, now=NOW, findings=(known,))
    assert (known,) == warned.findings
    assert plain.digest != warned.digest
    assert plain.facts_digest == warned.facts_digest


def test_nothing_to_renew_is_an_empty_plan() -> None:
    plan = build(cluster(), (), now=NOW)
    assert ((), (), 0, 0, 0) == (
        plan.items,
        plan.steps,
        plan.forecast.prepare_s,
        plan.forecast.window_s,
        plan.forecast.critical_path_s,
    )


def test_an_item_of_a_node_that_is_not_there_is_an_error_not_a_shorter_plan() -> None:
    items = select(cluster(), now=NOW, threshold_days=30)
    with pytest.raises(KeyError, match="cucm-sub1"):
        build(single(), items, now=NOW)


def test_a_plan_survives_being_written_to_a_file() -> None:
    plan = made(with_node(cluster(), "cucm-pub", sso_enabled=True))
    assert plan == msgspec.json.decode(msgspec.json.encode(plan), type=Plan)


def test_a_step_is_found_by_its_id_and_an_unknown_id_is_an_error() -> None:
    plan = made(single())
    step: Step = plan.steps[3]
    assert step is plan.step(step.id)
    with pytest.raises(KeyError):
        plan.step("tomcat/nowhere/csr.generate")


def test_ids_are_built_from_purpose_place_kind_and_detail() -> None:
    node = single().publisher.node
    assert "tomcat/cucm-pub/csr.sign" == step_id("tomcat", node, StepKind.CSR_SIGN)
    assert "tomcat/cluster/person/sso.enable" == step_id("tomcat", None, StepKind.PERSON, "sso.enable")


def test_every_reason_has_a_source_and_a_sentence_in_both_languages() -> None:
    for code, source in SOURCES.items():
        assert source == reason(code).source
        assert reason(code).words == sentence(code)
        for lang in LANGUAGES:
            assert sentence(code, lang)
    assert sentence("UCM-STEP-CSR", "fr") != sentence("UCM-STEP-CSR", "en")
    prefixes = ("UCM-DUE-", "UCM-STEP-")
    assert set(SOURCES) == {code for code in catalogue("en") if code.startswith(prefixes)}


def test_what_presence_certificates_disturb_elsewhere_is_said() -> None:
    voice = node_facts("imp-pub", Role.IM_PRESENCE)
    leaf = voice.holding.identity("tomcat")
    assert leaf is not None
    more = tuple(Identity(purpose=name, certificate=leaf) for name in ("cup", "cup-xmpp"))
    holding = msgspec.structs.replace(voice.holding, identities=voice.holding.identities + more)
    whole = cluster(node_facts("cucm-pub", Role.PUBLISHER), msgspec.structs.replace(voice, holding=holding))

    def told(*purposes: str) -> list[tuple[str, str]]:
        plan = made(whole, purposes=purposes, force=True)
        return [(one.code, one.where) for one in plan.findings if one.code in ("UCM-PLAN-011", "UCM-PLAN-012")]

    assert [] == told("tomcat")
    assert [("UCM-PLAN-011", whole.name)] == told("cup-xmpp")
    assert [("UCM-PLAN-012", whole.publisher.node.name)] == told("cup")


def test_a_purpose_that_does_not_fit_into_the_longest_window_is_an_error() -> None:
    def told(window_s: float | None) -> list[str]:
        plan = made(cluster(), purposes=("tomcat", "ipsec"), options=Options(window_s=window_s))
        return [f"{one.severity.value} {one.what.split()[0]}" for one in plan.findings if one.code == "UCM-PLAN-013"]

    needed = block_s(made(cluster(), purposes=("tomcat",)), "tomcat")
    assert [] == told(None)
    assert [] == told(needed)
    assert ["error tomcat"] == told(needed - 1)
    assert ["error tomcat", "error ipsec"] == told(60.0)
