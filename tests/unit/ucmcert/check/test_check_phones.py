"""Promise: what makes phones and their lists unfit for a renewal is found before it begins, only when it matters."""

from collections.abc import Callable

import msgspec
import pytest

from factory.certificates import DAY, NOW, self_signed
from factory.clusters import cluster, with_node, with_service
from factory.phone_clusters import (
    RELEASE_14SU3,
    RELEASE_125,
    leaf,
    phone_cluster,
    phones,
    served_list,
    with_lists,
)
from ucmcert.check.after import check as check_after
from ucmcert.check.before import PHONE_RULES, check
from ucmcert.knowledge.words import LANGUAGES, words
from ucmcert.model.cluster import Cluster, Identity, ServiceStatus
from ucmcert.model.finding import Finding, Severity
from ucmcert.model.node import Release
from ucmcert.plan.select import select

WHOLE = phone_cluster()
Change = Callable[[Cluster], Cluster]
CALLS = ("CallManager",)


def found(whole: Cluster, *purposes: str) -> tuple[Finding, ...]:
    items = select(whole, now=NOW, threshold_days=30, purposes=purposes, force=True)
    made = check(whole, items, now=NOW)
    for one in made:
        for lang in LANGUAGES:
            assert words(one.code, lang, one.values).next
    return made


def seen(total: int = 500, **changes: object) -> Change:
    return lambda whole: msgspec.structs.replace(whole, phones=phones(total, **changes))


def about(**changes: object) -> Change:
    return lambda whole: msgspec.structs.replace(whole, **changes)


def service(host: str, name: str, state: str) -> Change:
    return lambda whole: with_service(whole, host, ServiceStatus(name=name, state=state, reason="Not Activated"))


def by_hand(host: str, purpose: str) -> Change:
    """`purpose` of `host` was replaced, and nothing else was done."""

    def change(whole: Cluster) -> Cluster:
        facts = whole.facts(f"{host}.lab.example")
        kept = tuple(one for one in facts.holding.identities if one.purpose != purpose)
        new = Identity(purpose=purpose, certificate=leaf(purpose, host, label="by hand"))
        return with_node(whole, host, holding=msgspec.structs.replace(facts.holding, identities=(*kept, new)))

    return change


def listed(host: str, **changes: object) -> Change:
    def change(whole: Cluster) -> Cluster:
        first, *others = whole.facts(f"{host}.lab.example").lists
        return with_node(whole, host, lists=(msgspec.structs.replace(first, **changes), *others))

    return change


def signed_by(host: str, kind: str, purpose: str) -> Change:
    def change(whole: Cluster) -> Cluster:
        others = tuple(one for one in whole.facts(f"{host}.lab.example").lists if one.kind != kind)
        return with_node(whole, host, lists=(served_list(whole, host, kind, by=purpose), *others))

    return change


def long_list(whole: Cluster) -> Cluster:
    records = whole.publisher.lists[0].records
    return listed("cucm-pub", records=(*records, *(records[:1] * 40)))(whole)


def reused(whole: Cluster) -> Cluster:
    for facts in whole.nodes:
        one = self_signed("cucm-pub-ms.lab.example", not_after=NOW + DAY, key_label="reused")
        kept = tuple(held for held in facts.holding.identities if held.purpose not in ("tomcat", "CallManager"))
        both = tuple(Identity(purpose=name, certificate=one) for name in ("tomcat", "CallManager"))
        held = msgspec.structs.replace(facts.holding, identities=(*kept, *both))
        whole = with_node(whole, facts.node.host, holding=held)
    return with_lists(whole)


def no_tftp(whole: Cluster) -> Cluster:
    for facts in whole.nodes:
        whole = service(facts.node.host, "Cisco Tftp", "stopped")(whole)
    return whole


def mixed(change: Change | None = None, release: Release = RELEASE_14SU3) -> Change:
    whole = phone_cluster(release=release, mixed=True)
    return lambda _: change(whole) if change else whole


