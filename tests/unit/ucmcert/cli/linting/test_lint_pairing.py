"""Promise: whatever lies in a folder or a zip is paired by content, and what is missing is said by name."""

import os
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

from factory.certificates import CLIENT_AUTH, IPSEC_END_SYSTEM, SERVER_AUTH, Signer, request, sign, two_tier
from ucmcert.cli.linting.pairing import pair_up
from ucmcert.cli.linting.purpose import possible_purposes
from ucmcert.cli.linting.reading import Asked, Found, Read
from unit.ucmcert.cli.cli_bench import Ended, ucmcert
from unit.ucmcert.cli.linting.lint_files import CA, NODES, OTHER_CA, answer, written, zipped

SIGN = ("digital_signature", "data_encipherment")
SIGN_KEY = ("digital_signature", "key_encipherment", "data_encipherment")
BOTH = (SERVER_AUTH, CLIENT_AUTH)


def codes(ended: Ended) -> list[str]:
    return [one["code"] for one in ended.last["findings"]]


def bundle(*ders: bytes) -> bytes:
    return pkcs7.serialize_certificates([x509.load_der_x509_certificate(one) for one in ders], Encoding.DER)


def mixed(folder: Path) -> Path:
    """Twenty files: six CSRs, five answers in four forms, one of a foreign CA, two chains, and what people leave."""
    written(folder, **{f"r{at}": one.request.pem.encode() for at, one in enumerate(NODES)})
    leaves = [answer(one) for one in NODES[:4]]
    written(
        folder,
        z__p7b=bundle(leaves[0].der, *(one.der for one in CA.chain)),
        y__cer=leaves[1].der,
        x__zip=zipped({"deep/answer.crt": leaves[2].pem.encode()}),
        w__txt=b"\xef\xbb\xbf" + leaves[3].pem.encode().replace(b"\n", b"\r\n"),
        v__cer=answer(NODES[4], OTHER_CA).der,
        root__cer=CA.root.certificate.der,
        issuing__pem=CA.intermediate.certificate.pem.encode(),
        stranger__pem=two_tier("Third", key="ec").root.certificate.pem.encode(),
        readme__txt=b"certificates for tonight",
        page__cer=b"<!DOCTYPE html><html><body>Log in</body></html>",
        empty__cer=b"",
        utf16__csr=NODES[0].request.pem.encode("utf-16"),
        cut__pem=leaves[0].pem.encode()[:400],
    )
    (folder / "more").mkdir()
    written(folder / "more", a__pem=leaves[1].pem.encode())
    return folder


def test_a_folder_of_twenty_mixed_files_is_paired_by_content_and_told_what_is_missing(tmp_path: Path) -> None:
    ended = ucmcert("lint", mixed(tmp_path), "--json")
    pairs = {Path(one["csr"]).name: one for one in ended.last["pairs"]}
    assert {
        "r0": ("z.p7b", True), "r1": ("y.cer", True), "r2": ("answer.crt", True), "r3": ("w.txt", True),
        "r4": ("v.cer", False),
    } == {csr: (Path(one["certificate"]).name, one["accepted"]) for csr, one in pairs.items()}  # fmt: skip
    assert [2] * 4 == [len(pairs[name]["chain"]) for name in ("r0", "r1", "r2", "r3")]
    missing = {(one["what"], Path(one["file"]).name) for one in ended.last["missing"]}
    assert {("certificate", "r5"), ("issuer", "v.cer")} == missing
    assert 3 == ended.code
    assert {"UCM-PAIR-001", "UCM-CHAIN-001", "UCM-PAIR-003", "UCM-FILE-001", "UCM-FILE-004", "UCM-FILE-007"} <= {
        *codes(ended)
    }


def test_a_zip_with_everything_is_as_good_as_a_folder(tmp_path: Path) -> None:
    everything = {"a": NODES[0].der, "b": answer(NODES[0]).der, "c": "".join(one.pem for one in CA.chain).encode()}
    written(tmp_path, all__zip=zipped({**everything, "__MACOSX/._b": b"left by a Mac"}))
    ended = ucmcert("lint", tmp_path / "all.zip", "--json")
    assert (0, True) == (ended.code, ended.last["pairs"][0]["accepted"])


