"""Promise: after a run every certificate is stored, served and loaded everywhere, or it is said where it is not."""

import msgspec
import pytest

from factory.certificates import DAY, NOW, request, self_signed
from factory.clusters import cluster, with_node, with_service
from ucmcert.check.after import CLUSTER_RULES, ITEM_RULES, backed_up, check
from ucmcert.knowledge.words import LANGUAGES, catalogue, words
from ucmcert.model.certificate import Certificate
from ucmcert.model.cluster import Cluster, Holding, Identity, PendingRequest, Served, ServiceStatus
from ucmcert.model.finding import Finding, Severity
from ucmcert.model.plan import Phase, Reason, Step, StepKind
from ucmcert.model.trust_list import ListRecord, ListRole, TrustListFacts
from ucmcert.plan.build import build

UPLOADED_AT = float(NOW - 3600)
STARTED_AT = UPLOADED_AT + 60


def renewed() -> Cluster:
    """The healthy cluster an hour after its uploads, all services started since."""
    whole = cluster()
    for facts in whole.nodes:
        services = tuple(msgspec.structs.replace(one, started_at=STARTED_AT) for one in facts.services)
        whole = with_node(whole, facts.node.host, services=services)
    return whole


WHOLE = renewed()
ISSUED = {
    (facts.node.name, held.purpose): held.certificate.sha256
    for facts in WHOLE.nodes
    for held in facts.holding.identities
}
AT = dict.fromkeys(ISSUED, UPLOADED_AT)
SUB1 = "cucm-sub1.lab.example"
OTHER = self_signed(SUB1, not_after=NOW + 900 * DAY, key_label="other")
REMINDER = "UCM-AFTER-006"


def found(whole: Cluster, issued: dict[tuple[str, str], str] = ISSUED) -> tuple[Finding, ...]:
    made = check(whole, issued=issued, uploaded_at=AT)
    for one in made:
        for lang in LANGUAGES:
            assert words(one.code, lang, one.values).next
    return made


def wrong(whole: Cluster) -> set[tuple[str, str]]:
    return {(one.code, one.where) for one in found(whole) if one.severity is Severity.ERROR}


def test_a_finished_renewal_leaves_only_the_reminder_to_back_up() -> None:
    assert [(REMINDER, Severity.NOTICE, "cucm-pub.lab.example")] == [
        (one.code, one.severity, one.where) for one in found(WHOLE)
    ]


def test_a_run_that_issued_nothing_asks_for_no_backup() -> None:
    assert () == found(WHOLE, {})


def test_another_certificate_in_store_is_found() -> None:
    issued = {**ISSUED, (SUB1, "ipsec"): OTHER.sha256}
    errors = {(one.code, one.where) for one in found(WHOLE, issued) if one.severity is Severity.ERROR}
    assert {("UCM-AFTER-001", f"ipsec {SUB1}")} == errors


def test_nothing_in_store_is_found() -> None:
    gone = with_node(WHOLE, "cucm-sub1", holding=Holding(identities=(), requests=(), trust=()))
    assert {("UCM-AFTER-001", f"tomcat {SUB1}"), ("UCM-AFTER-001", f"ipsec {SUB1}")} == wrong(gone)


@pytest.mark.parametrize(
    "shown",
    [
        (Served(port=443, leaf=OTHER),),
        (Served(port=443, leaf=None, problem="connection refused"),),
        (),
    ],
)
def test_every_port_must_show_what_was_issued(shown: tuple[Served, ...]) -> None:
    good = next(one for one in WHOLE.facts(SUB1).served if one.port == 8443)
    whole = with_node(WHOLE, "cucm-sub1", served=(*shown, good))
    assert {("UCM-AFTER-002", f"tomcat {SUB1}")} == wrong(whole)
    assert ["443"] == [one.values["port"] for one in found(whole) if one.code == "UCM-AFTER-002"]


def test_ipsec_is_shown_by_no_port_and_none_is_asked() -> None:
    whole = with_node(WHOLE, "cucm-sub1", served=())
    only = {key: value for key, value in ISSUED.items() if key[1] == "ipsec"}
    assert [REMINDER] == [one.code for one in found(whole, only)]


def test_a_csr_that_is_left_is_found() -> None:
    held = WHOLE.facts(SUB1).holding
    csr = PendingRequest(purpose="ipsec", request=request(SUB1, key="ec").request)
    whole = with_node(WHOLE, "cucm-sub1", holding=msgspec.structs.replace(held, requests=(csr,)))
    assert {("UCM-AFTER-003", f"ipsec {SUB1}")} == wrong(whole)


@pytest.mark.parametrize(
    "status",
    [
        ServiceStatus(name="Cisco Tftp", state="started", started_at=UPLOADED_AT - 1),
        ServiceStatus(name="Cisco Tftp", state="starting"),
        ServiceStatus(name="Cisco Tftp", state="stopping"),
        ServiceStatus(name="Cisco Tftp", state="stopped"),
    ],
)
def test_a_service_that_did_not_come_back_with_the_new_certificate_is_found(status: ServiceStatus) -> None:
    assert {("UCM-AFTER-004", f"tomcat {SUB1}")} == wrong(with_service(WHOLE, "cucm-sub1", status))


@pytest.mark.parametrize(
    "status",
    [
        ServiceStatus(name="Cisco Tftp", state="started", started_at=UPLOADED_AT),
        ServiceStatus(name="Cisco Tftp", state="started", started_at=None, start_told=False),
        ServiceStatus(name="Cisco Tftp", state="stopped", reason="Service Not Activated"),
        ServiceStatus(name="Cisco CallManager", state="started", started_at=UPLOADED_AT - 99),
    ],
)
def test_a_service_that_is_fine_or_not_concerned_is_left_alone(status: ServiceStatus) -> None:
    assert set() == wrong(with_service(WHOLE, "cucm-sub1", status))


