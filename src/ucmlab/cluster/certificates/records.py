"""What a node holds about certificates, as frozen data: identities, CSRs, trust entries, and what TLS shows."""

import hashlib
from datetime import UTC, datetime
from functools import lru_cache

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import serialization


class StoredCertificate(msgspec.Struct, frozen=True, kw_only=True):
    """One identity certificate on a node's disk, with its private key and the intermediates known at that moment."""

    purpose: str
    certificate_pem: str
    key_pem: str
    description: str
    multi_server: bool = False

    def certificate(self) -> x509.Certificate:
        """The parsed certificate."""
        return load_certificate(self.certificate_pem)

    @property
    def sha256(self) -> str:
        """SHA-256 of the DER, lower-case hex."""
        return fingerprint(self.certificate())


class CsrRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What an administrator fills in the CSR form; None means what the form proposes.

    `parent_domain` "" leaves the parent domain out of the SAN. Source: interfaces-http.md 1.2, procedure.md 5 (E4).
    """

    distribution: str = "this-server"
    common_name: str | None = None
    key_type: str | None = None
    key_length: int | None = None
    hash_algorithm: str | None = None
    alt_names: tuple[str, ...] = ()
    parent_domain: str | None = None
    include_ou: bool = False


class Csr(msgspec.Struct, frozen=True, kw_only=True):
    """The one live CSR of a purpose; its key never leaves the node."""

    purpose: str
    csr_pem: str
    key_pem: str
    created_at: float
    distribution: str = "this-server"

    def request(self) -> x509.CertificateSigningRequest:
        """The parsed PKCS#10."""
        return x509.load_pem_x509_csr(self.csr_pem.encode())

    @property
    def public_key_sha256(self) -> str:
        """SHA-256 of the SubjectPublicKeyInfo, lower-case hex."""
        return spki_sha256(self.request())


class TrustEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One file of a trust store. `filename` has its `.pem`; `uploaded_at` is the node's clock, epoch seconds."""

    store: str
    filename: str
    certificate_pem: str
    description: str = ""
    uploaded_at: float = 0.0

    def certificate(self) -> x509.Certificate:
        """The parsed certificate."""
        return load_certificate(self.certificate_pem)

    @property
    def sha256(self) -> str:
        """SHA-256 of the DER, lower-case hex."""
        return fingerprint(self.certificate())


class TrustOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a trust upload: `stored` is false when an entry of that name starts later (E6: no error)."""

    store: str
    stored: bool
    entry: TrustEntry | None
    replaced: str | None = None


class ServedIdentity(msgspec.Struct, frozen=True, kw_only=True):
    """What a service loaded at its start and shows in a TLS handshake: leaf first, then intermediates, and the key."""

    purpose: str
    chain_pem: str
    key_pem: str

    @property
    def sha256(self) -> str:
        """SHA-256 of the leaf's DER, lower-case hex."""
        return fingerprint(load_certificate(self.chain_pem))


@lru_cache(maxsize=1024)  # a cluster reads its own certificates again and again
def load_certificate(pem: str) -> x509.Certificate:
    """First certificate of a PEM text."""
    return x509.load_pem_x509_certificate(pem.encode())


def to_pem(certificate: x509.Certificate) -> str:
    """PEM text of a certificate."""
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of the DER, lower-case hex."""
    return hashlib.sha256(certificate.public_bytes(serialization.Encoding.DER)).hexdigest()


def spki_sha256(holder: x509.Certificate | x509.CertificateSigningRequest) -> str:
    """SHA-256 of the SubjectPublicKeyInfo of a certificate or CSR, lower-case hex."""
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return hashlib.sha256(holder.public_key().public_bytes(serialization.Encoding.DER, form)).hexdigest()


def as_datetime(epoch: float) -> datetime:
    """UTC datetime, cut to whole seconds as X.509 wants it."""
    return datetime.fromtimestamp(int(epoch), tz=UTC)
