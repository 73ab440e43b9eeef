"""Writes the records of trust lists: one certificate each, or what is left of one. Source: phones.md 3.1.

What a certificate gives to its records is worked out once per certificate: a cluster writes the same ones again and
again.
"""

import hashlib
import ipaddress
from functools import lru_cache
from typing import Literal

import msgspec
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from ucmlab.cluster.certificates.records import load_certificate
from ucmlab.cluster.trust_lists import tlv
from ucmlab.cluster.trust_lists.model import Entry

Form = Literal["full", "unsigned", "emptied", "hash"]


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """A record to be written.

    `form`: full; unsigned (the certificate's signature is left out: hardware tokens, older CAPF records); emptied
    (neither name, key nor certificate: CCM+TFTP outside mixed mode); hash (SHA-256 in the certificate's place, U12).
    `dns_name` is what stands there, host name or address; `address` "" leaves the address out.
    """

    role: int
    certificate_pem: str
    dns_name: str = ""
    address: str = ""
    form: Form = "full"

    def entry(self) -> Entry:
        """What the record means."""
        return Entry(self.role, "" if self.form == "emptied" else material(self.certificate_pem).sha256)


class Material(msgspec.Struct, frozen=True, kw_only=True):
    """The parts of a certificate that records and headers carry. Fingerprints: lower-case hex."""

    der: bytes
    subject: str
    issuer: str
    serial: bytes
    public_key: bytes
    key_bits: int
    signature: bytes
    sha256: str
    sha1: str


@lru_cache(maxsize=4096)
def material(certificate_pem: str) -> Material:
    """The parts of a certificate; the first of a PEM text."""
    certificate = load_certificate(certificate_pem)
    der = certificate.public_bytes(serialization.Encoding.DER)
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        public_key = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.PKCS1)
    elif isinstance(key, ec.EllipticCurvePublicKey):
        public_key = key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    else:
        raise TypeError(f"a trust list takes RSA and EC keys, not {type(key).__name__}")
    return Material(
        der=der,
        subject=tlv.distinguished_name(certificate.subject),
        issuer=tlv.distinguished_name(certificate.issuer),
        serial=tlv.magnitude(certificate.serial_number),
        public_key=public_key,
        key_bits=key.key_size,
        signature=certificate.signature,
        sha256=hashlib.sha256(der).hexdigest(),
        sha1=hashlib.sha1(der, usedforsecurity=False).hexdigest(),
    )


@lru_cache(maxsize=8192)
def record_bytes(record: Record) -> bytes:
    """A record as it stands in the file, its length first. Raises ValueError for what is no address."""
    body = tlv.text(tlv.DNS_NAME, record.dns_name)
    function = tlv.number(tlv.FUNCTION, record.role, 2)
    if record.form == "emptied":
        body += function
    else:
        body += _certificate_part(record, function)
    if record.address and (packed := _packed(record.address)):
        body += tlv.element(tlv.IP_ADDRESS, packed)
    return tlv.number(tlv.RECORD_LENGTH, len(body) + 5, 2) + body


def _certificate_part(record: Record, function: bytes) -> bytes:
    parts = material(record.certificate_pem)
    found = tlv.text(tlv.SUBJECT_NAME, parts.subject) + function + tlv.text(tlv.ISSUER_NAME, parts.issuer)
    found += tlv.element(tlv.RECORD_SERIAL, parts.serial) + tlv.element(tlv.PUBLIC_KEY, parts.public_key)
    if record.form == "hash":
        digest = tlv.element(tlv.CERTIFICATE_HASH, bytes.fromhex(parts.sha256))
        return found + digest + tlv.number(tlv.HASH_ALGORITHM, tlv.SHA256, 1)
    if record.form == "full":
        found += tlv.element(tlv.RECORD_SIGNATURE, parts.signature)
    return found + tlv.element(tlv.CERTIFICATE, parts.der)


def _packed(address: str) -> bytes:
    """Four bytes; nothing for IPv6, whose records nobody has published (U12)."""
    parsed = ipaddress.ip_address(address)
    return parsed.packed if parsed.version == 4 else b""
