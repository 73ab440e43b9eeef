"""Promise: what makes a cluster unfit for a renewal is found before it begins; a healthy one is not complained of."""

from collections.abc import Callable
from datetime import UTC, datetime

import msgspec
import pytest

from factory.certificates import DAY, NOW, Requested, authority, request, self_signed, sign
from factory.clusters import cluster, with_node, with_service
from ucmcert.check.before import CLUSTER_RULES, CONSUMER_RULES, NODE_RULES, PHONE_RULES, check
from ucmcert.knowledge.words import LANGUAGES, catalogue, words
from ucmcert.model.cluster import (
    Backup,
    Cluster,
    Holding,
    Identity,
    NodeFacts,
    PendingRequest,
    Served,
    ServiceStatus,
    TrustEntry,
)
from ucmcert.model.consumer import Consumer, ConsumersFacts
from ucmcert.model.finding import Finding, Severity
from ucmcert.model.node import Release
from ucmcert.plan.select import select

WHOLE = cluster()
NOTHING = Holding(identities=(), requests=(), trust=())
LONG_HOST = "cucm-publisher-of-the-headquarters-in-the-north-of-the-town-nr1"
CSR: Requested = request("cucm-sub1.lab.example", key="ec")
Change = Callable[[Cluster], Cluster]


def found(whole: Cluster = WHOLE, *, purposes: tuple[str, ...] = (), ours: tuple[str, ...] = ()) -> tuple[Finding, ...]:
    items = select(whole, now=NOW, threshold_days=30, purposes=purposes)
    return check(whole, items, now=NOW, ours=frozenset(ours))


def codes(whole: Cluster, **more: object) -> set[tuple[str, str]]:
    return {(one.code, one.where.split(".")[0]) for one in found(whole, **more)}


def node(host: str, **changes: object) -> Change:
    return lambda whole: with_node(whole, host, **changes)


def service(host: str, name: str, state: str, reason: str = "") -> Change:
    return lambda whole: with_service(whole, host, ServiceStatus(name=name, state=state, reason=reason))


def release(host: str, *numbers: int) -> Change:
    def change(whole: Cluster) -> Cluster:
        facts = next(one for one in whole.nodes if one.node.host == host)
        return with_node(whole, host, node=msgspec.structs.replace(facts.node, release=Release(*numbers)))

    return change


def holding(host: str, **changes: object) -> Change:
    def change(whole: Cluster) -> Cluster:
        facts = next(one for one in whole.nodes if one.node.host == host)
        return with_node(whole, host, holding=msgspec.structs.replace(facts.holding, **changes))

    return change


def identity(host: str, purpose: str, common_name: str) -> Change:
    def change(whole: Cluster) -> Cluster:
        facts = next(one for one in whole.nodes if one.node.host == host)
        leaf = self_signed(common_name, not_after=NOW + 20 * DAY, key_label=f"other {purpose}")
        kept = tuple(one for one in facts.holding.identities if one.purpose != purpose)
        return holding(host, identities=(*kept, Identity(purpose=purpose, certificate=leaf)))(whole)

    return change


def pending(purpose: str) -> Change:
    return holding("cucm-sub1", requests=(PendingRequest(purpose=purpose, request=CSR.request),))


def trusted(not_after: int) -> Change:
    entry = TrustEntry(
        purpose="tomcat", filename="old.pem", certificate=authority("O", not_after=not_after).certificate
    )
    return holding("cucm-sub1", trust=(entry,))


def served(host: str, *shown: Served) -> Change:
    return node(host, served=shown)


def called(host: str) -> Change:
    """The publisher under a name that the certificates of today cannot even hold."""

    def change(whole: Cluster) -> Cluster:
        longer = msgspec.structs.replace(whole.publisher.node, host=host, name=f"{host}.lab.example")
        return with_node(whole, "cucm-pub", node=longer)

    return change


