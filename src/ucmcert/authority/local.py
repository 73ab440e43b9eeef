"""A two-tier CA in a folder, for labs and air-gapped sites: root.pem, intermediate.pem, intermediate.key.

The root's key is not needed here and should lie elsewhere. What was signed is kept as issued/<key footprint>.pem, and
that file is the memory: the same CSR gives the same certificate for ever, after any crash.
"""

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from ucmcert.authority.durable_file import write_once
from ucmcert.errors import Refused, UsageError
from ucmcert.model.certificate import (
    Certificate,
    CertificateRequest,
    read_certificate,
    read_certificates_pem,
    spki_sha256,
)
from ucmcert.model.ports import Clock
from ucmcert.model.signing import Issued, Pending, Profile, Ticket

SigningKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
BACKDATED = timedelta(hours=1)  # so that a node whose clock is a little behind does not meet a future certificate
NAME = "local"


class LocalAuthority:
    """Signs at once. `lifetime_days` is this CA's own policy and wins over the profile's wish."""

    def __init__(self, folder: Path, clock: Clock, lifetime_days: int) -> None:
        self._folder = folder
        self._clock = clock
        self._lifetime = timedelta(days=lifetime_days)

    async def submit(self, request: CertificateRequest, profile: Profile) -> Ticket:
        """Sign, unless this key was signed before. Raises UsageError UCM-CA-001, Refused UCM-CA-002."""
        path = self._path(request.spki_sha256)
        if not path.exists():
            self._write(path, self._sign(request))
        leaf = self._read(path)[0]
        if set(leaf.sans) != set(request.sans):
            raise Refused(
                "UCM-CA-002",
                "this key was signed before with other names",
                where=str(path),
                why=f"signed then: {', '.join(leaf.sans)}; asked now: {', '.join(request.sans)}",
                next="generate a new CSR on the node: a new key gets a new certificate",
                answer="",
            )
        return Ticket(
            authority=NAME,
            reference=request.spki_sha256,
            node=profile.node,
            purpose=profile.purpose,
            spki_sha256=request.spki_sha256,
            submitted_at=self._clock.now(),
        )

    async def collect(self, ticket: Ticket) -> Issued | Pending:
        """What was signed. Raises UsageError UCM-CA-001 when it is no longer in the folder."""
        leaf = self._read(self._path(ticket.spki_sha256))[0]
        return Issued(leaf=leaf, chain=(self._one("intermediate.pem"), self._one("root.pem")))

    def _path(self, spki: str) -> Path:
        return self._folder / "issued" / f"{spki}.pem"

    def _sign(self, request: CertificateRequest) -> Certificate:
        issuer = x509.load_der_x509_certificate(self._one("intermediate.pem").der)
        key = self._key(issuer)
        now = datetime.fromtimestamp(self._clock.now(), UTC)
        if issuer.not_valid_after_utc <= now:
            raise trouble(self._folder / "intermediate.pem", "the intermediate has expired")
        builder = _builder(x509.load_der_x509_csr(request.der), issuer)
        builder = builder.not_valid_before(max(now - BACKDATED, issuer.not_valid_before_utc))
        builder = builder.not_valid_after(min(now + self._lifetime, issuer.not_valid_after_utc))
        return read_certificate(builder.sign(key, _hash_for(key)).public_bytes(serialization.Encoding.DER))

    def _key(self, issuer: x509.Certificate) -> SigningKey:
        path = self._folder / "intermediate.key"
        try:
            key = serialization.load_pem_private_key(path.read_bytes(), None)
        except OSError as error:
            raise trouble(path, error.strerror or "unreadable") from error
        except (TypeError, ValueError):
            raise trouble(path, "it is not an unencrypted PEM private key") from None
        if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
            raise trouble(path, "its kind of key is neither RSA nor EC")
        if spki_sha256(key.public_key()) != spki_sha256(issuer.public_key()):
            raise trouble(path, "it is not the key of intermediate.pem")
        return key

    def _one(self, name: str) -> Certificate:
        return self._read(self._folder / name)[0]

    def _read(self, path: Path) -> tuple[Certificate, ...]:
        try:
            found = read_certificates_pem(path.read_bytes())
        except OSError as error:
            raise trouble(path, error.strerror or "unreadable") from error
        except ValueError as error:
            raise trouble(path, str(error)) from error
        if not found:
            raise trouble(path, "it holds no PEM certificate")
        return found

    def _write(self, path: Path, leaf: Certificate) -> None:
        try:
            write_once(path, leaf.pem.encode())
        except OSError as error:
            raise trouble(path, f"it cannot be written: {error.strerror}") from error


def trouble(path: Path, why: str) -> UsageError:
    """UCM-CA-001: something in the CA folder is missing or wrong."""
    return UsageError(
        "UCM-CA-001",
        "the folder of the certificate authority cannot be used",
        where=str(path),
        why=why,
        next="check `folder` in the [authority] table: it holds root.pem, intermediate.pem and intermediate.key",
    )


def _builder(request: x509.CertificateSigningRequest, issuer: x509.Certificate) -> x509.CertificateBuilder:
    """Subject, key, names and usages as asked; a CA certificate only for a CSR that asks for keyCertSign (CAPF)."""
    builder = x509.CertificateBuilder().subject_name(request.subject).issuer_name(issuer.subject)
    builder = builder.public_key(request.public_key()).serial_number(_serial(request, issuer))
    asked = {one.oid: one.value for one in request.extensions}
    usage = asked.get(x509.KeyUsage.oid)
    signs = isinstance(usage, x509.KeyUsage) and usage.key_cert_sign
    builder = builder.add_extension(x509.BasicConstraints(ca=signs, path_length=0 if signs else None), critical=True)
    for oid, critical in ((x509.KeyUsage.oid, True), (x509.ExtendedKeyUsage.oid, False)):
        if oid in asked:
            builder = builder.add_extension(asked[oid], critical=critical)
    if x509.SubjectAlternativeName.oid in asked:
        builder = builder.add_extension(asked[x509.SubjectAlternativeName.oid], critical=False)
    key_id = x509.SubjectKeyIdentifier.from_public_key(request.public_key())
    return builder.add_extension(key_id, critical=False).add_extension(_authority_key(issuer), critical=False)


def _authority_key(issuer: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    """Points at the issuer's own key identifier, which need not be the usual hash."""
    try:
        found = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    except x509.ExtensionNotFound:
        found = x509.SubjectKeyIdentifier.from_public_key(issuer.public_key())
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(found)


def _serial(request: x509.CertificateSigningRequest, issuer: x509.Certificate) -> int:
    """152 bits of a hash over issuer and request: unpredictable by the fresh key in it, and no chance of our own."""
    seed = issuer.fingerprint(hashes.SHA256()) + request.public_bytes(serialization.Encoding.DER)
    return int.from_bytes(hashlib.sha256(seed).digest()[:19], "big") >> 1 | 1


def _hash_for(key: SigningKey) -> hashes.SHA256 | hashes.SHA384:
    if isinstance(key, ec.EllipticCurvePrivateKey) and key.key_size > 256:
        return hashes.SHA384()
    return hashes.SHA256()
