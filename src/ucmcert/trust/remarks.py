"""What somebody should know about the stores: expired in use, missing, doubled, about to be replaced. Findings only."""

from collections.abc import Iterable, Iterator, Sequence

from ucmcert.knowledge.purposes import PURPOSES
from ucmcert.knowledge.trust_stores import TRUST_STORES
from ucmcert.lint.chain import is_root, order_chain
from ucmcert.model.cluster import Cluster
from ucmcert.model.finding import Finding, Severity, worded
from ucmcert.trust.entries import Entry, readable
from ucmcert.trust.replaced import Collision
from ucmcert.trust.verdict import Reasoned, Verdict

Row = tuple[Entry, Reasoned, int]
NEEDED = (Verdict.LSC_ISSUER, Verdict.USED)


def remarks(cluster: Cluster, rows: Sequence[Row], met: Iterable[Collision], *, due_days: int) -> tuple[Finding, ...]:
    """Every remark: `rows` are entries with verdict and whole days left, `met` what renewals on their way will meet."""
    verdicts = {(entry.store, entry.certificate.sha256): reasoned.verdict for entry, reasoned, _ in rows}
    found: list[Finding] = []
    for row in rows:
        found += _of_dates(row, cluster.observed_at, due_days)
        found += _of_places(row)
    found += _namesakes(rows)
    found += _holes(cluster)
    for collision in met:
        found.append(_of_collision(collision, verdicts[collision.entry.store, collision.entry.certificate.sha256]))
    found += _manufacturers(rows)
    return tuple(found)


def about(entry: Entry) -> dict[str, str]:
    """The values by which every remark names an entry."""
    one = entry.certificate
    return {"name": one.common_name or one.subject, "store": f"{entry.store}-trust", "serial": one.serial}


def _of_dates(row: Row, now: float, due_days: int) -> Iterator[Finding]:
    entry, reasoned, days = row
    where, values = ", ".join(entry.nodes), about(entry)
    if entry.certificate.not_after <= now:
        if reasoned.verdict in (*NEEDED, Verdict.OWN):
            yield worded("UCM-TRUST-101", Severity.ERROR, where, "procedure.md 6.8, 4.1 P18", values)
        elif reasoned.verdict is Verdict.DEFAULT:
            yield worded("UCM-TRUST-111", Severity.NOTICE, where, "procedure.md 6.5, 6.8, 6.9", values)
        else:
            yield worded("UCM-TRUST-102", Severity.WARNING, where, "procedure.md 6.8, 4.1 P18", values)
    elif days <= due_days and reasoned.verdict is Verdict.USED:
        yield worded(
            "UCM-TRUST-103", Severity.WARNING, where, "procedure.md 4.1 P13, P18", values | {"days": f"{days}"}
        )


def _of_places(row: Row) -> Iterator[Finding]:
    entry, reasoned, _ = row
    values = about(entry)
    if entry.missing:
        severity = Severity.ERROR if reasoned.verdict in NEEDED else Severity.WARNING
        source = TRUST_STORES[entry.store].source
        values |= {"holders": ", ".join(entry.nodes)}
        yield worded("UCM-TRUST-104", severity, ", ".join(entry.missing), source, values)
    for holder in entry.holders:
        if len(holder.files) > 1:
            values |= {"files": ", ".join(holder.files)}
            yield worded("UCM-TRUST-105", Severity.WARNING, holder.node, "procedure.md 6.1, 6.3", values)


def _namesakes(rows: Sequence[Row]) -> Iterator[Finding]:
    """Two certificates of one DN in one store of one node; copies of living identities come in such pairs by design."""
    for at, (entry, reasoned, _) in enumerate(rows):
        for other, other_reasoned, _ in rows[at + 1 :]:
            same = (entry.store, entry.certificate.subject) == (other.store, other.certificate.subject)
            nodes = [name for name in entry.nodes if name in other.nodes]
            both_own = reasoned.verdict is Verdict.OWN and other_reasoned.verdict is Verdict.OWN
            if same and nodes and not both_own:
                values = about(entry) | {"other": other.certificate.serial}
                yield worded("UCM-TRUST-106", Severity.WARNING, ", ".join(nodes), "procedure.md 6.1 [S SG14]", values)


def _holes(cluster: Cluster) -> Iterator[Finding]:
    """Identities whose chain to a root does not stand in the store of their purpose on their own node."""
    for facts in cluster.nodes:
        if not readable(facts):
            continue
        for held in facts.holding.identities:
            row = PURPOSES.get(held.purpose)
            if row is None or is_root(held.certificate):
                continue
            for store in row.stores:
                try:
                    order_chain(held.certificate, facts.holding.trusts(store))
                except ValueError as error:
                    values = {"purpose": held.purpose, "store": f"{store}-trust", "reason": str(error)}
                    source = "procedure.md 4.1 P13, 6.4, 6.7"
                    yield worded("UCM-TRUST-107", Severity.ERROR, facts.node.name, source, values)


def _of_collision(met: Collision, verdict: Verdict) -> Finding:
    values = about(met.entry) | {"new": met.incoming.certificate.serial, "by": met.incoming.told_by}
    where = ", ".join(met.entry.nodes)
    if not met.replaces:
        return worded("UCM-TRUST-110", Severity.ERROR, where, "procedure.md 6.2, U-P6", values)
    breaks = met.other_key and verdict in (*NEEDED, Verdict.UNKNOWN)
    code, severity = ("UCM-TRUST-108", Severity.ERROR) if breaks else ("UCM-TRUST-109", Severity.WARNING)
    return worded(code, severity, where, "procedure.md 6.1, 6.2; phones.md I9", values)


def _manufacturers(rows: Sequence[Row]) -> Iterator[Finding]:
    """One notice when Cisco's manufacturing CAs stand in CallManager-trust, where SG14 would rather not have them."""
    found = [entry for entry, reasoned, _ in rows if reasoned.verdict is Verdict.DEFAULT]
    names = [entry.certificate.common_name for entry in found if entry.store == "CallManager"]
    if names:
        values = {"names": ", ".join(names), "store": "CallManager-trust"}
        yield worded("UCM-TRUST-112", Severity.NOTICE, "CallManager-trust", "procedure.md 6.5 [S SG14]", values)
