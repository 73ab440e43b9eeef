"""Promise: every lost phone gets the row of the recovery table that helps it, and no row is offered that harms one."""

import msgspec
import pytest

from factory.certificates import DAY, NOW
from factory.clusters import with_node
from factory.phone_clusters import (
    RELEASE_90,
    RELEASE_115,
    RELEASE_125,
    caller,
    leaf,
    phone_cluster,
    phones,
    with_lists,
)
from ucmcert.knowledge.words import LANGUAGES, words
from ucmcert.model.cluster import Cluster, Identity, Served
from ucmcert.model.finding import Severity
from ucmcert.model.node import Release, Role
from ucmcert.model.phone import NOT_INSTALLED
from ucmcert.model.plan import Step, StepKind
from ucmcert.model.trust_list import TrustListFacts
from ucmcert.plan.facts import changed
from ucmcert.plan.options import Options
from ucmcert.plan.recovery import Fate, Holder, Verdict, judge_phones, recovery_plan
from ucmcert.plan.recovery.excused import excused
from ucmcert.plan.recovery.restore import KnownBackup
from ucmcert.plan.recovery.rows import ROWS, Way

HOSTS = ("cucm-pub", "cucm-sub1")
GROUP = HOSTS


def whole(release: Release = RELEASE_125, *, mixed: bool = False) -> Cluster:
    nodes = (caller(HOSTS[0], Role.PUBLISHER, release=release), caller(HOSTS[1], release=release))
    return with_lists(phone_cluster(*nodes, release=release, mixed=mixed))


def renewed(cluster: Cluster, *purposes: str, settled: bool = True, label: str = "new") -> Cluster:
    """`purposes` renewed on every node that has them; `settled`: restarted, and every list made anew."""
    for host in HOSTS:
        facts = cluster.facts(f"{host}.lab.example")
        held, served = list(facts.holding.identities), list(facts.served)
        for purpose in purposes:
            if facts.holding.identity(purpose) is None:
                continue
            new = leaf(purpose, host, label=label)
            held = [one for one in held if one.purpose != purpose] + [Identity(purpose=purpose, certificate=new)]
            ports = {"CallManager": 5061, "TVS": 2445}
            if settled and purpose in ports:
                served = [one for one in served if one.port != ports[purpose]]
                served.append(Served(port=ports[purpose], leaf=new))
        holding = msgspec.structs.replace(facts.holding, identities=tuple(held))
        cluster = with_node(cluster, host, holding=holding, served=tuple(served))
    return with_lists(cluster) if settled else cluster


def lists(cluster: Cluster) -> tuple[TrustListFacts, ...]:
    return tuple(one for facts in cluster.nodes for one in facts.lists)


def holder(cluster: Cluster, name: str = "SEP01", host: str = HOSTS[0], **changes: object) -> Holder:
    """A phone that holds what `host` of `cluster` serves."""
    facts = cluster.facts(f"{host}.lab.example")
    itl, ctl = facts.trust_list("itl"), facts.trust_list("ctl")
    told = {"itl": itl.sha1 if itl else "", "ctl": ctl.sha1 if ctl else ""}
    return msgspec.structs.replace(
        Holder(name=name, model="Cisco 8845", pool="Main", group=GROUP, seen_at=NOW, **told), **changes
    )


def judged(now: Cluster, before: Cluster, *holders: Holder, **more: object) -> Verdict:
    return judge_phones(now, holders or (holder(before),), lists(before), **more)


def fate_and_way(verdict: Verdict) -> tuple[Fate, Way, Way | None]:
    one = verdict.phones[0]
    return one.fate, one.way, verdict.best.way if verdict.best else None


@pytest.mark.parametrize(
    ("release", "mixed", "purposes", "fate", "way"),
    [
        (RELEASE_115, False, ("CallManager",), Fate.RESET, Way.RESET),
        (RELEASE_115, False, ("CallManager", "TVS"), Fate.SOFT, Way.ITL_KEY_OLD),
        (RELEASE_115, False, ("CallManager", "TVS", "ITLRecovery"), Fate.HARD, None),
        (RELEASE_115, True, ("CallManager", "TVS"), Fate.SOFT, Way.ITL_KEY_MIXED_OLD),
        (RELEASE_125, False, ("CallManager", "TVS"), Fate.RESET, Way.RESET),
        (RELEASE_125, False, ("TVS", "ITLRecovery"), Fate.SOFT, Way.ITL_KEY),
        (RELEASE_125, False, ("CallManager", "ITLRecovery"), Fate.RESET, Way.RESET),
        (RELEASE_125, False, ("CallManager", "TVS", "ITLRecovery"), Fate.HARD, None),
        (RELEASE_125, True, ("ITLRecovery",), Fate.SOFT, Way.CTL_KEY),
        (RELEASE_125, True, ("TVS", "ITLRecovery"), Fate.SOFT, Way.CTL_KEY),
        (RELEASE_125, True, ("CallManager", "ITLRecovery"), Fate.HARD, None),
        (RELEASE_90, False, ("CallManager", "TVS"), Fate.HARD, None),
    ],
)
def test_each_row_of_the_table_finds_its_phones(
    release: Release, mixed: bool, purposes: tuple[str, ...], fate: Fate, way: Way | None
) -> None:
    before = whole(release, mixed=mixed)
    verdict = judged(renewed(before, *purposes), before)
    assert (fate, way or Way.VISIT, way) == fate_and_way(verdict)


