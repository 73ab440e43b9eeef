"""Promise: a removal plan names every command, the wait and the way back; a later look tells what came of it."""

import msgspec
from stores_bench import PUB, ca, healthy, old_leaf, planned, trusting, without

from factory.clusters import with_node, with_service
from ucmcert.model.cluster import Holding, ServiceStatus
from ucmcert.model.node import Release
from ucmcert.trust.removal import digest_of
from ucmcert.trust.since import Fate, Look, Since, look_of, since

GONE = ca("Gone Root", until=-5).certificate
OLD = old_leaf("cucm-sub1", "CallManager")
OLDER, NEWER = ca("Twin", "twin", since=-900).certificate, ca("Twin", "twin", since=-10).certificate
FULL = trusting(trusting(healthy(), "tomcat", GONE, OLDER, NEWER), "CallManager", OLD)
PLAN = planned(FULL)


def test_only_what_may_go_is_planned_and_what_phones_feel_comes_last() -> None:
    assert {GONE.sha256, OLDER.sha256, OLD.sha256} == {one.sha256 for one in PLAN.removals}
    assert [1, 2, 3] == [one.number for one in PLAN.removals]
    assert [OLDER.sha256, GONE.sha256, OLD.sha256] == [one.sha256 for one in PLAN.removals]
    assert [False, False, True] == [one.disturbs_phones for one in PLAN.removals]


def test_each_node_has_its_own_command_publisher_first() -> None:
    one = next(one for one in PLAN.removals if one.sha256 == OLDER.sha256)
    name = f"Twin_{OLDER.serial}.pem"
    assert [f"show cert trust tomcat-trust/{name}"] == [each.command for each in one.look]
    assert {f"set cert delete tomcat-trust {name}"} == {each.command for each in one.delete}
    assert [facts.node.name for facts in FULL.nodes] == [each.node for each in one.delete]
    assert {"utils service restart Cisco Tomcat"} == {each.command for each in one.restart}
    assert 3 == len(one.restart)
    assert 1800 == one.wait_s
    assert [("set cert import trust tomcat", PUB)] == [(each.command, each.node) for each in one.undo]


def test_an_expired_certificate_has_no_way_back_and_a_living_one_has() -> None:
    undo = {one.sha256: bool(one.undo) for one in PLAN.removals}
    assert {GONE.sha256: False, OLDER.sha256: True, OLD.sha256: True} == undo


def test_a_service_that_does_not_run_is_not_restarted() -> None:
    stopped = with_service(FULL, "cucm-sub2", ServiceStatus(name="Cisco Tomcat", state="stopped"))
    one = next(one for one in planned(stopped).removals if one.sha256 == OLDER.sha256)
    assert ["cucm-pub.lab.example", "cucm-sub1.lab.example"] == [each.node for each in one.restart]


def test_below_12_the_notification_is_stopped_first_and_started_again() -> None:
    notifying = ServiceStatus(name="Cisco Certificate Change Notification", state="started")
    old = trusting(healthy(Release(11, 5, 1, 18900, 97)), "tomcat", GONE)
    for host in ("cucm-pub", "cucm-sub1"):
        old = with_service(old, host, notifying)
    (one,) = planned(old).removals
    assert ["utils service stop Cisco Certificate Change Notification"] * 2 == [each.command for each in one.before]
    assert ["utils service start Cisco Certificate Change Notification"] * 2 == [each.command for each in one.after]
    new = with_service(FULL, "cucm-pub", notifying)
    assert {()} == {one.before for one in planned(new).removals}


def test_the_same_facts_give_the_same_plan() -> None:
    assert (PLAN.digest, PLAN.digest) == (planned(FULL).digest, digest_of(PLAN))
    assert PLAN.digest != digest_of(msgspec.structs.replace(PLAN, cluster="other"))


def fates(found: Since, sha256: str) -> list[Fate]:
    return [one.fate for one in found.outcomes if one.held.sha256 == sha256]


def test_a_later_look_tells_gone_from_still_there_node_by_node() -> None:
    begun = since(PLAN, without(FULL, GONE.sha256, hosts=("cucm-pub",)))
    assert [Fate.GONE, Fate.STILL, Fate.STILL] == fates(begun, GONE.sha256)
    assert not begun.done
    whole = FULL
    for one in PLAN.removals:
        whole = without(whole, one.sha256)
    assert since(PLAN, whole).done


def test_what_was_gone_and_is_there_again_came_back() -> None:
    first = since(PLAN, without(FULL, GONE.sha256))
    second = since(PLAN, FULL, (look_of(first),))
    assert {Fate.BACK} == set(fates(second, GONE.sha256))
    assert {Fate.STILL} == set(fates(second, OLD.sha256))
    assert {Fate.STILL} == set(fates(since(PLAN, FULL, (Look(at=0.0, gone=()),)), GONE.sha256))


def test_a_silent_node_is_not_taken_for_a_clean_one() -> None:
    whole = FULL
    for one in PLAN.removals:
        whole = without(whole, one.sha256)
    silent = with_node(whole, "cucm-sub2", holding=Holding(identities=(), requests=(), trust=()))
    found = since(PLAN, silent)
    assert not found.done
    assert [Fate.GONE, Fate.GONE, Fate.UNREAD] == fates(found, GONE.sha256)
    assert () == found.lost


def test_what_went_without_being_planned_is_told() -> None:
    found = since(PLAN, without(FULL, NEWER.sha256, hosts=("cucm-sub1",)))
    assert [("cucm-sub1.lab.example", "tomcat", NEWER.sha256)] == [
        (one.node, one.store, one.sha256) for one in found.lost
    ]
    assert () == since(PLAN, FULL).lost
