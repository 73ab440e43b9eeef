"""Whether a record says one thing: its key, serial and hash must be those of the certificate it holds.

Otherwise a list could show the cluster's certificate and trust another key. Source: phones.md 3.1.
"""

import hashlib

from ucmcert.trust_list.elements import serial_text
from ucmcert.trust_list.inner_der import inner_of
from ucmcert.trust_list.record import Record

HASH_NAMES = {20: "sha1", 32: "sha256", 64: "sha512"}  # by size in bytes: the numbers of tag 12 are not published


def contradictions(record: Record) -> tuple[str, ...]:
    """What does not fit together in `record`, in English; nothing for a record without a certificate."""
    if not record.certificate:
        return ()
    try:
        inner = inner_of(record.certificate)
    except ValueError as error:
        return (str(error),)
    found = []
    if record.public_key and record.public_key != inner.key:
        found.append("its key is not the key of its certificate")
    if record.serial and record.serial != serial_text(inner.serial):
        found.append("its serial number is not that of its certificate")
    if record.hash and record.hash != _hash(record.certificate, len(record.hash)):
        found.append("its hash is not that of its certificate")
    return tuple(found)


def is_of(record: Record, der: bytes) -> bool:
    """Whether the record is about exactly the certificate `der`, which it holds whole or as a hash."""
    if record.certificate:
        return record.certificate == der
    return bool(record.hash) and record.hash == _hash(der, len(record.hash))


def sha256_of(record: Record) -> str:
    """SHA-256 of the record's certificate as the record tells it, whole or as a hash; "" when it tells neither."""
    if record.certificate:
        return hashlib.sha256(record.certificate).hexdigest()
    return record.hash.hex() if HASH_NAMES.get(len(record.hash)) == "sha256" else ""


def sha1_of(record: Record) -> str:
    """SHA-1 of the record's certificate, as `sha256_of`."""
    if record.certificate:
        return hashlib.sha1(record.certificate, usedforsecurity=False).hexdigest()
    return record.hash.hex() if HASH_NAMES.get(len(record.hash)) == "sha1" else ""


def _hash(certificate: bytes, size: int) -> bytes:
    name = HASH_NAMES.get(size)
    return hashlib.new(name, certificate, usedforsecurity=False).digest() if name else b""
