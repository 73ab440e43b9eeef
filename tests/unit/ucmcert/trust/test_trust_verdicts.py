"""Promise: every entry of every store gets the one verdict that its evidence allows, and only the needless may go."""

import msgspec
import pytest
from stores_bench import HOSTS, ca, healthy, judged, old_leaf, planned, showing, trusting

from factory.certificates import DAY, NOW, authority, request, self_signed, sign
from factory.clusters import with_node
from ucmcert.model.certificate import Certificate
from ucmcert.model.cluster import Cluster, Served
from ucmcert.model.finding import Severity, worded
from ucmcert.model.trust_list import ListRecord, ListRole
from ucmcert.trust import Former, Incoming, Known
from ucmcert.trust.may_go import Kept
from ucmcert.trust.verdict import Verdict

STRANGER = ca("Partner Root")
GONE = ca("Partner Root Old", until=-3)
SITE = ca("Site Root")
OLD_CALL = old_leaf("cucm-sub1", "CallManager")
OLD_CAPF = self_signed("CAPF-0000aaaa", not_after=NOW - DAY)
RENAMED_CAPF = self_signed("Old issuer of LSCs")
LDAP = ca("LDAP Root", until=-1)
NEWER = ca("Twin Root", "twin", since=-10)
OLDER = ca("Twin Root", "twin", since=-900)


def tomcat_by_site() -> Cluster:
    """The publisher's tomcat is signed by the site's CA, which stands in tomcat-trust."""
    leaf = sign(request("cucm-pub.lab.example", key="ec"), SITE)
    return trusting(showing(healthy(), "cucm-pub", "tomcat", leaf), "tomcat", SITE.certificate)


def test_what_every_cluster_holds_is_explained_and_none_of_it_may_go() -> None:
    whole = healthy()
    call = whole.facts("cucm-sub1.lab.example").holding.identity("CallManager")
    capf = whole.publisher.holding.identity("CAPF")
    assert call is not None
    assert capf is not None
    assert Verdict.OWN == judged(whole, "CallManager", call).reasoned.verdict
    assert Verdict.LSC_ISSUER == judged(whole, "CallManager", capf).reasoned.verdict
    assert Verdict.DEFAULT == judged(whole, "CAPF", ca("CAP-RTP-001").certificate).reasoned.verdict
    assert () == planned(whole).removals


def test_the_ca_above_an_identity_is_used_and_a_stranger_is_unknown() -> None:
    whole = trusting(tomcat_by_site(), "tomcat", STRANGER.certificate)
    used = judged(whole, "tomcat", SITE.certificate)
    assert (Verdict.USED, "tomcat", "cucm-pub.lab.example") == (
        used.reasoned.verdict,
        used.reasoned.uses[0].by,
        used.reasoned.uses[0].where,
    )
    assert Verdict.UNKNOWN == judged(whole, "tomcat", STRANGER.certificate).reasoned.verdict
    assert () == planned(whole).removals


def test_an_expired_ca_may_go_unless_it_is_used() -> None:
    over = ca("Site Root", "over", since=-900, until=-2)
    leaf = sign(request("cucm-pub.lab.example", key="ec"), over)
    used = trusting(showing(healthy(), "cucm-pub", "tomcat", leaf), "tomcat", over.certificate)
    needless = trusting(healthy(), "tomcat", GONE.certificate)
    assert (Verdict.USED, Kept.VERDICT) == _told(used, "tomcat", over.certificate)
    assert (Verdict.EXPIRED, Kept.NOTHING) == _told(needless, "tomcat", GONE.certificate)


def test_an_expired_ca_above_what_a_port_still_shows_is_used() -> None:
    whole = trusting(healthy(), "tomcat", GONE.certificate)
    shown = Served(port=8443, leaf=sign(request("cucm-sub2.lab.example", key="ec"), GONE))
    served = tuple(shown if one.port == 8443 else one for one in whole.facts("cucm-sub2.lab.example").served)
    assert (Verdict.USED, Kept.VERDICT) == _told(
        with_node(whole, "cucm-sub2", served=served), "tomcat", GONE.certificate
    )


@pytest.mark.parametrize("name", ["CAP-RTP-001", "Cisco_Manufacturing_CA", "CISCO ROOT CA M2", "ACT2 SUDI CA"])
def test_what_cisco_installs_stays_even_when_it_is_expired(name: str) -> None:
    one = ca(name, "over", until=-300).certificate
    assert (Verdict.DEFAULT, Kept.VERDICT) == _told(trusting(healthy(), "CallManager", one), "CallManager", one)


