"""Promise: what needs renewal is chosen, most urgent first, and whatever is left out is said with its reason."""

import msgspec
import pytest

from factory.certificates import DAY, NOW, self_signed
from factory.clusters import cluster, node_facts, with_node, with_service
from factory.phone_clusters import RELEASE_90, RELEASE_115, RELEASE_125, caller, phone_cluster
from ucmcert.knowledge.purposes import PURPOSES
from ucmcert.knowledge.words import LANGUAGES, words
from ucmcert.lint.phone_world import reused
from ucmcert.model.certificate import Certificate
from ucmcert.model.cluster import Cluster, Holding, Identity, NodeFacts, ServiceStatus
from ucmcert.model.node import Role
from ucmcert.plan.multi_server import multi_server_nodes
from ucmcert.plan.reasons import sentence
from ucmcert.plan.select import refused, select

PUB, SUB = "cucm-pub.lab.example", "cucm-sub1.lab.example"
ALL = dict.fromkeys(("tomcat", "ipsec"))


def pair(*, publisher: int, subscriber: int) -> Cluster:
    """tomcat of both nodes ends in so many seconds; ipsec is far from due."""
    far = NOW + 900 * DAY
    return cluster(
        node_facts("cucm-pub", Role.PUBLISHER, tomcat_until=NOW + publisher, ipsec_until=far),
        node_facts("cucm-sub1", Role.SUBSCRIBER, tomcat_until=NOW + subscriber, ipsec_until=far),
    )


def chosen(whole: Cluster, **asked: object) -> list[tuple[str, str]]:
    return [(item.node, item.purpose) for item in select(whole, **{"now": NOW, "threshold_days": 30, **asked})]


def said(whole: Cluster, **asked: object) -> list[tuple[str, dict[str, str]]]:
    found = refused(whole, **{"now": NOW, "threshold_days": 30, **asked})
    for one in found:
        for lang in LANGUAGES:
            assert words(one.code, lang, one.values).what
    return [(one.code, one.values) for one in found]


def with_identity(whole: Cluster, host: str, purpose: str, common_name: str, *, until: int, label: str = "") -> Cluster:
    return holding(whole, host, purpose, self_signed(common_name, not_after=until, key_label=label or purpose))


def holding(whole: Cluster, host: str, purpose: str, leaf: Certificate) -> Cluster:
    facts = whole.facts(f"{host}.lab.example")
    others = tuple(one for one in facts.holding.identities if one.purpose != purpose)
    held = msgspec.structs.replace(facts.holding, identities=(*others, Identity(purpose=purpose, certificate=leaf)))
    return with_node(whole, host, holding=held)


def test_the_most_urgent_comes_first_and_the_expired_one_before_all() -> None:
    whole = pair(publisher=5 * DAY, subscriber=-3 * DAY)
    items = select(whole, now=NOW, threshold_days=30)
    assert [(SUB, "UCM-DUE-EXPIRED"), (PUB, "UCM-DUE-SOON")] == [(one.node, one.reason.code) for one in items]


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(30 * DAY, []), (30 * DAY - 1, [(PUB, "tomcat")]), (0, [(PUB, "tomcat")]), (-1, [(PUB, "tomcat")])],
)
def test_due_is_less_than_the_threshold_to_the_second(seconds: int, expected: list[tuple[str, str]]) -> None:
    assert expected == chosen(pair(publisher=seconds, subscriber=900 * DAY))


@pytest.mark.parametrize("threshold_days", [0, -5])
def test_no_threshold_lets_an_expired_certificate_through(threshold_days: int) -> None:
    whole = pair(publisher=0, subscriber=-1)
    assert [(SUB, "tomcat"), (PUB, "tomcat")] == chosen(whole, threshold_days=threshold_days)


def test_what_is_not_due_is_taken_only_when_forced_and_says_so() -> None:
    whole = pair(publisher=900 * DAY, subscriber=900 * DAY)
    assert [] == chosen(whole)
    items = select(whole, now=NOW, threshold_days=30, force=True)
    assert 4 == len(items)
    assert {"UCM-DUE-FORCED"} == {one.reason.code for one in items}


