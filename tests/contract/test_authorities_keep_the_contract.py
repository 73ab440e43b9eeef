"""Promise: the authorities we ship keep the authority contract."""

from pathlib import Path

from authority_contract import Answer, check_authority
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from factory.certificates import NOW, Requested, sign, two_tier
from ucmcert.authority.files import FilesAuthority, write_answer
from ucmcert.authority.local import LocalAuthority
from ucmcert.model.certificate import CertificateRequest
from ucmcert.model.signing import Authority

CA = two_tier(key="ec")


class StoppedClock:
    """Always `NOW`."""

    def now(self) -> float:
        return float(NOW)

    async def sleep(self, seconds: float) -> None:
        return None


def test_the_local_authority(tmp_path: Path) -> None:
    def make(folder: Path) -> tuple[Authority, Answer]:
        key = CA.intermediate.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (folder / "root.pem").write_text(CA.root.certificate.pem)
        (folder / "intermediate.pem").write_text(CA.intermediate.certificate.pem)
        (folder / "intermediate.key").write_bytes(key)
        return LocalAuthority(folder, StoppedClock(), 397), lambda _: None

    check_authority(make, tmp_path)


def test_the_hand_over_by_files(tmp_path: Path) -> None:
    def make(folder: Path) -> tuple[Authority, Answer]:
        def answer(asked: CertificateRequest) -> None:
            key = CA.intermediate.key
            leaf = sign(
                Requested(request=asked, key=key),
                CA.intermediate,
                public_key=x509.load_der_x509_csr(asked.der).public_key(),
            )
            write_answer(folder, leaf, CA.chain)

        return FilesAuthority(folder, StoppedClock(), folder / "ucmcert.toml"), answer

    check_authority(make, tmp_path)