def old_release(whole: Cluster) -> Cluster:
    for host in ("cucm-pub", "cucm-sub1", "cucm-sub2", "imp-pub"):
        whole = release(host, 12, 5, 1, 18900, 40)(whole)
    return whole


def old_without_call_processing(whole: Cluster) -> Cluster:
    for host in ("cucm-pub", "cucm-sub1", "cucm-sub2"):
        whole = service(host, "Cisco CallManager", "stopped", "Service Not Activated")(old_release(whole))
    return whole


def signed(trust: str) -> Change:
    """tomcat of cucm-sub1 comes from a CA, which its store holds (`good`), held until yesterday (`old`), or not."""
    ca = authority("Office CA", not_after=NOW - DAY if trust == "old" else NOW + 900 * DAY)
    leaf = sign(CSR, ca, not_after=NOW + 20 * DAY)
    entry = TrustEntry(purpose="tomcat", filename="ca.pem", certificate=ca.certificate)

    def change(whole: Cluster) -> Cluster:
        facts = next(one for one in whole.nodes if one.node.host == "cucm-sub1")
        kept = tuple(one for one in facts.holding.identities if one.purpose != "tomcat")
        mine = Identity(purpose="tomcat", certificate=leaf)
        return holding("cucm-sub1", identities=(*kept, mine), trust=() if trust == "none" else (entry,))(whole)

    return change


def saved(days_ago: float) -> Change:
    """The last backup was taken that many days before the newest certificate of the cluster became valid."""
    newest = max(one.certificate.not_before for facts in WHOLE.nodes for one in facts.holding.identities)
    name = datetime.fromtimestamp(newest - days_ago * DAY, UTC).strftime("%Y-%m-%d-%H-%M-%S.tar")
    return node("cucm-pub", backup=Backup(running=False, last_result="SUCCESS", last_file=name))


PEER_CA = authority("Peer CA")
PEER = Consumer(kind="expressway", name="exp-c", how="told", port=443)
CCX = Consumer(kind="uccx", name="ccx", how="told", port=0)
EVERY_TOMCAT = tuple(
    one.certificate for facts in WHOLE.nodes for one in facts.holding.identities if one.purpose == "tomcat"
)
PEER_LEAF = sign(request("exp-c.example", key="ec"), PEER_CA)


def beside(*known: Consumer, **unread: str) -> Change:
    return lambda whole: msgspec.structs.replace(whole, consumers=ConsumersFacts(known=known, unread=unread))


def beside_trusted(*stores: str) -> Change:
    """The Expressway's CA is in these stores of every CUCM node."""

    def change(whole: Cluster) -> Cluster:
        entries = tuple(TrustEntry(purpose=one, filename="p.pem", certificate=PEER_CA.certificate) for one in stores)
        for host in ("cucm-pub", "cucm-sub1", "cucm-sub2"):
            whole = holding(host, trust=entries)(whole)
        return beside(msgspec.structs.replace(PEER, shown=PEER_LEAF))(whole)

    return change


OTHER_LEAF = self_signed("someone.else.example", key_label="else")
STORED = WHOLE.facts("cucm-sub1.lab.example").holding.identity("tomcat")

