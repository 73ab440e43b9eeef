"""Promise: whatever stands in the stores, each entry gets one verdict; nothing needed or unknown is planned."""

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from stores_bench import HOSTS, audited, ca, healthy, old_leaf, showing, trusting

from factory.certificates import DAY, NOW, request, self_signed, sign
from factory.clusters import with_node
from ucmcert.lint.chain import issued_by
from ucmcert.model.cluster import Cluster, Served
from ucmcert.model.node import Release
from ucmcert.trust import Former, Incoming, Known
from ucmcert.trust.may_go import Kept
from ucmcert.trust.removal import digest_of, held_now, removal_plan
from ucmcert.trust.verdict import REMOVABLE, Verdict

SITE, OTHER, GONE = ca("Site Root"), ca("Other Root"), ca("Gone Root", until=-5)
SITE_LEAF = sign(request("cucm-sub1.lab.example", key="ec"), SITE)
GONE_LEAF = sign(request("cucm-sub1.lab.example", key="ec"), GONE)
CERTIFICATES = (
    SITE.certificate,
    OTHER.certificate,
    GONE.certificate,
    ca("Gone Root", "again", since=-900, until=-100).certificate,
    ca("Other Root", since=-900).certificate,
    ca("Cisco Root CA M2", until=-5).certificate,
    old_leaf("cucm-pub", "CallManager"),
    old_leaf("cucm-sub1", "CallManager", until=-2),
    old_leaf("cucm-sub2", "tomcat", until=-2),
    self_signed("CAPF-9999ffff", not_after=NOW - DAY),
    self_signed("CAPF-8888eeee"),
    self_signed("ITLRECOVERY_old", not_after=NOW - DAY),
    self_signed("peer.partner.example", not_after=NOW - DAY),
    self_signed("peer2.partner.example"),
)
STORES = ("tomcat", "CallManager", "CAPF", "ipsec", "TVS", "Phone-SAST", "cup-xmpp", "Phone-VPN")
PLACES = st.tuples(
    st.sampled_from(STORES), st.sampled_from(CERTIFICATES), st.sampled_from((HOSTS, HOSTS[:1], HOSTS[1:]))
)
RELEASES = st.sampled_from((Release(11, 5, 1, 18900, 97), Release(14, 0, 1, 13900, 155)))


@st.composite
def spoiled(draw: st.DrawFn) -> Cluster:
    """A healthy cluster with anything in its stores, other identities, silent ports and unread lists."""
    whole = healthy(draw(RELEASES))
    for store, one, hosts in draw(st.lists(PLACES, max_size=10)):
        whole = trusting(whole, store, one, hosts=hosts)
    identity = draw(st.sampled_from((None, SITE_LEAF, GONE_LEAF)))
    if identity is not None:
        whole = showing(whole, "cucm-sub1", draw(st.sampled_from(("tomcat", "CallManager"))), identity)
    leaf = draw(st.sampled_from((None, CERTIFICATES[6], CERTIFICATES[7], GONE_LEAF)))
    if draw(st.booleans()):
        whole = with_node(whole, "cucm-sub1", served=(Served(port=5061, leaf=leaf), Served(port=8443, leaf=leaf)))
    if draw(st.booleans()):
        whole = with_node(whole, "cucm-sub2", lists=())
    return msgspec.structs.replace(whole, mixed_mode=draw(st.sampled_from((True, False, None))))


@st.composite
def knowledge(draw: st.DrawFn) -> Known:
    """What a ledger may know of them."""
    some = st.lists(st.sampled_from(CERTIFICATES), max_size=2)
    purposes = st.sampled_from(("CAPF", "CallManager", "tomcat"))
    return Known(
        former=tuple(
            Former(sha256=one.sha256, purpose=draw(purposes), node="cucm-pub", run="r", certificate=one)
            for one in draw(some)
        ),
        incoming=tuple(
            Incoming(certificate=one, purpose=draw(purposes), stores=("tomcat", "CallManager"), told_by="r")
            for one in draw(some)
        ),
        anchors=frozenset(one.sha256 for one in draw(some)),
        unfinished=draw(st.sampled_from(((), (), ("r",)))),
    )


@given(spoiled(), knowledge())
@settings(max_examples=60, deadline=None)
def test_every_entry_has_one_verdict_and_every_held_certificate_is_told(whole: Cluster, known: Known) -> None:
    rows = audited(whole, known).judged
    told = [(node, one.entry.store, one.entry.certificate.sha256) for one in rows for node in one.entry.nodes]
    assert len(told) == len(set(told))
    assert set(told) == {(one.node, one.store, one.sha256) for one in held_now(whole)}


@given(spoiled(), knowledge())
@settings(max_examples=100, deadline=None)
def test_nothing_needed_unknown_or_of_an_lsc_is_ever_planned(whole: Cluster, known: Known) -> None:
    made = audited(whole, known)
    plan = removal_plan(whole, made, made.judged)
    going = {(one.store.removesuffix("-trust"), one.sha256) for one in plan.removals}
    capf = {one.sha256 for one in known.former if one.purpose == "CAPF"}
    living = {held.certificate.sha256 for facts in whole.nodes for held in facts.holding.identities}
    shown = [one.leaf for facts in whole.nodes for one in facts.served if one.leaf]
    below = [*(held.certificate for facts in whole.nodes for held in facts.holding.identities), *shown]
    below += [one.certificate for one in known.incoming]
    assert plan.digest == digest_of(plan)
    assert not going or not known.unfinished
    for one in made.judged:
        certificate = one.entry.certificate
        if (one.entry.store, certificate.sha256) not in going:
            continue
        assert (True, Kept.NOTHING) == (one.reasoned.verdict in REMOVABLE, one.kept)
        assert certificate.sha256 not in capf | living | known.anchors | {leaf.sha256 for leaf in shown}
        assert not certificate.common_name.startswith(("CAPF-", "ITLRECOVERY", "Cisco", "CAP-RTP"))
        assert not any(issued_by(leaf, certificate) for leaf in below if leaf.sha256 != certificate.sha256)
        assert not any(listed.holds(certificate.sha256) for facts in whole.nodes for listed in facts.lists)
        assert one.entry.store not in ("CAPF", "TVS", "Phone-SAST", "Phone-VPN", "cup-xmpp")
        assert certificate.not_after <= NOW or one.reasoned.verdict is not Verdict.EXPIRED
