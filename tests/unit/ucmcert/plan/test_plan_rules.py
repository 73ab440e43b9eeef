"""Promise: what may never happen is refused by a rule with its code, and what is safe is never refused."""

import msgspec
import pytest

from factory.certificates import DAY, NOW, request, self_signed
from factory.clusters import cluster, with_node, with_service
from ucmcert.knowledge.purposes import PURPOSES
from ucmcert.knowledge.words import LANGUAGES, words
from ucmcert.model.cluster import Backup, Cluster, Holding, Identity, PendingRequest, ServiceStatus
from ucmcert.model.finding import Finding, Severity
from ucmcert.model.node import Role
from ucmcert.model.plan import Phase, Plan, StepKind
from ucmcert.plan.build import build
from ucmcert.plan.cut_over import Options
from ucmcert.plan.rules import RULES, ask, objections_to, publisher_first, rules_for
from ucmcert.plan.select import select

WHOLE = cluster()
PLAN = build(WHOLE, select(WHOLE, now=NOW, threshold_days=30), now=NOW)
IDS = [step.id for step in PLAN.steps]
PREPARED = frozenset(step.id for step in PLAN.steps if step.phase is Phase.PREPARE)
CSR = request("cucm-sub1.lab.example", key="ec").request
PUB_TOMCAT, SUB1_TOMCAT = "tomcat/cucm-pub/identity.upload", "tomcat/cucm-sub1/identity.upload"
SUB1_RESTART = "tomcat/cucm-sub1/service.restart/Cisco Tomcat"


def before(step_id: str) -> frozenset[str]:
    """Everything the plan does before that step is verified."""
    return frozenset(IDS[: IDS.index(step_id)])


def asked(
    step_id: str, *, whole: Cluster = WHOLE, done: frozenset[str] | None = None, plan: Plan = PLAN, **more: object
) -> set[str]:
    found = ask(plan.step(step_id), whole, plan, before(step_id) if done is None else done, **more)
    assert {Severity.ERROR} >= {one.severity for one in found}
    for one in found:
        for lang in LANGUAGES:
            assert words(one.code, lang, one.values).next
    return {one.code for one in found}


def with_request(whole: Cluster, host: str, purpose: str = "tomcat") -> Cluster:
    held = whole.facts(f"{host}.lab.example").holding
    pending = PendingRequest(purpose=purpose, request=CSR)
    return with_node(whole, host, holding=msgspec.structs.replace(held, requests=(pending,)))


def test_in_its_turn_every_step_of_a_healthy_cluster_may_happen() -> None:
    assert {step_id: set() for step_id in IDS} == {step_id: asked(step_id) for step_id in IDS}
    assert () == objections_to(PLAN, WHOLE)


def test_no_identity_before_the_publishers() -> None:
    assert {"UCM-RULE-001"} == asked(SUB1_TOMCAT, done=PREPARED)
    assert set() == asked(PUB_TOMCAT, done=PREPARED)


def test_a_node_that_has_begun_to_restart_is_finished_before_another_begins() -> None:
    uploaded = before("tomcat/cucm-pub/service.restart/Cisco Tomcat")
    one_restarted = uploaded | {"tomcat/cucm-pub/service.restart/Cisco Tomcat"}
    assert set() == asked(SUB1_RESTART, done=uploaded)
    assert {"UCM-RULE-002"} == asked(SUB1_RESTART, done=one_restarted)
    publisher = {one for one in IDS if one.startswith("tomcat/cucm-pub/")}
    assert {"UCM-RULE-002"} == asked(SUB1_RESTART, done=(uploaded | publisher) - {"tomcat/cucm-pub/served.check"})
    assert set() == asked(SUB1_RESTART, done=uploaded | publisher)


def test_another_purpose_waits_until_this_one_is_proved() -> None:
    half = PREPARED | {"tomcat/cucm-pub/backup.idle", PUB_TOMCAT}
    assert {"UCM-RULE-003"} == asked("ipsec/cucm-pub/identity.upload", done=half)
    assert set() == asked("ipsec/cucm-pub/identity.upload", done=PREPARED)


def test_a_plan_in_the_wrong_order_is_found_at_planning() -> None:
    steps = list(PLAN.steps)
    first, second = IDS.index(PUB_TOMCAT), IDS.index(SUB1_TOMCAT)
    steps[first], steps[second] = steps[second], steps[first]
    wrong = msgspec.structs.replace(PLAN, steps=tuple(steps))
    assert [("UCM-RULE-001", SUB1_TOMCAT)] == [(one.code, one.where) for one in objections_to(wrong, WHOLE)]


@pytest.mark.parametrize("backup", [None, Backup(running=True, last_result="SUCCESS")])
def test_a_running_or_unread_backup_stops_restarts_and_ipsec(backup: Backup | None) -> None:
    whole = with_node(WHOLE, "cucm-pub", backup=backup)
    assert {"UCM-RULE-004"} == asked(SUB1_RESTART, whole=whole)
    assert {"UCM-RULE-004"} == asked("ipsec/cucm-sub1/identity.upload", whole=whole)
    assert set() == asked("tomcat/cucm-sub1/trust.upload", whole=whole)


