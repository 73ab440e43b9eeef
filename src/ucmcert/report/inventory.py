"""The inventory as rows, most urgent first: what is stored, what is served, and how long it lasts."""

from typing import Literal

import msgspec

from ucmcert.knowledge.purposes import PURPOSES
from ucmcert.model.certificate import Certificate
from ucmcert.model.cluster import Cluster, Identity, NodeFacts
from ucmcert.model.finding import Finding

DAY_S = 86_400
ECDSA = "-ECDSA"
Shown = Literal["same", "twin", "other", "silent", "none"]


class Served(msgspec.Struct, frozen=True, kw_only=True):
    """What one port showed. `sha256` is "" when nothing answered, and `problem` says why."""

    port: int
    sha256: str
    problem: str = ""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One identity certificate of one node. `shown` compares what its ports serve with what is stored.

    A port that can show an RSA or an EC certificate shows one of them at a time: `twin` means it is the other kind's.

    Times are UTC epoch seconds, `days_left` is negative when it is over. `none` means no TLS port shows this purpose.
    `release` is the node's, as it prints it.
    """

    node: str
    role: str
    purpose: str
    subject: str
    issuer: str
    serial: str
    not_before: int
    not_after: int
    days_left: int
    sans: tuple[str, ...]
    key: str
    sha256: str
    served: tuple[Served, ...]
    shown: Shown
    release: str = ""


class TrustRow(msgspec.Struct, frozen=True, kw_only=True):
    """One certificate of a trust store, with the nodes that hold it."""

    store: str
    nodes: tuple[str, ...]
    subject: str
    issuer: str
    serial: str
    not_before: int
    not_after: int
    days_left: int
    key: str
    sha256: str


class Inventory(msgspec.Struct, frozen=True, kw_only=True):
    """Everything, plus what could not be read: that is never fine."""

    version: int = 1
    cluster: str
    observed_at: float
    certificates: tuple[Row, ...]
    trust: tuple[TrustRow, ...]
    problems: tuple[Finding, ...]


def inventory(cluster: Cluster) -> Inventory:
    """The inventory of `cluster` at the moment it was observed."""
    now = cluster.observed_at
    rows = [_row(facts, held, now) for facts in cluster.nodes for held in facts.holding.identities]
    return Inventory(
        cluster=cluster.name,
        observed_at=now,
        certificates=tuple(sorted(rows, key=lambda row: (row.not_after, row.purpose, row.node))),
        trust=_trust(cluster, now),
        problems=tuple(one for facts in cluster.nodes for one in (*facts.holding.unreadable, *facts.problems)),
    )


def days_left(certificate: Certificate, now: float) -> int:
    """Whole days until expiry, rounded down; negative when it is over."""
    return int((certificate.not_after - now) // DAY_S)


def _row(facts: NodeFacts, held: Identity, now: float) -> Row:
    purpose, certificate = held.purpose, held.certificate
    ports = PURPOSES[purpose].ports if purpose in PURPOSES else ()
    seen = [one for one in facts.served if one.port in ports]
    served = tuple(
        Served(port=one.port, sha256=one.leaf.sha256 if one.leaf else "", problem=one.problem) for one in seen
    )
    return Row(
        node=facts.node.name,
        role=facts.node.role.value,
        purpose=purpose,
        subject=certificate.subject,
        issuer=certificate.issuer,
        serial=certificate.serial,
        not_before=certificate.not_before,
        not_after=certificate.not_after,
        days_left=days_left(certificate, now),
        sans=certificate.sans,
        key=certificate.key,
        sha256=certificate.sha256,
        served=served,
        shown=_shown(served, certificate.sha256, _twin(facts, purpose)),
        release=facts.node.release.text,
    )


def _shown(served: tuple[Served, ...], sha256: str, twin: str) -> Shown:
    if not served:
        return "none"
    if any(one.sha256 not in ("", sha256, twin) for one in served):
        return "other"
    if any(not one.sha256 for one in served):
        return "silent"
    return "same" if any(one.sha256 == sha256 for one in served) else "twin"


def _twin(facts: NodeFacts, purpose: str) -> str:
    """Fingerprint of the stored identity that shares its ports with `purpose` under the other kind of key."""
    other = purpose.removesuffix(ECDSA) if purpose.endswith(ECDSA) else purpose + ECDSA
    held = facts.holding.identity(other)
    return held.sha256 if held else ""


def _trust(cluster: Cluster, now: float) -> tuple[TrustRow, ...]:
    held: dict[tuple[str, str], list[str]] = {}
    certificates: dict[str, Certificate] = {}
    for facts in cluster.nodes:
        for entry in facts.holding.trust:
            certificates[entry.certificate.sha256] = entry.certificate
            nodes = held.setdefault((entry.purpose, entry.certificate.sha256), [])
            if facts.node.name not in nodes:
                nodes.append(facts.node.name)
    rows = [_trust_row(store, tuple(nodes), certificates[sha256], now) for (store, sha256), nodes in held.items()]
    return tuple(sorted(rows, key=lambda row: (row.not_after, row.store, row.subject)))


def _trust_row(store: str, nodes: tuple[str, ...], certificate: Certificate, now: float) -> TrustRow:
    return TrustRow(
        store=f"{store}-trust",
        nodes=nodes,
        subject=certificate.subject,
        issuer=certificate.issuer,
        serial=certificate.serial,
        not_before=certificate.not_before,
        not_after=certificate.not_after,
        days_left=days_left(certificate, now),
        key=certificate.key,
        sha256=certificate.sha256,
    )
