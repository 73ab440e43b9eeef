"""What ucmcert says before anything is written: its findings about an attempt, and the verdict they come to."""

import msgspec

from simulation.upload_catalogue.bench import Bench
from simulation.upload_catalogue.case import PRESENCE, Ask, Attempt, File, Identity, Trusted
from ucmcert.authority.recognise import Recognised, recognise
from ucmcert.authority.returned_file import ReturnedFile
from ucmcert.knowledge.purposes import PURPOSES, lives_on
from ucmcert.lint.case import Known
from ucmcert.lint.catalogue import may_accept
from ucmcert.lint.upload import lint_answer, lint_trust, lint_upload
from ucmcert.model.cluster import Holding
from ucmcert.model.finding import Finding, Severity
from ucmcert.ucm.rest_answers import offers_rest

REFUSED, ACCEPTED, UNCHANGED, OPEN = "refused", "accepted", "nothing changes", "CUCM decides"
SILENT = {"UCM-TRUST-002", "UCM-TRUST-003"}  # taken without a word, and not stored (procedure.md 5 E6, U-P6)
TABLE = "table of purposes"


class Prediction(msgspec.Struct, frozen=True, kw_only=True):
    """The verdict, and the codes that decided it."""

    verdict: str
    codes: tuple[str, ...] = ()


def predict(bench: Bench, attempt: Attempt, holding: Holding) -> Prediction:
    """The verdict about `attempt`; `holding` is what the node shows through the client's door, right before it."""
    if isinstance(attempt, Ask):
        return _of_request(attempt)
    if isinstance(attempt, File):
        found = recognised(attempt)
        if not found.certificates:
            return Prediction(verdict=REFUSED, codes=_codes(found.findings))
        attempt = paired(attempt)
    return _verdict(_findings(bench, attempt, holding))


def recognised(file: File) -> Recognised:
    """What ucmcert finds in the file."""
    return recognise(ReturnedFile(name="answer.txt", content=file.content))


def paired(file: File) -> Identity:
    """The upload that ucmcert makes of the file: the leaf by its key, everything else as its chain."""
    every = (*recognised(file).certificates, *file.beside)
    leaf = next(one for one in every if one.spki_sha256 == file.request.spki_sha256)
    chain = tuple({one.sha256: one for one in every if one != leaf}.values())
    return Identity(purpose=file.purpose, request=file.request, leaf=leaf, chain=chain)


def known(bench: Bench, upload: Identity, holding: Holding) -> Known:
    """What a run knows of the node (`run/known.py`), and whether a CSR waits and OCSP is on, which a person knows."""
    lab = bench.lab_node()
    return Known(
        release=bench.node().release,
        mixed=False,
        fips=lab.site.fips,
        csr_waits=holding.request(upload.purpose) is not None,
        transport="rest" if offers_rest(bench.node(door=upload.door)) else "cli",
        distribution="multi-server" if upload.distribution == "multi-server" else "this-server",
        revocation=lab.site.ocsp.enabled,
        domain=lab.site.domain,
    )


def _findings(bench: Bench, attempt: Identity | Trusted, holding: Holding) -> tuple[Finding, ...]:
    now = bench.lab_node().now()
    if isinstance(attempt, Identity):
        return lint_upload(
            holding.request(attempt.purpose) or attempt.request,
            attempt.leaf,
            attempt.chain,
            purpose=attempt.purpose,
            now=now,
            trust=holding.trusts(PURPOSES[attempt.purpose].trust),
            current=holding.identity(attempt.purpose),
            known=known(bench, attempt, holding),
        )
    trust = holding.trusts(PURPOSES[attempt.purpose].trust)
    found = lint_trust((attempt.certificate,), purpose=attempt.purpose, now=now, trust=trust)
    if attempt.beside is None:
        return found
    answer = attempt.beside
    return found + lint_answer(
        answer.request,
        answer.leaf,
        (*answer.chain, attempt.certificate),
        purpose=answer.purpose,
        now=now,
        current=holding.identity(answer.purpose),
        known=known(bench, answer, holding),
    )


def _verdict(findings: tuple[Finding, ...]) -> Prediction:
    refusing = tuple(one for one in findings if one.severity is Severity.ERROR and not may_accept(one.code))
    loud = tuple(one for one in refusing if one.code not in SILENT)
    if loud:
        return Prediction(verdict=REFUSED, codes=_codes(loud))
    silent = tuple(one for one in findings if one.code in SILENT)
    if silent:
        return Prediction(verdict=UNCHANGED, codes=_codes(silent))
    doubtful = tuple(one for one in findings if one.severity in (Severity.ERROR, Severity.UNKNOWN))
    return Prediction(verdict=OPEN if doubtful else ACCEPTED, codes=_codes(doubtful))


def _of_request(ask: Ask) -> Prediction:
    """By the table of purposes: does it exist, live on that node, come from a CA, and may nodes share it?"""
    row = PURPOSES.get(ask.purpose)
    role = "im-presence" if ask.host == PRESENCE else "publisher" if ask.host.endswith("-pub") else "subscriber"
    good = row is not None and lives_on(row, role) and row.ca_signed and (row.multi_server or not ask.multi_server)
    return Prediction(verdict=ACCEPTED if good else REFUSED, codes=() if good else (TABLE,))


def _codes(findings: tuple[Finding, ...]) -> tuple[str, ...]:
    return tuple(sorted({one.code for one in findings}))
