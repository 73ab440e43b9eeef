"""Promise: the folder CA signs what the CSR asks for, once per key, and says plainly what is wrong with its folder."""

import asyncio
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from factory.certificates import DAY, NOW, SERVER_AUTH, TwoTier, authority, request, two_tier
from ucmcert.authority.local import LocalAuthority
from ucmcert.errors import Refused, UsageError
from ucmcert.model.certificate import CertificateRequest
from ucmcert.model.signing import Issued, Profile

CA = two_tier(key="ec")
PROFILE = Profile(node="cucm-pub.lab.example", purpose="tomcat")


class StoppedClock:
    """Always `NOW`."""

    def now(self) -> float:
        return float(NOW)

    async def sleep(self, seconds: float) -> None:
        return None


def ca_folder(folder: Path, ca: TwoTier = CA) -> Path:
    key = ca.intermediate.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "root.pem").write_text(ca.root.certificate.pem)
    (folder / "intermediate.pem").write_text(ca.intermediate.certificate.pem)
    (folder / "intermediate.key").write_bytes(key)
    return folder


def issued(folder: Path, asked: CertificateRequest, lifetime_days: int = 397) -> Issued:
    local = LocalAuthority(folder, StoppedClock(), lifetime_days)
    answer = asyncio.run(local.collect(asyncio.run(local.submit(asked, PROFILE))))
    assert isinstance(answer, Issued)
    return answer


def trouble(folder: Path) -> UsageError:
    with pytest.raises(UsageError) as caught:
        issued(folder, request("a.example", key="ec").request)
    return caught.value


def test_names_and_usages_of_the_csr_are_copied(tmp_path: Path) -> None:
    usage = ("digital_signature", "key_encipherment", "data_encipherment")
    asked = request("a.example", ("dns:a.example", "dns:b.example", "ip:192.0.2.7"), key_usage=usage).request
    leaf = issued(ca_folder(tmp_path), asked).leaf
    assert (leaf.subject, leaf.sans, leaf.key_usage) == (asked.subject, asked.sans, asked.key_usage)
    assert leaf.extended_key_usage == asked.extended_key_usage
    assert not leaf.is_ca


def test_only_usages_and_constraints_are_critical(tmp_path: Path) -> None:
    leaf = x509.load_der_x509_certificate(issued(ca_folder(tmp_path), request("a.example").request).leaf.der)
    critical = {one.oid._name for one in leaf.extensions if one.critical}
    assert critical == {"basicConstraints", "keyUsage"}
    assert {"subjectKeyIdentifier", "authorityKeyIdentifier"} < {one.oid._name for one in leaf.extensions}
    leaf.verify_directly_issued_by(x509.load_der_x509_certificate(CA.intermediate.certificate.der))


def test_a_csr_that_asks_to_sign_becomes_a_ca(tmp_path: Path) -> None:
    capf = request("CAPF-1", key_usage=("digital_signature", "key_cert_sign"), eku=(SERVER_AUTH,)).request
    assert issued(ca_folder(tmp_path), capf).leaf.is_ca


def test_the_lifetime_ends_with_the_issuer_at_the_latest(tmp_path: Path) -> None:
    root = authority("Example Root CA", key="ec")
    short = authority("Short Issuing CA", by=root, key="ec", not_after=NOW + 30 * DAY)
    asked = request("a.example").request
    first, second = tmp_path / "short", tmp_path / "long"
    first.mkdir()
    second.mkdir()
    assert issued(ca_folder(first, TwoTier(root=root, intermediate=short)), asked).leaf.not_after == NOW + 30 * DAY
    assert issued(ca_folder(second), asked, lifetime_days=90).leaf.not_after == NOW + 90 * DAY


def test_the_same_key_with_other_names_is_refused(tmp_path: Path) -> None:
    folder = ca_folder(tmp_path)
    issued(folder, request("a.example", key="ec", key_label="one").request)
    with pytest.raises(Refused, match="UCM-CA-002"):
        issued(folder, request("b.example", key="ec", key_label="one").request)


def test_a_crash_between_signing_and_answering_makes_no_second_certificate(tmp_path: Path) -> None:
    asked = request("a.example").request
    folder = ca_folder(tmp_path)
    first = issued(folder, asked)
    assert [path.name for path in (folder / "issued").iterdir()] == [f"{asked.spki_sha256}.pem"]
    assert issued(folder, asked, lifetime_days=10) == first


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("intermediate.key", b"hello", "private key"),
        ("intermediate.pem", b"hello", "no PEM certificate"),
        ("intermediate.pem", CA.root.certificate.pem.encode(), "not the key of"),
        ("root.pem", None, "No such file"),
        ("intermediate.key", None, "No such file"),
    ],
)
def test_what_is_wrong_with_the_folder_is_said(tmp_path: Path, name: str, content: bytes | None, said: str) -> None:
    path = ca_folder(tmp_path) / name
    path.unlink() if content is None else path.write_bytes(content)
    error = trouble(tmp_path)
    assert error.code == "UCM-CA-001"
    assert str(tmp_path) in error.where
    assert said in error.why


def test_an_expired_intermediate_does_not_sign(tmp_path: Path) -> None:
    old = authority("Old Issuing CA", by=CA.root, key="ec", not_after=NOW - DAY)
    error = trouble(ca_folder(tmp_path, TwoTier(root=CA.root, intermediate=old)))
    assert "expired" in error.why
