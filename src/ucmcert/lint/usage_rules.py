"""Did the CA keep the key usages the CSR asks for? CUCM may take less, and its mutual TLS then breaks."""

from collections.abc import Iterable, Iterator

import msgspec
from cryptography import x509

from ucmcert.knowledge.key_usage import CLIENT_AUTH, EKU_NAMES, KeyUsage, ever_asked
from ucmcert.lint.case import Upload
from ucmcert.lint.opened import critical
from ucmcert.lint.rule import Objection, objection, rule
from ucmcert.model.finding import Severity

ALWAYS_FINE = {"key_encipherment"}  # a CA profile that always sets it is fine (procedure.md 2.1)
MAY_BE_CRITICAL = {x509.KeyUsage.oid.dotted_string, x509.BasicConstraints.oid.dotted_string}


@rule(
    "UCM-KU-001", Severity.ERROR, "procedure.md 2.1, U-P1 [S D1: required in the signed certificate]", acceptable=True
)
def usage_missing(case: Upload) -> Iterator[Objection]:
    """A bit of the CSR is gone; dataEncipherment is the one CAs drop."""
    missing = [bit for bit in case.request.key_usage if bit not in case.leaf.key_usage]
    if missing:
        yield objection(missing=", ".join(missing))


@rule("UCM-KU-002", Severity.WARNING, "procedure.md 2.1")
def usage_added(case: Upload) -> Iterator[Objection]:
    """More than was asked for, beyond the keyEncipherment that most CA profiles set."""
    added = [bit for bit in case.leaf.key_usage if bit not in case.request.key_usage and bit not in ALWAYS_FINE]
    if added and case.request.key_usage:
        yield objection(added=", ".join(added))


@rule("UCM-KU-003", Severity.ERROR, "procedure.md 2.1, U-P1", acceptable=True)
def extended_missing(case: Upload) -> Iterator[Objection]:
    """An extended usage of the CSR is gone; clientAuth has a rule of its own."""
    missing = _lost(case) - {CLIENT_AUTH}
    if missing:
        yield objection(missing=_names(missing))


@rule("UCM-KU-004", Severity.WARNING, "procedure.md 2.1")
def extended_added(case: Upload) -> Iterator[Objection]:
    """More extended usages than the CSR asked for."""
    added = set(case.leaf.extended_key_usage) - set(case.request.extended_key_usage)
    if added and case.request.extended_key_usage:
        yield objection(added=_names(added))


@rule("UCM-KU-005", Severity.ERROR, "procedure.md 2.2 [S FN74345]", acceptable=True)
def client_auth_missing(case: Upload) -> Iterator[Objection]:
    """Public CAs stop issuing clientAuth; the upload may pass, mutual TLS will not."""
    if CLIENT_AUTH in _lost(case) and not case.known.has("split_client_certificate"):
        yield objection(purpose=case.purpose)


@rule("UCM-KU-007", Severity.WARNING, "procedure.md 2.2 [S FN74345], announced for 15SU5")
def client_auth_elsewhere(case: Upload) -> Iterator[Objection]:
    """From 15SU5 on a client certificate of its own can do it, once somebody has set that up."""
    if CLIENT_AUTH in _lost(case) and case.known.has("split_client_certificate"):
        yield objection(purpose=case.purpose)


@rule("UCM-KU-008", Severity.WARNING, "procedure.md 2.1 (what a CSR of each purpose and release carries)")
def request_of_another_kind(case: Upload) -> Iterator[Objection]:
    """The CSR asks for less than the node's own would: another purpose or release made it, or somebody by hand."""
    release = case.known.release
    rows = ever_asked(case.purpose, msgspec.structs.astuple(release)) if release else ()
    if rows and not any(_asks(case, row) for row in rows):
        wanted = min(rows, key=lambda row: len(row.usage) + len(row.extended))
        yield objection(
            purpose=case.purpose,
            wanted=_said(wanted.usage, wanted.extended),
            asked=_said(case.request.key_usage, case.request.extended_key_usage),
        )


@rule("UCM-KU-006", Severity.WARNING, "procedure.md 2.1 [S D8]")
def foreign_critical(case: Upload) -> Iterator[Objection]:
    """Any other critical extension breaks UCCX towards this node."""
    foreign = sorted(oid for oid in critical(case.leaf.der) if oid not in MAY_BE_CRITICAL)
    if foreign:
        yield objection(extensions=", ".join(foreign))


def _lost(case: Upload) -> set[str]:
    return set(case.request.extended_key_usage) - set(case.leaf.extended_key_usage)


def _names(oids: set[str]) -> str:
    return ", ".join(sorted(EKU_NAMES.get(oid, oid) for oid in oids))


def _asks(case: Upload, row: KeyUsage) -> bool:
    asked = case.request
    return set(row.usage) <= set(asked.key_usage) and set(row.extended) <= set(asked.extended_key_usage)


def _said(usage: Iterable[str], extended: Iterable[str]) -> str:
    return ", ".join((*usage, *(EKU_NAMES.get(oid, oid) for oid in extended))) or "-"