def test_a_text_beside_good_files_does_not_refuse_them(tmp_path: Path) -> None:
    written(
        tmp_path, a=NODES[0].der, b=bundle(answer(NODES[0]).der, *(one.der for one in CA.chain)), note__txt=b"hello"
    )
    ended = ucmcert("lint", tmp_path, "--json")
    assert 0 == ended.code
    assert "UCM-FILE-005" in codes(ended)


def test_files_in_another_order_are_sorted_too(tmp_path: Path) -> None:
    chain = "".join(one.pem for one in reversed(CA.chain)).encode()
    written(tmp_path, a=chain, b=answer(NODES[0]).der, c=NODES[0].der)
    assert 0 == ucmcert("lint", tmp_path / "a", tmp_path / "b", tmp_path / "c").code


def test_an_answer_to_an_older_csr_is_found_by_its_names_and_refused_for_its_key(tmp_path: Path) -> None:
    older = request(NODES[0].request.common_name, key="ec", key_label="older")
    written(tmp_path, a=NODES[0].der, b=NODES[1].der, c=answer(older).der, d=answer(NODES[1]).der)
    written(tmp_path, e="".join(one.pem for one in CA.chain).encode())
    ended = ucmcert("lint", tmp_path, "--json")
    refused = next(one for one in ended.last["pairs"] if one["csr"].endswith("a"))
    assert (3, ["UCM-KEY-001"]) == (
        ended.code,
        [one["code"] for one in refused["findings"] if one["severity"] == "error"],
    )


def test_of_two_answers_the_newest_counts_and_a_leaf_for_nobody_is_a_warning(tmp_path: Path) -> None:
    chain = "".join(one.pem for one in CA.chain).encode()
    again = answer(NODES[0], not_before=1_700_000_000)
    written(tmp_path, a=NODES[0].der, b=answer(NODES[0]).der, c=again.der, d=answer(NODES[1]).der, e=chain)
    ended = ucmcert("lint", tmp_path, "--json")
    assert 0 == ended.code
    assert tmp_path / "b" == Path(ended.last["pairs"][0]["certificate"])
    assert {"UCM-FILE-011", "UCM-PAIR-002"} <= {*codes(ended)}


def test_a_certificate_alone_is_judged_as_far_as_that_goes_and_says_how_far(tmp_path: Path) -> None:
    chain = "".join(one.pem for one in CA.chain)
    written(tmp_path, a=(answer(NODES[0]).pem + chain).encode())
    good = ucmcert("lint", tmp_path / "a", "--json")
    assert (0, "", ["UCM-PAIR-004"]) == (
        good.code, good.last["pairs"][0]["csr"], [one for one in codes(good) if one.startswith("UCM-PAIR")],
    )  # fmt: skip
    poor = answer(NODES[0], eku=(SERVER_AUTH,), key_usage=("digital_signature",), not_before=1, not_after=2)
    written(tmp_path, a=(poor.pem + chain).encode())
    assert {"UCM-KU-001", "UCM-KU-005", "UCM-TIME-001"} <= {*codes(ucmcert("lint", tmp_path / "a", "--json"))}


def test_issuers_alone_and_an_empty_folder_hold_nothing_to_judge(tmp_path: Path) -> None:
    assert ["UCM-PAIR-007"] == codes(ucmcert("lint", tmp_path, "--json"))
    written(tmp_path, a=CA.root.certificate.der)
    assert (3, ["UCM-FILE-015"]) == ((ended := ucmcert("lint", tmp_path, "--json")).code, codes(ended))


def test_a_csr_alone_lacks_its_answer(tmp_path: Path) -> None:
    ended = ucmcert("lint", written(tmp_path, a=NODES[0].der), "--json")
    assert (3, ["UCM-PAIR-001"]) == (ended.code, codes(ended))