def test_no_capf_of_now_or_before_ever_goes() -> None:
    by_name = trusting(healthy(), "CallManager", OLD_CAPF)
    assert (Verdict.LSC_ISSUER, Kept.VERDICT) == _told(by_name, "CallManager", OLD_CAPF)

    by_ledger = trusting(healthy(), "CallManager", RENAMED_CAPF)
    known = Known(former=(Former(sha256=RENAMED_CAPF.sha256, purpose="CAPF", node="cucm-pub", run="r1"),))
    assert Verdict.UNKNOWN == judged(by_ledger, "CallManager", RENAMED_CAPF).reasoned.verdict
    assert Verdict.LSC_ISSUER == judged(by_ledger, "CallManager", RENAMED_CAPF, known).reasoned.verdict


def test_the_root_above_a_former_capf_stays_too() -> None:
    capf = sign(request("CAPF-11112222", key="ec"), GONE, ca=True)
    alone, below = trusting(healthy(), "tomcat", GONE.certificate), trusting(healthy(), "CallManager", capf)
    assert Verdict.EXPIRED == judged(alone, "tomcat", GONE.certificate).reasoned.verdict
    held = trusting(below, "CallManager", GONE.certificate)
    assert Verdict.USED == judged(held, "CallManager", GONE.certificate).reasoned.verdict


def test_what_stands_in_capf_trust_may_have_issued_lscs() -> None:
    in_capf = trusting(healthy(), "CAPF", GONE.certificate, hosts=("cucm-pub",))
    both = trusting(in_capf, "CallManager", GONE.certificate)
    assert Verdict.LSC_ISSUER == judged(both, "CAPF", GONE.certificate).reasoned.verdict
    assert Verdict.LSC_ISSUER == judged(both, "CallManager", GONE.certificate).reasoned.verdict


def test_an_earlier_identity_may_go_once_nothing_shows_it() -> None:
    whole = trusting(healthy(), "CallManager", OLD_CALL)
    assert (Verdict.FORMER, Kept.NOTHING) == _told(whole, "CallManager", OLD_CALL)


def test_a_younger_namesake_of_an_identity_is_no_earlier_one() -> None:
    young = old_leaf("cucm-sub1", "CallManager", since=-1)
    assert (Verdict.UNKNOWN, Kept.VERDICT) == _told(trusting(healthy(), "CallManager", young), "CallManager", young)


def test_an_earlier_identity_that_a_port_shows_is_used() -> None:
    whole = trusting(healthy(), "CallManager", OLD_CALL)
    served = tuple(
        Served(port=5061, leaf=OLD_CALL) if one.port == 5061 else one
        for one in whole.facts("cucm-sub1.lab.example").served
    )
    assert (Verdict.USED, Kept.VERDICT) == _told(with_node(whole, "cucm-sub1", served=served), "CallManager", OLD_CALL)


def test_an_earlier_identity_stays_while_a_port_is_silent() -> None:
    whole = trusting(healthy(), "CallManager", OLD_CALL)
    served = tuple(
        Served(port=5061, leaf=None) if one.port == 5061 else one for one in whole.facts("cucm-sub2.lab.example").served
    )
    assert (Verdict.FORMER, Kept.PORTS) == _told(with_node(whole, "cucm-sub2", served=served), "CallManager", OLD_CALL)


@pytest.mark.parametrize("serial_only", [False, True])
def test_an_earlier_identity_in_a_trust_list_is_used(serial_only: bool) -> None:
    whole = trusting(healthy(), "CallManager", OLD_CALL)
    facts = whole.facts("cucm-sub1.lab.example")
    record = ListRecord(
        role=ListRole.TFTP,
        subject=OLD_CALL.subject,
        issuer=OLD_CALL.issuer,
        serial=OLD_CALL.serial.upper(),
        sha256="" if serial_only else OLD_CALL.sha256,
    )
    lists = tuple(msgspec.structs.replace(one, records=(*one.records, record)) for one in facts.lists)
    assert (Verdict.USED, Kept.VERDICT) == _told(with_node(whole, "cucm-sub1", lists=lists), "CallManager", OLD_CALL)


def test_an_earlier_identity_stays_while_a_list_is_unread() -> None:
    whole = with_node(trusting(healthy(), "CallManager", OLD_CALL), "cucm-sub2", lists=())
    assert (Verdict.FORMER, Kept.LISTS) == _told(whole, "CallManager", OLD_CALL)


