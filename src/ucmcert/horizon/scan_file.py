"""Reads what `ucmcert scan --json` printed: its last line, or several of them under each other, one per cluster."""

import msgspec

from ucmcert.errors import UsageError
from ucmcert.horizon.held import Held, Named, day_of
from ucmcert.knowledge.versions import release_numbers

VERSION = 1


class ScannedCertificate(msgspec.Struct, frozen=True, kw_only=True):
    """What the calendar needs of a row of `certificates`. Times are UTC epoch seconds; old files have no `release`."""

    node: str
    role: str
    purpose: str
    subject: str
    issuer: str
    not_before: int
    not_after: int
    sha256: str
    release: str = ""


class ScannedTrust(msgspec.Struct, frozen=True, kw_only=True):
    """What it needs of a row of `trust`."""

    subject: str
    not_after: int


class Scanned(msgspec.Struct, frozen=True, kw_only=True):
    """One scan. `problems` are counted: what could not be read is in no calendar."""

    version: int
    cluster: str
    certificates: tuple[ScannedCertificate, ...]
    trust: tuple[ScannedTrust, ...] = ()
    problems: tuple[msgspec.Raw, ...] = ()


def read_scans(text: str, *, where: str, named: Named) -> tuple[tuple[Held, ...], tuple[tuple[str, int], ...]]:
    """Certificates and, per cluster, how many things were not read. Raises UsageError UCM-HORIZON-003."""
    scans = _scans(text, where)
    held = tuple(one for scan in scans for one in held_of(scan, named))
    return held, tuple((scan.cluster, len(scan.problems)) for scan in scans if scan.problems)


def held_of(scan: Scanned, named: Named) -> tuple[Held, ...]:
    """The certificates of one scan, each with the last day of the CA certificate that issued it where that was seen."""
    ends: dict[str, int] = {}
    for entry in scan.trust:
        ends[entry.subject] = max(entry.not_after, ends.get(entry.subject, entry.not_after))
    return tuple(_held(scan.cluster, row, ends, named) for row in scan.certificates)


def _held(cluster: str, row: ScannedCertificate, ends: dict[str, int], named: Named) -> Held:
    signer = named.signer(row.subject, row.issuer)
    known = row.issuer in ends and signer != "self-signed"
    return Held(
        cluster=cluster,
        node=row.node,
        role=row.role,
        purpose=row.purpose,
        issuer=row.issuer,
        signer=signer,
        not_before=day_of(row.not_before),
        not_after=day_of(row.not_after),
        release=_release(row.release),
        sha256=row.sha256,
        ca_until=day_of(ends[row.issuer]) if known else None,
    )


def _release(text: str) -> tuple[int, ...]:
    """A node that did not answer has no release that reads like one."""
    try:
        return release_numbers(text)
    except ValueError:
        return ()


def _scans(text: str, where: str) -> tuple[Scanned, ...]:
    try:
        return (_checked(msgspec.json.decode(text, type=Scanned), where),)
    except msgspec.ValidationError as error:
        raise _no_scan(where, str(error)) from None
    except msgspec.DecodeError as error:
        if "trailing characters" not in str(error):
            raise _no_scan(where, str(error)) from None
    return tuple(
        _line(line, f"{where}, line {number}") for number, line in enumerate(text.splitlines(), 1) if line.strip()
    )


def _line(line: str, where: str) -> Scanned:
    try:
        return _checked(msgspec.json.decode(line, type=Scanned), where)
    except msgspec.DecodeError as error:
        raise _no_scan(where, str(error)) from None


def _checked(scan: Scanned, where: str) -> Scanned:
    if scan.version != VERSION:
        raise _no_scan(where, f"it has version {scan.version}, this release reads version {VERSION}")
    return scan


def _no_scan(where: str, why: str) -> UsageError:
    return UsageError(
        "UCM-HORIZON-003",
        "this is not the JSON of a scan",
        where=where,
        why=why,
        next="write it anew: `ucmcert scan --json > FILE`",
    )