BAD: list[tuple[str, Severity, str, Change]] = [
    ("UCM-CHECK-001", Severity.ERROR, "demo", release("cucm-sub1", 14, 0, 1, 13901, 1)),
    ("UCM-CHECK-002", Severity.WARNING, "imp-pub", release("imp-pub", 14, 0, 1, 12900, 66)),
    ("UCM-CHECK-003", Severity.ERROR, "cucm-sub1", node("cucm-sub1", time_synchronised=False)),
    ("UCM-CHECK-004", Severity.ERROR, "cucm-sub1", node("cucm-sub1", time_synchronised=None)),
    ("UCM-CHECK-004", Severity.ERROR, "cucm-sub1", node("cucm-sub1", services=())),
    ("UCM-CHECK-004", Severity.ERROR, "cucm-sub1", node("cucm-sub1", replication=None)),
    ("UCM-CHECK-004", Severity.ERROR, "cucm-pub", node("cucm-pub", backup=None)),
    ("UCM-CHECK-004", Severity.ERROR, "cucm-pub", node("cucm-pub", sso_enabled=None)),
    ("UCM-CHECK-005", Severity.ERROR, "cucm-sub1", node("cucm-sub1", replication=3)),
    ("UCM-CHECK-005", Severity.ERROR, "cucm-sub1", node("cucm-sub1", replication=0)),
    ("UCM-CHECK-006", Severity.ERROR, "cucm-pub", node("cucm-pub", backup=Backup(running=True, last_result="SUCCESS"))),
    (
        "UCM-CHECK-007",
        Severity.WARNING,
        "cucm-pub",
        node("cucm-pub", backup=Backup(running=False, last_result="FAILED")),
    ),
    ("UCM-CHECK-007", Severity.WARNING, "cucm-pub", node("cucm-pub", backup=Backup(running=False))),
    ("UCM-CHECK-043", Severity.WARNING, "cucm-pub", saved(1)),
    ("UCM-CHECK-044", Severity.WARNING, "cucm-sub1", signed("none")),
    ("UCM-CHECK-044", Severity.WARNING, "cucm-sub1", signed("old")),
    ("UCM-CHECK-046", Severity.WARNING, "exp-c", beside(msgspec.structs.replace(PEER, problem="time-out"))),
    ("UCM-CHECK-047", Severity.WARNING, "exp-c", beside(msgspec.structs.replace(PEER, shown=PEER_LEAF))),
    ("UCM-CHECK-047", Severity.WARNING, "exp-c", beside_trusted("tomcat")),
    ("UCM-CHECK-048", Severity.NOTICE, "demo", beside(ldap="no such table")),
    ("UCM-CHECK-049", Severity.WARNING, "ccx", beside(msgspec.structs.replace(CCX, trusted=()))),
    ("UCM-CHECK-050", Severity.WARNING, "ccx", beside(msgspec.structs.replace(CCX, unread="wrong password"))),
    ("UCM-CHECK-045", Severity.NOTICE, "cucm-sub1", node("cucm-sub1", fips=True)),
    (
        "UCM-CHECK-008",
        Severity.ERROR,
        "cucm-sub1",
        service("cucm-sub1", "Cisco Tomcat", "stopped", "Service Not Activated"),
    ),
    ("UCM-CHECK-008", Severity.ERROR, "cucm-pub", service("cucm-pub", "Cisco DRF Master", "starting")),
    (
        "UCM-CHECK-009",
        Severity.ERROR,
        "cucm-sub1",
        service("cucm-sub1", "Cisco Tftp", "stopped", "Component is not running"),
    ),
    ("UCM-CHECK-009", Severity.ERROR, "cucm-sub1", service("cucm-sub1", "Cisco Tftp", "starting")),
    ("UCM-CHECK-009", Severity.ERROR, "imp-pub", service("imp-pub", "Cisco Intercluster Sync Agent", "stopped")),
    (
        "UCM-CHECK-011",
        Severity.WARNING,
        "cucm-sub1",
        service("cucm-sub1", "Cisco Tftp", "stopped", "Commanded Out of Service"),
    ),
    ("UCM-CHECK-012", Severity.ERROR, "cucm-sub1", pending("tomcat")),
    ("UCM-CHECK-013", Severity.WARNING, "cucm-sub1", trusted(NOW)),
    ("UCM-CHECK-014", Severity.NOTICE, "demo", node("cucm-sub2", sso_enabled=True)),
    ("UCM-CHECK-015", Severity.WARNING, "cucm-sub1", identity("cucm-sub1", "tomcat", "phones.example")),
    ("UCM-CHECK-016", Severity.ERROR, "cucm-sub1", node("cucm-sub1", clock_offset_s=-301.0)),
    ("UCM-CHECK-017", Severity.WARNING, "cucm-sub1", node("cucm-sub1", clock_offset_s=31.0)),
    ("UCM-CHECK-017", Severity.WARNING, "cucm-sub1", node("cucm-sub1", clock_offset_s=-300.0)),
    ("UCM-CHECK-018", Severity.WARNING, "cucm-sub1", node("cucm-sub1", sessions_free=1)),
    ("UCM-CHECK-019", Severity.ERROR, "cucm-sub1", holding("cucm-sub1", identities=())),
    ("UCM-CHECK-020", Severity.WARNING, "cucm-sub1", served("cucm-sub1", Served(port=8443, leaf=OTHER_LEAF))),
    (
        "UCM-CHECK-021",
        Severity.ERROR,
        "cucm-sub1",
        served("cucm-sub1", Served(port=443, leaf=None, problem="time-out")),
    ),
    ("UCM-CHECK-023", Severity.WARNING, "cucm-pub", old_release),
    ("UCM-CHECK-024", Severity.WARNING, LONG_HOST, called(LONG_HOST)),
]