def test_copies_of_an_old_recovery_key_and_of_ipsec_stay() -> None:
    recovery = self_signed("ITLRECOVERY_cucm-pub.lab.example", not_after=NOW - DAY, key_label="old")
    ipsec = old_leaf("cucm-pub", "ipsec")
    whole = trusting(trusting(healthy(), "CallManager", recovery), "ipsec", ipsec)
    assert (Verdict.FORMER, Kept.RECOVERY) == _told(whole, "CallManager", recovery)
    assert (Verdict.FORMER, Kept.UNSEEN) == _told(whole, "ipsec", ipsec)


def test_an_older_certificate_of_the_same_ca_key_is_a_duplicate() -> None:
    whole = trusting(healthy(), "tomcat", OLDER.certificate)
    assert Verdict.UNKNOWN == judged(whole, "tomcat", OLDER.certificate).reasoned.verdict
    both = trusting(whole, "tomcat", NEWER.certificate)
    assert (Verdict.DUPLICATE, Kept.NOTHING) == _told(both, "tomcat", OLDER.certificate)
    assert (Verdict.UNKNOWN, Kept.VERDICT) == _told(both, "tomcat", NEWER.certificate)
    lacking = trusting(whole, "tomcat", NEWER.certificate, hosts=HOSTS[:2])
    assert (Verdict.UNKNOWN, Kept.VERDICT) == _told(lacking, "tomcat", OLDER.certificate)
    rekeyed = trusting(whole, "tomcat", ca("Twin Root", "another", since=-10).certificate)
    assert (Verdict.UNKNOWN, Kept.VERDICT) == _told(rekeyed, "tomcat", OLDER.certificate)


def test_an_expired_entry_stays_where_somebody_may_still_need_it() -> None:
    whole = trusting(healthy(), "tomcat", GONE.certificate)
    issued = Incoming(certificate=GONE.certificate, purpose="tomcat", stores=("tomcat",), told_by="run 1")
    finding = worded("UCM-SCAN-002", Severity.ERROR, "x", "test", {"kind": "emcc"})
    unreadable = msgspec.structs.replace(whole.nodes[2].holding, identities=())
    assert Kept.RUN == judged(whole, "tomcat", GONE.certificate, Known(unfinished=("run 1",))).kept
    assert Verdict.USED == judged(whole, "tomcat", GONE.certificate, Known(incoming=(issued,))).reasoned.verdict
    anchored = Known(anchors=frozenset({GONE.certificate.sha256}))
    assert Verdict.USED == judged(whole, "tomcat", GONE.certificate, anchored).reasoned.verdict
    assert Kept.UNREAD == judged(with_node(whole, "cucm-sub2", holding=unreadable), "tomcat", GONE.certificate).kept
    assert Kept.UNREAD == judged(with_node(whole, "cucm-pub", problems=(finding,)), "tomcat", GONE.certificate).kept


def test_where_nothing_is_published_about_deletions_none_is_planned() -> None:
    whole = trusting(healthy(), "Phone-VPN", LDAP.certificate)
    assert (Verdict.EXPIRED, Kept.STORE) == _told(whole, "Phone-VPN", LDAP.certificate)
    doubled = trusting(healthy(), "tomcat", GONE.certificate)
    doubled = trusting(doubled, "tomcat", GONE.certificate, hosts=("cucm-pub",), file="again.pem")
    assert (Verdict.EXPIRED, Kept.FILES) == _told(doubled, "tomcat", GONE.certificate)


def test_a_cross_signed_ca_keeps_every_way_up() -> None:
    first, second = authority("Bridge A", key="ec"), authority("Bridge B", key="ec")
    one = authority("Bridged", by=first, key="ec", key_label="bridged")
    other = authority("Bridged", by=second, key="ec", key_label="bridged", not_before=NOW - 20 * DAY)
    leaf = sign(request("cucm-pub.lab.example", key="ec"), one)
    whole = showing(healthy(), "cucm-pub", "tomcat", leaf)
    every = (first.certificate, second.certificate, one.certificate, other.certificate)
    whole = trusting(whole, "tomcat", *every)
    assert {Verdict.USED} == {judged(whole, "tomcat", each).reasoned.verdict for each in every}


def _told(whole: Cluster, store: str, one: Certificate, known: Known | None = None) -> tuple[Verdict, Kept]:
    row = judged(whole, store, one, known)
    return row.reasoned.verdict, row.kept
