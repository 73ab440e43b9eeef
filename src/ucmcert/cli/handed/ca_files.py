"""What `ca` is given: answers of the CA to known CSRs, a description of it, and the release of the nodes."""

import re
from pathlib import Path

import msgspec

from ucmcert.cli.linting.pairing import Pair, pair_up
from ucmcert.cli.linting.reading import read_all
from ucmcert.errors import UsageError
from ucmcert.knowledge.versions import release_numbers
from ucmcert.lint.authority_profile.answer import infer
from ucmcert.lint.authority_profile.description import BYTES_MAX, read_description
from ucmcert.lint.authority_profile.joining import join
from ucmcert.lint.authority_profile.profile import CaProfile, Kind
from ucmcert.model.certificate import CertificateRequest
from ucmcert.model.finding import Finding

SERVICE_UPDATE = re.compile(r"\s?su", re.IGNORECASE)
LONGEST = 5


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """The files of one answer: a CSR, the certificate made of it, and the issuers."""

    csr: Path
    cert: Path
    chain: tuple[Path, ...] = ()


class Learned(msgspec.Struct, frozen=True, kw_only=True):
    """What all of them tell together; findings say what could not be read and what contradicts. None: nothing."""

    profile: CaProfile | None
    findings: tuple[Finding, ...]


def learn(answers: tuple[Answered, ...], description: Path | None, kind: Kind | None) -> Learned:
    """One profile of everything given. Raises UsageError UCM-FILE-000, UCM-CA-040 to -044."""
    profiles: list[CaProfile] = []
    findings: tuple[Finding, ...] = ()
    if description is not None:
        described = read_description(_content(description), where=description.name, kind=kind)
        profiles.append(described.profile)
        findings += described.findings
    for one in answers:
        given = read_all((one.csr, one.cert, *one.chain))
        paired = pair_up(given)
        findings += (*given.findings, *paired.findings)
        profiles += [_inferred(one, pair.asked.request, pair) for pair in paired.pairs if pair.asked is not None]
    if not profiles:
        return Learned(profile=None, findings=findings)
    joined = join(profiles)
    return Learned(profile=joined.profile, findings=(*findings, *joined.findings))


def _inferred(one: Answered, asked: CertificateRequest, pair: Pair) -> CaProfile:
    chain = tuple(issuer.certificate for issuer in pair.chain)
    try:
        return infer(asked, pair.leaf.certificate, chain)
    except ValueError as error:
        raise _not_an_answer(one, f"{error}") from None


def read_release(text: str) -> tuple[int, ...]:
    """`14`, `12.5`, `15SU4a`, `12.5(1)SU6`, `15.0.1.14901-2` as five numbers. Raises UsageError UCM-CA-045.

    Service update n is engineering build 1n900 (procedure.md 9).
    """
    try:
        numbers = release_numbers(SERVICE_UPDATE.sub("SU", text.strip()))
    except ValueError:
        raise UsageError(
            "UCM-CA-045",
            "this is no release",
            where=f"--release {text}",
            why="a release is written as 14, 12.5, 15SU4 or 15.0.1.14901-2",
            next="give it as the node prints it",
        ) from None
    return (*numbers, 0) if len(numbers) < LONGEST else numbers


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(BYTES_MAX + 1)
    except OSError as error:
        raise UsageError(
            "UCM-FILE-000",
            "the description cannot be read",
            where=str(path),
            why=error.strerror or "it is no file",
            next="correct the path",
        ) from None


def _not_an_answer(one: Answered, why: str) -> UsageError:
    return UsageError(
        "UCM-CA-040",
        "the certificate is no answer to the CSR",
        where=f"{one.csr.name}, {one.cert.name}",
        why=why,
        next="give the CSR that this certificate was made of",
    )
