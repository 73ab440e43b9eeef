"""Is everything valid now, and long enough? Times are shown as UTC dates."""

from collections.abc import Iterator
from datetime import UTC, datetime

from ucmcert.lint.case import Upload
from ucmcert.lint.rule import Objection, objection, rule
from ucmcert.model.finding import Severity


def utc_text(epoch_s: float) -> str:
    """`2026-09-21 22:13 UTC`."""
    return datetime.fromtimestamp(epoch_s, UTC).strftime("%Y-%m-%d %H:%M UTC")


@rule("UCM-TIME-001", Severity.ERROR, "procedure.md 5 E5, 6.8")
def leaf_expired(case: Upload) -> Iterator[Objection]:
    """CUCM does not take an expired certificate."""
    if case.leaf.not_after <= case.now:
        yield objection(until=utc_text(case.leaf.not_after), clock=utc_text(case.now))


@rule("UCM-TIME-002", Severity.ERROR, "procedure.md 4.1 P2 (not-yet-valid certificates otherwise) [I]")
def leaf_not_yet_valid(case: Upload) -> Iterator[Objection]:
    """From the restart until that moment every client would refuse the node."""
    if case.leaf.not_before > case.now:
        yield objection(since=utc_text(case.leaf.not_before), clock=utc_text(case.now))


@rule("UCM-TIME-003", Severity.ERROR, "procedure.md 5 E5, 6.8")
def issuer_expired(case: Upload) -> Iterator[Objection]:
    """An expired CA certificate can neither be uploaded nor vouch for anything."""
    for issuer in case.chain:
        if issuer.not_after <= case.now:
            yield objection(name=issuer.subject, until=utc_text(issuer.not_after), clock=utc_text(case.now))


@rule("UCM-TIME-004", Severity.ERROR, "procedure.md 4.1 P2 [I]")
def issuer_not_yet_valid(case: Upload) -> Iterator[Objection]:
    """A chain is valid only while each of its members is."""
    for issuer in case.chain:
        if issuer.not_before > case.now:
            yield objection(name=issuer.subject, since=utc_text(issuer.not_before), clock=utc_text(case.now))


@rule("UCM-TIME-005", Severity.WARNING, "procedure.md 8; RFC 5280 6.1 (each certificate of the path must be valid)")
def outlives_issuer(case: Upload) -> Iterator[Objection]:
    """The node will break when its issuer expires, earlier than its own date promises."""
    for issuer in case.chain:
        if issuer.not_after < case.leaf.not_after:
            yield objection(
                name=issuer.subject, until=utc_text(issuer.not_after), leaf_until=utc_text(case.leaf.not_after)
            )


@rule("UCM-TIME-006", Severity.ERROR, "procedure.md U-P5 (refuse in lint)")
def older_than_current(case: Upload) -> Iterator[Objection]:
    """An answer older than what the node holds, or with its serial, is last year's file."""
    current = case.current
    if current is None or current.sha256 == case.leaf.sha256:
        return
    same_serial = current.serial == case.leaf.serial and current.issuer == case.leaf.issuer
    if case.leaf.not_before < current.not_before or same_serial:
        yield objection(since=utc_text(case.leaf.not_before), current=utc_text(current.not_before))
