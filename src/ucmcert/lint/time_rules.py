"""Is everything valid now, and long enough? Times are shown as UTC dates."""

from collections.abc import Iterator
from datetime import UTC, datetime

from ucmcert.knowledge.lifetimes import public_limit_days
from ucmcert.lint.case import Upload
from ucmcert.lint.chain import way_up
from ucmcert.lint.opened import claims_public_tls
from ucmcert.lint.rule import Objection, objection, rule
from ucmcert.model.finding import Severity

SHORT_LIFE_DAYS = 100  # at three resets of every phone for a renewal (procedure.md 8)

DAY_S = 86_400


def utc_text(epoch_s: float) -> str:
    """`2026-09-21 22:13 UTC`."""
    return datetime.fromtimestamp(epoch_s, UTC).strftime("%Y-%m-%d %H:%M UTC")


@rule("UCM-TIME-001", Severity.ERROR, "procedure.md 5 E5, 6.8")
def leaf_expired(case: Upload) -> Iterator[Objection]:
    """CUCM does not take an expired certificate."""
    if case.leaf.not_after <= case.now:
        yield objection(until=utc_text(case.leaf.not_after), clock=utc_text(case.now))


@rule("UCM-TIME-002", Severity.ERROR, "procedure.md 4.1 P2 (not-yet-valid certificates otherwise) [I]", acceptable=True)
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


@rule("UCM-TIME-004", Severity.ERROR, "procedure.md 4.1 P2 [I]", acceptable=True)
def issuer_not_yet_valid(case: Upload) -> Iterator[Objection]:
    """A chain is valid only while each of its members is."""
    for issuer in case.chain:
        if issuer.not_before > case.now:
            yield objection(name=issuer.subject, since=utc_text(issuer.not_before), clock=utc_text(case.now))


@rule("UCM-TIME-005", Severity.WARNING, "procedure.md 8; RFC 5280 6.1 (each certificate of the path must be valid)")
def outlives_issuer(case: Upload) -> Iterator[Objection]:
    """The node will break when its issuer expires, earlier than its own date promises."""
    for issuer in way_up(case.leaf, case.chain):
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


@rule("UCM-TIME-007", Severity.WARNING, "procedure.md 8 (three resets of the phones for each renewal) [I]")
def short_life_for_phones(case: Upload) -> Iterator[Objection]:
    """What phones trust should not come from a CA that makes it last some weeks."""
    days = _days(case)
    if case.row.phones_trust_it and 0 <= days <= SHORT_LIFE_DAYS:
        yield objection(days=str(days), purpose=case.purpose)


@rule("UCM-TIME-008", Severity.WARNING, "procedure.md 8 [S FN74345; I SC-081v3]")
def beyond_public_limit(case: Upload) -> Iterator[Objection]:
    """Browsers hold public CAs to a longest life. A private CA is free: only those that claim to be public are asked.

    The claim is in the certificate (a policy of the CA/Browser Forum, embedded log time stamps): nothing else tells,
    without a network, whose root browsers know.
    """
    limit = public_limit_days(case.leaf.not_before)
    if claims_public_tls(case.leaf.der) and _days(case) > limit:
        yield objection(days=str(_days(case)), limit=str(limit), since=utc_text(case.leaf.not_before))


def _days(case: Upload) -> int:
    """Whole days, begun ones counted: RFC 5280 counts the last second in, and 398 days may not be a second longer."""
    return -(-(case.leaf.not_after - case.leaf.not_before) // DAY_S)