@pytest.mark.parametrize("name", [SUB, "cucm-sub1"])
def test_nodes_are_named_by_host_or_by_full_name(name: str) -> None:
    assert [(SUB, "ipsec")] == chosen(cluster(), nodes=(name,), purposes=("ipsec",))
    assert [] == said(cluster(), nodes=(name,), purposes=("ipsec",))


def test_on_one_day_tomcat_stands_before_ipsec() -> None:
    assert list(ALL) == list(dict.fromkeys(purpose for _, purpose in chosen(cluster())))


def test_an_item_knows_its_last_state_and_why_it_has_no_others() -> None:
    items = {one.purpose: one for one in select(cluster(), now=NOW, threshold_days=30, nodes=("cucm-pub",))}
    assert ("served", {"trusted"}) == (items["tomcat"].last_state, set(items["tomcat"].skipped))
    assert ("active", {"trusted", "served"}) == (items["ipsec"].last_state, set(items["ipsec"].skipped))


def test_unknown_names_are_told_with_the_known_ones() -> None:
    known = ", ".join(name for name, row in PURPOSES.items() if row.renewable)
    assert known.startswith("tomcat, tomcat-ECDSA, ipsec, CAPF, CallManager")
    assert [("UCM-SEL-001", {"purpose": "Tomcat", "known": known})] == said(cluster(), purposes=("Tomcat",))
    hosts = "cucm-pub, cucm-sub1, cucm-sub2, imp-pub"
    assert [("UCM-SEL-002", {"node": "cucm-sub9", "known": hosts})] == said(cluster(), nodes=("cucm-sub9",))


def test_a_due_purpose_that_nobody_renews_is_not_silent() -> None:
    whole = with_identity(cluster(), "cucm-pub", "authz", PUB, until=NOW + 9 * DAY)
    assert [("UCM-SEL-003", {"purpose": "authz", "left": "9"})] == said(whole)
    assert (PUB, "authz") not in chosen(whole, force=True)
    assert ["UCM-SEL-008"] == [code for code, _ in said(cluster(), purposes=("authz",))]


def test_the_anchor_of_every_phone_is_renewed_only_when_it_is_named() -> None:
    whole = with_identity(phone_cluster(), "cucm-pub", "ITLRecovery", PUB, until=NOW + 9 * DAY)
    assert (PUB, "ITLRecovery") not in chosen(whole)
    assert (PUB, "ITLRecovery") not in chosen(whole, force=True)
    assert ("UCM-SEL-010", {"purpose": "ITLRecovery", "left": "9"}) in said(whole)
    assert [(PUB, "ITLRecovery")] == chosen(whole, purposes=("ITLRecovery",))
    assert [] == said(whole, purposes=("ITLRecovery",))


def test_below_12_5_every_node_has_an_itlrecovery_of_its_own() -> None:
    old = phone_cluster(release=RELEASE_115)
    named = chosen(old, purposes=("ITLRecovery",))
    assert [facts.node.name for facts in old.nodes] == [node for node, _ in named]
    assert [] == chosen(phone_cluster(release=RELEASE_90), purposes=("ITLRecovery",))


def test_capf_of_a_subscriber_is_explained_and_regenerated_only_on_request() -> None:
    callers = (
        caller("cucm-pub", Role.PUBLISHER, release=RELEASE_125),
        caller("cucm-sub1", release=RELEASE_125, capf=True),
    )
    whole = phone_cluster(*callers, release=RELEASE_125)
    assert [PUB] == [node for node, purpose in chosen(whole) if purpose == "CAPF"]
    assert ("UCM-SEL-011", {"left": "20"}) in said(whole)
    items = select(whole, now=NOW, threshold_days=30, purposes=("CAPF",), capf_subscribers=True)
    unused = [item for item in items if item.reason.code == "UCM-DUE-UNUSED"]
    assert [(SUB, "uploaded")] == [(item.node, item.last_state) for item in unused]
    assert "UCM-SEL-011" not in [one.code for one in refused(whole, now=NOW, threshold_days=30, capf_subscribers=True)]
    newer = phone_cluster(caller("cucm-pub", Role.PUBLISHER), caller("cucm-sub1", capf=True))
    assert [PUB] == [node for node, purpose in chosen(newer, capf_subscribers=True) if purpose == "CAPF"]


