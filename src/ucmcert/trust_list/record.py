"""One record of a list: a certificate, or what is left of one, and what it may be used for.

Source: phones.md 3.1 (table of record tags), 1.6 (emptied records of 33 bytes), U12 (records with a hash).
"""

import ipaddress

import msgspec

from ucmcert.model.trust_list import ListRole
from ucmcert.trust_list.elements import (
    LEAD,
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

LENGTH, DNS_NAME, SUBJECT, FUNCTION, ISSUER, SERIAL = 1, 2, 3, 4, 5, 6
PUBLIC_KEY, SIGNATURE, CERTIFICATE, ADDRESS, HASH, HASH_ALGORITHM = 7, 8, 9, 10, 11, 12
KNOWN = frozenset(range(LENGTH, HASH_ALGORITHM + 1))
LENGTH_SIZE = 2
ROLE_NAMES: dict[int, str] = {
    ListRole.SAST: "SAST",
    ListRole.CCM: "CCM",
    ListRole.CCM_TFTP: "CCM+TFTP",
    ListRole.TFTP: "TFTP",
    ListRole.CAPF: "CAPF",
    ListRole.APP_SERVER: "APP-SERVER",
    ListRole.TVS: "TVS",
}


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """One record. What it does not hold is "", b"" or 0. `number` counts from 1, as `show itl` does.

    `public_key` is a PKCS#1 RSAPublicKey or an uncompressed EC point, `signature` the certificate's own signature.
    `serial` is upper-case hex, `length` the bytes of the whole record, `offset` where it begins.
    """

    number: int
    offset: int
    length: int
    role: int
    host: str = ""
    subject: str = ""
    issuer: str = ""
    serial: str = ""
    public_key: bytes = b""
    signature: bytes = b""
    certificate: bytes = b""
    address: str = ""
    hash: bytes = b""
    hash_algorithm: int = 0
    unknown: tuple[Unknown, ...] = ()

    @property
    def role_name(self) -> str:
        """The role as guides spell it (CCM+TFTP), or its number when nobody has published what it means."""
        return ROLE_NAMES.get(self.role, f"{self.role}")

    @property
    def emptied(self) -> bool:
        """Nothing but a name, a role and an address: the cluster was mixed once (phones.md 1.6)."""
        return not (self.subject or self.serial or self.public_key or self.certificate or self.hash)

    @property
    def of_a_token(self) -> bool:
        """A hardware token: SAST, belongs to no host, and without the certificate's signature (phones.md 3.1)."""
        return self.role == ListRole.SAST and not self.host and bool(self.certificate) and not self.signature


def read_records(data: bytes, start: int) -> tuple[Record, ...]:
    """The records that fill `data` from `start` to its end exactly. Raises ValueError."""
    found: list[Record] = []
    at = start
    while at < len(data):
        found.append(_record(data, at, len(found) + 1))
        at += found[-1].length
    return tuple(found)


def _record(data: bytes, at: int, count: int) -> Record:
    length = _length(data, at, count)
    named, unknown = by_tag(children(data, at, at + length), KNOWN)
    return Record(
        number=count,
        offset=at,
        length=length,
        role=number(wanted(named, FUNCTION, "FUNCTION", at), 2),
        host=text(named.get(DNS_NAME)),
        subject=text(named.get(SUBJECT)),
        issuer=text(named.get(ISSUER)),
        serial=serial_text(some(named.get(SERIAL))),
        public_key=some(named.get(PUBLIC_KEY)),
        signature=some(named.get(SIGNATURE)),
        certificate=some(named.get(CERTIFICATE)),
        address=_address(named.get(ADDRESS)),
        hash=some(named.get(HASH)),
        hash_algorithm=number(named.get(HASH_ALGORITHM), 1),
        unknown=unknown,
    )


def _length(data: bytes, at: int, count: int) -> int:
    """RECORDLENGTH, which must come first and lead neither too near nor beyond the end of the file."""
    first = element_at(data, at, len(data))
    if first.tag != LENGTH:
        raise malformed(at, f"tag 1 (RECORDLENGTH) of record {count}", f"tag {first.tag}")
    length = number(first, LENGTH_SIZE)
    if not LEAD + LENGTH_SIZE <= length <= len(data) - at:
        least, most = LEAD + LENGTH_SIZE, len(data) - at
        raise malformed(first.inside, f"a RECORDLENGTH from {least} to {most} for record {count}", f"{length}")
    return length


def _address(element: Element | None) -> str:
    """IPv4 is published; sixteen bytes can only be IPv6 (U12)."""
    return "" if element is None else str(ipaddress.ip_address(sized(element, 4, 16)))