BAD: list[tuple[str, Severity, tuple[str, ...], Change]] = [
    ("UCM-CHECK-025", Severity.ERROR, CALLS, about(mixed_mode=None)),
    ("UCM-CHECK-026", Severity.ERROR, CALLS, about(phones=None)),
    ("UCM-CHECK-026", Severity.ERROR, CALLS, seen(complete=False)),
    ("UCM-CHECK-026", Severity.ERROR, CALLS, seen(problem="AXL: time-out")),
    ("UCM-CHECK-027", Severity.ERROR, CALLS, seen(rollback=True)),
    ("UCM-CHECK-027", Severity.ERROR, CALLS, seen(rollback=None)),
    ("UCM-CHECK-028", Severity.WARNING, CALLS, seen(interaction="unknown")),
    ("UCM-CHECK-029", Severity.WARNING, CALLS, seen(mismatched=("SEP1",))),
    ("UCM-CHECK-030", Severity.WARNING, CALLS, seen(silent=("SEP1", "SEP2"))),
    ("UCM-CHECK-031", Severity.ERROR, CALLS, service("cucm-sub1", "Cisco Trust Verification Service", "stopped")),
    ("UCM-CHECK-032", Severity.ERROR, CALLS, no_tftp),
    ("UCM-CHECK-033", Severity.WARNING, ("CAPF",), seen(classes={"secure, group of 2, lists, page": 9})),
    ("UCM-CHECK-034", Severity.NOTICE, ("tomcat",), reused),
    ("UCM-CHECK-035", Severity.NOTICE, CALLS, lambda whole: whole),
    ("UCM-CHECK-036", Severity.WARNING, CALLS, mixed(release=Release(12, 5, 1, 12900, 115))),
    ("UCM-CHECK-037", Severity.ERROR, CALLS, listed("cucm-sub1", verified=False)),
    ("UCM-CHECK-037", Severity.ERROR, CALLS, listed("cucm-sub1", present=False)),
    ("UCM-CHECK-037", Severity.ERROR, CALLS, lambda whole: with_node(whole, "cucm-sub1", lists=())),
    ("UCM-CHECK-038", Severity.ERROR, CALLS, signed_by("cucm-sub1", "itl", "CallManager")),
    ("UCM-CHECK-039", Severity.WARNING, CALLS, mixed(signed_by("cucm-sub1", "ctl", "CallManager"))),
    ("UCM-CHECK-040", Severity.ERROR, CALLS, by_hand("cucm-sub1", "TVS")),
    ("UCM-CHECK-040", Severity.ERROR, ("TVS",), by_hand("cucm-sub1", "CallManager")),
    ("UCM-CHECK-040", Severity.ERROR, ("CAPF", "TVS"), by_hand("cucm-sub1", "TVS")),
    ("UCM-CHECK-041", Severity.WARNING, ("tomcat",), by_hand("cucm-sub1", "TVS")),
    ("UCM-CHECK-042", Severity.ERROR, CALLS, long_list),
]
GOOD: list[tuple[str, tuple[str, ...], Change]] = [
    ("UCM-CHECK-025", ("tomcat",), about(mixed_mode=None)),
    ("UCM-CHECK-026", ("tomcat",), about(phones=None)),
    ("UCM-CHECK-027", CALLS, seen(total=0, rollback=None)),
    ("UCM-CHECK-028", CALLS, seen(interaction="manual")),
    ("UCM-CHECK-029", ("tomcat",), seen(mismatched=("SEP1",))),
    ("UCM-CHECK-030", CALLS, seen(silent=())),
    ("UCM-CHECK-031", CALLS, service("cucm-sub1", "Cisco CallManager", "stopped")),
    ("UCM-CHECK-032", CALLS, service("cucm-sub1", "Cisco Tftp", "stopped")),
    ("UCM-CHECK-033", ("TVS",), seen(classes={"secure, group of 2, lists, page": 9})),
    ("UCM-CHECK-034", ("tomcat",), lambda whole: whole),
    ("UCM-CHECK-035", ("TVS",), lambda whole: whole),
    ("UCM-CHECK-036", CALLS, mixed(release=RELEASE_125)),
    ("UCM-CHECK-037", CALLS, lambda whole: whole),
    ("UCM-CHECK-038", CALLS, lambda _: phone_cluster(release=Release(11, 5, 1, 18900, 97))),
    ("UCM-CHECK-039", CALLS, mixed()),
    ("UCM-CHECK-040", ("TVS",), by_hand("cucm-sub1", "TVS")),
    ("UCM-CHECK-040", CALLS, lambda whole: with_lists(by_hand("cucm-sub1", "TVS")(whole))),
    ("UCM-CHECK-041", ("tomcat",), lambda whole: whole),
    ("UCM-CHECK-042", ("tomcat",), long_list),
]


