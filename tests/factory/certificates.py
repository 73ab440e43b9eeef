"""Authorities, requests and signed certificates for tests. Times are UTC epoch seconds around `NOW`."""

import hashlib
import ipaddress
from datetime import UTC, datetime

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.x509.oid import NameOID

from factory.keys import KeyKind, PrivateKey, key_for
from ucmcert.model.certificate import (
    KEY_USAGE_BITS,
    Certificate,
    CertificateRequest,
    read_certificate,
    read_request,
)

NOW = 1_790_000_000
DAY = 86_400
SERVER_AUTH = "1.3.6.1.5.5.7.3.1"
CLIENT_AUTH = "1.3.6.1.5.5.7.3.2"
IPSEC_END_SYSTEM = "1.3.6.1.5.5.7.3.5"
TOMCAT_KU = ("digital_signature", "data_encipherment")
TOMCAT_EKU = (SERVER_AUTH, CLIENT_AUTH)


class Signer(msgspec.Struct, frozen=True, kw_only=True):
    """A CA that can sign: its certificate as facts, and its key."""

    certificate: Certificate
    key: PrivateKey


class TwoTier(msgspec.Struct, frozen=True, kw_only=True):
    """A root and the intermediate that issues."""

    root: Signer
    intermediate: Signer

    @property
    def chain(self) -> tuple[Certificate, ...]:
        """Issuer first, root last."""
        return (self.intermediate.certificate, self.root.certificate)


class Requested(msgspec.Struct, frozen=True, kw_only=True):
    """A request with the key that stays on the node."""

    request: CertificateRequest
    key: PrivateKey

    @property
    def der(self) -> bytes:
        """The PKCS#10 bytes."""
        return self.request.der


def authority(
    name: str,
    *,
    by: Signer | None = None,
    key: KeyKind = "rsa",
    not_before: int = NOW - 365 * DAY,
    not_after: int = NOW + 3650 * DAY,
    ca: bool = True,
    key_label: str = "",
    path_length: int | None = None,
    key_usage: tuple[str, ...] = ("digital_signature", "key_cert_sign", "crl_sign"),
    extra: tuple[tuple[x509.ExtensionType, bool], ...] = (),
) -> Signer:
    """A CA called `name`: a root, or an intermediate of `by`. `key_label` gives another key to the same name.

    `path_length` is how many CAs may stand below it, None for any number.
    """
    private = key_for(key_label or f"authority {name}", key)
    der = _build(
        subject=_name(name),
        issuer=_issuer_name(by) if by else _name(name),
        public_key=private.public_key(),
        signing_key=by.key if by else private,
        serial=_serial(f"{name} {key_label} {not_before} {not_after}"),
        validity=(not_before, not_after),
        extensions=[
            (x509.BasicConstraints(ca=ca, path_length=path_length), True),
            (_key_usage(key_usage), True),
            *extra,
        ],
    )
    return Signer(certificate=read_certificate(der), key=private)


def two_tier(name: str = "Example", key: KeyKind = "rsa") -> TwoTier:
    """`<name> Root CA` and `<name> Issuing CA`."""
    root = authority(f"{name} Root CA", key=key)
    return TwoTier(root=root, intermediate=authority(f"{name} Issuing CA", by=root, key=key))


def request(
    common_name: str,
    sans: tuple[str, ...] = (),
    *,
    key: KeyKind = "rsa",
    key_usage: tuple[str, ...] = TOMCAT_KU,
    eku: tuple[str, ...] = TOMCAT_EKU,
    key_label: str = "",
) -> Requested:
    """A CSR as a node makes it. `sans` like `dns:a.example`; none means the common name alone."""
    private = key_for(key_label or f"node {common_name}", key)
    names = sans or (f"dns:{common_name}",)
    builder = x509.CertificateSigningRequestBuilder().subject_name(_name(common_name))
    builder = builder.add_extension(x509.SubjectAlternativeName([_general_name(san) for san in names]), critical=False)
    if key_usage:
        builder = builder.add_extension(_key_usage(key_usage), critical=False)
    if eku:
        oids = [x509.ObjectIdentifier(oid) for oid in eku]
        builder = builder.add_extension(x509.ExtendedKeyUsage(oids), critical=False)
    made = builder.sign(private, hashes.SHA256(), ecdsa_deterministic=_repeatable(private))
    return Requested(request=read_request(made.public_bytes(serialization.Encoding.DER)), key=private)


