"""Promise: whatever a CA sends back is recognised by its content, and what is not usable is named, never guessed at."""

import base64
import io
import zipfile
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs7,
    pkcs12,
)
from hypothesis import given
from hypothesis import strategies as st

from factory.certificates import NOW, Requested, request, sign, two_tier
from factory.keys import key_for
from ucmcert.authority.files import Listed, OpenRequest
from ucmcert.authority.intake import Intake, take_in
from ucmcert.authority.recognise import recognise
from ucmcert.authority.returned import MOST_BYTES, ReturnedFile, read_returned
from ucmcert.errors import UsageError
from ucmcert.model.certificate import Certificate
from ucmcert.model.finding import Finding

CA = two_tier(key="ec")
CHAIN = CA.chain
ASKED = request("cucm-pub.lab.example", key="ec")
OTHER = request("cucm-sub1.lab.example", key="ec")
LEAF = sign(ASKED, CA.intermediate)
OTHER_LEAF = sign(OTHER, CA.intermediate)
KEY = key_for("a key that has no business here", "ec")


def opened(asked: Requested, *, answered: bool = False) -> OpenRequest:
    listed = Listed(
        node=asked.request.common_name,
        purpose="tomcat",
        file="x.csr",
        subject=asked.request.subject,
        sans=asked.request.sans,
        key=asked.request.key,
        spki_sha256=asked.request.spki_sha256,
        submitted_at=0.0,
    )
    return OpenRequest(listed=listed, request=asked.request, answered=answered)


def bundle(*certificates: Certificate, encoding: Encoding = Encoding.DER) -> bytes:
    return pkcs7.serialize_certificates([x509.load_der_x509_certificate(one.der) for one in certificates], encoding)


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def taken(folder: Path, *requests: OpenRequest, **files: bytes) -> Intake:
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return take_in(read_returned(folder), requests or (opened(ASKED),))


def codes(intake: Intake) -> list[str]:
    return [one.code for one in intake.findings]


PEM = LEAF.pem.encode()
FORMS = {
    "pem": PEM,
    "windows line ends": PEM.replace(b"\n", b"\r\n"),
    "old mac line ends": PEM.replace(b"\n", b"\r"),
    "utf-8 mark": b"\xef\xbb\xbf" + PEM,
    "utf-16 with mark": LEAF.pem.encode("utf-16"),
    "utf-16 big endian without mark": LEAF.pem.encode("utf-16-be"),
    "utf-16 little endian without mark": LEAF.pem.encode("utf-16-le"),
    "text around": b"Dear customer,\r\n\r\nhere is your certificate:\r\n" + PEM + b"\r\nKind regards\r\n",
    "indented": b"\n".join(b"    " + line for line in PEM.splitlines()),
    "quoted in a mail": b"\n".join(b"> " + line for line in PEM.splitlines()),
    "openssl text before": b"subject=CN = cucm-pub\nissuer=CN = CA\n" + PEM,
    "other label": PEM.replace(b"CERTIFICATE", b"X509 CERTIFICATE"),
    "der": LEAF.der,
    "der and a line end": LEAF.der + b"\r\n",
    "bare base64": base64.encodebytes(LEAF.der),
    "pkcs7 der": bundle(LEAF, *CHAIN),
    "pkcs7 pem": bundle(*CHAIN, LEAF, encoding=Encoding.PEM),
    "pkcs7 called certificate": bundle(LEAF, encoding=Encoding.PEM).replace(b"PKCS7", b"CERTIFICATE"),
    "chain root first": "".join(one.pem for one in (*reversed(CHAIN), LEAF)).encode(),
    "zip": zipped(**{"deep/leaf.cer": LEAF.der, "root.txt": CHAIN[1].pem.encode()}),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_leaf(tmp_path: Path, form: str) -> None:
    intake = taken(tmp_path, **{"whatever name.bin": FORMS[form]})
    assert [answer.leaf for answer in intake.answers] == [LEAF]
    assert codes(intake) == []


def test_leaves_find_their_requests_by_key_and_all_others_are_candidates(tmp_path: Path) -> None:
    both = (OTHER_LEAF.pem + LEAF.pem).encode()
    intake = taken(tmp_path, opened(ASKED), opened(OTHER), **{"all.pem": both, "ca.p7b": bundle(*CHAIN)})
    assert [answer.leaf for answer in intake.answers] == [LEAF, OTHER_LEAF]
    assert {one.sha256 for one in intake.answers[0].candidates} == {one.sha256 for one in CHAIN}


@pytest.mark.parametrize("end", [b"\n", b"\r"])
def test_a_last_byte_that_looks_like_a_line_end_is_part_of_the_certificate(tmp_path: Path, end: bytes) -> None:
    signed = (sign(ASKED, CA.intermediate, serial_label=str(number)) for number in range(20_000))
    leaf = next(one for one in signed if one.der.endswith(end))
    for content in (leaf.der, leaf.der + b"\r\n"):
        intake = taken(tmp_path, **{"a.cer": content})
        assert ([leaf], []) == ([answer.leaf for answer in intake.answers], codes(intake))


def test_issuers_without_a_leaf_are_told_as_such(tmp_path: Path) -> None:
    intake = taken(tmp_path, **{"root.cer": CHAIN[-1].der})
    assert ((), ["UCM-FILE-015"]) == (intake.answers, codes(intake))
    assert "root.cer" in intake.findings[0].what


def test_a_leaf_for_nobody_is_named(tmp_path: Path) -> None:
    intake = taken(tmp_path, **{"a.cer": OTHER_LEAF.der})
    assert (intake.answers, codes(intake)) == ((), ["UCM-FILE-010"])
    assert "cucm-sub1" in intake.findings[0].what


def test_of_two_answers_the_newest_is_taken(tmp_path: Path) -> None:
    newer = sign(ASKED, CA.intermediate, not_before=NOW)
    intake = taken(tmp_path, **{"a.pem": newer.pem.encode(), "b.pem": PEM})
    assert ([one.leaf for one in intake.answers], codes(intake)) == ([newer], ["UCM-FILE-011"])


def test_an_answer_that_comes_again_is_a_notice(tmp_path: Path) -> None:
    assert codes(taken(tmp_path, opened(ASKED, answered=True), **{"a.pem": PEM})) == ["UCM-FILE-012"]


PRIVATE = {
    "pem": KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
    "old pem": KEY.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()),
    "encrypted pem": KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x")),
    "der": KEY.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()),
    "encrypted der": KEY.private_bytes(Encoding.DER, PrivateFormat.PKCS8, BestAvailableEncryption(b"x")),
    "der and a line end": KEY.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()) + b"\r\n",
    "rsa der": key_for("rsa one").private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption()),
    "pkcs12": pkcs12.serialize_key_and_certificates(b"x", KEY, None, None, BestAvailableEncryption(b"x")),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("form", PRIVATE)