GOOD: list[tuple[str, Change]] = [
    ("UCM-CHECK-001", release("imp-pub", 14, 0, 1, 13901, 8)),
    ("UCM-CHECK-002", release("imp-pub", 14, 0, 1, 13901, 8)),
    ("UCM-CHECK-003", node("cucm-sub1", time_synchronised=True)),
    ("UCM-CHECK-004", node("cucm-sub1", backup=None, sso_enabled=None, sessions_free=None, clock_offset_s=None)),
    ("UCM-CHECK-005", node("imp-pub", replication=None)),
    ("UCM-CHECK-006", node("cucm-pub", backup=Backup(running=False, last_result="SUCCESS"))),
    ("UCM-CHECK-007", node("cucm-pub", backup=Backup(running=False, last_result="Success (1 warning)"))),
    ("UCM-CHECK-007", node("cucm-pub", backup=Backup(running=True))),
    ("UCM-CHECK-043", saved(0.5)),
    ("UCM-CHECK-043", saved(-1)),
    ("UCM-CHECK-043", node("cucm-pub", backup=Backup(running=False, last_result="SUCCESS", last_file="before.tar"))),
    ("UCM-CHECK-044", signed("good")),
    ("UCM-CHECK-045", node("cucm-sub1", fips=False)),
    ("UCM-CHECK-046", beside(msgspec.structs.replace(PEER, port=0))),
    ("UCM-CHECK-046", beside(msgspec.structs.replace(PEER, kind="network-access"))),
    ("UCM-CHECK-047", beside_trusted("tomcat", "CallManager")),
    ("UCM-CHECK-048", beside()),
    ("UCM-CHECK-049", beside(CCX)),
    ("UCM-CHECK-049", beside(msgspec.structs.replace(CCX, trusted=EVERY_TOMCAT))),
    ("UCM-CHECK-050", beside(CCX)),
    ("UCM-CHECK-008", service("cucm-pub", "Cisco DRF Master", "started")),
    ("UCM-CHECK-009", service("cucm-sub1", "Cisco Tftp", "stopped", "Service Not Activated")),
    ("UCM-CHECK-009", service("cucm-sub1", "Cisco CallManager", "stopped", "Component is not running")),
    ("UCM-CHECK-009", service("cucm-sub1", "Cisco Tftp", "stopped", "Commanded Out of Service")),
    ("UCM-CHECK-011", service("cucm-sub1", "Cisco CallManager", "stopped", "Commanded Out of Service")),
    ("UCM-CHECK-012", pending("CallManager")),
    ("UCM-CHECK-013", trusted(NOW + 1)),
    ("UCM-CHECK-014", node("cucm-sub2", sso_enabled=False)),
    ("UCM-CHECK-015", identity("cucm-sub1", "tomcat", "CUCM-SUB1.LAB.EXAMPLE")),
    ("UCM-CHECK-016", node("cucm-sub1", clock_offset_s=300.0)),
    ("UCM-CHECK-017", node("cucm-sub1", clock_offset_s=-30.0)),
    ("UCM-CHECK-018", node("cucm-sub1", sessions_free=2)),
    ("UCM-CHECK-019", identity("cucm-sub1", "tomcat-ECDSA", "cucm-sub1.lab.example")),
    ("UCM-CHECK-020", served("cucm-sub1", Served(port=443, leaf=STORED), Served(port=5061, leaf=OTHER_LEAF))),
    ("UCM-CHECK-021", served("cucm-sub1", Served(port=5061, leaf=None), Served(port=443, leaf=STORED))),
    ("UCM-CHECK-023", old_without_call_processing),
    ("UCM-CHECK-024", called(LONG_HOST[: 64 - len(".lab.example")])),
]


