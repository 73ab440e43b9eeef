"""Promise: whatever somebody hands over, lint answers with a finding that has a code: no crash, no hang, no key.

Every file is a real one, or a real one that was bent.
"""

import io
import zipfile
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs12
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

from factory.certificates import request
from factory.keys import key_for
from ucmcert.authority.archive import MOST_UNPACKED, members
from ucmcert.authority.recognise import recognise
from ucmcert.authority.returned_file import ReturnedFile
from ucmcert.cli.linting.judging import judge_files
from ucmcert.cli.linting.reading import Asked, Found, Read
from ucmcert.model.finding import Finding
from ucmcert.report.lint_shape import LintJudgement
from unit.ucmcert.cli.cli_bench import ucmcert
from unit.ucmcert.cli.linting.lint_files import CA, NODES, TODAY, answer, zipped

ASKED = NODES[0]
LEAF = answer(ASKED)
CHAIN = "".join(one.pem for one in CA.chain)
KEY = key_for("a key that nobody should have", "ec")
KEY_USAGE_OID, EXTENDED_OID = b"\x06\x03\x55\x1d\x0f", b"\x06\x03\x55\x1d\x25"


def csr_of(key: ed25519.Ed25519PrivateKey | dsa.DSAPrivateKey) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "odd.lab.example")])
    hash_name = None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    return x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, hash_name).public_bytes(Encoding.DER)


def negative_serial(der: bytes) -> bytes:
    """The first serial of a certificate, made negative: version, then INTEGER, length, value."""
    at = der.index(b"\xa0\x03\x02\x01\x02\x02") + 7
    return der[:at] + bytes((der[at] | 0x80,)) + der[at + 1 :]


BAD = {
    "empty": (b"", "UCM-FILE-001"),
    "blank": (b"\r\n \r\n", "UCM-FILE-001"),
    "web page": (b"<html><body>404</body></html>", "UCM-FILE-004"),
    "text": (b"please find attached", "UCM-FILE-005"),
    "cut off": (LEAF.pem.encode()[:300], "UCM-FILE-007"),
    "cut off DER": (LEAF.der[:-20], "UCM-FILE-007"),
    "other label at its end": (LEAF.pem.replace("END CERTIFICATE", "END PKCS7").encode(), "UCM-FILE-007"),
    "base64 of an odd length": (b"M" * 101, "UCM-FILE-007"),
    "private key": (KEY.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()), "UCM-FILE-003"),
    "PKCS#12": (pkcs12.serialize_key_and_certificates(b"x", KEY, None, None, NoEncryption()), "UCM-FILE-003"),
    "key behind a certificate": (
        LEAF.pem.encode() + KEY.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()),
        "UCM-FILE-003",
    ),
    "twice the same extension": (LEAF.der.replace(EXTENDED_OID, KEY_USAGE_OID), "UCM-FILE-007"),
    "a name that is no ASCII": (LEAF.der.replace(b"lint0.lab", b"l\xc3\xafnt.lab"), "UCM-CHAIN-001"),
    "negative serial": (negative_serial(LEAF.der), "UCM-CHAIN-001"),
    "CSR that is not signed by its key": (ASKED.der[:-1] + bytes((ASKED.der[-1] ^ 1,)), "UCM-FILE-014"),
    "Ed25519 CSR": (csr_of(ed25519.Ed25519PrivateKey.from_private_bytes(bytes(32))), "UCM-PAIR-001"),
    "DSA CSR": (csr_of(dsa.generate_private_key(1024)), "UCM-PAIR-001"),
    "zip that is none": (b"PK\x03\x04" + bytes(40), "UCM-FILE-009"),
    "zip in a zip": (zipped({"a.zip": zipped({"b.cer": LEAF.der})}), "UCM-FILE-009"),
    "zip of a packer nobody reads": (zipped({"a": b"x" * 99}, zipfile.ZIP_LZMA), "UCM-FILE-009"),
    "huge": (b"x" * 1_000_001, "UCM-FILE-002"),
    "an ITL": (b"\x01\0\x02\x01\x01\x02\0\x02\x01\xa6", "UCM-FILE-005"),
}


@pytest.mark.parametrize("kind", BAD)
def test_every_bad_file_is_refused_with_its_code(tmp_path: Path, kind: str) -> None:
    content, code = BAD[kind]
    (tmp_path / "given").write_bytes(content)
    ended = ucmcert("lint", tmp_path / "given", "--json")
    assert 3 == ended.code
    assert code in [one["code"] for one in ended.last["findings"]]
    assert "" == ended.err


