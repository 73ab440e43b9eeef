"""Promise: whoever outside the cluster uses a renewed certificate stands in the plan, by name where we know it."""

import msgspec
import pytest

from factory.certificates import NOW
from factory.clusters import cluster, with_node
from ucmcert.knowledge.consumers import CONSUMER_KINDS
from ucmcert.knowledge.purposes import PURPOSES
from ucmcert.knowledge.words import LANGUAGES, words
from ucmcert.model.cluster import Cluster
from ucmcert.model.consumer import Consumer, ConsumersFacts
from ucmcert.model.plan import Plan
from ucmcert.plan.build import build
from ucmcert.plan.runbook import runbook
from ucmcert.plan.select import select
from ucmcert.report.pages.errands import errand_blocks
from ucmcert.report.pages.plan_page import plan_blocks
from ucmcert.report.paper import plain


def around(*known: Consumer, **unread: str) -> Cluster:
    return msgspec.structs.replace(cluster(), consumers=ConsumersFacts(known=known, unread=unread))


def made(whole: Cluster, *purposes: str) -> Plan:
    return build(whole, select(whole, now=NOW, threshold_days=30, purposes=purposes), now=NOW)


def kinds(plan: Plan) -> list[str]:
    return [one.kind for one in plan.errands]


def test_only_those_who_use_a_renewed_purpose_are_told() -> None:
    assert ["ipsec-peer"] == kinds(made(around(), "ipsec"))
    assert "ipsec-peer" not in kinds(made(around(), "tomcat"))
    assert "expressway" in kinds(made(around(), "tomcat"))


def test_what_the_database_tells_is_named_and_what_it_does_not_know_is_not_asked() -> None:
    whole = around(Consumer(kind="ldap", name="dc1.example", how="found"))
    found = {one.kind: one for one in made(whole, "tomcat").errands}
    assert (("dc1.example",), "found") == (found["ldap"].names, found["ldap"].basis)
    assert "ldap" not in kinds(made(around(), "tomcat"))


def test_what_could_not_be_read_is_asked() -> None:
    (one,) = [one for one in made(around(ldap="no such table"), "tomcat").errands if one.kind == "ldap"]
    assert ((), "asked") == (one.names, one.basis)


def test_an_identity_provider_is_told_where_single_sign_on_may_be_on() -> None:
    off = around()
    for facts in off.nodes:
        off = with_node(off, facts.node.host, sso_enabled=False)
    assert "idp" not in kinds(made(off, "tomcat"))
    assert "idp" in kinds(made(with_node(off, "cucm-pub", sso_enabled=True), "tomcat"))


def test_before_comes_first_and_nobody_looked_means_no_errands() -> None:
    moments = [one.when for one in made(with_node(around(), "cucm-pub", sso_enabled=True), "tomcat").errands]
    assert moments == sorted(moments, key=lambda when: when != "before")
    assert {"before", "after"} == set(moments)
    assert () == made(cluster(), "tomcat").errands


def test_plan_and_runbook_show_them_in_both_languages() -> None:
    whole = around(Consumer(kind="unity-connection", name="cuc-1", how="found"))
    plan = made(whole, "tomcat")
    assert "cuc-1" in plain.render(plan_blocks(plan, "en"))
    assert "Ceux qui doivent savoir avant la fenêtre" in plain.render(plan_blocks(plan, "fr"))
    assert "- [ ] Unity Connection" in runbook(plan, whole, "en")
    assert "- [ ] Unity Connection : la chaîne" in runbook(plan, whole, "fr")


def test_what_is_left_for_after_the_window_is_shown_by_itself() -> None:
    plan = made(with_node(around(), "cucm-pub", sso_enabled=True), "tomcat")
    left = plain.render(errand_blocks(plan, "en", moments=("after",)))
    assert "Identity provider" in left
    assert "Expressway" not in left


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_kind_has_words_and_known_purposes(lang: str) -> None:
    for row in CONSUMER_KINDS:
        said = words(row.code, lang, {})
        assert all((said.what, said.why, said.next))
        assert set(row.purposes) <= set(PURPOSES)
        assert set(row.stores) <= {one.trust for one in PURPOSES.values()}
