"""Tags and lengths of trust lists and signed files: tag u8, length u16 big-endian, value. Source: phones.md 3.1.

The column that the product calls BYTEPOS is the tag number.
"""

from collections.abc import Iterator

import msgspec
from cryptography import x509

from ucmlab.cluster.trust_lists.model import BadTrustFile

(
    VERSION,
    HEADER_LENGTH,
    SIGNER_ID,
    SIGNER_NAME,
    SIGNER_SERIAL,
    CA_NAME,
    SIGNATURE_INFO,
    DIGEST_ALGORITHM,
    SIGNATURE_ALGORITHM_INFO,
    SIGNATURE_ALGORITHM,
    SIGNATURE_MODULUS,
    SIGNATURE,
    PADDING,
    FILENAME,
    TIMESTAMP,
) = range(1, 16)
SIGNER_VERSION = 28
CONTAINERS = (SIGNER_ID, SIGNATURE_INFO, SIGNATURE_ALGORITHM_INFO)
(
    RECORD_LENGTH,
    DNS_NAME,
    SUBJECT_NAME,
    FUNCTION,
    ISSUER_NAME,
    RECORD_SERIAL,
    PUBLIC_KEY,
    RECORD_SIGNATURE,
    CERTIFICATE,
    IP_ADDRESS,
    CERTIFICATE_HASH,
    HASH_ALGORITHM,
) = range(1, 13)
SHA1, SHA256, SHA512 = 1, 2, 3
RSA_PKCS1 = 0


class Tlv(msgspec.Struct, frozen=True):
    """One element, in the order of the file; a container's children follow it. `at`: where it begins, in bytes."""

    tag: int
    value: bytes
    at: int = 0

    @property
    def number(self) -> int:
        """The value as a big-endian number."""
        return int.from_bytes(self.value, "big")

    @property
    def text(self) -> str:
        """The value as text, without its ending NUL."""
        return self.value.removesuffix(b"\0").decode("utf-8", errors="replace")


def element(tag: int, value: bytes) -> bytes:
    """An element. Raises OverflowError when the value is longer than 65,535 bytes."""
    return bytes((tag,)) + len(value).to_bytes(2, "big") + value


def text(tag: int, value: str) -> bytes:
    """A text element with its ending NUL."""
    return element(tag, value.encode() + b"\0")


def number(tag: int, value: int, width: int) -> bytes:
    """A number element of `width` bytes."""
    return element(tag, value.to_bytes(width, "big"))


def elements(data: bytes, containers: tuple[int, ...] = ()) -> Iterator[Tlv]:
    """Every element of a stretch, containers before their children, padding skipped. Raises BadTrustFile."""
    at = 0
    while at < len(data):
        if containers and data[at] == PADDING:
            at += 1
            continue
        length = int.from_bytes(data[at + 1 : at + 3], "big")
        if at + 3 + length > len(data):
            raise BadTrustFile(f"element {data[at]} at {at} is longer than what is left")
        yield Tlv(data[at], data[at + 3 : at + 3 + length], at)
        at += 3 if data[at] in containers else 3 + length


def distinguished_name(name: x509.Name) -> str:
    """A name as the files write it: last attribute first, `;` between, no blanks. Escaping is not published (U12)."""
    return ";".join(f"{attribute.rfc4514_attribute_name}={attribute.value!s}" for attribute in reversed(list(name)))


def magnitude(serial: int) -> bytes:
    """A serial number without the sign byte of DER."""
    return serial.to_bytes(max(1, (serial.bit_length() + 7) // 8), "big")