def test_a_capf_answer_is_recognised_although_it_is_a_ca(tmp_path: Path) -> None:
    asked = request("CAPF-0a1b", key="ec", key_usage=("digital_signature", "key_cert_sign"))
    chain = "".join(one.pem for one in CA.chain).encode()
    leaf = answer(asked, ca=True)
    for names in (("a", "b", "c"), ("b", "c")):
        folder = tmp_path / "".join(names)
        folder.mkdir()
        files = {"a": asked.der, "b": leaf.der, "c": chain}
        written(folder, **{name: files[name] for name in names})
        words = () if "a" in names else ("--purpose", "CAPF")
        ended = ucmcert("lint", folder, *words, "--json")
        assert (0, "CAPF", leaf.sha256) == (ended.code, ended.last["subject"], ended.last["pairs"][0]["sha256"])


def test_a_capf_that_has_issued_phone_certificates_still_answers_its_csr() -> None:
    asked = request("CAPF-0a1b", key="ec", key_usage=("digital_signature", "key_cert_sign"))
    capf = answer(asked, ca=True)
    phone = sign(request("SEP001122334455", key="ec"), Signer(certificate=capf, key=asked.key))
    read = Read(
        asked=(Asked(request=asked.request, file="csr"),),
        found=tuple(Found(certificate=one, file="x") for one in (phone, capf, *CA.chain)),
    )
    assert [capf] == [one.leaf.certificate for one in pair_up(read).pairs]


def test_nodes_that_share_a_key_are_told_apart_by_their_names() -> None:
    asked = tuple(request(f"twin{at}.lab.example", key="ec", key_label="one key for both") for at in range(2))
    leaves = tuple(answer(one) for one in asked)
    read = Read(
        asked=tuple(Asked(request=one.request, file="csr") for one in asked),
        found=tuple(Found(certificate=one, file="x") for one in reversed(leaves)),
    )
    paired = pair_up(read)
    assert [(one.request.common_name, one.request.common_name) for one in asked] == [
        (one.asked.request.common_name if one.asked else "", one.leaf.certificate.common_name) for one in paired.pairs
    ]
    assert () == paired.unanswered


def test_an_ipsec_certificate_alone_is_judged_as_ipsec(tmp_path: Path) -> None:
    asked = request("x.lab.example", key="ec", key_usage=SIGN_KEY, eku=(*BOTH, IPSEC_END_SYSTEM))
    written(tmp_path, a=bundle(answer(asked).der, *(one.der for one in CA.chain)))
    assert (0, "ipsec") == ((ended := ucmcert("lint", tmp_path, "--json")).code, ended.last["subject"])


@pytest.mark.parametrize(
    ("usage", "extended", "first", "alone"),
    [
        (SIGN, BOTH, "tomcat", False),
        (("digital_signature", "key_cert_sign"), (SERVER_AUTH,), "CAPF", True),
        ((*SIGN_KEY,), (*BOTH, IPSEC_END_SYSTEM), "ipsec", False),
        (("digital_signature",), (), "", False),
    ],
)
def test_a_csr_tells_its_purpose_by_its_key_usages_only(
    usage: tuple[str, ...], extended: tuple[str, ...], first: str, alone: bool
) -> None:
    found = possible_purposes(request("x.lab.example", key_usage=usage, eku=extended).request)
    assert (first, alone) == (found[0] if found else "", len(found) == 1)


def test_a_thousand_files_are_read_and_what_comes_after_is_said(tmp_path: Path) -> None:
    written(tmp_path, **{f"f{number:04}": b"x" for number in range(1001)})
    ended = ucmcert("lint", tmp_path, "--json")
    assert (3, True, 1) == (ended.code, codes(ended).count("UCM-FILE-005") == 1000, codes(ended).count("UCM-FILE-002"))


def test_links_pipes_and_names_that_are_no_text_do_not_stop_it(tmp_path: Path) -> None:
    written(tmp_path, a=NODES[0].der, b=bundle(answer(NODES[0]).der, *(one.der for one in CA.chain)))
    (tmp_path / "loop").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe.cer")).write_bytes(b"what")
    ended = ucmcert("lint", tmp_path, "--json", "--sarif", tmp_path.parent / "x.sarif")
    assert (0, 2) == (ended.code, codes(ended).count("UCM-FILE-008"))
    (tmp_path / "self").symlink_to("self")
    assert 3 == ucmcert("lint", tmp_path).code
    assert 3 == ucmcert("lint", tmp_path / "pipe").code
