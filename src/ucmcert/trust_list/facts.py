"""A list as facts of the cluster: what the gates ask of it, and what is compared with what phones and nodes tell."""

import hashlib

import msgspec

from ucmcert.model.trust_list import FILE_OF, ListKind, ListRecord, TrustListFacts
from ucmcert.trust_list.files import TrustList, decode
from ucmcert.trust_list.record import Record
from ucmcert.trust_list.signature import verify
from ucmcert.trust_list.truth import contradictions, sha1_of, sha256_of


def facts_of(node: str, kind: ListKind, data: bytes, told_by: str) -> TrustListFacts:
    """The facts of the file `data` that `node` serves. Never raises: what cannot be read is a `problem`.

    `verified` needs a good signature, the right file, and no record that contradicts itself.
    """
    common = TrustListFacts(
        node=node,
        kind=kind,
        present=True,
        told_by=told_by,
        sha1=hashlib.sha1(data, usedforsecurity=False).hexdigest(),
        md5=hashlib.md5(data, usedforsecurity=False).hexdigest(),
        length=len(data),
    )
    try:
        found = decode(data)
    except ValueError as error:
        return _with(common, problem=f"not a readable list: {error}")
    problem = _problem(found, kind)
    return _with(
        common,
        made_at=found.header.made_at,
        signer_subject=found.header.signer_name,
        signer_serial=found.header.signer_serial,
        verified=not problem,
        problem=problem,
        records=tuple(list_record(one) for one in found.records),
    )


def missing(node: str, kind: ListKind, told_by: str) -> TrustListFacts:
    """The node said that it has no such file: no TFTP runs there, or the cluster was never in mixed mode."""
    return TrustListFacts(node=node, kind=kind, present=False, told_by=told_by)


def list_record(record: Record) -> ListRecord:
    """`record` as the model knows it: names, and fingerprints instead of bytes."""
    return ListRecord(
        role=record.role,
        subject=record.subject,
        issuer=record.issuer,
        serial=record.serial,
        sha256=sha256_of(record),
        sha1=sha1_of(record),
        host=record.host,
    )


def _problem(found: TrustList, kind: ListKind) -> str:
    """The first thing that makes the list worth nothing, in English; "" when there is none."""
    filename = found.header.filename
    if filename and filename != FILE_OF[kind]:
        return f"the file says that it is {filename}"
    if reason := verify(found).reason:
        return reason
    for one in found.records:
        for trouble in contradictions(one):
            return f"record {one.number} ({one.subject}): {trouble}"
    return ""


def _with(facts: TrustListFacts, **changes: object) -> TrustListFacts:
    return msgspec.structs.replace(facts, **changes)
