"""Certificates as no sensible CA makes them: any name, key or extension, for readers and rules that must stand it."""

from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, padding, rsa
from cryptography.x509.oid import NameOID

from factory.certificates import DAY, NOW, Requested
from factory.keys import key_for
from ucmcert.model.certificate import Certificate, read_certificate, read_request

Extensions = tuple[tuple[x509.ExtensionType, bool], ...]
OddKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | ed448.Ed448PrivateKey
Fields = tuple[tuple[x509.ObjectIdentifier, str], ...]


def named(*fields: tuple[x509.ObjectIdentifier, str]) -> x509.Name:
    """A name with these fields in this order; none gives the empty name."""
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in fields])


def plain_name(common_name: str) -> x509.Name:
    """A name with nothing but a CN."""
    return named((NameOID.COMMON_NAME, common_name))


def odd_certificate(
    subject: x509.Name,
    *,
    issuer: x509.Name | None = None,
    key: OddKey | None = None,
    public_key: dsa.DSAPublicKey | None = None,
    signing_key: OddKey | None = None,
    serial: int = 7,
    validity: tuple[int, int] = (NOW - DAY, NOW + 300 * DAY),
    extensions: Extensions = (),
    pss: bool = False,
) -> Certificate:
    """What was asked for, however odd. Self-signed unless `issuer` and `signing_key` say otherwise."""
    own = key or key_for("odd", "ec")
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(subject if issuer is None else issuer)
    builder = builder.public_key(public_key or own.public_key()).serial_number(serial)
    builder = builder.not_valid_before(datetime.fromtimestamp(validity[0], UTC))
    builder = builder.not_valid_after(datetime.fromtimestamp(validity[1], UTC))
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical=critical)
    signer = signing_key or own
    hashed = None if isinstance(signer, ed25519.Ed25519PrivateKey | ed448.Ed448PrivateKey) else hashes.SHA256()
    salted = padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.DIGEST_LENGTH) if pss else None
    signed = builder.sign(signer, hashed, rsa_padding=salted)
    return read_certificate(signed.public_bytes(serialization.Encoding.DER))


def odd_request(subject: x509.Name, extensions: Extensions = (), key_label: str = "odd") -> Requested:
    """A CSR with any subject and any extensions, with an EC key."""
    key = key_for(key_label, "ec")
    builder = x509.CertificateSigningRequestBuilder().subject_name(subject)
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical=critical)
    made = builder.sign(key, hashes.SHA256())
    return Requested(request=read_request(made.public_bytes(serialization.Encoding.DER)), key=key)