def test_a_healthy_cluster_has_no_finding() -> None:
    assert () == found()


@pytest.mark.parametrize(
    ("code", "severity", "host", "change"), BAD, ids=lambda one: one if isinstance(one, str) else ""
)
def test_what_is_wrong_is_found_where_it_is(code: str, severity: Severity, host: str, change: Change) -> None:
    whole = change(WHOLE)
    assert (code, severity) in {(one.code, one.severity) for one in found(whole) if one.where.split(".")[0] == host}


@pytest.mark.parametrize(("code", "change"), GOOD, ids=lambda one: one if isinstance(one, str) else "")
def test_what_is_right_is_not_complained_of(code: str, change: Change) -> None:
    assert code not in {found_code for found_code, _ in codes(change(WHOLE))}


def test_every_rule_has_a_bad_and_a_good_case_and_words_in_both_languages() -> None:
    rules = [one.code for one in (*CLUSTER_RULES, *CONSUMER_RULES, *NODE_RULES)]
    assert len(set(rules)) == len(rules)
    assert set(rules) == {code for code, _, _, _ in BAD}
    assert set(rules) == {code for code, _ in GOOD}
    of_phones = {one.code for one in PHONE_RULES}
    assert set(rules) | of_phones == {code for code in catalogue("en") if code.startswith("UCM-CHECK-")}
    assert set() == set(rules) & of_phones
    for _, _, _, change in BAD:
        for one in found(change(WHOLE)):
            for lang in LANGUAGES:
                assert words(one.code, lang, one.values).next


def test_an_error_stands_before_a_warning_and_a_warning_before_a_notice() -> None:
    whole = WHOLE
    for _, severity, host, change in BAD:
        if host in ("cucm-pub", "cucm-sub1") and severity is not Severity.ERROR:
            whole = change(whole)
    whole = node("cucm-pub", sso_enabled=True, replication=4)(whole)
    order = [list(Severity).index(one.severity) for one in found(whole)]
    assert sorted(order) == order
    assert {Severity.ERROR, Severity.WARNING, Severity.NOTICE} <= {one.severity for one in found(whole)}


def test_a_csr_of_ours_is_no_left_over() -> None:
    assert set() == codes(pending("tomcat")(WHOLE), ours=(CSR.request.spki_sha256,))


def test_only_what_concerns_the_renewal_is_asked() -> None:
    assert set() == codes(pending("tomcat")(WHOLE), purposes=("ipsec",))
    assert set() == codes(node("cucm-pub", sso_enabled=True)(WHOLE), purposes=("ipsec",))
    assert set() == codes(node("cucm-pub", sso_enabled=None)(WHOLE), purposes=("ipsec",))
    assert set() == codes(service("cucm-sub1", "Cisco Tftp", "stopped")(WHOLE), purposes=("ipsec",))


def test_a_single_node_has_nobody_to_replicate_to() -> None:
    alone = msgspec.structs.replace(WHOLE.publisher, replication=None)
    assert set() == codes(cluster(alone))


