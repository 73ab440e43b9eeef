"""A certificate and a certificate request as facts: read once from DER, compared by fingerprint ever after."""

import base64
import re
from functools import lru_cache

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

PEM_CERTIFICATE = re.compile(rb"-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----")
KEY_USAGE_BITS = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
)


class Certificate(msgspec.Struct, frozen=True, kw_only=True):
    """One X.509 certificate. Times are UTC epoch seconds, fingerprints lower-case hex, `sans` like `dns:a.example`."""

    der: bytes
    sha256: str
    subject: str
    common_name: str
    issuer: str
    serial: str
    not_before: int
    not_after: int
    sans: tuple[str, ...]
    key: str
    spki_sha256: str
    signature_hash: str
    key_usage: tuple[str, ...]
    extended_key_usage: tuple[str, ...]
    is_ca: bool

    @property
    def self_issued(self) -> bool:
        """Subject and issuer are the same name: a root, or a self-signed identity."""
        return self.subject == self.issuer

    @property
    def pem(self) -> str:
        """The PEM text, 64 columns, ending in a newline."""
        return pem("CERTIFICATE", self.der)


class CertificateRequest(msgspec.Struct, frozen=True, kw_only=True):
    """One PKCS#10 request whose signature was checked. `spki_sha256` is the footprint of its key.

    `signature_hash` is the hash it signs itself with, "" where the kind of key needs none.
    """

    der: bytes
    subject: str
    common_name: str
    sans: tuple[str, ...]
    key: str
    spki_sha256: str
    key_usage: tuple[str, ...]
    extended_key_usage: tuple[str, ...]
    signature_hash: str = ""

    @property
    def pem(self) -> str:
        """The PEM text, 64 columns, ending in a newline."""
        return pem("CERTIFICATE REQUEST", self.der)


def pem(label: str, der: bytes) -> str:
    """`der` in PEM armour with 64-column lines."""
    text = base64.b64encode(der).decode()
    lines = "\n".join(text[at : at + 64] for at in range(0, len(text), 64))
    return f"-----BEGIN {label}-----\n{lines}\n-----END {label}-----\n"


@lru_cache(maxsize=4096)  # a cluster shows the same few hundred again and again
def read_certificate(der: bytes) -> Certificate:
    """Facts of one DER certificate. Raises ValueError with a plain reason when it is not one."""
    try:
        cert = x509.load_der_x509_certificate(der)
        hash_name = cert.signature_hash_algorithm.name if cert.signature_hash_algorithm else "none"
        return Certificate(
            der=der,
            sha256=cert.fingerprint(hashes.SHA256()).hex(),
            subject=cert.subject.rfc4514_string(),
            common_name=_common_name(cert.subject),
            issuer=cert.issuer.rfc4514_string(),
            serial=f"{cert.serial_number:x}",
            not_before=int(cert.not_valid_before_utc.timestamp()),
            not_after=int(cert.not_valid_after_utc.timestamp()),
            sans=_sans(cert.extensions),
            key=key_text(cert.public_key()),
            spki_sha256=spki_sha256(cert.public_key()),
            signature_hash=hash_name,
            key_usage=_key_usage(cert.extensions),
            extended_key_usage=_extended_key_usage(cert.extensions),
            is_ca=_is_ca(cert.extensions),
        )
    except Exception as error:  # the parser of hostile bytes raises many kinds
        raise ValueError(f"not a readable X.509 certificate: {error}") from error


def read_certificates_pem(text: bytes) -> tuple[Certificate, ...]:
    """Every PEM certificate found in `text`, in order of appearance. Raises ValueError when one is unreadable."""
    return tuple(read_certificate(_unarmour(block)) for block in PEM_CERTIFICATE.findall(text))


def read_request(text: bytes) -> CertificateRequest:
    """Facts of one PKCS#10 request, PEM (any of its three headers) or DER. Raises ValueError when it is not one."""
    try:
        match = re.search(rb"-----BEGIN (?:NEW )?CERTIFICATE (?:SIGN )?REQUEST-----([^-]+)-----END", text)
        der = base64.b64decode(re.sub(rb"[^A-Za-z0-9+/=]", b"", match.group(1))) if match else text
        request = x509.load_der_x509_csr(der)
        if not request.is_signature_valid:
            raise ValueError("its own signature does not verify")  # noqa: TRY301
        return CertificateRequest(
            der=der,
            subject=request.subject.rfc4514_string(),
            common_name=_common_name(request.subject),
            sans=_sans(request.extensions),
            key=key_text(request.public_key()),
            spki_sha256=spki_sha256(request.public_key()),
            key_usage=_key_usage(request.extensions),
            extended_key_usage=_extended_key_usage(request.extensions),
            signature_hash=request.signature_hash_algorithm.name if request.signature_hash_algorithm else "",
        )
    except Exception as error:  # the parser of hostile bytes raises many kinds
        raise ValueError(f"not a readable certificate request: {error}") from error


def key_text(key: PublicKeyTypes) -> str:
    """`RSA 2048`, `EC secp384r1`, or the name of another kind of key."""
    if isinstance(key, rsa.RSAPublicKey):
        return f"RSA {key.key_size}"
    if isinstance(key, ec.EllipticCurvePublicKey):
        return f"EC {key.curve.name}"
    return type(key).__name__.strip("_")


def spki_sha256(key: PublicKeyTypes) -> str:
    """SHA-256, lower-case hex, of the key's SubjectPublicKeyInfo: the footprint by which a CSR is recognised."""
    encoded = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    digest = hashes.Hash(hashes.SHA256())
    digest.update(encoded)
    return digest.finalize().hex()


def _unarmour(block: bytes) -> bytes:
    body = block.split(b"-----")[2]
    return base64.b64decode(re.sub(rb"[^A-Za-z0-9+/=]", b"", body))


def _common_name(name: x509.Name) -> str:
    found = name.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return str(found[0].value) if found else ""


def _sans(extensions: x509.Extensions) -> tuple[str, ...]:
    try:
        names = extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    kinds: dict[type[x509.GeneralName], str] = {
        x509.DNSName: "dns",
        x509.IPAddress: "ip",
        x509.RFC822Name: "email",
        x509.UniformResourceIdentifier: "uri",
    }
    return tuple(f"{kinds.get(type(name), 'other')}:{name.value}" for name in names)


def _key_usage(extensions: x509.Extensions) -> tuple[str, ...]:
    try:
        usage = extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return ()
    return tuple(bit for bit in KEY_USAGE_BITS if getattr(usage, bit))


def _extended_key_usage(extensions: x509.Extensions) -> tuple[str, ...]:
    try:
        usage = extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return ()
    return tuple(oid.dotted_string for oid in usage)


def _is_ca(extensions: x509.Extensions) -> bool:
    try:
        return extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False
