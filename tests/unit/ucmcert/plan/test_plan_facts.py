"""Promise: a yes holds for the cluster that was shown; what differs is named, what we changed ourselves is not held."""

import msgspec
import pytest

from factory.certificates import DAY, NOW, self_signed
from factory.clusters import cluster, node_facts, with_node, with_service
from ucmcert.knowledge.words import LANGUAGES, words
from ucmcert.model.cluster import Cluster, Holding, Identity, ServiceStatus
from ucmcert.model.finding import Severity
from ucmcert.model.node import Role
from ucmcert.plan.build import build
from ucmcert.plan.facts import changed, digest, facts_of
from ucmcert.plan.select import select

WHOLE = with_node(cluster(), "cucm-pub", sso_enabled=True)
PLAN = build(WHOLE, select(WHOLE, now=NOW, threshold_days=30), now=NOW)


def differences(whole: Cluster, done: frozenset[str] = frozenset()) -> list[tuple[str, str, str]]:
    found = changed(PLAN, whole, done)
    for one in found:
        assert Severity.ERROR is one.severity
        for lang in LANGUAGES:
            assert words(one.code, lang, one.values).what
    return [(one.values["fact"], one.values["was"], one.values["now"]) for one in found]


def renewed(whole: Cluster, host: str, purpose: str) -> Cluster:
    facts = whole.facts(f"{host}.lab.example")
    new = self_signed(facts.node.name, not_before=NOW, not_after=NOW + 400 * DAY, key_label="new")
    kept = tuple(one for one in facts.holding.identities if one.purpose != purpose)
    held = Holding(identities=(*kept, Identity(purpose=purpose, certificate=new)), requests=(), trust=())
    return with_node(whole, host, holding=held)


def test_the_same_look_again_differs_in_nothing() -> None:
    assert [] == differences(WHOLE)
    assert [] == differences(msgspec.structs.replace(WHOLE, observed_at=NOW + 3600.0))


def test_a_certificate_somebody_else_changed_is_named() -> None:
    whole = renewed(WHOLE, "cucm-sub1", "tomcat")
    fact = "tomcat/cucm-sub1.lab.example/identity"
    old = WHOLE.facts("cucm-sub1.lab.example").holding.identity("tomcat")
    new = whole.facts("cucm-sub1.lab.example").holding.identity("tomcat")
    assert old is not None
    assert new is not None
    assert [(fact, old.sha256, new.sha256)] == differences(whole)


def test_a_certificate_we_changed_is_not_held_against_us_but_only_that_one() -> None:
    whole = renewed(renewed(WHOLE, "cucm-pub", "tomcat"), "cucm-sub1", "tomcat")
    done = frozenset({"tomcat/cucm-pub/identity.upload"})
    assert ["tomcat/cucm-sub1.lab.example/identity"] == [fact for fact, _, _ in differences(whole, done)]


def test_a_certificate_that_is_gone_is_none() -> None:
    whole = with_node(WHOLE, "imp-pub", holding=Holding(identities=(), requests=(), trust=()))
    assert ["none", "none"] == [now for _, _, now in differences(whole)]


def test_single_sign_on_is_a_fact_until_a_person_was_asked_to_change_it() -> None:
    off = with_node(WHOLE, "cucm-pub", sso_enabled=False)
    assert [("cluster/sso", "on", "off")] == differences(off)
    assert [] == differences(off, frozenset({"tomcat/cluster/person/sso.disable"}))
    assert [("cluster/sso", "on", "unknown")] == differences(with_node(WHOLE, "cucm-pub", sso_enabled=None))


def test_a_service_of_a_restart_set_that_stopped_is_a_fact_and_another_one_is_not() -> None:
    stopped = with_service(WHOLE, "cucm-sub2", ServiceStatus(name="Cisco Tftp", state="stopped"))
    assert ["tomcat/cucm-sub2.lab.example/services"] == [fact for fact, _, _ in differences(stopped)]
    other = with_service(WHOLE, "cucm-sub2", ServiceStatus(name="Cisco CallManager", state="stopped"))
    assert [] == differences(other)


def test_a_node_that_came_and_a_node_that_went_are_facts() -> None:
    grown = cluster(*WHOLE.nodes, node_facts("cucm-sub3", Role.SUBSCRIBER))
    assert {
        "cluster/nodes",
        "cucm-sub3.lab.example/role",
        "cucm-sub3.lab.example/release",
    } == {fact for fact, _, _ in differences(grown)}
    shrunk = cluster(*WHOLE.nodes[:-1])
    gone = {fact: now for fact, _, now in differences(shrunk)}
    assert "none" == gone["imp-pub.lab.example/role"]
    assert "none" == gone["tomcat/imp-pub.lab.example/identity"]


@pytest.mark.parametrize(("mixed", "text"), [(None, "unknown"), (True, "mixed")])
def test_the_security_mode_is_a_fact(mixed: bool | None, text: str) -> None:
    whole = msgspec.structs.replace(WHOLE, mixed_mode=mixed)
    assert [("cluster/mode", "non-secure", text)] == differences(whole)


def test_facts_are_flat_text_and_speak_of_nothing_that_is_not_renewed() -> None:
    items = tuple(one for one in PLAN.items if one.purpose == "ipsec" and one.node.startswith("cucm-pub"))
    facts = facts_of(WHOLE, items)
    assert {str} == {type(value) for value in facts.values()}
    assert "Cisco DRF Master, Cisco DRF Local" == facts["ipsec/cucm-pub.lab.example/services"]
    assert [] == [key for key in facts if key.startswith("tomcat/")]


def test_the_digest_does_not_depend_on_the_order_of_keys() -> None:
    assert digest({"a": "1", "b": "2"}) == digest({"b": "2", "a": "1"})
    assert digest({"a": "1"}) != digest({"a": "2"})
