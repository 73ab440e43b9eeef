"""Says plainly what a selection leaves out, and why: nothing that is due or was named may stay silent."""

from collections.abc import Iterator

from ucmcert.knowledge.purposes import PURPOSES, Purpose, lives_on, renewed_on
from ucmcert.lint.phone_world import publisher_has, reused
from ucmcert.lint.rule import finding
from ucmcert.model.certificate import Certificate
from ucmcert.model.cluster import Cluster, NodeFacts
from ucmcert.model.csr_settings import CsrRules
from ucmcert.model.finding import Finding, Severity
from ucmcert.model.node import Role
from ucmcert.plan.csr_choice import distribution
from ucmcert.plan.multi_server import orphans

DAY_S = 86_400
NO_RULES = CsrRules()


def refused(
    cluster: Cluster,
    *,
    now: float,
    threshold_days: int,
    purposes: tuple[str, ...] = (),
    nodes: tuple[str, ...] = (),
    force: bool = False,
    capf_subscribers: bool = False,
    csr: CsrRules = NO_RULES,
) -> tuple[Finding, ...]:
    """Why something that was named, or is due, is not among the items of `select`. Same arguments."""
    found = [*_unknown_names(cluster, purposes, nodes)]
    for purpose in PURPOSES.values():
        if purposes and purpose.name not in purposes:
            continue
        for facts in cluster.nodes:
            if nodes and not {facts.node.name, facts.node.host} & set(nodes):
                continue
            if lives_on(purpose, facts.node.role):
                held = facts.holding.identity(purpose.name)
                urgent = held is not None and due(held, now, threshold_days)
                found += _about(cluster, purpose, facts, urgent=urgent, asked=bool(purposes or force), now=now)
    for name in PURPOSES:
        left = orphans(cluster, name, distribution(csr, name)) if not purposes or name in purposes else ()
        if not left:
            continue
        hosts = ", ".join(cluster.facts(one).node.host for one in left)
        source = "procedure.md 1.1, 3.7 multi-SAN"
        found.append(finding("UCM-SEL-004", Severity.ERROR, name, source, purpose=name, nodes=hosts))
    if not capf_subscribers:
        found += _unused_capf(cluster, purposes, now, threshold_days)
    return tuple(found)


def due(held: Certificate, now: float, threshold_days: int) -> bool:
    """Whether fewer than `threshold_days` days are left at `now` (UTC epoch), or none."""
    return held.not_after <= now or held.not_after - now < threshold_days * DAY_S


def days_left(certificate: Certificate, now: float) -> str:
    """Whole days until expiry as text; negative when it is over."""
    return str(int((certificate.not_after - now) // DAY_S))


def _about(
    cluster: Cluster, purpose: Purpose, facts: NodeFacts, *, urgent: bool, asked: bool, now: float
) -> Iterator[Finding]:
    """What keeps one purpose of one node from being renewed."""
    where, held = f"{purpose.name} {facts.node.name}", facts.holding.identity(purpose.name)
    follows = {call: web for web, call in reused(cluster).items()}
    if purpose.name in follows:
        if urgent or asked:
            yield _notice("UCM-SEL-009", Severity.NOTICE, where, purpose, web=follows[purpose.name])
    elif not purpose.renewable:
        if urgent and held is not None:
            yield _notice("UCM-SEL-003", Severity.WARNING, where, purpose, left=days_left(held, now))
    elif not renewed_on(purpose, facts.node.role):
        if urgent:
            yield _notice("UCM-SEL-006", Severity.WARNING, where, purpose, role=facts.node.role.value)
    elif purpose.only_named:
        if urgent and held is not None and not asked:
            yield _notice("UCM-SEL-010", Severity.WARNING, where, purpose, left=days_left(held, now))
    elif held is None and asked and not _optional(purpose):
        yield finding("UCM-SEL-005", Severity.ERROR, where, "procedure.md 1.1", purpose=purpose.name)


def _optional(purpose: Purpose) -> bool:
    """EC twins exist from 11.0 on only, and not on every product."""
    return bool(purpose.twin_of)


def _unused_capf(cluster: Cluster, purposes: tuple[str, ...], now: float, threshold_days: int) -> Iterator[Finding]:
    """CAPF of a subscriber is a file nobody uses; its expiry is no trouble, and it should be said that it is not."""
    if (purposes and "CAPF" not in purposes) or publisher_has(cluster, "capf_on_publisher_only"):
        return
    for facts in cluster.nodes:
        held = facts.holding.identity("CAPF")
        if facts.node.role is Role.SUBSCRIBER and held is not None and due(held, now, threshold_days):
            where = f"CAPF {facts.node.name}"
            yield finding("UCM-SEL-011", Severity.NOTICE, where, "procedure.md 3.3", left=days_left(held, now))


def _unknown_names(cluster: Cluster, purposes: tuple[str, ...], nodes: tuple[str, ...]) -> Iterator[Finding]:
    known = {name for facts in cluster.nodes for name in (facts.node.name, facts.node.host)}
    hosts = ", ".join(facts.node.host for facts in cluster.nodes)
    for name in nodes:
        if name not in known:
            source = "interfaces-cli.md 5.1"
            yield finding("UCM-SEL-002", Severity.ERROR, cluster.name, source, node=name, known=hosts)
    renewable = ", ".join(row.name for row in PURPOSES.values() if row.renewable)
    for name in purposes:
        row = PURPOSES.get(name)
        if row is None:
            yield finding(
                "UCM-SEL-001", Severity.ERROR, cluster.name, "procedure.md 1.1", purpose=name, known=renewable
            )
        elif not row.renewable:
            yield finding("UCM-SEL-008", Severity.ERROR, cluster.name, row.source, purpose=name)


def _notice(code: str, severity: Severity, where: str, purpose: Purpose, **values: str) -> Finding:
    return finding(code, severity, where, purpose.source, purpose=purpose.name, **values)