def test_without_a_known_time_of_upload_old_start_times_prove_nothing_either_way() -> None:
    old = ServiceStatus(name="Cisco Tftp", state="started", started_at=UPLOADED_AT - 1)
    made = check(with_service(WHOLE, "cucm-sub1", old), issued=ISSUED)
    assert [REMINDER] == [one.code for one in made]


@pytest.mark.parametrize("replication", [0, 1, 3, 4])
def test_replication_must_still_be_two(replication: int) -> None:
    assert {("UCM-AFTER-005", "cucm-sub2.lab.example")} == wrong(with_node(WHOLE, "cucm-sub2", replication=replication))


def test_a_node_that_does_not_tell_its_replication_is_no_error() -> None:
    assert set() == wrong(with_node(WHOLE, "cucm-sub2", replication=None))


def test_only_what_was_renewed_is_looked_at() -> None:
    broken = with_node(WHOLE, "cucm-sub1", holding=Holding(identities=(), requests=(), trust=()))
    only = {key: value for key, value in ISSUED.items() if key[0] != SUB1}
    assert [REMINDER] == [one.code for one in found(broken, only)]


def test_a_node_that_is_gone_is_an_error_not_a_pass() -> None:
    with pytest.raises(KeyError, match="cucm-sub1"):
        found(cluster(WHOLE.publisher))


def test_every_code_has_words_and_every_word_a_code() -> None:
    rules = [one.code for one in (*ITEM_RULES, *CLUSTER_RULES)]
    assert len(set(rules)) == len(rules)
    assert set(rules) == {code for code in catalogue("fr") if code.startswith("UCM-AFTER-")}


def listed(*certificates: Certificate, verified: bool = True) -> TrustListFacts:
    """An ITL of the second subscriber with these TVS records."""
    rows = tuple(
        ListRecord(role=ListRole.TVS, subject="", issuer="", serial=one.serial, sha256=one.sha256)
        for one in certificates
    )
    return TrustListFacts(node=SUB1, kind="itl", present=True, told_by="test", verified=verified, records=rows)


@pytest.mark.parametrize(
    ("itl", "expected"),
    [
        (listed(OTHER), set()),
        (listed(), {("UCM-AFTER-007", SUB1)}),
        (listed(OTHER, verified=False), {("UCM-AFTER-007", SUB1)}),
    ],
)
def test_a_list_that_lacks_what_phones_must_hold_is_found(itl: TrustListFacts, expected: set[tuple[str, str]]) -> None:
    tvs = ServiceStatus(name="Cisco Trust Verification Service", state="started", started_at=STARTED_AT)
    facts = with_service(WHOLE, "cucm-sub1", tvs).facts(SUB1)
    holding = msgspec.structs.replace(
        facts.holding, identities=(*facts.holding.identities, Identity(purpose="TVS", certificate=OTHER))
    )
    served = (*facts.served, Served(port=2445, leaf=OTHER))
    whole = with_node(WHOLE, "cucm-sub1", services=facts.services, holding=holding, served=served, lists=(itl,))
    assert expected == wrong_with(whole, {(SUB1, "TVS"): OTHER.sha256})


def wrong_with(whole: Cluster, issued: dict[tuple[str, str], str]) -> set[tuple[str, str]]:
    return {(one.code, one.where) for one in found(whole, issued) if one.severity is Severity.ERROR}


@pytest.mark.parametrize(
    ("kinds", "done", "expected"),
    [
        ((StepKind.IDENTITY_UPLOAD, StepKind.BACKUP_FRESH, StepKind.PHONES_PAGES), 3, True),
        ((StepKind.IDENTITY_UPLOAD, StepKind.BACKUP_FRESH), 1, False),
        ((StepKind.BACKUP_FRESH, StepKind.CTL_UPDATE), 2, False),
        ((StepKind.IDENTITY_UPLOAD, StepKind.SERVED_CHECK), 2, False),
        ((), 0, False),
    ],
)
def test_a_run_that_ends_with_its_own_backup_asks_for_none(
    kinds: tuple[StepKind, ...], done: int, expected: bool
) -> None:
    steps = tuple(
        Step(
            id=str(number),
            kind=kind,
            phase=Phase.CUT_OVER,
            node="cucm-pub.lab.example",
            purpose="TVS",
            reason=Reason(code="UCM-STEP-SERVED", words="", source=""),
        )
        for number, kind in enumerate(kinds)
    )
    plan = msgspec.structs.replace(build(cluster(), (), now=0.0), steps=steps)
    assert expected == backed_up(plan, {step.id for step in steps[:done]})


@pytest.mark.parametrize("reason", ["Component is not running", "Commanded Out of Service"])
def test_a_service_that_ran_before_and_is_down_now_is_found_whatever_reason_is_given(reason: str) -> None:
    down = ServiceStatus(name="Cisco Tftp", state="stopped", reason=reason)
    after = with_service(WHOLE, "cucm-sub1", down)
    now = check(after, issued=ISSUED, uploaded_at={}, before=WHOLE)
    assert "UCM-AFTER-004" in {one.code for one in now}
    always = check(after, issued=ISSUED, uploaded_at={}, before=after)
    assert "UCM-AFTER-004" not in {one.code for one in always}