@pytest.mark.parametrize("state", ["stopped", "starting", "stopping", "unknown"])
def test_a_service_that_does_not_run_is_not_restarted(state: str) -> None:
    whole = with_service(WHOLE, "cucm-sub1", ServiceStatus(name="Cisco Tomcat", state=state))
    assert {"UCM-RULE-005"} == asked(SUB1_RESTART, whole=whole)


def test_a_service_that_is_no_longer_listed_is_not_restarted() -> None:
    assert {"UCM-RULE-005"} == asked(SUB1_RESTART, whole=with_node(WHOLE, "cucm-sub1", services=()))


@pytest.mark.parametrize(("host", "enabled"), [("cucm-pub", True), ("cucm-sub2", True), ("cucm-pub", None)])
def test_single_sign_on_must_be_known_to_be_off_before_tomcat_moves(host: str, enabled: bool | None) -> None:
    whole = with_node(WHOLE, host, sso_enabled=enabled)
    assert {"UCM-RULE-006"} == asked(SUB1_TOMCAT, whole=whole)
    assert {"UCM-RULE-006"} == asked(SUB1_RESTART, whole=whole)
    assert set() == asked("ipsec/cucm-sub1/identity.upload", whole=whole)


def test_an_error_of_the_lint_stops_uploads_and_a_warning_does_not() -> None:
    def standing(severity: Severity) -> tuple[Finding, ...]:
        return (Finding(code="UCM-SAN-001", severity=severity, where="x", what="w", why="y", next="n", source="s"),)

    for step_id in ("tomcat/cucm-sub1/trust.upload", SUB1_TOMCAT):
        assert {"UCM-RULE-007"} == asked(step_id, standing=standing(Severity.ERROR))
        for harmless in (Severity.WARNING, Severity.UNKNOWN, Severity.NOTICE):
            assert set() == asked(step_id, standing=standing(harmless))


def test_the_csr_on_the_node_must_be_the_one_our_certificate_answers() -> None:
    ours = with_request(WHOLE, "cucm-sub1")
    assert set() == asked(SUB1_TOMCAT, whole=ours, csr_spki=CSR.spki_sha256)
    assert {"UCM-RULE-008"} == asked(SUB1_TOMCAT, whole=ours, csr_spki="ab" * 32)
    assert {"UCM-RULE-008"} == asked(SUB1_TOMCAT, whole=WHOLE, csr_spki=CSR.spki_sha256)


def test_a_csr_that_waits_is_never_replaced_unless_the_plan_names_it() -> None:
    step_id = "tomcat/cucm-sub1/csr.generate"
    waiting = with_request(WHOLE, "cucm-sub1")
    replacing = build(waiting, PLAN.items, now=NOW, options=Options(replace_csr=True))
    assert {"UCM-RULE-009"} == asked(step_id, whole=waiting)
    assert {"UCM-RULE-009"} == asked(step_id, whole=waiting, csr_spki=CSR.spki_sha256)
    assert set() == asked(step_id, whole=waiting, plan=replacing)


def test_a_shared_certificate_never_becomes_a_single_one() -> None:
    shared = self_signed("cucm-pub.lab.example", not_after=NOW + DAY, key_label="shared")
    whole = WHOLE
    for host in ("cucm-pub", "cucm-sub1"):
        held = Holding(identities=(Identity(purpose="tomcat", certificate=shared),), requests=(), trust=())
        whole = with_node(whole, host, holding=held)
    assert {"UCM-RULE-010"} == asked("tomcat/cucm-sub1/csr.generate", whole=whole)
    assert {"UCM-RULE-010"} == asked(SUB1_TOMCAT, whole=whole)
    assert set() == asked("tomcat/cucm-sub2/csr.generate", whole=whole)


@pytest.mark.parametrize("state", ["starting", "stopping"])
def test_nobody_restarts_while_another_node_moves(state: str) -> None:
    moving = ServiceStatus(name="Cisco CallManager", state=state)
    assert {"UCM-RULE-011"} == asked(SUB1_RESTART, whole=with_service(WHOLE, "cucm-sub2", moving))
    assert set() == asked(SUB1_RESTART, whole=with_service(WHOLE, "cucm-sub1", moving))


def test_codes_are_unique_and_every_code_a_kind_asks_for_exists() -> None:
    codes = [one.code for one in RULES]
    assert len(set(codes)) == len(codes)
    asked_for = {code for kind in StepKind for purpose in PURPOSES for code in rules_for(kind, purpose)}
    assert set(codes) == asked_for


def test_the_publisher_goes_first_and_presence_last() -> None:
    assert [Role.PUBLISHER, Role.SUBSCRIBER, Role.IM_PRESENCE, Role.UNITY_CONNECTION] == sorted(
        Role, key=publisher_first
    )