@pytest.mark.parametrize("wrap", ["alone", "beside a certificate", "zip", "base64", "utf-16"])
def test_a_private_key_is_refused_and_nothing_of_its_file_is_used(tmp_path: Path, form: str, wrap: str) -> None:
    content = PRIVATE[form]
    if wrap == "beside a certificate":
        content = PEM + content if b"-----BEGIN" in content else content
    elif wrap == "zip":
        content = zipped(key=content)
    elif wrap == "base64" and b"-----BEGIN" not in content:
        content = base64.encodebytes(content)
    elif wrap == "utf-16" and b"-----BEGIN" in content:
        content = content.decode().encode("utf-16")
    intake = taken(tmp_path, **{"a.bin": content})
    assert (intake.answers, codes(intake)) == ((), ["UCM-FILE-003"])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "UCM-FILE-001"),
        (b" \r\n\t", "UCM-FILE-001"),
        (b"x" * (MOST_BYTES + 1), "UCM-FILE-002"),
        (zipped(big=b"0" * 20_000_000), "UCM-FILE-002"),
        (b"<!DOCTYPE html><html><body>403 Forbidden</body></html>", "UCM-FILE-004"),
        (b"\xef\xbb\xbf\r\n <HTML lang='en'>Please log in", "UCM-FILE-004"),
        (b"the certificate will follow", "UCM-FILE-005"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "UCM-FILE-005"),
        (ASKED.request.pem.encode(), "UCM-FILE-006"),
        (ASKED.request.der, "UCM-FILE-006"),
        (PEM[:-60], "UCM-FILE-007"),
        (LEAF.der[:-9], "UCM-FILE-007"),
        (PEM.replace(b"M", b"*", 40), "UCM-FILE-007"),
        (b"PK\x03\x04 and nothing more", "UCM-FILE-009"),
        (zipped(a=PEM)[:-30], "UCM-FILE-009"),
    ],
)
def test_what_is_no_certificate_is_one_finding(tmp_path: Path, content: bytes, code: str) -> None:
    intake = taken(tmp_path, **{"a.bin": content})
    assert (intake.answers, codes(intake)) == ((), [code])
    assert all((one.what, one.why, one.next) for one in intake.findings)


def test_one_bad_file_does_not_cost_the_good_ones(tmp_path: Path) -> None:
    intake = taken(tmp_path, **{"a": b"", "b": PRIVATE["pem"], "c.pem": PEM, "d": b"<html>"})
    assert [one.leaf for one in intake.answers] == [LEAF]
    assert codes(intake) == ["UCM-FILE-001", "UCM-FILE-003", "UCM-FILE-004"]


def test_a_place_may_be_one_file_and_must_exist(tmp_path: Path) -> None:
    (tmp_path / "one.cer").write_bytes(LEAF.der)
    assert take_in(read_returned(tmp_path / "one.cer"), (opened(ASKED),)).answers[0].leaf == LEAF
    with pytest.raises(UsageError, match="UCM-FILE-000"):
        list(read_returned(tmp_path / "nowhere"))


def test_hidden_files_pipes_and_unreadable_files_do_not_stop_it(tmp_path: Path) -> None:
    import os

    os.mkfifo(tmp_path / "pipe")
    (tmp_path / ".DS_Store").write_bytes(b"x")
    (tmp_path / "gone").symlink_to(tmp_path / "nowhere")
    found = [one.code if isinstance(one, Finding) else one.name for one in read_returned(tmp_path)]
    assert found == ["UCM-FILE-008", "UCM-FILE-008"]


@given(st.binary(max_size=400))
def test_no_bytes_are_an_exception(content: bytes) -> None:
    found = recognise(ReturnedFile(name="a", content=content))
    assert found.certificates or found.findings


@given(st.integers(0, len(PEM) - 1), st.binary(max_size=3))
def test_no_damaged_certificate_is_an_exception(at: int, noise: bytes) -> None:
    for whole in (PEM, LEAF.der, bundle(LEAF)):
        recognise(ReturnedFile(name="a", content=whole[:at] + noise + whole[at + 1 :]))


@pytest.mark.parametrize("version", [1, 3, 9])
def test_a_version_that_does_not_exist_is_a_finding(version: int) -> None:
    tag = b"\xa0\x03\x02\x01"
    at = LEAF.der.index(tag) + len(tag)
    found = recognise(ReturnedFile(name="a", content=LEAF.der[:at] + bytes([version]) + LEAF.der[at + 1 :]))
    assert [one.code for one in found.findings] == ["UCM-FILE-007"]