def test_what_phones_trust_is_done_only_when_they_do() -> None:
    items = {one.purpose: one for one in select(phone_cluster(), now=NOW, threshold_days=30, nodes=("cucm-pub",))}
    assert {"CAPF", "CallManager", "TVS"} == set(items)
    assert {("trusted", ())} == {(one.last_state, tuple(one.skipped)) for one in items.values()}
    alone = select(phone_cluster(total=0), now=NOW, threshold_days=30, nodes=("cucm-pub",))
    assert {("served", ("trusted",))} == {(one.last_state, tuple(one.skipped)) for one in alone}
    named = select(phone_cluster(), now=NOW, threshold_days=30, purposes=("ITLRecovery",))
    assert [("trusted", {"issued", "served"})] == [(one.last_state, set(one.skipped)) for one in named]


def test_a_port_whose_service_does_not_run_is_no_proof_to_wait_for() -> None:
    stopped = ServiceStatus(name="Cisco CallManager", state="stopped", reason="Service Not Activated")
    whole = with_service(phone_cluster(), "cucm-sub1", stopped)
    items = select(whole, now=NOW, threshold_days=30, purposes=("CallManager",), nodes=("cucm-sub1",))
    assert [("trusted", {"served": sentence("UCM-SKIP-SERVED-STOPPED")})] == [
        (one.last_state, one.skipped) for one in items
    ]
    twin = with_identity(cluster(), "cucm-pub", "tomcat-ECDSA", PUB, until=NOW + DAY)
    item = select(twin, now=NOW, threshold_days=30, purposes=("tomcat-ECDSA",))[0]
    assert ("active", sentence("UCM-SKIP-SERVED-TWIN")) == (item.last_state, item.skipped["served"])


def test_a_named_purpose_the_node_does_not_show_is_an_error() -> None:
    whole = with_node(cluster(), "cucm-sub1", holding=Holding(identities=(), requests=(), trust=()))
    assert [("UCM-SEL-005", {"purpose": "tomcat"})] == said(whole, nodes=("cucm-sub1",), purposes=("tomcat",))


def test_a_multi_server_certificate_is_renewed_for_all_its_nodes_together() -> None:
    shared = self_signed(PUB, not_after=NOW + DAY)
    whole = holding(holding(cluster(), "cucm-pub", "tomcat", shared), "cucm-sub1", "tomcat", shared)
    assert (PUB, SUB) == multi_server_nodes(whole, "tomcat")
    assert [] == said(whole)
    for narrowed in ({}, {"nodes": ("cucm-sub1",)}):
        items = select(whole, now=NOW, threshold_days=3, purposes=("tomcat",), **narrowed)
        assert {facts.node.name for facts in whole.nodes} == {item.node for item in items}
        assert {PUB} == {item.shared_from for item in items}
        why = {item.node: item.reason.code for item in items}
        assert {PUB: "UCM-DUE-SOON", SUB: "UCM-DUE-SOON"}.items() <= why.items()
        assert "UCM-DUE-SHARED" == why["imp-pub.lab.example"]


def test_a_multi_server_certificate_that_the_publisher_has_not_is_held() -> None:
    shared = self_signed(SUB, not_after=NOW + DAY)
    whole = holding(holding(cluster(), "cucm-sub1", "tomcat", shared), "cucm-sub2", "tomcat", shared)
    assert [("UCM-SEL-004", {"purpose": "tomcat", "nodes": "cucm-sub1, cucm-sub2"})] == said(whole)
    assert {PUB, "imp-pub.lab.example"} == {node for node, purpose in chosen(whole) if purpose == "tomcat"}