def test_a_phone_that_holds_what_is_served_is_fine_and_not_listed() -> None:
    now = whole()
    verdict = judged(now, now)
    assert ({"fine": 1}, (), None, False) == (verdict.counts, verdict.phones, verdict.best, verdict.wrong)


@pytest.mark.parametrize(
    ("changes", "fate", "way"),
    [
        ({"itl": "0" * 40}, Fate.UNKNOWN, Way.PROBE),
        ({"itl": ""}, Fate.UNTOLD, Way.PROBE),
        ({"itl": "", "registered": False}, Fate.AWAY, Way.PROBE),
        ({"itl": NOT_INSTALLED}, Fate.RESET, Way.RESET),
    ],
)
def test_what_a_phone_does_not_tell_is_never_taken_for_fine(changes: dict[str, object], fate: Fate, way: Way) -> None:
    now = whole()
    verdict = judged(now, now, holder(now, **changes))
    assert (fate, way) == fate_and_way(verdict)[:2]


def test_a_phone_without_trust_lists_is_fine_when_it_is_back() -> None:
    now = whole()
    back, gone = holder(now, "SEP1", lists=False, itl=""), holder(now, "SEP2", lists=False, itl="", registered=False)
    verdict = judged(now, now, back, gone)
    assert {"fine": 1, "away": 1} == verdict.counts


def test_in_mixed_mode_a_right_itl_beside_an_untold_ctl_proves_nothing() -> None:
    now = whole(mixed=True)
    assert Fate.UNTOLD is judged(now, now, holder(now, ctl="")).phones[0].fate


def test_one_unknown_kind_of_list_costs_one_probe() -> None:
    now = whole()
    names = ("SEP3", "SEP2", "SEP1")
    verdict = judged(now, now, *(holder(now, name, itl="1" * 40) for name in names), holder(now, "SEP4", itl="2" * 40))
    assert ("SEP1", "SEP4") == verdict.probes


def test_what_is_half_done_is_finished_before_any_key_is_changed() -> None:
    before = whole()
    verdict = judged(renewed(before, "CallManager", settled=False), before)
    assert verdict.best is not None
    assert (Way.SETTLE,) == tuple(one.way for one in verdict.offers)
    assert Way.SETTLE is verdict.best.way


def test_nothing_is_finished_that_would_lock_those_who_are_fine() -> None:
    before = whole(RELEASE_115)
    verdict = judged(renewed(before, "CallManager", "TVS", settled=False), before)
    assert verdict.best is None
    assert ["UCM-RECOVER-003", "UCM-RECOVER-004"] == [one.code for one in verdict.offers[0].findings]


def test_localkey_is_not_offered_with_a_short_recovery_key() -> None:
    before = whole(RELEASE_115)
    now = renewed(before, "CallManager", "TVS")
    now = _with_key(_with_key(now, "ITLRecovery", "RSA 1024"), "CallManager", "RSA 2048")
    verdict = judged(now, before)
    offer = verdict.offers[-1]
    assert (Way.ITL_KEY_OLD, False, None) == (offer.way, offer.open, verdict.best)
    assert {"UCM-RECOVER-001"} == {one.code for one in offer.findings}
    assert Way.VISIT is verdict.phones[0].way


def test_a_backup_is_named_that_holds_what_a_hard_locked_phone_trusts() -> None:
    before = whole()
    now = renewed(before, "CallManager", "TVS", "ITLRecovery")
    old, new = (
        frozenset(held.certificate.sha256 for held in one.publisher.holding.identities) for one in (before, now)
    )
    backups = [
        KnownBackup(file="first.tar", at=NOW - 9.0 * DAY, identities=old),
        KnownBackup(file="second.tar", at=NOW - 5.0 * DAY, identities=old),
        KnownBackup(file="third.tar", at=NOW - 1.0 * DAY, identities=new),
    ]
    verdict = judged(now, before, backups=backups)
    assert [("second.tar", NOW - 5.0 * DAY, ("SEP01",))] == [(one.file, one.at, one.phones) for one in verdict.restores]
    recovery = before.publisher.holding.identity("ITLRecovery")
    assert recovery is not None
    assert (recovery.sha256,) == verdict.recovery_keys


def test_who_is_not_seen_closes_the_gate() -> None:
    now = msgspec.structs.replace(whole(), phones=phones(complete=False, problem="throttled"))
    assert ["UCM-RECOVER-005"] == [one.code for one in judged(now, now).findings]