@pytest.mark.parametrize("name", ["xn--caf-dma.lab.example", "nul\0inside.lab.example", "x" * 60 + ".lab.example"])
def test_odd_names_are_judged_like_others(tmp_path: Path, name: str) -> None:
    asked = request(name[:60], (f"dns:{name}",), key="ec", key_label="odd names")
    (tmp_path / "all").write_bytes((asked.request.pem + answer(asked).pem + CHAIN).encode())
    ended = ucmcert("lint", tmp_path / "all", "--json")
    assert 1 == len(ended.last["pairs"])
    assert "UCM-LINT-000" not in [one["code"] for one in ended.last["findings"]]


def test_a_thousand_names_and_several_leaves_are_no_trouble(tmp_path: Path) -> None:
    names = tuple(f"dns:n{number}.lab.example" for number in range(1000))
    asked = request("many.lab.example", names, key="ec")
    (tmp_path / "all").write_bytes((asked.request.pem + answer(asked).pem + LEAF.pem + CHAIN).encode())
    ended = ucmcert("lint", tmp_path / "all", "--json")
    assert asked.request.subject == ended.last["pairs"][0]["subject"]


def test_a_private_key_stands_in_no_answer(tmp_path: Path) -> None:
    key = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    (tmp_path / "key.pem").write_text(key)
    (tmp_path / "keys.zip").write_bytes(zipped({"k": key.encode()}))
    ended = ucmcert("lint", tmp_path, "--json", "--sarif", tmp_path / "x.sarif")
    assert 2 == [one["code"] for one in ended.last["findings"]].count("UCM-FILE-003")
    for text in (ended.out, ended.err, (tmp_path / "x.sarif").read_text()):
        assert key.splitlines()[1] not in text


def test_a_zip_bomb_is_left_before_it_goes_off() -> None:
    bomb = zipped({f"{number}": bytes(900_000) for number in range(30)})
    came = list(members("bomb.zip", bomb))
    assert MOST_UNPACKED >= sum(len(one.content) for one in came if isinstance(one, ReturnedFile))
    assert ["UCM-FILE-002"] == [one.code for one in came if isinstance(one, Finding)]


def test_a_zip_with_a_password_is_told_for_each_member() -> None:
    locked = bytearray(zipped({f"{number}": b"x" for number in range(30)}))
    for at in range(len(locked)):  # the encryption bit of every local and central header
        if locked[at : at + 4] == b"PK\x03\x04":
            locked[at + 6] |= 1
        if locked[at : at + 4] == b"PK\x01\x02":
            locked[at + 8] |= 1
    assert ["UCM-FILE-009"] * 30 == [one.code for one in members("a.zip", bytes(locked)) if isinstance(one, Finding)]


@pytest.mark.parametrize(
    "evil", [b"-----BEGIN A-----" * 50_000, b"M" + b" " * 900_000 + b"!", b"-----BEGIN " + b"A" * 900_000]
)
def test_text_made_to_keep_us_busy_does_not(evil: bytes) -> None:
    assert recognise(ReturnedFile(name="evil", content=evil)).findings


def linted(*contents: bytes) -> LintJudgement:
    asked: list[Asked] = []
    found: list[Found] = []
    findings: list[Finding] = []
    for content in contents:
        held = recognise(ReturnedFile(name="x", content=content))
        asked += [Asked(request=one, file="x") for one in held.requests]
        found += [Found(certificate=one, file="x") for one in held.certificates]
        findings += [*held.not_requests, *held.findings]
    read = Read(asked=tuple(asked), found=tuple(found), findings=tuple(findings))
    return judge_files(read, None, now=TODAY)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300))
def test_lint_never_raises_on_arbitrary_bytes_and_always_says_something(content: bytes) -> None:
    assert linted(content).findings
    assert linted(ASKED.der, content, LEAF.der).findings
    assert all(isinstance(one, Finding | ReturnedFile) for one in members("x.zip", b"PK\x03\x04" + content))


@settings(max_examples=300, deadline=None)
@given(st.sampled_from((LEAF.der, ASKED.der, CA.root.certificate.der)), st.integers(0, 600), st.binary(max_size=3))
def test_lint_never_raises_on_a_damaged_file(whole: bytes, at: int, instead: bytes) -> None:
    bent = whole[:at] + instead + whole[at + len(instead) :]
    judged = linted(bent, ASKED.request.pem.encode(), CHAIN.encode())
    assert "UCM-LINT-000" not in [one.code for one in judged.findings]


def test_a_zip_cut_anywhere_is_a_finding() -> None:
    whole = zipped({"a.cer": LEAF.der, "b.cer": LEAF.pem.encode()})
    assert zipfile.is_zipfile(io.BytesIO(whole))
    for size in range(4, len(whole), 7):
        assert ["UCM-FILE-009"] == [one.code for one in members("a.zip", whole[:size]) if isinstance(one, Finding)]
