"""The site's CA as people run it: it signs the CSRs it is handed, well, or in one of the ways a CA gets it wrong."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

CSR_FOLDER = "outgoing"


class Wrong(msgspec.Struct, frozen=True, kw_only=True):
    """How an answer differs from what was asked. `begins_days` and `lasts_days` count from now."""

    begins_days: float = -0.01
    lasts_days: float = 397.0
    more_names: tuple[str, ...] = ()
    drop_names: tuple[str, ...] = ()


RIGHT = Wrong()


class SiteCa(msgspec.Struct, frozen=True, kw_only=True):
    """Root and intermediate, and the key that signs."""

    root: x509.Certificate
    intermediate: x509.Certificate
    key: rsa.RSAPrivateKey

    @property
    def root_pem(self) -> bytes:
        """The root alone."""
        return self.root.public_bytes(Encoding.PEM)

    @property
    def intermediate_pem(self) -> bytes:
        """The issuing CA alone."""
        return self.intermediate.public_bytes(Encoding.PEM)

    @property
    def chain_pem(self) -> bytes:
        """The issuing CA, then the root."""
        return self.intermediate_pem + self.root_pem

    def sign(self, csr: x509.CertificateSigningRequest, wrong: Wrong = RIGHT) -> x509.Certificate:
        """The answer to `csr`: every extension as asked, but for what `wrong` says."""
        now = datetime.now(tz=UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(csr.subject)
            .issuer_name(self.intermediate.subject)
            .public_key(csr.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + timedelta(days=wrong.begins_days))
            .not_valid_after(now + timedelta(days=wrong.lasts_days))
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False)
        )
        for extension in csr.extensions:
            value = extension.value
            if isinstance(value, x509.SubjectAlternativeName):
                value = _other_names(value, wrong)
            builder = builder.add_extension(value, critical=extension.critical)
        return builder.sign(self.key, hashes.SHA256())

    def answer(self, csr_file: Path, wrong: Wrong = RIGHT) -> bytes:
        """PEM of the answer to a CSR in a file."""
        return self.sign(x509.load_pem_x509_csr(csr_file.read_bytes()), wrong).public_bytes(Encoding.PEM)


def site_ca(folder: Path) -> SiteCa:
    """The CA of a lab's `ca` folder."""
    key = load_pem_private_key((folder / "intermediate.key").read_bytes(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return SiteCa(
        root=x509.load_pem_x509_certificate((folder / "root.pem").read_bytes()),
        intermediate=x509.load_pem_x509_certificate((folder / "intermediate.pem").read_bytes()),
        key=key,
    )


def _other_names(asked: x509.SubjectAlternativeName, wrong: Wrong) -> x509.SubjectAlternativeName:
    names = [name for name in asked if str(name.value) not in wrong.drop_names]
    return x509.SubjectAlternativeName([*names, *map(x509.DNSName, wrong.more_names)])