def sign(
    requested: Requested,
    by: Signer,
    *,
    not_before: int = NOW - DAY,
    not_after: int = NOW + 397 * DAY,
    common_name: str | None = None,
    sans: tuple[str, ...] | None = None,
    public_key: CertificatePublicKeyTypes | None = None,
    key_usage: tuple[str, ...] | None = None,
    eku: tuple[str, ...] | None = None,
    ca: bool = False,
    serial_label: str = "",
    extra: tuple[tuple[x509.ExtensionType, bool], ...] = (),
) -> Certificate:
    """The certificate a CA makes of a request; every override is one way a CA can get it wrong."""
    asked = requested.request
    usage = asked.key_usage if key_usage is None else key_usage
    oids = asked.extended_key_usage if eku is None else eku
    extensions: list[tuple[x509.ExtensionType, bool]] = [(x509.BasicConstraints(ca=ca, path_length=None), True)]
    names = [_general_name(san) for san in (asked.sans if sans is None else sans)]
    if names:
        extensions.append((x509.SubjectAlternativeName(names), False))
    if usage:
        extensions.append((_key_usage(usage), True))
    if oids:
        extensions.append((x509.ExtendedKeyUsage([x509.ObjectIdentifier(oid) for oid in oids]), False))
    return read_certificate(
        _build(
            subject=_name(asked.common_name if common_name is None else common_name),
            issuer=_issuer_name(by),
            public_key=public_key or requested.key.public_key(),
            signing_key=by.key,
            serial=_serial(f"{asked.spki_sha256} {not_before} {not_after} {sans} {serial_label}"),
            validity=(not_before, not_after),
            extensions=extensions + list(extra),
        )
    )


def self_signed(
    common_name: str,
    sans: tuple[str, ...] = (),
    *,
    not_before: int = NOW - 1800 * DAY,
    not_after: int = NOW + 20 * DAY,
    key: KeyKind = "ec",
    key_label: str = "",
) -> Certificate:
    """A certificate as a node makes it for itself at installation."""
    requested = request(common_name, sans, key=key, key_label=key_label or f"self {common_name}")
    return read_certificate(
        _build(
            subject=_name(common_name),
            issuer=_name(common_name),
            public_key=requested.key.public_key(),
            signing_key=requested.key,
            serial=_serial(f"self {common_name} {not_before} {key_label}"),
            validity=(not_before, not_after),
            extensions=[(x509.SubjectAlternativeName([_general_name(san) for san in requested.request.sans]), False)],
        )
    )


def _build(
    *,
    subject: x509.Name,
    issuer: x509.Name,
    public_key: CertificatePublicKeyTypes,
    signing_key: PrivateKey,
    serial: int,
    validity: tuple[int, int],
    extensions: list[tuple[x509.ExtensionType, bool]],
) -> bytes:
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(public_key)
    builder = builder.serial_number(serial)
    builder = builder.not_valid_before(datetime.fromtimestamp(validity[0], UTC))
    builder = builder.not_valid_after(datetime.fromtimestamp(validity[1], UTC))
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical=critical)
    signed = builder.sign(signing_key, hashes.SHA256(), ecdsa_deterministic=_repeatable(signing_key))
    return signed.public_bytes(serialization.Encoding.DER)


def _repeatable(key: PrivateKey) -> bool | None:
    """EC signatures draw a number unless told not to; RSA ones need no telling."""
    return True if isinstance(key, ec.EllipticCurvePrivateKey) else None


def _name(common_name: str) -> x509.Name:
    """An empty `common_name` is left out, as some CAs do."""
    return x509.Name(
        [
            *([x509.NameAttribute(NameOID.COMMON_NAME, common_name)] if common_name else []),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Example"),
            x509.NameAttribute(NameOID.COUNTRY_NAME, "FR"),
        ]
    )


def _issuer_name(by: Signer) -> x509.Name:
    return x509.load_der_x509_certificate(by.certificate.der).subject


def _serial(label: str) -> int:
    return int.from_bytes(hashlib.sha256(label.encode()).digest()[:15], "big")


def _general_name(san: str) -> x509.GeneralName:
    kind, value = san.split(":", 1)
    if kind == "ip":
        return x509.IPAddress(ipaddress.ip_address(value))
    return x509.DNSName(value)


def _key_usage(bits: tuple[str, ...]) -> x509.KeyUsage:
    return x509.KeyUsage(**{bit: bit in bits for bit in KEY_USAGE_BITS}, encipher_only=False, decipher_only=False)
