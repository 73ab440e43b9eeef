"""Chooses what to renew: only what needs it, or what a person named; and says plainly what it leaves out and why."""

from collections.abc import Iterator

from ucmcert.knowledge.purposes import PURPOSES, Purpose, lives_on
from ucmcert.lint.rule import finding
from ucmcert.model.certificate import Certificate
from ucmcert.model.cluster import Cluster, NodeFacts
from ucmcert.model.finding import Finding, Severity
from ucmcert.model.node import Role
from ucmcert.model.plan import Item
from ucmcert.plan.multi_server import multi_server_nodes
from ucmcert.plan.reasons import reason, sentence

DAY_S = 86_400


def select(
    cluster: Cluster,
    *,
    now: float,
    threshold_days: int,
    purposes: tuple[str, ...] = (),
    nodes: tuple[str, ...] = (),
    force: bool = False,
) -> tuple[Item, ...]:
    """The certificates to renew, most urgent first; an expired one is the most urgent of all, never skipped.

    A certificate is due when fewer than `threshold_days` days are left. `purposes` and `nodes` (FQDN or host) narrow
    the choice, `force` takes also what is not due. What is left out stands in `refused`.
    Source: procedure.md 3.6 rule 3.
    """
    items = []
    shared = _multi_server(cluster)
    for purpose, facts in _candidates(cluster, purposes, nodes):
        held = facts.holding.identity(purpose.name)
        if not purpose.renewable or _unrenewable_node(facts) or (purpose.name, facts.node.name) in shared:
            continue
        if held is None or not (force or _due(held, now, threshold_days)):
            continue
        items.append(_item(purpose, facts, held, now, threshold_days))
    return tuple(sorted(items, key=lambda item: (item.not_after, PURPOSES[item.purpose].epoch, item.node)))


def refused(
    cluster: Cluster,
    *,
    now: float,
    threshold_days: int,
    purposes: tuple[str, ...] = (),
    nodes: tuple[str, ...] = (),
    force: bool = False,
) -> tuple[Finding, ...]:
    """Why something that was named, or is due, is not among the items of `select`. Same arguments."""
    found = [*_unknown_names(cluster, purposes, nodes)]
    held_back: dict[str, list[str]] = {}
    shared = _multi_server(cluster)
    for purpose, facts in _candidates(cluster, purposes, nodes):
        held = facts.holding.identity(purpose.name)
        where = f"{purpose.name} {facts.node.name}"
        due = held is not None and _due(held, now, threshold_days)
        if _unrenewable_node(facts):
            if due:
                found.append(_notice("UCM-SEL-006", where, purpose, role=facts.node.role.value))
        elif not purpose.renewable:
            if due and purpose.name not in purposes and held is not None:
                found.append(_notice("UCM-SEL-003", where, purpose, left=days_left(held, now)))
        elif (purpose.name, facts.node.name) in shared:
            if due or force:
                held_back.setdefault(purpose.name, []).append(facts.node.host)
        elif held is None and (purposes or force):
            found.append(finding("UCM-SEL-005", Severity.ERROR, where, "procedure.md 1.1", purpose=purpose.name))
    for name, hosts in held_back.items():
        source = "procedure.md 1.1, 3.7 multi-SAN"
        found.append(finding("UCM-SEL-004", Severity.ERROR, name, source, purpose=name, nodes=", ".join(hosts)))
    return tuple(found)


def days_left(certificate: Certificate, now: float) -> str:
    """Whole days until expiry as text; negative when it is over."""
    return str(int((certificate.not_after - now) // DAY_S))


def _candidates(
    cluster: Cluster, purposes: tuple[str, ...], nodes: tuple[str, ...]
) -> Iterator[tuple[Purpose, NodeFacts]]:
    for purpose in PURPOSES.values():
        if purposes and purpose.name not in purposes:
            continue
        for facts in cluster.nodes:
            named = not nodes or facts.node.name in nodes or facts.node.host in nodes
            if named and lives_on(purpose, facts.node.role):
                yield purpose, facts


def _due(held: Certificate, now: float, threshold_days: int) -> bool:
    return held.not_after <= now or held.not_after - now < threshold_days * DAY_S


def _unrenewable_node(facts: NodeFacts) -> bool:
    return facts.node.role is Role.UNITY_CONNECTION


def _multi_server(cluster: Cluster) -> set[tuple[str, str]]:
    """(purpose, node) of every shared identity this release would otherwise renew."""
    names = [row.name for row in PURPOSES.values() if row.renewable]
    return {(name, node) for name in names for node in multi_server_nodes(cluster, name)}


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
        elif not row.ca_signed:
            yield finding("UCM-SEL-008", Severity.ERROR, cluster.name, row.source, purpose=name)
        elif not row.renewable:
            yield finding("UCM-SEL-007", Severity.ERROR, cluster.name, row.source, purpose=name, known=renewable)


def _notice(code: str, where: str, purpose: Purpose, **values: str) -> Finding:
    return finding(code, Severity.WARNING, where, purpose.source, purpose=purpose.name, **values)


def _item(purpose: Purpose, facts: NodeFacts, held: Certificate, now: float, threshold_days: int) -> Item:
    if held.not_after <= now:
        why = "UCM-DUE-EXPIRED"
    elif _due(held, now, threshold_days):
        why = "UCM-DUE-SOON"
    else:
        why = "UCM-DUE-FORCED"
    skipped = {}
    if not purpose.phones_trust_it:
        skipped["trusted"] = sentence("UCM-SKIP-TRUSTED")
    if not purpose.ports:
        skipped["served"] = sentence("UCM-SKIP-SERVED")
    return Item(
        node=facts.node.name,
        purpose=purpose.name,
        old_sha256=held.sha256,
        not_after=held.not_after,
        reason=reason(why),
        last_state="served" if purpose.ports else "active",
        skipped=skipped,
    )
