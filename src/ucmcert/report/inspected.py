"""What `inspect` found, as rows: who is trusted for what, who signed, and whether the cluster knows them."""

import hashlib
from typing import Literal

import msgspec

from ucmcert.model.certificate import Certificate, read_certificate
from ucmcert.model.cluster import Cluster
from ucmcert.model.finding import Finding, Severity
from ucmcert.model.trust_list import ListKind
from ucmcert.report.json_shapes import VERSION
from ucmcert.trust_list import Header, Record, SignedFile, TrustList, Verdict, verify
from ucmcert.trust_list.keys import DIGESTS
from ucmcert.trust_list.owners import Owner, owners
from ucmcert.trust_list.truth import sha1_of, sha256_of

FileKind = Literal["itl", "ctl", "sgn"]


class RecordRow(msgspec.Struct, frozen=True, kw_only=True):
    """One record. Times are UTC epoch seconds, 0 when there is no readable certificate; `key` as `RSA 2048`.

    `owners` are the stored identities it is about, None when no cluster was looked at.
    """

    number: int
    role: str
    subject: str
    issuer: str
    serial: str
    host: str
    address: str
    sha256: str
    sha1: str
    key: str
    not_before: int
    not_after: int
    length: int
    token: bool
    signed_it: bool
    owners: tuple[Owner, ...] | None = None


class InspectShape(msgspec.Struct, frozen=True, kw_only=True):
    """`inspect`. `outcome` is `findings` when a finding is an error or a warning, else `done`.

    `where` is the file or the node, `present` False when the node has no such file. Of what could not be decoded only
    the checksums and the length are known. `payload_length` is what a signed file carries, in bytes.
    """

    version: int = VERSION
    outcome: str
    kind: FileKind
    where: str
    present: bool
    verified: bool = False
    filename: str = ""
    format: str = ""
    length: int = 0
    header_length: int = 0
    payload_length: int = 0
    md5: str = ""
    sha1: str = ""
    made_at: int = 0
    digest: str = ""
    signer_subject: str = ""
    signer_issuer: str = ""
    signer_serial: str = ""
    signer_sha256: str = ""
    records: tuple[RecordRow, ...] = ()
    findings: tuple[Finding, ...] = ()


def inspected_nothing(kind: ListKind, node: str, findings: tuple[Finding, ...]) -> InspectShape:
    """The node has no such file."""
    return InspectShape(outcome=outcome_of(findings), kind=kind, where=node, present=False, findings=findings)


def inspected_bytes(kind: FileKind, where: str, data: bytes, findings: tuple[Finding, ...]) -> InspectShape:
    """What can be said of bytes that nobody understood, and what every answer begins with."""
    return InspectShape(
        outcome=outcome_of(findings),
        kind=kind,
        where=where,
        present=True,
        length=len(data),
        md5=hashlib.md5(data, usedforsecurity=False).hexdigest(),
        sha1=hashlib.sha1(data, usedforsecurity=False).hexdigest(),
        findings=findings,
    )


def inspected_list(begun: InspectShape, found: TrustList, cluster: Cluster | None) -> InspectShape:
    """`begun` with what the list says; `cluster` is what its records are compared with."""
    verdict = verify(found)
    rows = tuple(_row(one, verdict, cluster) for one in found.records)
    return msgspec.structs.replace(begun, **_header(found.header), **_signer(verdict), records=rows)


def inspected_signed(begun: InspectShape, file: SignedFile, verdict: Verdict | None) -> InspectShape:
    """`begun` with what the signed file says; `verdict` None when no list was fit to verify it."""
    signer = _signer(verdict) if verdict else {}
    return msgspec.structs.replace(begun, **_header(file.header), **signer, payload_length=len(file.payload))


def outcome_of(findings: tuple[Finding, ...]) -> str:
    """`findings` when somebody should act, `done` otherwise."""
    return "findings" if any(one.severity in (Severity.ERROR, Severity.WARNING) for one in findings) else "done"


def _header(header: Header) -> dict[str, object]:
    digest = DIGESTS.get(header.digest)
    return {
        "filename": header.filename,
        "format": f"{header.version[0]}.{header.version[1]}",
        "header_length": header.length,
        "made_at": header.made_at,
        "digest": digest.name if digest else f"{header.digest}",
        "signer_subject": header.signer_name,
        "signer_issuer": header.signer_issuer,
        "signer_serial": header.signer_serial,
    }


def _signer(verdict: Verdict) -> dict[str, object]:
    return {"verified": verdict.verified, "signer_sha256": sha256_of(verdict.signer) if verdict.signer else ""}


def _row(record: Record, verdict: Verdict, cluster: Cluster | None) -> RecordRow:
    certificate = _certificate(record)
    signer = verdict.signer
    return RecordRow(
        number=record.number,
        role=record.role_name,
        subject=record.subject,
        issuer=record.issuer,
        serial=record.serial,
        host=record.host,
        address=record.address,
        sha256=sha256_of(record),
        sha1=sha1_of(record),
        key=certificate.key if certificate else "",
        not_before=certificate.not_before if certificate else 0,
        not_after=certificate.not_after if certificate else 0,
        length=record.length,
        token=record.of_a_token,
        signed_it=verdict.verified and signer is not None and signer.number == record.number,
        owners=owners(record, cluster) if cluster else None,
    )


def _certificate(record: Record) -> Certificate | None:
    """The certificate as facts; None when there is none, or one so odd that only its bytes can be told."""
    try:
        return read_certificate(record.certificate) if record.certificate else None
    except ValueError:
        return None
