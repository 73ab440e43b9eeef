"""Compares what nodes store and show with the trust lists they serve: where a renewed certificate has not arrived yet.

A record that carries only a hash is recognised by its serial number (phones.md 3.1 tag 11). Source: phones.md 1.3, 1.8,
5.2 I3.
"""

from collections.abc import Iterable, Iterator

import msgspec

from ucmcert.knowledge.purposes import PURPOSES
from ucmcert.lint.phone_world import cucm_nodes, etoken_ctl, mixed, publisher_has, tftp_nodes
from ucmcert.lint.service_names import runs, shown_ports
from ucmcert.model.certificate import Certificate
from ucmcert.model.cluster import Cluster, NodeFacts
from ucmcert.model.trust_list import ListKind, ListRole, TrustListFacts

MOST_CERTIFICATES = 39
UNREAD, UNVERIFIED, ABSENT, OTHER = "not read", "not verified", "not in it", "another one"


class Gap(msgspec.Struct, frozen=True, kw_only=True):
    """Something stored has not arrived: `holder` ("itl", "ctl", "port 2445") of node `where` is `state` about it.

    `purpose` and `node` say whose certificate is meant; both are "" when the holder itself is the trouble.
    """

    where: str
    holder: str
    state: str
    purpose: str = ""
    node: str = ""


class Leaf(msgspec.Struct, frozen=True, kw_only=True):
    """A stored certificate that a list must hold; None when the node does not show it."""

    purpose: str
    node: str
    certificate: Certificate | None


def holds_leaf(listed: TrustListFacts, leaf: Certificate) -> bool:
    """Whether `leaf` stands in the list, by its fingerprint, or by its serial where a record has no certificate."""
    serial = leaf.serial.upper().lstrip("0")
    return any(
        one.sha256 == leaf.sha256 or (not one.sha256 and one.serial.upper().lstrip("0") == serial)
        for one in listed.records
    )


def expected(cluster: Cluster, server: NodeFacts, kind: ListKind, listed: TrustListFacts) -> tuple[Leaf, ...]:
    """What the list of `kind` on `server` must hold once everything stored has arrived.

    A CAPF record is optional, so it is expected only where the list has one; so is that of ITLRecovery in a CTL that
    tokens sign. ITLRecovery only where its certificate can be read.
    Source: phones.md 1.3 (F12: ITLRecovery or eTokens), 1.6, 1.8, U4 (own CallManager leaf only).
    """
    everyone = cucm_nodes(cluster)
    callers = [server] if kind == "itl" else [one for one in everyone if runs(one, "callmanager") or runs(one, "tftp")]
    found = [_leaf(cluster, one, "CallManager") for one in callers]
    if kind == "itl":
        found += [_leaf(cluster, one, "TVS") for one in everyone if runs(one, "tvs")]
    keeper = cluster.publisher if publisher_has(cluster, "one_recovery_key") or kind == "ctl" else server
    recovery = _leaf(cluster, keeper, "ITLRecovery")
    signs = kind == "itl" or publisher_has(cluster, "recovery_key_signs")
    if kind == "ctl" and etoken_ctl(cluster):
        signs = any("itlrecovery" in one.subject.lower() for one in listed.records)
    if recovery.certificate is not None and publisher_has(cluster, "recovery_key") and signs:
        found.append(recovery)
    if any(one.role == ListRole.CAPF for one in listed.records):
        found.append(_leaf(cluster, cluster.publisher, "CAPF"))
    return tuple(found)


def list_gaps(cluster: Cluster, server: NodeFacts, kind: ListKind, purposes: Iterable[str]) -> Iterator[Gap]:
    """What keeps the list of `kind` on `server` from being what is stored, looking at `purposes` only."""
    where, wanted = server.node.name, set(purposes)
    listed = server.trust_list(kind)
    if listed is None or not listed.present:
        yield Gap(where=where, holder=kind, state=UNREAD if listed is None or listed.problem else "not there")
        return
    if not listed.verified:
        yield Gap(where=where, holder=kind, state=UNVERIFIED)
    for leaf in expected(cluster, server, kind, listed):
        if leaf.purpose not in wanted:
            continue
        if leaf.certificate is None:
            yield Gap(where=where, holder=kind, state=UNREAD, purpose=leaf.purpose, node=leaf.node)
        elif not holds_leaf(listed, leaf.certificate):
            yield Gap(where=where, holder=kind, state=ABSENT, purpose=leaf.purpose, node=leaf.node)


def served_gaps(facts: NodeFacts, purpose: str) -> Iterator[Gap]:
    """Ports of this node that show another certificate than the one stored as `purpose` (or as its EC twin)."""
    stored = {leaf.sha256 for name in _twins(purpose) if (leaf := facts.holding.identity(name))}
    shown = {served.port: served for served in facts.served}
    for port in shown_ports(facts, purpose):
        leaf = shown[port].leaf if port in shown else None
        if stored and (leaf is None or leaf.sha256 not in stored):
            state = OTHER if leaf else UNREAD
            yield Gap(where=facts.node.name, holder=f"port {port}", state=state, purpose=purpose, node=facts.node.name)


def open_gaps(cluster: Cluster, purposes: Iterable[str]) -> tuple[Gap, ...]:
    """Everything that keeps the epochs of `purposes` from being closed on the servers' side, on every node.

    () says: every list is verified, holds what is stored, and each service shows what is stored. Source: phones.md I3.
    """
    wanted = tuple(purposes)
    found: list[Gap] = []
    for server in tftp_nodes(cluster):
        found += list_gaps(cluster, server, "itl", wanted)
        if mixed(cluster):
            found += list_gaps(cluster, server, "ctl", wanted)
    for facts in cucm_nodes(cluster):
        for purpose in wanted:
            if PURPOSES[purpose].ports and PURPOSES[purpose].anchor:
                found += served_gaps(facts, purpose)
    return tuple(found)


def predicted_certificates(cluster: Cluster, server: NodeFacts) -> int:
    """How many records the ITL of `server` will have after any renewal: what it has now, or what it must have.

    A renewal replaces records one by one. Source: phones.md I12, 1.1 (more than 39 are not loaded).
    """
    listed = server.trust_list("itl")
    records = len(listed.records) if listed else 0
    must = len(expected(cluster, server, "itl", listed)) if listed else 0
    return max(records, must + 1)  # its own CallManager stands twice: TFTP and SAST


def _leaf(cluster: Cluster, facts: NodeFacts, purpose: str) -> Leaf:
    held = facts.holding.identity(purpose)
    # no row of its own means that tomcat stands for it, and newer releases hide it then (procedure.md 3.10)
    if held is None and purpose == "CallManager" and publisher_has(cluster, "tomcat_reuse"):
        held = facts.holding.identity("tomcat")
    return Leaf(purpose=purpose, node=facts.node.name, certificate=held)


def _twins(purpose: str) -> list[str]:
    return [purpose, *(row.name for row in PURPOSES.values() if row.twin_of == purpose)]
