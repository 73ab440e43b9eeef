"""External consumers that the configuration names: do they answer, and does this cluster know who signs for them?

Source: procedure.md 4.1 P16, 7 (trust first, identity second).
"""

from collections.abc import Iterator

from ucmcert.check.cases import Before
from ucmcert.knowledge.consumers import BY_KIND
from ucmcert.lint.chain import is_root, issued_by
from ucmcert.lint.rule import Objection, objection, rule
from ucmcert.model.certificate import Certificate
from ucmcert.model.cluster import NodeFacts
from ucmcert.model.consumer import Consumer
from ucmcert.model.finding import Severity
from ucmcert.model.node import CUCM_ROLES


@rule("UCM-CHECK-046", Severity.WARNING, "procedure.md 4.1 P16")
def consumer_is_silent(case: Before) -> Iterator[Objection]:
    """Nothing came from its TLS port: what it trusts, or whether it is there, is not known."""
    for one in _concerned(case):
        if one.port and one.shown is None:
            yield objection(where=one.name, kind=one.kind, port=str(one.port), problem=one.problem or "-")


@rule("UCM-CHECK-047", Severity.WARNING, "procedure.md 4.1 P16, 7, 6.7")
def consumer_is_not_trusted(case: Before) -> Iterator[Objection]:
    """The issuer of the consumer's own certificate is missing in a store that has to know it, on some node."""
    for one in _concerned(case):
        for store in BY_KIND[one.kind].stores:
            missing = [facts.node.host for facts in _with_store(case) if not _known(one, facts, store)]
            if one.shown is not None and missing:
                values = {"issuer": one.shown.issuer, "store": f"{store}-trust", "nodes": ", ".join(missing)}
                yield objection(where=one.name, kind=one.kind, **values)


@rule("UCM-CHECK-048", Severity.NOTICE, "procedure.md 4.1 P16")
def consumers_unread(case: Before) -> Iterator[Objection]:
    """The database did not tell of some kinds of consumers: the plan asks a person instead."""
    if case.cluster.consumers is not None and case.items:
        for query, reason in case.cluster.consumers.unread.items():
            yield objection(query=query, reason=reason)


@rule("UCM-CHECK-049", Severity.WARNING, "procedure.md 4.1 P16, 7 (trust first, identity second)")
def consumer_does_not_trust(case: Before) -> Iterator[Objection]:
    """Its own trust store knows neither a certificate that is to be renewed nor who signed it.

    Whoever does not know the issuer of today will not know it tomorrow; a new CA has to be brought there anyway.
    """
    for one in _concerned(case):
        row = BY_KIND[one.kind]
        for item in case.items if one.trusted is not None else ():
            held = case.cluster.facts(item.node).holding.identity(item.purpose)
            if item.purpose in row.purposes and held is not None and not _knows(one.trusted or (), held):
                values = {"purpose": item.purpose, "node": item.node, "issuer": held.issuer}
                yield objection(where=one.name, kind=one.kind, store=f"{row.own_store}-trust", **values)


@rule("UCM-CHECK-050", Severity.WARNING, "procedure.md 4.1 P16")
def consumer_unread(case: Before) -> Iterator[Objection]:
    """What it trusts could not be read although somebody told how."""
    for one in _concerned(case):
        if one.unread:
            yield objection(where=one.name, kind=one.kind, reason=one.unread)


def _knows(trusted: tuple[Certificate, ...], held: Certificate) -> bool:
    if any(entry.sha256 == held.sha256 for entry in trusted):
        return True
    return not is_root(held) and any(issued_by(held, entry) for entry in trusted)


def _concerned(case: Before) -> tuple[Consumer, ...]:
    """The consumers that use a purpose to be renewed."""
    known = case.cluster.consumers.known if case.cluster.consumers is not None else ()
    renewed = {item.purpose for item in case.items}
    return tuple(one for one in known if renewed & set(BY_KIND[one.kind].purposes))


def _with_store(case: Before) -> list[NodeFacts]:
    return [facts for facts in case.cluster.nodes if facts.node.role in CUCM_ROLES]


def _known(one: Consumer, facts: NodeFacts, store: str) -> bool:
    """Whether the store holds the certificate itself, or an issuer of it."""
    return one.shown is None or _knows(facts.holding.trusts(store), one.shown)
