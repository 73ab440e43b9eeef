"""What `lint` found, for programs: pair by pair, and what is missing. Documented in docs/json.md."""

from typing import Literal

import msgspec

from ucmcert.model.certificate import Certificate
from ucmcert.model.finding import Finding, Severity
from ucmcert.report.findings_shape import FindingsShape, findings_shape


class PairShape(msgspec.Struct, frozen=True, kw_only=True):
    """One certificate with the CSR it answers ("" without one). `chain` are the files of the issuers, in order.

    `accepted`: no error stands against it. `subject` and `sha256` are the certificate's.
    """

    csr: str
    certificate: str
    chain: tuple[str, ...]
    purpose: str
    subject: str
    sha256: str
    accepted: bool
    findings: tuple[Finding, ...]


class Missing(msgspec.Struct, frozen=True, kw_only=True):
    """What is not there: the `certificate` for a CSR, the `issuer` of a certificate. `file` is what lacks it."""

    what: Literal["certificate", "issuer"]
    file: str
    name: str


class Located(msgspec.Struct, frozen=True, kw_only=True):
    """A finding and the file it speaks of, "" for none."""

    finding: Finding
    file: str


class LintJudgement(msgspec.Struct, frozen=True, kw_only=True):
    """Everything one call of `lint` found."""

    pairs: tuple[PairShape, ...] = ()
    missing: tuple[Missing, ...] = ()
    said: tuple[Located, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, in order."""
        return tuple(one.finding for one in self.said)


class LintShape(FindingsShape, frozen=True, kw_only=True):
    """`lint`: what `check` says too, and the pairs."""

    pairs: tuple[PairShape, ...]
    missing: tuple[Missing, ...]


def pair_shape(
    leaf: Certificate,
    *,
    csr: str,
    file: str,
    chain: tuple[str, ...],
    purpose: str,
    findings: tuple[Finding, ...],
) -> PairShape:
    """The pair of `csr` (a file, "" for none) and `leaf` (from `file`), judged as `purpose`."""
    return PairShape(
        csr=csr,
        certificate=file,
        chain=chain,
        purpose=purpose,
        subject=leaf.subject,
        sha256=leaf.sha256,
        accepted=not any(one.severity is Severity.ERROR for one in findings),
        findings=findings,
    )


def lint_shape(judged: LintJudgement, purpose: str) -> LintShape:
    """The JSON of it; `purpose` is told when nothing could be paired."""
    subject = ", ".join(dict.fromkeys(one.purpose for one in judged.pairs)) or purpose
    known = findings_shape(subject, judged.findings)
    fields = {name: getattr(known, name) for name in FindingsShape.__struct_fields__}
    return LintShape(**fields, pairs=judged.pairs, missing=judged.missing)