def test_the_plan_names_whom_it_is_for_and_whom_its_gates_leave_out() -> None:
    before = whole(RELEASE_115)
    now = renewed(before, "CallManager", "TVS")
    gone = renewed(before, "CallManager", "TVS", "ITLRecovery", label="gone")
    people = (
        holder(before, "SEP01"),
        holder(gone, "SEP02"),
        holder(now, "SEP03"),
        holder(now, "SEP04", itl=""),
        holder(now, "SEP05", itl="", registered=False),
    )
    verdict = judge_phones(now, people, (*lists(before), *lists(gone)))
    plan = recovery_plan(now, verdict, now=NOW)
    assert ((), ()) == (plan.items, tuple(one for one in plan.findings if one.severity is Severity.ERROR))
    assert [{"SEP01"}, {"SEP02"}, {"SEP04"}] == [set(excused(plan, kind)) for kind in ("wrong", "lost", "untold")]
    assert "SEP05" == plan.steps[0].detail["away"]
    assert plan.digest != recovery_plan(now, judged(now, before), now=NOW).digest


KINDS = {
    Way.RESET: (RELEASE_125, False, ("CallManager", "TVS"), ["lists.check", "phones.reset"]),
    Way.ITL_KEY_OLD: (RELEASE_115, False, ("CallManager", "TVS"), ["list.reset", "lists.check", "phones.reset"]),
    Way.ITL_KEY: (
        RELEASE_125,
        False,
        ("TVS", "ITLRecovery"),
        ["list.reset", "lists.check", "phones.reset", "service.restart", "lists.check", "phones.reset"],
    ),
    Way.CTL_KEY: (
        RELEASE_125,
        True,
        ("ITLRecovery",),
        [
            "list.reset",
            "service.restart",
            "lists.check",
            "phones.reset",
            "ctl.update",
            "service.restart",
            "lists.check",
            "phones.reset",
        ],
    ),
    Way.ITL_KEY_MIXED_OLD: (
        RELEASE_115,
        True,
        ("CallManager", "TVS"),
        ["list.reset", "lists.check", "phones.reset", "lists.check", "phones.reset"],
    ),
}
TOLD = {StepKind.LIST_RESET, StepKind.LISTS_CHECK, StepKind.PHONES_RESET, StepKind.SERVICE_RESTART, StepKind.CTL_UPDATE}


@pytest.mark.parametrize("way", KINDS)
def test_the_acts_of_a_plan_stand_in_the_order_of_its_row(way: Way) -> None:
    release, mixed, purposes, acts = KINDS[way]
    before = whole(release, mixed=mixed)
    now = renewed(before, *purposes)
    verdict = judged(now, before)
    plan = recovery_plan(now, verdict, now=NOW, options=Options(reset="at-once"))
    kinds = [one.kind.value for one in plan.steps if one.kind in TOLD]
    assert acts == [kind for at, kind in enumerate(kinds) if at == 0 or kinds[at - 1] != kind]
    assert ROWS[way].resets == kinds.count("phones.reset")
    assert StepKind.PHONES_GATE is _last_of(plan.steps).kind
    assert len(plan.steps) == len({one.id for one in plan.steps})


def test_a_certificate_that_changes_meanwhile_voids_the_approval() -> None:
    before = whole(RELEASE_115)
    now = renewed(before, "CallManager", "TVS")
    plan = recovery_plan(now, judged(now, before), now=NOW)
    assert () == changed(plan, now)
    assert {"TVS/cucm-pub.lab.example/identity", "TVS/cucm-sub1.lab.example/identity"} == {
        one.where for one in changed(plan, renewed(now, "TVS", label="again"))
    }


def test_a_reset_touches_only_the_pools_of_those_it_helps() -> None:
    before = whole()
    now = renewed(before, "CallManager")
    verdict = judged(now, before, holder(before, "SEP01", pool="Branch"), holder(now, "SEP02", pool="Main"))
    plan = recovery_plan(now, verdict, now=NOW)
    assert ["Branch"] == [one.detail["pools"] for one in plan.steps if one.kind is StepKind.PHONES_RESET]


def test_no_plan_without_an_open_way() -> None:
    now = whole()
    with pytest.raises(ValueError, match="no way"):
        recovery_plan(now, judged(now, now), now=NOW)


def test_every_code_has_words_in_both_languages() -> None:
    values = dict.fromkeys(("node", "recovery", "other", "release", "count", "gaps", "names", "trouble"), "?")
    for lang in LANGUAGES:
        for number in range(1, 6):
            assert words(f"UCM-RECOVER-00{number}", lang, values).next


def _with_key(cluster: Cluster, purpose: str, key: str) -> Cluster:
    for facts in cluster.nodes:
        held = tuple(
            msgspec.structs.replace(one, certificate=msgspec.structs.replace(one.certificate, key=key))
            if one.purpose == purpose
            else one
            for one in facts.holding.identities
        )
        holding = msgspec.structs.replace(facts.holding, identities=held)
        cluster = with_node(cluster, facts.node.host, holding=holding)
    return cluster


def _last_of(steps: tuple[Step, ...]) -> Step:
    return [one for one in steps if one.kind is not StepKind.BACKUP_FRESH][-1]
