"""Pairs what a CA sent back with the CSRs that wait for it: by public key, never by file name.

Which of the other certificates make the chain is not decided here; each answer carries all candidates.
"""

from collections.abc import Iterable

import msgspec

from ucmcert.authority.file_finding import file_finding
from ucmcert.authority.files import OpenRequest
from ucmcert.authority.recognise import recognise
from ucmcert.authority.returned import ReturnedFile
from ucmcert.model.certificate import Certificate
from ucmcert.model.finding import Finding


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """A leaf with the key of `asked`; `candidates` are all other certificates that came, unordered."""

    asked: OpenRequest
    leaf: Certificate
    file: str
    candidates: tuple[Certificate, ...]


class Intake(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it: one answer per CSR at most, and a finding for everything that was not understood or used."""

    answers: tuple[Answer, ...]
    findings: tuple[Finding, ...]


def take_in(came: Iterable[ReturnedFile | Finding], requests: tuple[OpenRequest, ...]) -> Intake:
    """Recognise every file and pair the leaves with `requests`. Pure: stores nothing."""
    findings: list[Finding] = []
    found: dict[str, tuple[Certificate, str]] = {}
    for one in came:
        if isinstance(one, Finding):
            findings.append(one)
            continue
        recognised = recognise(one)
        findings.extend(recognised.findings)
        for certificate in recognised.certificates:
            found.setdefault(certificate.sha256, (certificate, one.name))
    asked = {one.listed.spki_sha256: one for one in requests}
    leaves = [pair for pair in found.values() if pair[0].spki_sha256 in asked]
    others = tuple(cert for cert, _ in found.values() if cert.spki_sha256 not in asked)
    findings.extend(
        file_finding("UCM-FILE-010", file, subject=cert.subject)
        for cert, file in found.values()
        if cert.spki_sha256 not in asked and not cert.is_ca and not cert.self_issued
    )
    answers = []
    for spki, request in asked.items():
        same_key = sorted((pair for pair in leaves if pair[0].spki_sha256 == spki), key=_newest_last)
        if not same_key:
            continue
        leaf, file = same_key[-1]
        if len(same_key) > 1:
            other_files = ", ".join(name for _, name in same_key[:-1])
            findings.append(file_finding("UCM-FILE-011", file, subject=leaf.subject, others=other_files))
        if request.answered:
            findings.append(file_finding("UCM-FILE-012", file, subject=leaf.subject))
        answers.append(Answer(asked=request, leaf=leaf, file=file, candidates=others))
    if others and not leaves and all(one.is_ca or one.self_issued for one in others):
        names = ", ".join(dict.fromkeys(file for _, file in found.values()))
        findings.append(file_finding("UCM-FILE-015", names))
    return Intake(answers=tuple(answers), findings=tuple(findings))


def _newest_last(pair: tuple[Certificate, str]) -> tuple[int, int, str]:
    certificate, _ = pair
    return certificate.not_before, certificate.not_after, certificate.sha256
