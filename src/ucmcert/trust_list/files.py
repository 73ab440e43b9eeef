"""Whole files: an ITL or CTL is a header and records, a signed file is a header and whatever it carries.

Source: phones.md 3.1, 3.2; the limits 1.1 (64 KB, 39 certificates).
"""

import msgspec

from ucmcert.trust_list.elements import malformed
from ucmcert.trust_list.header import Header, read_header
from ucmcert.trust_list.record import Record, read_records

SIZE_MAX = 1_048_576  # what we are willing to look at, bytes
LOADABLE_MAX = 65_535  # what a phone can load, bytes
CERTIFICATES_MAX = 39


class TrustList(msgspec.Struct, frozen=True, kw_only=True):
    """A decoded ITL or CTL. `signed` are the bytes its signature covers, `size` is the whole file in bytes."""

    header: Header
    records: tuple[Record, ...]
    signed: bytes
    size: int

    @property
    def loadable(self) -> bool:
        """Whether phones can load it at all: beyond 64 KB, or 39 certificates, they do not register any more."""
        held = sum(1 for one in self.records if one.certificate)
        return self.size <= LOADABLE_MAX and held <= CERTIFICATES_MAX


class SignedFile(msgspec.Struct, frozen=True, kw_only=True):
    """A decoded .sgn file. `payload` is what it carries, as plain bytes."""

    header: Header
    payload: bytes
    signed: bytes
    size: int


def decode(data: bytes) -> TrustList:
    """The list in `data`. Nothing is verified. Raises ValueError: offset, what was expected, what stood there."""
    header = _header(data)
    return TrustList(
        header=header,
        records=read_records(data, header.length),
        signed=_without_signature(data, header),
        size=len(data),
    )


def decode_signed(data: bytes) -> SignedFile:
    """The signed file in `data`. Nothing is verified. Raises ValueError as `decode` does."""
    header = _header(data)
    return SignedFile(
        header=header,
        payload=data[header.length :],
        signed=_without_signature(data, header),
        size=len(data),
    )


def _header(data: bytes) -> Header:
    if len(data) > SIZE_MAX:
        raise malformed(SIZE_MAX, f"the end of the file (at most {SIZE_MAX} bytes)", f"{len(data)} bytes")
    return read_header(data)


def _without_signature(data: bytes, header: Header) -> bytes:
    start, end = header.signature_span
    return data[:start] + data[end:]
