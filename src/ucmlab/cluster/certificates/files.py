"""Reads the certificates of an uploaded file, and turns every other file away in the product's words.

Taken: one PEM text, DER, or PKCS#7 in PEM. Source: procedure.md 2.3 (Files), 5 E7. The words of a refusal are Cisco's;
which of them answers which file is published nowhere and ours (switch file_words), and so is the largest size.
"""

import re
from collections.abc import Sequence

import msgspec
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import pkcs7

from ucmlab.cluster.certificates import refusals
from ucmlab.errors import Refusal
from ucmlab.switches import Switches

FILE_BYTES_MAX = 512 * 1024
UNREADABLE = (
    ValueError,
    TypeError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)
CERTIFICATE_LABELS = {b"CERTIFICATE", b"X509 CERTIFICATE"}
_BEGIN = re.compile(rb"-----BEGIN ([A-Z0-9 #]+)-----\s")


class UploadedFile(msgspec.Struct, frozen=True, kw_only=True):
    """What stood in a file, in file order; `bundle`: as PKCS#7, which may hold a chain."""

    certificates: tuple[x509.Certificate, ...]
    bundle: bool = False


def read_file(blob: bytes, switches: Switches) -> UploadedFile:
    """The certificates of a file, each read to its end. Raises Refusal E7."""
    try:
        found = _read(blob, switches)
        for certificate in found.certificates:
            _read_through(certificate)
    except UNREADABLE as error:
        raise _worded(refusals.unreadable(), switches) from error
    except Refusal as refusal:
        raise _worded(refusal, switches) from refusal
    return found


def read_one(blob: bytes, switches: Switches) -> tuple[x509.Certificate, ...]:
    """The certificate of a file, or all those of a PKCS#7 bundle. Raises Refusal E7, also for several in one PEM."""
    found = read_file(blob, switches)
    if len(found.certificates) > 1 and not found.bundle:
        raise refusals.unreadable()
    return found.certificates


def leaf_of(given: Sequence[x509.Certificate]) -> x509.Certificate:
    """The identity among certificates given with their chain, in any order: the one that issued no other of them."""
    issuers = {certificate.issuer for certificate in given}
    leaves = [certificate for certificate in dict.fromkeys(given) if certificate.subject not in issuers]
    return leaves[0] if len(leaves) == 1 else given[0]


def _read(blob: bytes, switches: Switches) -> UploadedFile:
    if len(blob) > FILE_BYTES_MAX:
        raise refusals.upload_failed()
    if b"-----BEGIN " in blob:
        return _read_pem(blob, switches)
    if blob[:1] == b"\x30":
        return _read_der(blob, switches)
    raise refusals.not_pem()


def _read_pem(blob: bytes, switches: Switches) -> UploadedFile:
    blocks, stray = _armoured(blob)
    if stray and switches["stray_text"] == "refuse":
        raise refusals.not_pem()
    labels = {label for label, _ in blocks}
    if labels == {b"PKCS7"}:
        bundles = [pkcs7.load_pem_pkcs7_certificates(block) for _, block in blocks]
        return _bundle([certificate for bundle in bundles for certificate in bundle])
    if not labels <= CERTIFICATE_LABELS:
        raise refusals.invalid_file()
    certificates = tuple(x509.load_pem_x509_certificate(block) for _, block in blocks)
    return UploadedFile(certificates=certificates)


def _armoured(blob: bytes) -> tuple[list[tuple[bytes, bytes]], bool]:
    """(label, block) of every armoured block, and whether other text stands around them. Raises Refusal E7.

    Goes through the file once, however many beginnings without an end it has.
    """
    blocks: list[tuple[bytes, bytes]] = []
    at, stray = 0, b""
    while (begun := _BEGIN.search(blob, at)) is not None:
        end = b"-----END " + begun.group(1) + b"-----"
        ends = blob.find(end, begun.end())
        if ends < 0:
            raise refusals.not_pem()
        stray += blob[at : begun.start()].strip()
        at = ends + len(end)
        blocks.append((begun.group(1), blob[begun.start() : at]))
    stray += blob[at:].strip()
    if not blocks or b"-----" in stray:
        raise refusals.not_pem()
    return blocks, bool(stray)


def _read_der(blob: bytes, switches: Switches) -> UploadedFile:
    try:
        return UploadedFile(certificates=(x509.load_der_x509_certificate(blob),))
    except UNREADABLE:
        if switches["pkcs7_der"] == "refuse":
            raise refusals.invalid_file() from None
    try:
        return _bundle(pkcs7.load_der_pkcs7_certificates(blob))
    except UNREADABLE:
        raise refusals.invalid_file() from None


def _bundle(certificates: list[x509.Certificate]) -> UploadedFile:
    if not certificates:
        raise refusals.invalid_file()
    return UploadedFile(certificates=tuple(certificates), bundle=True)


def _worded(refusal: Refusal, switches: Switches) -> Refusal:
    return refusal if switches["file_words"] == "by-file" else refusals.unreadable()


def _read_through(certificate: x509.Certificate) -> None:
    """Read what rules and listings will ask for: the library parses late, and a bent field must not surface later."""
    certificate.public_key()
    for part in ("extensions", "not_valid_before_utc", "not_valid_after_utc", "signature_hash_algorithm"):
        getattr(certificate, part)
    for name in (certificate.subject, certificate.issuer):
        name.rfc4514_string()