def test_presence_purposes_are_shared_from_the_first_presence_node() -> None:
    whole = cluster(node_facts("cucm-pub", Role.PUBLISHER), node_facts("imp-pub", Role.IM_PRESENCE))
    whole = cluster(*whole.nodes, node_facts("imp-sub", Role.IM_PRESENCE))
    for host in ("imp-pub", "imp-sub"):
        whole = with_identity(whole, host, "cup-xmpp", "imp-pub-ms.lab.example", until=NOW + DAY, label="shared")
    items = select(whole, now=NOW, threshold_days=30, purposes=("cup-xmpp",))
    assert {("imp-pub.lab.example", "imp-pub.lab.example"), ("imp-sub.lab.example", "imp-pub.lab.example")} == {
        (item.node, item.shared_from) for item in items
    }


@pytest.mark.parametrize("name", ["cucm-pub-ms.lab.example", "CUCM-PUB-MS.lab.example", "cucm-pub-EC-ms.lab.example"])
def test_the_name_cucm_gives_to_a_multi_server_certificate_is_enough(name: str) -> None:
    whole = with_identity(cluster(), "cucm-pub", "tomcat", name, until=NOW + 900 * DAY)
    assert (PUB,) == multi_server_nodes(whole, "tomcat")
    assert [] == [code for code, _ in said(whole)]
    items = select(whole, now=NOW, threshold_days=30, purposes=("tomcat",), force=True)
    assert {PUB} == {item.shared_from for item in items}


def test_a_callmanager_that_is_tomcats_follows_it_and_is_told() -> None:
    whole = phone_cluster()
    for facts in whole.nodes:
        leaf = self_signed("cucm-pub-ms.lab.example", not_after=NOW + 9 * DAY, key_label="reused")
        whole = holding(holding(whole, facts.node.host, "tomcat", leaf), facts.node.host, "CallManager", leaf)
    assert {"tomcat": "CallManager"} == reused(whole)
    assert {"tomcat", "CAPF", "TVS"} == {purpose for _, purpose in chosen(whole)}
    assert ("UCM-SEL-009", {"purpose": "CallManager", "web": "tomcat"}) in said(whole)


def test_ipsec_is_never_multi_server_and_forms_like_ms_inside_a_name_are_none() -> None:
    whole = with_identity(cluster(), "cucm-pub", "ipsec", "cucm-ms.lab.example", until=NOW + DAY)
    whole = with_identity(whole, "cucm-pub", "tomcat", "ms-pub.lab-ms.example", until=NOW + DAY)
    assert () == multi_server_nodes(whole, "ipsec")
    assert () == multi_server_nodes(whole, "tomcat")
    assert () == multi_server_nodes(whole, "never heard of")


def test_unity_connection_renews_tomcat_and_is_told_about_ipsec() -> None:
    voice = node_facts("cuc-pub", Role.UNITY_CONNECTION)
    whole = cluster(node_facts("cucm-pub", Role.PUBLISHER, tomcat_until=NOW + 900 * DAY), voice)
    assert [("cuc-pub.lab.example", "tomcat")] == [
        one for one in chosen(whole, force=True) if one[0].startswith("cuc-")
    ]
    assert [("UCM-SEL-006", {"purpose": "ipsec", "role": "unity-connection"})] == said(whole)


def test_everything_expired_is_either_chosen_or_told() -> None:
    """No purpose of the table may expire in silence on the publisher."""
    whole = cluster()
    for purpose in PURPOSES.values():
        if "cucm" in purpose.products:
            whole = with_identity(whole, "cucm-pub", purpose.name, PUB, until=NOW - DAY, label=f"old {purpose.name}")
    told = {values["purpose"] for _, values in said(whole)} | {
        purpose for node, purpose in chosen(whole) if node == PUB
    }
    assert {one.name for one in PURPOSES.values() if "cucm" in one.products} == told


def test_narrowing_never_brings_in_something_else() -> None:
    facts: NodeFacts
    for facts in cluster().nodes:
        for purpose in ALL:
            only = chosen(cluster(), nodes=(facts.node.host,), purposes=(purpose,))
            assert [(facts.node.name, purpose)] == only
