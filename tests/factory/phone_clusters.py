"""Clusters whose phones trust something: identities of call processing, the lists that hold them, phones as facts."""

import hashlib

import msgspec

from factory.certificates import DAY, NOW, self_signed
from factory.clusters import CUCM_SERVICES, DOMAIN, RELEASE_14SU3, cluster, node_facts
from ucmcert.model.certificate import Certificate
from ucmcert.model.cluster import Cluster, Identity, NodeFacts, Served, ServiceStatus
from ucmcert.model.node import Release, Role
from ucmcert.model.phone import PhonesFacts
from ucmcert.model.trust_list import ListKind, ListRecord, ListRole, TrustListFacts

RELEASE_115 = Release(11, 5, 1, 18900, 97)
RELEASE_125 = Release(12, 5, 1, 18900, 40)
RELEASE_90 = Release(9, 1, 2, 13900, 10)
TELEPHONY = (
    *CUCM_SERVICES,
    "Cisco CTIManager",
    "Cisco Trust Verification Service",
    "Cisco HAProxy",
)
ON_PUBLISHER = ("Cisco DRF Master", "Cisco Certificate Authority Proxy Function")
OLD = {"Cisco HAProxy", "Cisco UDS Tomcat", "Cisco AXL Tomcat", "Cisco SSOSP Tomcat"}
SOON = NOW + 20 * DAY
FAR = NOW + 900 * DAY


def leaf(purpose: str, host: str, *, until: int = SOON, label: str = "") -> Certificate:
    """The certificate of `purpose` on `host`; another `label` is another generation of it."""
    name = f"{host}.{DOMAIN}"
    common_name = {"CAPF": f"CAPF-{host}", "ITLRecovery": f"ITLRECOVERY_{host}"}.get(purpose, name)
    return self_signed(common_name, (f"dns:{name}",), not_after=until, key_label=f"{purpose} {name} {label}")


def caller(
    host: str,
    role: Role = Role.SUBSCRIBER,
    *,
    release: Release = RELEASE_14SU3,
    until: int = SOON,
    label: str = "",
    capf: bool = False,
) -> NodeFacts:
    """A healthy call-processing node with CallManager, TVS (CAPF, ITLRecovery on the publisher); tomcat is far off."""
    pub = role is Role.PUBLISHER
    modern = release.major >= 14
    names = [name for name in (*TELEPHONY, *(ON_PUBLISHER if pub else ())) if modern or name not in OLD]
    facts = node_facts(host, role, release=release, tomcat_until=FAR, ipsec_until=FAR)
    purposes = ["CallManager", "TVS", *(["CAPF", "ITLRecovery"] if pub else ["CAPF"] if capf else [])]
    if release < Release(12, 5, 0, 0) and not pub:
        purposes.append("ITLRecovery")
    if release < Release(10, 0, 0, 0):
        purposes = [name for name in purposes if name != "ITLRecovery"]
    held = {name: leaf(name, host, until=FAR if name == "ITLRecovery" else until, label=label) for name in purposes}
    shown = {5061: "CallManager", 2445: "TVS", 3804: "CAPF"}
    identities = tuple(Identity(purpose=name, certificate=one) for name, one in held.items())
    return msgspec.structs.replace(
        facts,
        holding=msgspec.structs.replace(facts.holding, identities=(*facts.holding.identities, *identities)),
        services=tuple(ServiceStatus(name=name, state="started", started_at=NOW - 30 * DAY) for name in names),
        served=(
            *facts.served,
            *(Served(port=port, leaf=held.get(name)) for port, name in shown.items() if name in held),
        ),
    )


def record(role: ListRole, one: Certificate, host: str) -> ListRecord:
    """One record of a list for the certificate `one`."""
    return ListRecord(
        role=role,
        subject=one.subject,
        issuer=one.issuer,
        serial=one.serial.upper(),
        sha256=one.sha256,
        sha1=hashlib.sha1(one.der).hexdigest(),
        host=host,
    )


