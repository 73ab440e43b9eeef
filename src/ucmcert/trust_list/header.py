"""The header that ITL, CTL and signed files begin with: who signed, how, and where the signature stands.

Source: phones.md 3.1 (table of header tags, padding), 3.2 (signed files).
"""

import msgspec

from ucmcert.trust_list.elements import (
    Element,
    Unknown,
    by_tag,
    children,
    element_at,
    malformed,
    number,
    serial_text,
    sized,
    some,
    text,
    wanted,
)

VERSION, LENGTH, SIGNER_ID, SIGNER_NAME, SERIAL, CA_NAME = 1, 2, 3, 4, 5, 6
SIGNATURE_INFO, DIGEST, ALGORITHM_INFO, ALGORITHM, MODULUS, SIGNATURE = 7, 8, 9, 10, 11, 12
PADDING, FILENAME, TIMESTAMP, SIGNER_VERSION = 13, 14, 15, 28
OUTER = frozenset({VERSION, LENGTH, SIGNER_ID, SIGNATURE_INFO, SIGNATURE, FILENAME, TIMESTAMP, SIGNER_VERSION})


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """What the header says. `length` is HeaderLength in bytes, `made_at` UTC epoch seconds, 0 when it is not told.

    `digest`, `algorithm` and `modulus` are the file's own numbers (1 SHA-1, 2 SHA-256, 3 SHA-512; 0 RSA; index of the
    key's size), `modulus` and `algorithm` None when they are not there. `signature_span` are the bytes of the whole
    SIGNATURE element, which the signature does not cover.
    """

    version: tuple[int, int]
    length: int
    signer_name: str
    signer_serial: str
    signer_issuer: str
    digest: int
    signature: bytes
    signature_span: tuple[int, int]
    algorithm: int | None = None
    modulus: int | None = None
    signer_version: tuple[int, int] | None = None
    filename: str = ""
    made_at: int = 0
    padding: int = 0
    unknown: tuple[Unknown, ...] = ()


def read_header(data: bytes) -> Header:
    """The header `data` begins with. Raises ValueError with the offset, what was expected and what stood there."""
    if data[:1] != bytes((VERSION,)):
        raise malformed(0, "tag 1 (version), as every such file begins", _first(data))
    elements, padding, end = _outer(data)
    named, unknown = by_tag(elements, OUTER)
    signature = wanted(named, SIGNATURE, "SIGNATURE", 0)
    signer, signer_more = _inner(data, wanted(named, SIGNER_ID, "SIGNERID", 0), SIGNER_NAME, SERIAL, CA_NAME)
    info_at = wanted(named, SIGNATURE_INFO, "SIGNATUREINFO", 0)
    info, info_more = _inner(data, info_at, DIGEST, ALGORITHM_INFO)
    how, how_more = _inner(data, info[ALGORITHM_INFO], ALGORITHM, MODULUS) if ALGORITHM_INFO in info else ({}, ())
    return Header(
        version=_pair(named[VERSION]),
        length=end,
        signer_name=text(signer.get(SIGNER_NAME)),
        signer_serial=serial_text(some(wanted(signer, SERIAL, "SERIALNUMBER", named[SIGNER_ID].offset))),
        signer_issuer=text(wanted(signer, CA_NAME, "CANAME", named[SIGNER_ID].offset)),
        digest=number(wanted(info, DIGEST, "DIGESTALGORTITHM", info_at.offset), 1),
        signature=some(signature),
        signature_span=(signature.offset, signature.end),
        algorithm=number(how[ALGORITHM], 1) if ALGORITHM in how else None,
        modulus=number(how[MODULUS], 1) if MODULUS in how else None,
        signer_version=_pair(named[SIGNER_VERSION]) if SIGNER_VERSION in named else None,
        filename=text(named.get(FILENAME)),
        made_at=number(named.get(TIMESTAMP), 4),
        padding=padding,
        unknown=(*unknown, *signer_more, *info_more, *how_more),
    )


def _outer(data: bytes) -> tuple[list[Element], int, int]:
    """The elements of the header, how many bytes of padding stand between them, and where it ends."""
    elements: list[Element] = []
    padding, at, end = 0, 0, 0
    while at < (end or len(data)):
        if data[at] == PADDING:  # the only tag that is alone: no length, no value
            padding, at = padding + 1, at + 1
            continue
        element = element_at(data, at, end or len(data))
        if element.tag == LENGTH and not end:
            end = _checked_end(element, len(data))
        elements.append(element)
        at = element.end
    if not end:
        raise malformed(0, f"tag {LENGTH} (HeaderLength) in the header", "none")
    return elements, padding, end


def _checked_end(element: Element, size: int) -> int:
    end = number(element, 2)
    if not element.end <= end <= size:
        raise malformed(element.inside, f"a HeaderLength from {element.end} to {size}", f"{end}")
    return end


def _first(data: bytes) -> str:
    return f"tag {data[0]}" if data else "an empty file"


def _inner(data: bytes, container: Element, *known: int) -> tuple[dict[int, Element], tuple[Unknown, ...]]:
    return by_tag(children(data, container.inside, container.end), frozenset(known))


def _pair(element: Element) -> tuple[int, int]:
    major, minor = sized(element, 2)
    return major, minor
