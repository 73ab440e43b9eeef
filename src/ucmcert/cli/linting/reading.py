"""Reads what `lint` is given: files, folders and zips, each sorted by what it holds and never by its name."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from ucmcert.authority.file_finding import file_finding
from ucmcert.authority.pair_finding import pair_finding
from ucmcert.authority.recognise import Recognised, recognise
from ucmcert.authority.returned import FOLDER_LINK, NO_FILE, ReturnedFile, read_returned
from ucmcert.authority.returned_file import printable
from ucmcert.errors import UsageError
from ucmcert.model.certificate import Certificate, CertificateRequest
from ucmcert.model.finding import Finding, Severity

NO_CERTIFICATE = "UCM-FILE-005"
IS_REQUEST = "UCM-FILE-006"
MOST_THINGS = 2000  # certificates and CSRs together


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A CSR and the file it came in."""

    request: CertificateRequest
    file: str


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A certificate and the file it came in."""

    certificate: Certificate
    file: str


class Read(msgspec.Struct, frozen=True, kw_only=True):
    """What all files hold, each thing once and in order of appearance. Findings say what could not be used.

    `given` is what the user named, for those who found nothing in it.
    """

    asked: tuple[Asked, ...] = ()
    found: tuple[Found, ...] = ()
    findings: tuple[Finding, ...] = ()
    given: str = ""


def read_all(places: tuple[Path, ...], *, csr_elsewhere: bool = False) -> Read:
    """Everything in `places`. Raises UsageError UCM-FILE-000 when one does not exist.

    By contract the first of several single files is a CSR: when none of them holds one, that is an error, unless the
    CSR lies elsewhere (on a node).
    """
    asked: dict[bytes, Asked] = {}
    found: dict[str, Found] = {}
    findings: list[Finding] = []
    single = len(places) > 1
    for named, file in _files(places):
        single = single and named
        if isinstance(file, Finding):
            findings.append(_weighed(file, named=named))
            continue
        held = recognise(file)
        findings += _usable(held, named=named)
        for request in held.requests:
            asked.setdefault(request.der, Asked(request=request, file=file.name))
        for certificate in held.certificates:
            found.setdefault(certificate.sha256, Found(certificate=certificate, file=file.name))
        if len(asked) + len(found) > MOST_THINGS:
            findings.append(pair_finding("UCM-PAIR-008", file.name, file=file.name, most=str(MOST_THINGS)))
            break
    if single and not asked and not csr_elsewhere and not _errors(findings):
        reason = "it holds certificates, none of the files holds a request"
        findings.append(file_finding("UCM-FILE-014", printable(str(places[0])), reason=reason))
    given = printable(", ".join(map(str, places)))
    return Read(asked=tuple(asked.values()), found=tuple(found.values()), findings=tuple(findings), given=given)


def _usable(held: Recognised, *, named: bool) -> Iterator[Finding]:
    yield from held.not_requests
    yield from (_weighed(one, named=named) for one in held.findings if one.code != IS_REQUEST)


def _weighed(one: Finding, *, named: bool) -> Finding:
    """What has no business in a folder (a text, a pipe, a link) is no error there, as it is when it was named."""
    harmless = one.code == NO_CERTIFICATE or one.values.get("reason") in {NO_FILE, FOLDER_LINK}
    return msgspec.structs.replace(one, severity=Severity.WARNING) if harmless and not named else one


def _files(places: tuple[Path, ...]) -> Iterator[tuple[bool, ReturnedFile | Finding]]:
    """Every file with its path as the user would write it, and whether the user named it."""
    for place in places:
        _must_exist(place)
    for place in places:
        folder = place if place.is_dir() else place.parent
        for file in read_returned(place):
            if isinstance(file, ReturnedFile):
                path = printable(str(folder / file.name))
                yield path == printable(str(place)), msgspec.structs.replace(file, name=path)
            else:
                path = printable(str(folder / file.where))
                values = {key: value for key, value in file.values.items() if key != "file"}
                yield path == printable(str(place)), file_finding(file.code, path, **values)


def _must_exist(place: Path) -> None:
    try:
        place.stat()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError(
            "UCM-FILE-000",
            "there is no such file" if isinstance(error, FileNotFoundError) else "the file cannot be reached",
            where=str(place),
            why=f"lint reads CSRs, certificates and chains from files, folders and zips ({reason})",
            next="correct the path",
        ) from error


def _errors(findings: list[Finding]) -> bool:
    return any(one.severity is Severity.ERROR for one in findings)
