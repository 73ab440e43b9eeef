"""What the trust store of the node makes of it: one entry per name, and newer entries are silently kept."""

from collections.abc import Iterator

from ucmcert.lint.case import TrustCase, Upload
from ucmcert.lint.chain import collide, is_root, order_chain, way_up
from ucmcert.lint.rule import Objection, objection, rule
from ucmcert.lint.time_rules import utc_text
from ucmcert.model.certificate import Certificate
from ucmcert.model.finding import Severity


@rule("UCM-TRUST-001", Severity.ERROR, "procedure.md 5 E1")
def issuer_not_trusted(case: Upload) -> Iterator[Objection]:
    """CUCM builds the chain from the leaf to a root with the entries of that store only."""
    if is_root(case.leaf):
        return
    try:
        order_chain(case.leaf, case.trust)
    except ValueError as error:
        yield objection(store=f"{case.row.trust}-trust", reason=str(error))


@rule("UCM-TRUST-002", Severity.ERROR, "procedure.md 5 E6, 6.2")
def kept_by_newer(case: TrustCase) -> Iterator[Objection]:
    """No error, no effect: the entry that is there has a later start of validity and stays."""
    for one, held in _collisions(case):
        if held.not_before > one.not_before:
            yield objection(name=_name(one), store=case.store, since=utc_text(held.not_before))


@rule("UCM-TRUST-003", Severity.UNKNOWN, "procedure.md U-P6 (assume not replaced)")
def kept_by_same_age(case: TrustCase) -> Iterator[Objection]:
    """Same name, same start, another serial: nobody has published which one stays."""
    for one, held in _collisions(case):
        if held.not_before == one.not_before:
            yield objection(name=_name(one), store=case.store, since=utc_text(held.not_before))


@rule("UCM-TRUST-004", Severity.WARNING, "procedure.md 6.1, 6.2")
def replaces(case: TrustCase) -> Iterator[Objection]:
    """The old entry goes; with another key behind the same name, what it signed is no longer trusted."""
    for one, held in _collisions(case):
        if held.not_before < one.not_before and held.spki_sha256 != one.spki_sha256:
            yield objection(name=_name(one), store=case.store, serial=held.serial)


@rule("UCM-TRUST-005", Severity.ERROR, "procedure.md 5 E5, 6.8")
def expired_trust(case: TrustCase) -> Iterator[Objection]:
    """An expired CA certificate is never taken."""
    for one in case.chain:
        if one.not_after <= case.now:
            yield objection(name=_name(one), until=utc_text(one.not_after))


@rule("UCM-TRUST-006", Severity.WARNING, "procedure.md 6.1, 6.2 (cross-signed intermediates cannot both stay)")
def one_place_in_store(case: TrustCase) -> Iterator[Objection]:
    """Two certificates of the chain claim one place: the one that begins later stays, whatever the order."""
    for one in case.chain:
        later = [other for other in case.chain if collide(one, other) and other.not_before > one.not_before]
        if later:
            yield objection(name=_name(one), store=case.store, serial=one.serial, since=utc_text(later[0].not_before))


@rule("UCM-TRUST-007", Severity.WARNING, "procedure.md 6.2 (breaks leaves of the old; simulated)")
def breaks_identity(case: TrustCase) -> Iterator[Objection]:
    """An identity that the store can prove today, and cannot any more once the older entries are replaced."""
    gone = {held.sha256 for one, held in _collisions(case) if held.not_before < one.not_before}
    kept = {one.sha256 for one, held in _collisions(case) if held.not_before >= one.not_before}
    after = [one for one in case.trust if one.sha256 not in gone] + [
        one for one in case.chain if one.sha256 not in kept
    ]
    for leaf in case.leaves:
        if way_up(leaf, case.trust) and not way_up(leaf, tuple(after)):
            yield objection(name=_name(leaf), issuer=leaf.issuer, store=case.store)


@rule("UCM-TRUST-008", Severity.NOTICE, "procedure.md 6.2, 6.5, 6.8")
def blocked_by_expired(case: TrustCase) -> Iterator[Objection]:
    """The newer entry that stays is itself expired: of no use to anybody, and in the way."""
    for one, held in _collisions(case):
        if held.not_before >= one.not_before and held.not_after <= case.now:
            yield objection(name=_name(one), store=case.store, until=utc_text(held.not_after), serial=held.serial)


def _collisions(case: TrustCase) -> Iterator[tuple[Certificate, Certificate]]:
    """Pairs (new, held) of one common name or one subject, that are not one certificate (procedure.md U-P14)."""
    for one in case.chain:
        for held in case.trust:
            if collide(one, held):
                yield one, held


def _name(certificate: Certificate) -> str:
    return certificate.common_name or certificate.subject
