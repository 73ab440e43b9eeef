"""Certificates with exactly the lengths of the published dumps of trust lists (phones.md 3.1)."""

from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from ucmlab.cluster.certificates.keys import key_pem
from ucmlab.cluster.certificates.records import as_datetime, to_pem
from ucmlab.cluster.trust_lists.writing import Signer

NOW = 1_425_675_367.0
FILLER = x509.ObjectIdentifier("1.3.6.1.4.1.55555.1")
ATTRIBUTES = {
    "CN": NameOID.COMMON_NAME,
    "OU": NameOID.ORGANIZATIONAL_UNIT_NAME,
    "O": NameOID.ORGANIZATION_NAME,
    "L": NameOID.LOCALITY_NAME,
    "ST": NameOID.STATE_OR_PROVINCE_NAME,
    "C": NameOID.COUNTRY_NAME,
}
SITE = "OU=TAC;O=Cisco;L=Krakow;ST=Malopolska;C=PL"
PUBLISHER, SUBSCRIBER, CAPF_NAME = (
    f"CN={name};{SITE}" for name in ("cucm-1051-a-pub", "cucm-1051-a-sub1", "CAPF-e41e7d87")
)
TOKEN = 'CN="SAST-ADN008580ef        ";OU=IPCBU;O="Cisco Systems'
TOKEN_CA = "CN=Cisco Manufacturing CA;O=Cisco Systems"


def name(text: str) -> x509.Name:
    """A name from the text that a trust list shows."""
    parts = [part.split("=", 1) for part in reversed(text.split(";"))]
    return x509.Name([x509.NameAttribute(ATTRIBUTES[kind], value) for kind, value in parts])


@cache
def key(bits: int) -> rsa.RSAPrivateKey:
    """One RSA key per length."""
    return rsa.generate_private_key(65537, bits)


@cache
def identity(
    subject: str,
    *,
    der_length: int,
    issuer: str = "",
    bits: int = 1024,
    serial: str = "70CAF64E090751B9DF22F49F754FC5BB",
) -> Signer:
    """A certificate of exactly that many bytes, with its key."""
    length = 0
    for _ in range(6):
        certificate = _certificate(subject, issuer or subject, bits, int(serial, 16), length)
        missing = der_length - len(certificate.public_bytes(serialization.Encoding.DER))
        if not missing:
            return Signer(certificate_pem=to_pem(certificate), key_pem=key_pem(key(bits)))
        length += missing
    raise AssertionError(f"no certificate of {der_length} bytes: {missing} are missing")


def _certificate(subject: str, issuer: str, bits: int, serial: int, filler: int) -> x509.Certificate:
    builder = (
        x509.CertificateBuilder()
        .subject_name(name(subject))
        .issuer_name(name(issuer))
        .public_key(key(bits).public_key())
        .serial_number(serial)
        .not_valid_before(as_datetime(NOW))
        .not_valid_after(as_datetime(NOW + 1e8))
        .add_extension(x509.UnrecognizedExtension(FILLER, bytes(max(filler, 0))), critical=False)
    )
    return builder.sign(key(bits), hashes.SHA256())


def ec_certificate() -> x509.Certificate:
    """A self-signed EC certificate."""
    private = ec.generate_private_key(ec.SECP384R1())
    subject = name("CN=pub-EC")
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(private.public_key())
    builder = builder.serial_number(5).not_valid_before(as_datetime(NOW)).not_valid_after(as_datetime(NOW + 1e8))
    return builder.sign(private, hashes.SHA384())
