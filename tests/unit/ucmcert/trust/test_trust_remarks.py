"""Promise: what is expired, missing, doubled or about to be replaced is told, each beside a store where it is not."""

import pytest
from stores_bench import HOSTS, audited, ca, codes, healthy, old_leaf, showing, trusting, without

from factory.certificates import DAY, NOW, Signer, request, self_signed, sign
from factory.clusters import cluster, with_node
from ucmcert.knowledge.words import LANGUAGES, catalogue, words
from ucmcert.model.cluster import Cluster, Holding
from ucmcert.model.finding import Severity
from ucmcert.trust import Incoming, Known

SITE, GONE, SOON = ca("Site Root"), ca("Gone Root", until=-5), ca("Site Root", "soon", until=30)
QUIET = {"UCM-TRUST-112"}  # the notice about Cisco's CAs that a healthy cluster has too
STRANGER = ca("Partner Root")


def below(signer: Signer) -> Cluster:
    """The publisher's tomcat hangs below this CA; no store holds it yet."""
    return showing(healthy(), "cucm-pub", "tomcat", sign(request("cucm-pub.lab.example", key="ec"), signer))


def arriving(name: str, label: str = "", since: int = -1) -> Known:
    one = ca(name, label, since=since).certificate
    return Known(incoming=(Incoming(certificate=one, purpose="tomcat", stores=("tomcat",), told_by="run 7"),))


GOOD: dict[str, tuple[Cluster, Known]] = {
    "healthy": (healthy(), Known()),
    "a chain that is there": (trusting(below(SITE), "tomcat", SITE.certificate), Known()),
    "a stranger": (trusting(healthy(), "tomcat", STRANGER.certificate), Known()),
    "a store that does not travel": (trusting(healthy(), "ipsec", STRANGER.certificate, hosts=HOSTS[:1]), Known()),
    "a new CA of a new name": (trusting(healthy(), "tomcat", STRANGER.certificate), arriving("Site Root G2")),
    "the very CA again": (trusting(healthy(), "tomcat", ca("Site Root", "", -1).certificate), arriving("Site Root")),
}
BAD: dict[str, tuple[Cluster, Known]] = {
    "UCM-TRUST-101": (trusting(below(GONE), "tomcat", GONE.certificate), Known()),
    "UCM-TRUST-102": (trusting(healthy(), "tomcat", GONE.certificate), Known()),
    "UCM-TRUST-103": (trusting(below(SOON), "tomcat", SOON.certificate), Known()),
    "UCM-TRUST-104": (trusting(healthy(), "tomcat", STRANGER.certificate, hosts=HOSTS[:2]), Known()),
    "UCM-TRUST-105": (
        trusting(trusting(healthy(), "tomcat", STRANGER.certificate), "tomcat", STRANGER.certificate, file="b.pem"),
        Known(),
    ),
    "UCM-TRUST-106": (
        trusting(healthy(), "tomcat", STRANGER.certificate, ca("Partner Root", "other", since=-1).certificate),
        Known(),
    ),
    "UCM-TRUST-107": (below(SITE), Known()),
    "UCM-TRUST-108": (trusting(healthy(), "tomcat", STRANGER.certificate), arriving("Partner Root", "other")),
    "UCM-TRUST-109": (trusting(healthy(), "tomcat", STRANGER.certificate), arriving("Partner Root")),
    "UCM-TRUST-110": (
        trusting(healthy(), "tomcat", STRANGER.certificate),
        arriving("Partner Root", "other", since=-2000),
    ),
    "UCM-TRUST-111": (trusting(healthy(), "CAPF", ca("CAP-RTP-002", since=-3000, until=-1000).certificate), Known()),
}


@pytest.mark.parametrize("name", GOOD)
def test_nothing_is_said_where_nothing_is_wrong(name: str) -> None:
    assert codes(*GOOD[name]) == QUIET


@pytest.mark.parametrize("code", BAD)
def test_it_is_said_where_it_is_wrong_and_nothing_else_is(code: str) -> None:
    found = [one for one in audited(*BAD[code]).findings if one.code not in QUIET]
    assert {code} == {one.code for one in found}
    for lang in LANGUAGES:
        assert words(code, lang, found[0].values).next


def test_every_code_of_the_room_has_its_case() -> None:
    room = {code for code in catalogue("en") if code.startswith("UCM-TRUST-1")}
    assert room == {*BAD, *QUIET}


def test_missing_is_an_error_only_where_somebody_needs_it() -> None:
    used = trusting(below(SITE), "tomcat", SITE.certificate)
    lacking = without(used, SITE.certificate.sha256, hosts=("cucm-sub2",))
    stranger = without(
        trusting(healthy(), "tomcat", STRANGER.certificate), STRANGER.certificate.sha256, hosts=("cucm-sub2",)
    )
    assert [Severity.ERROR, Severity.WARNING] == [
        one.severity for whole in (lacking, stranger) for one in audited(whole).findings if one.code == "UCM-TRUST-104"
    ]


def test_a_node_that_did_not_answer_is_never_said_to_miss_anything() -> None:
    whole = trusting(healthy(), "tomcat", STRANGER.certificate)
    silent = with_node(whole, "cucm-sub2", holding=Holding(identities=(), requests=(), trust=()))
    assert "UCM-TRUST-104" not in codes(silent)


def test_tomcat_trust_reaches_presence_nodes_and_callmanager_trust_does_not() -> None:
    four = cluster()
    hosts = tuple(one.node.host for one in four.nodes if one.node.host != "imp-pub")
    everywhere = trusting(four, "CallManager", STRANGER.certificate, hosts=hosts)
    assert "UCM-TRUST-104" not in codes(everywhere)
    assert "UCM-TRUST-104" in codes(trusting(four, "tomcat", STRANGER.certificate, hosts=hosts))


def test_replacing_an_lsc_issuer_by_another_key_is_an_error() -> None:
    old = self_signed("CAPF-1234abcd")
    new = self_signed("CAPF-1234abcd", not_before=NOW - DAY, key_label="new")
    known = Known(incoming=(Incoming(certificate=new, purpose="tomcat", stores=("CallManager",), told_by="r"),))
    found = audited(trusting(healthy(), "CallManager", old), known).findings
    assert ["UCM-TRUST-108"] == [one.code for one in found if one.severity is Severity.ERROR]


def test_the_monitor_mails_hourly_about_what_is_over_and_tells_what_may_be_ignored() -> None:
    soon = ca("Week Root", until=5).certificate
    old = old_leaf("cucm-sub1", "CallManager", until=-2)
    cisco = ca("CAP-RTP-002", since=-3000, until=-1000).certificate
    whole = trusting(trusting(healthy(), "tomcat", soon, STRANGER.certificate), "CallManager", old, cisco)
    told = {one.entry.certificate.sha256: (one.mails, one.ignorable) for one in audited(whole).judged}
    assert [("daily", False), ("as-set", False), ("hourly", True), ("hourly", True)] == [
        told[one.sha256] for one in (soon, STRANGER.certificate, old, cisco)
    ]