def served_list(whole: Cluster, host: str, kind: ListKind, *, by: str = "", capf: bool = True) -> TrustListFacts:
    """The list `host` would serve with everything in `whole` arrived, signed by `by` (the release's own purpose)."""
    publisher = whole.publisher
    modern = publisher.node.release >= Release(12, 0, 0, 0)
    signer = by or ("ITLRecovery" if modern else "CallManager")
    server = next(one for one in whole.nodes if one.node.host == host)
    callers = [one for one in whole.nodes if one.node.role in (Role.PUBLISHER, Role.SUBSCRIBER)]
    keeper = publisher if kind == "ctl" or publisher.node.release >= Release(12, 5, 0, 0) else server
    home = publisher if kind == "ctl" else server
    records = []
    for purpose, facts in (("CallManager", home), ("ITLRecovery", keeper)):
        held = facts.holding.identity(purpose)
        records += [record(ListRole.SAST, held, facts.node.host)] if held else []
    for facts in callers if kind == "ctl" else [server]:
        held = facts.holding.identity("CallManager")
        role = ListRole.CCM_TFTP if kind == "ctl" else ListRole.TFTP
        records += [record(role, held, facts.node.host)] if held else []
    if kind == "itl":
        for facts in callers:
            held = facts.holding.identity("TVS")
            records += [record(ListRole.TVS, held, facts.node.host)] if held else []
    held = publisher.holding.identity("CAPF")
    records += [record(ListRole.CAPF, held, publisher.node.host)] if held and capf else []
    key = (home if signer == "CallManager" else keeper).holding.identity(signer)
    assert key is not None
    digest = hashlib.sha1(repr((host, kind, [one.sha256 for one in records])).encode()).hexdigest()
    return TrustListFacts(
        node=server.node.name,
        kind=kind,
        present=True,
        told_by=f"{kind} of {server.node.name}",
        sha1=digest,
        length=8_000,
        made_at=NOW - DAY,
        signer_subject=key.subject,
        signer_serial=key.serial.upper(),
        verified=True,
        records=tuple(records),
    )


def with_lists(whole: Cluster, *, by: str = "") -> Cluster:
    """`whole` with the lists every TFTP node would serve now."""
    nodes = []
    for facts in whole.nodes:
        kinds: tuple[ListKind, ...] = ("itl", "ctl") if whole.mixed_mode else ("itl",)
        serves = facts.service("Cisco Tftp")
        lists = tuple(served_list(whole, facts.node.host, kind, by=by) for kind in kinds) if serves else ()
        nodes.append(msgspec.structs.replace(facts, lists=lists))
    return msgspec.structs.replace(whole, nodes=tuple(nodes))


def phones(total: int = 500, **changes: object) -> PhonesFacts:
    """Healthy phones: three pools, groups of two, and a few of one node."""
    small = total // 10
    facts = PhonesFacts(
        observed_at=NOW,
        total=total,
        registered=total,
        pools={"Branch": small, "HQ": total - 2 * small, "Lobby": small} if total else {},
        classes={
            "not secure, group of 2, lists, page": total - small,
            "not secure, group of 1, lists, no page": small,
        }
        if total
        else {},
        interaction="automatic",
        interaction_parameter="PhoneInteractionOnCertificateUpdate",
        interaction_value="automatic",
        manual_value="manual",
        rollback=False,
    )
    return msgspec.structs.replace(facts, **changes)


def phone_cluster(
    *nodes: NodeFacts, release: Release = RELEASE_14SU3, mixed: bool = False, total: int = 500, **about: object
) -> Cluster:
    """A publisher and two subscribers (or `nodes`) with `total` phones, everything arrived everywhere."""
    made = nodes or (
        caller("cucm-pub", Role.PUBLISHER, release=release),
        caller("cucm-sub1", release=release),
        caller("cucm-sub2", release=release),
    )
    before_14 = release.major < 14
    facts = phones(total, **({"interaction": "none", "interaction_parameter": ""} if before_14 else {}) | about)
    whole = msgspec.structs.replace(cluster(*made), mixed_mode=mixed, phones=facts, backup_devices=("nas",))
    return with_lists(whole)
