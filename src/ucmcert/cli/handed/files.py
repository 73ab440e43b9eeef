"""The files `lint` is given, read whatever their form: one CSR, one leaf, and the issuers in order."""

from pathlib import Path

import msgspec

from ucmcert.authority.file_finding import file_finding
from ucmcert.authority.recognise import recognise
from ucmcert.authority.returned import ReturnedFile, read_returned
from ucmcert.errors import UsageError
from ucmcert.lint.chain import order_chain
from ucmcert.model.certificate import Certificate, CertificateRequest, read_request
from ucmcert.model.finding import Finding, Severity

PRIVATE_KEY = "UCM-FILE-003"
IS_REQUEST = "UCM-FILE-006"


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """What the files hold. Findings say what could not be used; `chain` is ordered, what does not belong comes last."""

    request: CertificateRequest | None
    leaf: Certificate | None
    chain: tuple[Certificate, ...]
    findings: tuple[Finding, ...]


def read_files(csr: Path, cert: Path, chain: tuple[Path, ...]) -> Given:
    """Read them all. Raises UsageError UCM-FILE-000 when one does not exist."""
    request, findings = _request(csr)
    found: list[Certificate] = []
    for path in (cert, *chain):
        certificates, trouble = _certificates(path)
        found += [one for one in certificates if one not in found]
        findings += trouble
    leaf = _leaf(found, request)
    if leaf is None and not any(one.severity is Severity.ERROR for one in findings):
        findings += (file_finding("UCM-FILE-005", cert.name),)
    others = tuple(one for one in found if one is not leaf)
    return Given(request=request, leaf=leaf, chain=_ordered(leaf, others), findings=findings)


def _request(path: Path) -> tuple[CertificateRequest | None, tuple[Finding, ...]]:
    findings: tuple[Finding, ...] = ()
    for file in _read(path):
        if isinstance(file, Finding):
            findings += (file,)
            continue
        if any(one.code == PRIVATE_KEY for one in recognise(file).findings):
            findings += (file_finding(PRIVATE_KEY, file.name),)
            continue
        try:
            return read_request(file.content), findings
        except ValueError as error:
            findings += (file_finding("UCM-FILE-014", file.name, reason=str(error)),)
    return None, findings


def _certificates(path: Path) -> tuple[tuple[Certificate, ...], tuple[Finding, ...]]:
    certificates: tuple[Certificate, ...] = ()
    findings: tuple[Finding, ...] = ()
    for file in _read(path):
        if isinstance(file, Finding):
            findings += (file,)
            continue
        recognised = recognise(file)
        certificates += recognised.certificates
        findings += recognised.findings
    return certificates, findings


def _read(path: Path) -> tuple[ReturnedFile | Finding, ...]:
    if path.is_dir():
        raise UsageError(
            "UCM-FILE-000",
            "a folder was given where one file is wanted",
            where=str(path),
            why="lint judges one certificate against one CSR",
            next="give the files themselves; `ucmcert submit` sorts whole folders",
        )
    if not path.exists():
        raise UsageError(
            "UCM-FILE-000",
            "there is no such file",
            where=str(path),
            why="lint reads a CSR, a certificate and its chain from files",
            next="correct the path",
        )
    return tuple(read_returned(path))


def _leaf(found: list[Certificate], request: CertificateRequest | None) -> Certificate | None:
    """The certificate that carries the CSR's key; without one, what looks most like a node's own."""
    keyed = [one for one in found if request and one.spki_sha256 == request.spki_sha256]
    plain = [one for one in found if not one.is_ca]
    return next(iter([*keyed, *plain, *found]), None)


def _ordered(leaf: Certificate | None, others: tuple[Certificate, ...]) -> tuple[Certificate, ...]:
    if leaf is None:
        return others
    try:
        chain = order_chain(leaf, others)
    except ValueError:
        return others
    return (*chain, *(one for one in others if one not in chain))