def test_the_service_list_that_could_not_be_read_is_one_gate_not_a_crowd_of_services() -> None:
    assert {("UCM-CHECK-004", "cucm-sub1")} == codes(node("cucm-sub1", services=())(WHOLE))


def unread(fact: str) -> Finding:
    return Finding(
        code="UCM-SCAN-001",
        severity=Severity.ERROR,
        where="cucm-sub1.lab.example",
        what="Could not be read",
        why="it did not answer",
        next="look",
        source="s",
        values={"fact": fact},
    )


@pytest.mark.parametrize(
    ("fact", "missing"),
    [
        ("release", {"services": (), "time_synchronised": None, "replication": None, "holding": NOTHING}),
        ("services", {"services": ()}),
        ("certificates", {"holding": NOTHING}),
    ],
)
def test_what_discovery_could_not_read_is_told_once(fact: str, missing: dict[str, object]) -> None:
    silent = node("cucm-sub1", problems=(unread(fact),), **missing)(WHOLE)
    assert {("UCM-SCAN-001", "cucm-sub1")} == codes(silent)


def test_an_ecdsa_leaf_on_the_web_port_is_not_taken_for_a_forgotten_restart() -> None:
    whole = identity("cucm-sub1", "tomcat-ECDSA", "cucm-sub1.lab.example")(WHOLE)
    leaf = whole.facts("cucm-sub1.lab.example").holding.identity("tomcat-ECDSA")
    assert set() == codes(served("cucm-sub1", Served(port=443, leaf=leaf))(whole))


def test_what_could_not_be_read_comes_along_and_an_unreadable_certificate_is_an_error() -> None:
    def trouble(severity: Severity) -> Finding:
        return Finding(code="UCM-READ-1", severity=severity, where="w", what="x", why="y", next="n", source="s")

    facts: NodeFacts = msgspec.structs.replace(
        WHOLE.facts("cucm-sub1.lab.example"), problems=(trouble(Severity.NOTICE),)
    )
    held: Holding = msgspec.structs.replace(facts.holding, unreadable=(trouble(Severity.WARNING),))
    whole = with_node(WHOLE, "cucm-sub1", holding=held, problems=facts.problems)
    assert [Severity.ERROR, Severity.NOTICE] == [one.severity for one in found(whole)]


def test_a_rule_that_cannot_look_closes_the_gate() -> None:
    broken = with_node(WHOLE, "cucm-sub1", clock_offset_s="soon")
    assert ("UCM-LINT-000", Severity.ERROR) in {(one.code, one.severity) for one in found(broken)}


SHARING = tuple(f"dns:{facts.node.name}" for facts in WHOLE.nodes)


@pytest.mark.parametrize(
    ("release", "sans", "expected"),
    [
        ((12, 5, 1, 18900, 40), SHARING, False),
        ((12, 5, 1, 18900, 40), SHARING[:2], True),
        ((14, 0, 1, 13900, 155), SHARING, True),
    ],
)
def test_the_multi_server_csr_that_a_person_made_for_us_is_no_leftover(
    release: tuple[int, ...], sans: tuple[str, ...], expected: bool
) -> None:
    shared = self_signed("cucm-pub-ms.lab.example", SHARING, not_after=NOW + 20 * DAY, key_label="shared")
    whole = WHOLE
    for facts in WHOLE.nodes:
        others = tuple(one for one in facts.holding.identities if one.purpose != "tomcat")
        held = msgspec.structs.replace(
            facts.holding, identities=(*others, Identity(purpose="tomcat", certificate=shared))
        )
        numbered = msgspec.structs.replace(facts.node, release=Release(*release))
        whole = with_node(whole, facts.node.host, holding=held, node=numbered)
    asked = request("cucm-pub-ms.lab.example", sans, key="ec", key_label="by hand").request
    whole = holding("cucm-pub", requests=(PendingRequest(purpose="tomcat", request=asked),))(whole)
    assert expected == (("UCM-CHECK-012", "cucm-pub") in codes(whole, purposes=("tomcat",)))
