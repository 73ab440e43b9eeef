"""Promise: lint reads whatever form the files have, answers with 0 or 3, and never takes a private key."""

from pathlib import Path

import pytest
from cli_bench import CA, ucmcert
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs7

from factory.certificates import DAY, Requested, request, sign
from factory.keys import key_for
from ucmcert.cli.ports import SystemClock
from ucmcert.model.certificate import Certificate

TODAY = int(SystemClock().now())
ASKED = request("cucm-pub.lab.example")
LEAF = sign(ASKED, CA.intermediate, not_before=TODAY - DAY, not_after=TODAY + 300 * DAY)
CHAIN = "".join(one.pem for one in CA.chain)


def files(folder: Path, asked: Requested = ASKED, leaf: bytes = LEAF.pem.encode(), chain: str = CHAIN) -> list[Path]:
    named = [folder / "x.csr", folder / "x.cer", folder / "chain.pem"]
    for path, content in zip(named, (asked.request.pem.encode(), leaf, chain.encode()), strict=True):
        path.write_bytes(content)
    return named


def bundle(*certificates: Certificate) -> bytes:
    return pkcs7.serialize_certificates([x509.load_der_x509_certificate(one.der) for one in certificates], Encoding.DER)


def test_a_good_answer_is_accepted(tmp_path: Path) -> None:
    ended = ucmcert("lint", *files(tmp_path), "--json")
    assert (0, "done", "tomcat", 0) == (
        ended.code, ended.last["outcome"], ended.last["subject"], ended.last["counts"]["error"],
    )  # fmt: skip


@pytest.mark.parametrize("form", [LEAF.der, bundle(CA.root.certificate, LEAF, CA.intermediate.certificate)])
def test_der_and_pkcs7_are_read_too(tmp_path: Path, form: bytes) -> None:
    csr, cert, chain = files(tmp_path, leaf=form)
    csr.write_bytes(ASKED.der)
    assert 0 == ucmcert("lint", csr, cert, chain).code


def test_one_bundle_with_everything_needs_no_chain_beside_it(tmp_path: Path) -> None:
    csr, cert, _ = files(tmp_path, leaf=bundle(*CA.chain, LEAF))
    assert 0 == ucmcert("lint", csr, cert).code


def test_another_key_is_refused_with_cucms_reason(tmp_path: Path) -> None:
    ended = ucmcert("lint", *files(tmp_path, asked=request("cucm-pub.lab.example", key_label="another")), "--json")
    assert (3, "findings") == (ended.code, ended.last["outcome"])
    assert "UCM-KEY-001" in [one["code"] for one in ended.last["findings"]]


def test_a_missing_issuer_is_refused(tmp_path: Path) -> None:
    csr, cert, _ = files(tmp_path)
    assert 3 == ucmcert("lint", csr, cert).code


def test_a_private_key_is_refused_and_never_shown(tmp_path: Path) -> None:
    key = key_for("node cucm-pub.lab.example").private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for place in range(3):
        given = files(tmp_path)
        given[place].write_bytes(given[place].read_bytes() + key)
        ended = ucmcert("lint", *given, "--json")
        assert 3 == ended.code
        assert "UCM-FILE-003" in [one["code"] for one in ended.last["findings"]]
        assert key.decode().splitlines()[1] not in ended.out + ended.err


@pytest.mark.parametrize("content", [b"", b"nonsense", ASKED.request.pem.encode()])
def test_what_is_no_certificate_is_never_accepted(tmp_path: Path, content: bytes) -> None:
    assert 3 == ucmcert("lint", *files(tmp_path, leaf=content)).code


def test_what_is_no_csr_is_never_accepted(tmp_path: Path) -> None:
    csr, cert, chain = files(tmp_path)
    csr.write_bytes(cert.read_bytes())
    ended = ucmcert("lint", csr, cert, chain, "--json")
    assert (3, "UCM-FILE-014") == (ended.code, ended.last["findings"][0]["code"])


def test_a_missing_file_nothing_at_all_and_a_mistyped_purpose_are_wrong_usage(tmp_path: Path) -> None:
    csr, cert, chain = files(tmp_path)
    assert 2 == ucmcert("lint", csr, tmp_path / "none").code
    assert 2 == ucmcert("lint").code
    assert 2 == ucmcert("lint", csr, cert, "--node", "cucm-pub").code
    assert 2 == ucmcert("lint", csr, cert, chain, "--purpose", "tomkat").code


def test_french_findings_speak_french(tmp_path: Path) -> None:
    csr, cert, _ = files(tmp_path)
    assert "ERREUR" in ucmcert("lint", csr, cert, "--lang", "fr").out
