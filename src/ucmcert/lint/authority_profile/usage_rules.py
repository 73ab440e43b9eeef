"""Would the certificate carry the key usages of the request, and be a CA certificate just where CAPF needs one?"""

from collections.abc import Iterator

from ucmcert.knowledge.key_usage import CLIENT_AUTH, EKU_NAMES
from ucmcert.knowledge.versions import has
from ucmcert.lint.authority_profile.ask import KEY_CERT_SIGN, Ask
from ucmcert.lint.rule import Objection, objection, rule
from ucmcert.lint.usage_rules import ALWAYS_FINE
from ucmcert.model.finding import Severity


@rule("UCM-CA-002", Severity.ERROR, "procedure.md 2.1, U-P1 [S D1: required in the signed certificate]")
def usage_dropped(ask: Ask) -> Iterator[Objection]:
    """A bit of the CSR will be gone; dataEncipherment is the one that templates lack."""
    missing = [bit for bit in ask.usage if ask.profile.usage.given(bit) is False]
    if missing:
        yield objection(missing=", ".join(missing))


@rule("UCM-CA-003", Severity.WARNING, "procedure.md 2.1")
def usage_set_unasked(ask: Ask) -> Iterator[Objection]:
    """More than is asked for, beyond the keyEncipherment that most CA profiles set."""
    added = [bit for bit in ask.profile.usage.sets if bit not in ask.usage and bit not in ALWAYS_FINE]
    if added and ask.usage:
        yield objection(added=", ".join(added))


@rule("UCM-CA-004", Severity.ERROR, "procedure.md 2.1, U-P1")
def extended_dropped(ask: Ask) -> Iterator[Objection]:
    """An extended usage of the CSR will be gone; clientAuth has rules of its own."""
    missing = [oid for oid in ask.extended if ask.profile.extended.given(oid) is False and oid != CLIENT_AUTH]
    if missing:
        yield objection(missing=_names(missing))


@rule("UCM-CA-005", Severity.WARNING, "procedure.md 2.1")
def extended_set_unasked(ask: Ask) -> Iterator[Objection]:
    """More extended usages than the CSR asks for."""
    added = [oid for oid in ask.profile.extended.sets if oid not in ask.extended]
    if added and ask.extended:
        yield objection(added=_names(added))


@rule("UCM-CA-006", Severity.ERROR, "procedure.md 2.2 [S FN74345]")
def client_auth_dropped(ask: Ask) -> Iterator[Objection]:
    """The upload may pass, mutual TLS will not."""
    if _loses_client_auth(ask) and not _copes(ask):
        yield objection(purpose=ask.purpose)


@rule("UCM-CA-026", Severity.WARNING, "procedure.md 2.2 [S FN74345], 15SU5 announced")
def client_auth_dropped_later(ask: Ask) -> Iterator[Objection]:
    """From 15SU5 on a separate client certificate can take its place."""
    if _loses_client_auth(ask) and _copes(ask):
        yield objection(purpose=ask.purpose)


@rule("UCM-CA-007", Severity.ERROR, "procedure.md 2.1 CAPF, U-P2")
def no_authority(ask: Ask) -> Iterator[Objection]:
    """CAPF issues phone certificates, so it must be a CA with keyCertSign."""
    if ask.row.must_be_ca and (ask.gets_ca is False or ask.profile.usage.given(KEY_CERT_SIGN) is False):
        yield objection(purpose=ask.purpose)


@rule("UCM-CA-008", Severity.ERROR, "procedure.md 5 E7 (wrong file)")
def authority_unasked(ask: Ask) -> Iterator[Objection]:
    """A CA certificate is no identity of a node."""
    if not ask.row.must_be_ca and ask.gets_ca:
        yield objection(purpose=ask.purpose)


@rule("UCM-CA-009", Severity.ERROR, "procedure.md 2.1 CAPF, U-P2; RFC 5280 4.2.1.9")
def no_room_below(ask: Ask) -> Iterator[Objection]:
    """CAPF is a CA below its issuers, and each of them must allow that."""
    if ask.row.must_be_ca and ask.profile.room_below is False:
        length = ask.profile.issuer_path_length
        yield objection(allowed="-" if length is None else f"{length}")


def _loses_client_auth(ask: Ask) -> bool:
    return CLIENT_AUTH in ask.extended and ask.profile.client_auth is False


def _copes(ask: Ask) -> bool:
    return ask.release is not None and has("split_client_certificate", ask.release)


def _names(oids: list[str]) -> str:
    return ", ".join(EKU_NAMES.get(oid, oid) for oid in oids)
