"""The two things of a certificate that a record repeats, serial and key, as the bytes they are in its DER.

The X.509 parser refuses some certificates of hardware tokens (a serial whose sign bit is set, for one), and a record
repeats bytes, not meanings. So these two are found by walking the DER. Source: RFC 5280 4.1, X.690 8.1.
"""

import msgspec

SEQUENCE, INTEGER, BIT_STRING, EXPLICIT_VERSION = 0x30, 0x02, 0x03, 0xA0
BEFORE_KEY = 4  # signature algorithm, issuer, validity, subject
LONG_FORM, LENGTH_BYTES_MAX = 0x80, 4


class Inner(msgspec.Struct, frozen=True, kw_only=True):
    """`serial` as its DER content, `key` as the key's own bytes: a PKCS#1 RSAPublicKey or an EC point."""

    serial: bytes
    key: bytes


def inner_of(der: bytes) -> Inner:
    """Serial and key of the certificate `der`. Raises ValueError when it is not built like one."""
    certificate, end = _content(der, 0, SEQUENCE)
    if end != len(der):
        raise ValueError(f"{len(der) - end} bytes stand behind the certificate")
    body, _ = _content(certificate, 0, SEQUENCE)
    at = _content(body, 0, EXPLICIT_VERSION)[1] if body[:1] == bytes((EXPLICIT_VERSION,)) else 0
    serial, at = _content(body, at, INTEGER)
    for _ in range(BEFORE_KEY):
        _, at = _content(body, at, SEQUENCE)
    info, _ = _content(body, at, SEQUENCE)
    _, at = _content(info, 0, SEQUENCE)
    bits, _ = _content(info, at, BIT_STRING)
    if bits[:1] != b"\0":
        raise ValueError("the key of the certificate is not whole bytes")
    return Inner(serial=serial, key=bits[1:])


def _content(data: bytes, at: int, tag: int) -> tuple[bytes, int]:
    """What the element at `at` holds, and where the next one begins."""
    if data[at : at + 1] != bytes((tag,)) or at + 1 >= len(data):
        raise ValueError(f"the certificate is not built like one at its byte {at}")
    first, start = data[at + 1], at + 2
    if first & LONG_FORM:
        count = first & ~LONG_FORM
        if not 0 < count <= LENGTH_BYTES_MAX:
            raise ValueError(f"the certificate has a length in {count} bytes")
        first, start = int.from_bytes(data[start : start + count], "big"), start + count
    if start + first > len(data):
        raise ValueError("the certificate is cut off")
    return data[start : start + first], start + first