@pytest.mark.parametrize(
    ("code", "severity", "purposes", "change"), BAD, ids=lambda one: one if isinstance(one, str) else ""
)
def test_what_is_wrong_with_phones_is_found(
    code: str, severity: Severity, purposes: tuple[str, ...], change: Change
) -> None:
    assert (code, severity) in {(one.code, one.severity) for one in found(change(WHOLE), *purposes)}


@pytest.mark.parametrize(("code", "purposes", "change"), GOOD, ids=lambda one: one if isinstance(one, str) else "")
def test_what_is_right_with_phones_is_not_complained_of(code: str, purposes: tuple[str, ...], change: Change) -> None:
    whole = change(WHOLE)
    if code == "UCM-CHECK-040" and purposes == CALLS:
        served = whole.facts("cucm-sub1.lab.example").served
        new = whole.facts("cucm-sub1.lab.example").holding.identity("TVS")
        shown = tuple(msgspec.structs.replace(one, leaf=new) if one.port == 2445 else one for one in served)
        whole = with_node(whole, "cucm-sub1", served=shown)
    assert code not in {one.code for one in found(whole, *purposes)}


def test_every_rule_of_phones_has_a_bad_and_a_good_case() -> None:
    rules = [one.code for one in PHONE_RULES]
    assert len(set(rules)) == len(rules)
    assert set(rules) == {code for code, _, _, _ in BAD} == {code for code, _, _ in GOOD}


def test_a_healthy_cluster_with_phones_has_no_error() -> None:
    for whole in (WHOLE, phone_cluster(release=RELEASE_125, mixed=True)):
        assert [] == [one.code for one in found(whole, "CAPF", "CallManager", "TVS") if one.severity is Severity.ERROR]


def test_a_missing_anchor_is_an_error_where_phones_are_concerned() -> None:
    facts = WHOLE.facts("cucm-sub1.lab.example")
    kept = tuple(one for one in facts.holding.identities if one.purpose != "TVS")
    whole = with_node(WHOLE, "cucm-sub1", holding=msgspec.structs.replace(facts.holding, identities=kept))
    assert ("UCM-CHECK-019", {"purpose": "TVS"}) in [(one.code, one.values) for one in found(whole, "CallManager")]
    assert "UCM-CHECK-019" not in {one.code for one in found(whole, "tomcat")}


def test_a_silent_port_matters_only_where_its_service_runs_and_it_is_asked_for() -> None:
    facts = WHOLE.facts("cucm-sub1.lab.example")
    silent = tuple(msgspec.structs.replace(one, leaf=None) if one.port == 5061 else one for one in facts.served)
    whole = with_node(WHOLE, "cucm-sub1", served=silent)
    assert "UCM-CHECK-021" in {one.code for one in found(whole, "CallManager")}
    assert "UCM-CHECK-021" not in {one.code for one in found(whole, "tomcat")}
    stopped = service("cucm-sub1", "Cisco CallManager", "stopped")(whole)
    assert "UCM-CHECK-021" not in {one.code for one in found(stopped, "CallManager")}


def after(whole: Cluster, *, before: Cluster = WHOLE, signed: tuple[str, ...] = ()) -> dict[str, Severity]:
    issued = {(whole.publisher.node.name, "TVS"): whole.publisher.holding.identity("TVS").sha256}
    made = check_after(whole, issued=issued, before=before, signed=frozenset(signed))
    return {one.code: one.severity for one in made if one.code in ("UCM-AFTER-008", "UCM-AFTER-009")}


def test_a_phone_that_did_not_follow_is_an_error_after_the_run_unless_signed_for() -> None:
    left = seen(mismatched=("SEP1",))(WHOLE)
    assert {"UCM-AFTER-008": Severity.ERROR} == after(left)
    assert {} == after(left, signed=("SEP1",))
    assert {} == after(WHOLE)


def test_who_was_there_before_and_is_not_now_is_named() -> None:
    gone = seen(absent=("SEP1", "SEP2"))(WHOLE)
    assert {"UCM-AFTER-009": Severity.WARNING} == after(gone, before=seen(absent=("SEP1",))(WHOLE))
    assert {} == after(gone, before=gone)
    assert {} == after(gone, signed=("SEP1", "SEP2"))
    assert {} == after(seen(absent=("SEP1",), complete=False)(WHOLE))


def test_a_cluster_nobody_looked_at_phones_of_is_judged_by_the_rest() -> None:
    plain = cluster()
    assert set() == {one.code for one in found(plain, "tomcat") if one.severity is Severity.ERROR}
