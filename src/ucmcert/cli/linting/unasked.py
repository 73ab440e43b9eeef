"""The CSR that a certificate alone would have answered, so that the same rules can judge it.

Key and names are its own, which no rule then objects to; the key usages are those that CUCM asks for.
"""

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ucmcert.knowledge.key_usage import expected
from ucmcert.knowledge.purposes import PURPOSES
from ucmcert.model.certificate import Certificate, CertificateRequest

USUAL_RELEASE = (14, 0, 0, 0)
SEQUENCE, INTEGER, BITS, ATTRIBUTES = 0x30, 0x02, 0x03, 0xA0
SHA256_WITH_RSA = bytes.fromhex("300d06092a864886f70d01010b0500")


def unasked(leaf: Certificate, purpose: str) -> CertificateRequest:
    """What a node of release 14 or later would have asked for, had it asked for `leaf`; nobody signed it."""
    row = expected(purpose, PURPOSES[purpose].products[0], USUAL_RELEASE)
    return CertificateRequest(
        der=_unsigned(leaf),
        subject=leaf.subject,
        common_name=leaf.common_name,
        sans=leaf.sans,
        key=leaf.key,
        spki_sha256=leaf.spki_sha256,
        key_usage=row.usage if row else leaf.key_usage,
        extended_key_usage=row.extended if row else leaf.extended_key_usage,
    )


def _unsigned(leaf: Certificate) -> bytes:
    """A PKCS#10 request with the name and the key of `leaf`, no attributes, and an empty signature."""
    certificate = x509.load_der_x509_certificate(leaf.der)
    key = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    name = certificate.subject.public_bytes()
    info = _tlv(SEQUENCE, _tlv(INTEGER, b"\0") + name + key + _tlv(ATTRIBUTES, b""))
    return _tlv(SEQUENCE, info + SHA256_WITH_RSA + _tlv(BITS, b"\0"))


def _tlv(tag: int, value: bytes) -> bytes:
    if len(value) < 0x80:
        return bytes((tag, len(value))) + value
    size = (len(value).bit_length() + 7) // 8
    return bytes((tag, 0x80 | size)) + len(value).to_bytes(size, "big") + value
