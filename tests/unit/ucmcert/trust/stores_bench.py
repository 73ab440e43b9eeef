"""What the tests of the trust stores stand on: a healthy cluster with stores like Cisco's, and ways to spoil it."""

from functools import cache

import msgspec

from factory.certificates import DAY, NOW, Signer, authority, self_signed
from factory.phone_clusters import RELEASE_14SU3, caller, leaf, phone_cluster
from ucmcert.model.certificate import Certificate
from ucmcert.model.cluster import Cluster, Holding, Identity, TrustEntry
from ucmcert.model.node import Release, Role
from ucmcert.trust import Audit, Known, audit
from ucmcert.trust.audit import Judged
from ucmcert.trust.removal import RemovalPlan, removal_plan

HOSTS = ("cucm-pub", "cucm-sub1", "cucm-sub2")
PUB = "cucm-pub.lab.example"
REPLICATED = ("tomcat", "CallManager")


@cache
def ca(name: str, label: str = "", since: int = -365, until: int = 3650) -> Signer:
    """A CA of that name, made so many days from now; another `label` is another key."""
    return authority(name, key="ec", key_label=label, not_before=NOW + since * DAY, not_after=NOW + until * DAY)


@cache
def old_leaf(host: str, purpose: str, *, until: int = 20, since: int = -3000) -> Certificate:
    """An earlier generation of the self-signed `purpose` of `host`."""
    held = leaf(purpose, host)
    return self_signed(
        held.common_name, not_before=NOW + since * DAY, not_after=NOW + until * DAY, key_label=f"old {purpose} {host}"
    )


@cache
def healthy(release: Release = RELEASE_14SU3) -> Cluster:
    """Publisher and two subscribers with phones: copies of identities and Cisco's CAs everywhere they belong."""
    nodes = [caller("cucm-pub", Role.PUBLISHER, release=release), *(caller(one, release=release) for one in HOSTS[1:])]
    whole = phone_cluster(*nodes, release=release)
    capf = whole.publisher.holding.identity("CAPF")
    assert capf is not None
    for facts in whole.nodes:
        for purpose, store in (("tomcat", "tomcat"), ("CallManager", "CallManager")):
            held = facts.holding.identity(purpose)
            assert held is not None
            whole = trusting(whole, store, held)
    whole = trusting(trusting(whole, "CallManager", capf), "CAPF", capf, hosts=("cucm-pub",))
    for store in ("CAPF", "CallManager"):
        whole = trusting(whole, store, ca("CAP-RTP-001").certificate)
    return whole


def trusting(
    whole: Cluster, store: str, *certificates: Certificate, hosts: tuple[str, ...] = HOSTS, file: str = ""
) -> Cluster:
    """`whole` with these certificates in a store of these nodes."""

    def more(holding: Holding) -> Holding:
        added = tuple(
            TrustEntry(purpose=store, filename=file or f"{one.common_name}_{one.serial}.pem", certificate=one)
            for one in certificates
        )
        return msgspec.structs.replace(holding, trust=(*holding.trust, *added))

    return msgspec.structs.replace(
        whole,
        nodes=tuple(
            msgspec.structs.replace(one, holding=more(one.holding)) if one.node.host in hosts else one
            for one in whole.nodes
        ),
    )


def without(whole: Cluster, sha256: str, *, hosts: tuple[str, ...] = HOSTS) -> Cluster:
    """`whole` after somebody deleted that certificate from every store of these nodes."""
    return msgspec.structs.replace(
        whole,
        nodes=tuple(
            msgspec.structs.replace(
                one,
                holding=msgspec.structs.replace(
                    one.holding, trust=tuple(held for held in one.holding.trust if held.certificate.sha256 != sha256)
                ),
            )
            if one.node.host in hosts
            else one
            for one in whole.nodes
        ),
    )


def showing(whole: Cluster, host: str, purpose: str, certificate: Certificate) -> Cluster:
    """`whole` with another identity of `purpose` on `host`; what the ports show stays as it is."""
    return msgspec.structs.replace(
        whole,
        nodes=tuple(
            msgspec.structs.replace(
                one,
                holding=msgspec.structs.replace(
                    one.holding,
                    identities=(
                        *(held for held in one.holding.identities if held.purpose != purpose),
                        Identity(purpose=purpose, certificate=certificate),
                    ),
                ),
            )
            if one.node.host == host
            else one
            for one in whole.nodes
        ),
    )


def audited(whole: Cluster, known: Known | None = None) -> Audit:
    """The audit as the command makes it."""
    return audit(whole, known or Known(), due_days=45)


def judged(whole: Cluster, store: str, one: Certificate, known: Known | None = None) -> Judged:
    """The row of one certificate of one store."""
    rows = audited(whole, known).judged
    return next(row for row in rows if (row.entry.store, row.entry.certificate.sha256) == (store, one.sha256))


def planned(whole: Cluster, known: Known | None = None) -> RemovalPlan:
    """The removal plan for everything that may go."""
    made = audited(whole, known)
    return removal_plan(whole, made, made.judged)


def codes(whole: Cluster, known: Known | None = None) -> set[str]:
    """The codes of all remarks."""
    return {one.code for one in audited(whole, known).findings}
