"""The CA of the catalogue: it signs the CSR a lab node made, and every argument is one way to get it wrong.

The CAs come from the factory; the leaf is made here, because subject and usages must be those of the node's own CSR.
"""

import hashlib
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from factory.certificates import DAY, NOW, Signer
from ucmcert.model.certificate import Certificate, CertificateRequest, read_certificate

WITH_SHA256, WITH_SHA1 = bytes.fromhex("06092a864886f70d01010b"), bytes.fromhex("06092a864886f70d010105")
YEAR = (NOW - 3600, NOW + 300 * DAY)


def signed(
    request: CertificateRequest,
    by: Signer,
    *,
    names: tuple[str, ...] | None = None,
    add: tuple[x509.GeneralName, ...] = (),
    common_name: str = "",
    validity: tuple[int, int] = YEAR,
    ca: bool | None = None,
    key: CertificatePublicKeyTypes | None = None,
) -> Certificate:
    """The answer to `request`: its subject, key, names and usages, unless told otherwise. `names` are DNS names."""
    asked = x509.load_der_x509_csr(request.der)
    issuer = x509.load_der_x509_certificate(by.certificate.der)
    builder = x509.CertificateBuilder().issuer_name(issuer.subject).serial_number(_serial(request, by, validity))
    builder = builder.subject_name(_subject(asked.subject, common_name)).public_key(key or asked.public_key())
    builder = builder.not_valid_before(datetime.fromtimestamp(validity[0], UTC))
    builder = builder.not_valid_after(datetime.fromtimestamp(validity[1], UTC))
    usage = asked.extensions.get_extension_for_class(x509.KeyUsage).value
    extended = asked.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    held = asked.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    alternative = [*(held if names is None else map(x509.DNSName, names)), *add]
    is_ca = usage.key_cert_sign if ca is None else ca
    builder = builder.add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
    builder = builder.add_extension(usage, critical=True).add_extension(extended, critical=False)
    if alternative:
        builder = builder.add_extension(x509.SubjectAlternativeName(alternative), critical=False)
    deterministic = True if isinstance(by.key, ec.EllipticCurvePrivateKey) else None
    return read_certificate(
        builder.sign(by.key, hashes.SHA256(), ecdsa_deterministic=deterministic).public_bytes(Encoding.DER)
    )


def _serial(request: CertificateRequest, by: Signer, validity: tuple[int, int]) -> int:
    label = f"{request.spki_sha256} {by.certificate.sha256} {validity}"
    return int.from_bytes(hashlib.sha256(label.encode()).digest()[:15], "big")


def _subject(asked: x509.Name, common_name: str) -> x509.Name:
    if not common_name:
        return asked
    return x509.Name(
        [x509.NameAttribute(one.oid, common_name) if one.oid == NameOID.COMMON_NAME else one for one in asked]
    )


def signed_again(certificate: Certificate, by: Signer) -> Certificate:
    """The same certificate with a SHA-1 signature, which the library makes no more; `by` has an RSA key."""
    assert isinstance(by.key, rsa.RSAPrivateKey)
    one = x509.load_der_x509_certificate(certificate.der)
    signature = by.key.sign(
        one.tbs_certificate_bytes.replace(WITH_SHA256, WITH_SHA1), padding.PKCS1v15(), hashes.SHA1()
    )
    return read_certificate(certificate.der.replace(WITH_SHA256, WITH_SHA1).replace(one.signature, signature))
