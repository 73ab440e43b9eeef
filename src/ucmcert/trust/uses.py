"""Who uses a trusted certificate, with the evidence: chains of identities, served leaves, trust lists, runs, ourselves.

Every issuer by name and signature counts, over all nodes and stores: too many uses only keep an entry, too few would
lose one. Integrations (LDAP, Expressway, trunk peers) leave no trace that a node shows: what they use stays unknown.
"""

from collections.abc import Iterable, Iterator

import msgspec

from ucmcert.lint.chain import issued_by
from ucmcert.model.certificate import Certificate
from ucmcert.model.cluster import Cluster
from ucmcert.model.trust_list import ListRecord
from ucmcert.trust.known import Known

ISSUER, SERVED, SHOWN, LISTED, RUN, ANCHOR = "issuer", "served-issuer", "shown", "list", "run", "anchor"


class Use(msgspec.Struct, frozen=True, kw_only=True):
    """One use. `kind` says how, `by` who: a purpose, a port, a list or a run; `where` the node, "" for none."""

    kind: str
    by: str
    where: str = ""


def uses_of(cluster: Cluster, known: Known, pool: Iterable[Certificate]) -> dict[str, tuple[Use, ...]]:
    """Fingerprint -> its uses, for the certificates of `pool` (everything that any store of the cluster holds)."""
    held = {one.sha256: one for one in pool}
    found: dict[str, dict[Use, None]] = {}
    for sha256, use in _all(cluster, known, tuple(held.values())):
        if sha256 in held:
            found.setdefault(sha256, {})[use] = None
    return {sha256: tuple(uses) for sha256, uses in found.items()}


def issuers(leaf: Certificate, pool: Iterable[Certificate]) -> tuple[Certificate, ...]:
    """Everybody in `pool` who may stand above `leaf`, on every way up."""
    candidates = [one for one in pool if one.sha256 != leaf.sha256]
    found: dict[str, Certificate] = {}
    below = [leaf]
    while below:
        child = below.pop()
        for one in candidates:
            if one.sha256 not in found and one.sha256 != child.sha256 and issued_by(child, one):
                found[one.sha256] = one
                below.append(one)
    return tuple(found.values())


def lists_certificate(record: ListRecord, certificate: Certificate) -> bool:
    """Whether `record` is about `certificate`: by fingerprint, by serial where it holds a hash only (phones.md 3.1)."""
    if record.sha256:
        return record.sha256 == certificate.sha256
    return record.serial.upper().lstrip("0") == certificate.serial.upper().lstrip("0")


def _all(cluster: Cluster, known: Known, pool: tuple[Certificate, ...]) -> Iterator[tuple[str, Use]]:
    for facts in cluster.nodes:
        where = facts.node.name
        for held in facts.holding.identities:
            yield from _above(held.certificate, pool, Use(kind=ISSUER, by=held.purpose, where=where))
        for served in facts.served:
            if served.leaf is not None:
                yield served.leaf.sha256, Use(kind=SHOWN, by=f"{served.port}", where=where)
                yield from _above(served.leaf, pool, Use(kind=SERVED, by=f"{served.port}", where=where))
        for listed in facts.lists:
            for one in pool:
                if any(lists_certificate(record, one) for record in listed.records):
                    yield one.sha256, Use(kind=LISTED, by=listed.kind.upper(), where=where)
    for arriving in known.incoming:
        use = Use(kind=RUN, by=arriving.purpose, where=arriving.told_by)
        yield arriving.certificate.sha256, use
        yield from _above(arriving.certificate, pool, use)
    for sha256 in known.anchors:
        yield sha256, Use(kind=ANCHOR, by="ucmcert")


def _above(leaf: Certificate, pool: tuple[Certificate, ...], use: Use) -> Iterator[tuple[str, Use]]:
    for one in issuers(leaf, pool):
        yield one.sha256, use
