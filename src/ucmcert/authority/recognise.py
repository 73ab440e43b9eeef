"""Recognises certificates and CSRs by content alone: PEM, DER, PKCS#7, bare base64, any line ends, any text around.

A file with a private key in it is refused whole: nothing of it is kept, shown or stored.
"""

import base64
import binascii
import re
import warnings

import msgspec
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, load_der_private_key, pkcs7

from ucmcert.authority.armour import Block, armoured
from ucmcert.authority.file_finding import file_finding
from ucmcert.authority.returned import ReturnedFile
from ucmcert.model.certificate import Certificate, CertificateRequest, read_certificate, read_request
from ucmcert.model.finding import Finding

BARE_BASE64 = re.compile(rb"M[A-Za-z0-9+/]{60,}={0,2}")
PRIVATE = re.compile(rb"-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----")
WEB_PAGE = re.compile(rb"<!doctype\s+html|<html[\s>]", re.IGNORECASE)
SEQUENCE = b"\x30"


class Recognised(msgspec.Struct, frozen=True, kw_only=True):
    """What one file holds. Findings say what was there and is no certificate.

    A CSR is a finding (UCM-FILE-006) too, since an answer is what most callers want; who wants CSRs takes `requests`,
    and `not_requests` for those that cannot be read.
    """

    certificates: tuple[Certificate, ...] = ()
    findings: tuple[Finding, ...] = ()
    requests: tuple[CertificateRequest, ...] = ()
    not_requests: tuple[Finding, ...] = ()


def recognise(file: ReturnedFile) -> Recognised:
    """The certificates of one file, in order of appearance; a file without any has at least one finding."""
    content = _as_bytes_of_text(file.content)
    if not content.strip():
        return _only("UCM-FILE-001", file)
    if PRIVATE.search(content) or _is_private_der(content):
        return _only("UCM-FILE-003", file)
    blocks = tuple(armoured(content))
    if blocks:
        return _from_armour(file, blocks)
    if WEB_PAGE.search(content[:4096]):
        return _only("UCM-FILE-004", file)
    bare = b"".join(content.split())
    if BARE_BASE64.fullmatch(bare):
        text = bare.rstrip(b"=")
        if len(text) % 4 == 1:
            return _only("UCM-FILE-007", file, reason="base64 of a length that cannot be: cut off")
        content = base64.b64decode(text + b"==")
        if _is_private_der(content):
            return _only("UCM-FILE-003", file)
    if content[:1] == SEQUENCE:
        return _from_der(file, content)
    return _only("UCM-FILE-005", file)


def _only(code: str, file: ReturnedFile, **values: str) -> Recognised:
    return Recognised(findings=(file_finding(code, file.name, **values),))


def _as_bytes_of_text(content: bytes) -> bytes:
    """UTF-16, with or without its mark, becomes UTF-8; a UTF-8 mark goes; everything else stays as it is."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace").encode()
    if content.startswith(b"\xef\xbb\xbf"):
        return content[3:]
    for codec, zeros in (("utf-16-le", content[1:64:2]), ("utf-16-be", content[0:64:2])):
        if len(zeros) > 1 and not any(zeros):
            return content.decode(codec, "replace").encode()
    return content


def _from_armour(file: ReturnedFile, blocks: tuple[Block, ...]) -> Recognised:
    found: list[Certificate] = []
    findings: list[Finding] = []
    asked: list[Recognised] = []
    for block in blocks:
        if not block.whole:
            continue
        try:
            der = block.der()
            if _is_private_der(der):
                return _only("UCM-FILE-003", file)
            if block.label.endswith("CERTIFICATE REQUEST"):
                asked.append(_request(file, der))
            else:
                found.extend(_certificates(der))
        except (ValueError, binascii.Error) as error:
            findings.append(file_finding("UCM-FILE-007", file.name, reason=f"block {block.label}: {error}"))
    if not all(block.whole for block in blocks):
        findings.append(file_finding("UCM-FILE-007", file.name, reason="a block begins and does not end: cut off"))
    return Recognised(
        certificates=tuple(found),
        findings=(*findings, *(finding for one in asked for finding in one.findings)),
        requests=tuple(request for one in asked for request in one.requests),
        not_requests=tuple(finding for one in asked for finding in one.not_requests),
    )


def _from_der(file: ReturnedFile, content: bytes) -> Recognised:
    content = _one_element(content)
    try:
        return Recognised(certificates=_certificates(content))
    except ValueError as error:
        trouble = str(error)
    try:
        x509.load_der_x509_csr(content)
    except (ValueError, x509.InvalidVersion):
        return _only("UCM-FILE-007", file, reason=trouble)
    return _request(file, content)


def _request(file: ReturnedFile, der: bytes) -> Recognised:
    findings = (file_finding("UCM-FILE-006", file.name),)
    try:
        return Recognised(requests=(read_request(der),), findings=findings)
    except ValueError as error:
        trouble = file_finding("UCM-FILE-014", file.name, reason=str(error))
        return Recognised(findings=findings, not_requests=(trouble,))


def _certificates(der: bytes) -> tuple[Certificate, ...]:
    """One certificate, or all of a PKCS#7, whatever the armour said. Raises ValueError."""
    try:
        return (read_certificate(der),)
    except ValueError as error:
        reason = error
    try:
        with warnings.catch_warnings(action="ignore"):  # the library grumbles at BER, which older CAs send
            inside = pkcs7.load_der_pkcs7_certificates(der)
    except (ValueError, UnsupportedAlgorithm, x509.InvalidVersion):
        raise reason from None
    return tuple(read_certificate(one.public_bytes(Encoding.DER)) for one in inside)


def _is_private_der(content: bytes) -> bool:
    """A private key in DER, plain or encrypted, or a PKCS#12, which is made to carry one."""
    if content[:1] != SEQUENCE:
        return False
    content = _one_element(content)
    if _is_pkcs12(content):
        return True
    try:
        load_der_private_key(content, None)
    except TypeError:  # encrypted: it wants a password
        return True
    except (ValueError, UnsupportedAlgorithm):
        return False
    return True


def _one_element(content: bytes) -> bytes:
    """`content` without the line end that some tools write after DER; a last byte that only looks like one stays."""
    short = content[1] if len(content) > 1 else 0
    size = short & 0x7F if short & 0x80 else 0
    length = int.from_bytes(content[2 : 2 + size], "big") if size else short
    whole = 2 + size + length
    return content[:whole] if not content[whole:].strip(b"\r\n") else content


def _is_pkcs12(content: bytes) -> bool:
    """SEQUENCE { INTEGER 3, SEQUENCE { pkcs7-data ... (RFC 7292 section 4)."""
    if len(content) < 2:
        return False
    header = 2 + (content[1] & 0x7F if content[1] & 0x80 else 0)
    return content[header : header + 4] == b"\x02\x01\x03\x30"
