"""Promise: `ca` says what a CA does and is good for, from files alone, in a page and in a documented shape."""

import json
from pathlib import Path

import pytest
from cli_bench import CA, ucmcert

from factory.certificates import CLIENT_AUTH, SERVER_AUTH, Requested, request, sign
from ucmcert.cli.handed.ca_files import read_release
from ucmcert.errors import UsageError
from ucmcert.lint.authority_profile.profile import Bits, CaProfile, DomainRule
from ucmcert.model.certificate import Certificate
from ucmcert.report.authority_shape import CaPurposeShape, CaShape, RepairShape

DOCS = Path(__file__).parents[4] / "docs" / "json.md"
ALL = ("digital_signature", "key_encipherment", "data_encipherment")
IPSEC = "1.3.6.1.5.5.7.3.5"
SERVER = request("a.lab.example", key_usage=ALL, eku=(SERVER_AUTH, CLIENT_AUTH, IPSEC))
CAPF = request("CAPF-1", key_usage=("digital_signature", "key_cert_sign"))
GOOD = sign(SERVER, CA.intermediate)
BAD = sign(SERVER, CA.intermediate, key_usage=ALL[:2], sans=("dns:a.lab.example", "dns:www.a.lab.example"))


def pair(folder: Path, name: str, asked: Requested, leaf: Certificate) -> list[Path]:
    csr, cert = folder / f"{name}.csr", folder / f"{name}.pem"
    csr.write_text(asked.request.pem)
    cert.write_text(leaf.pem + "".join(one.pem for one in CA.chain))
    return [csr, cert]


def test_a_good_server_ca_is_not_refused_and_capf_is_left_open(tmp_path: Path) -> None:
    ended = ucmcert("ca", *pair(tmp_path, "a", SERVER, GOOD), "--json")
    assert (0, "done") == (ended.code, ended.last["outcome"])
    told = {one["purpose"]: one["answer"] for one in ended.last["purposes"]}
    assert ("unknown", ["UCM-CA-014"]) == (
        told["CAPF"],
        [one["code"] for one in ended.last["purposes"][2]["findings"] if one["code"] != "UCM-CA-020"],
    )


def test_a_second_answer_completes_the_first(tmp_path: Path) -> None:
    first = pair(tmp_path, "a", SERVER, GOOD)
    capf = pair(tmp_path, "capf", CAPF, sign(CAPF, CA.intermediate, ca=True))
    ended = ucmcert("ca", *first, "--answer", *capf, "--json")
    seed = ("tomcat", "ipsec", "CAPF", "CallManager", "TVS")
    told = {one["purpose"]: one["answer"] for one in ended.last["purposes"] if "cucm" in one["products"]}
    assert ["hurts"] * 5 == [told[one] for one in seed]  # the CA of these tests has an EC key


def test_a_ca_that_cannot_serve_the_seed_ends_with_three(tmp_path: Path) -> None:
    ended = ucmcert("ca", *pair(tmp_path, "a", SERVER, BAD), "--json")
    assert (3, "findings") == (ended.code, ended.last["outcome"])
    tomcat = ended.last["purposes"][0]
    assert ["CSR SAN and Certificate SAN does not match"] == tomcat["messages"]
    assert {"UCM-CAFIX-ANY-NAMES", "UCM-CAFIX-ANY-USAGE"} <= {one["code"] for one in tomcat["repairs"]}


@pytest.mark.parametrize(("lang", "word"), [("en", "What to change"), ("fr", "Ce qu'il faut changer")])
def test_the_page_says_it_in_both_languages(tmp_path: Path, lang: str, word: str) -> None:
    shown = ucmcert("ca", *pair(tmp_path, "a", SERVER, BAD), "--lang", lang).out
    assert word in shown
    assert "CSR SAN and Certificate SAN does not match" in shown
    assert "dns" in shown


def test_the_page_tells_every_reason_once(tmp_path: Path) -> None:
    shown = ucmcert("ca", *pair(tmp_path, "a", SERVER, sign(SERVER, CA.intermediate, eku=(CLIENT_AUTH,)))).out
    reasons = [row for row in shown.splitlines() if row.startswith("- ERROR UCM-CA-004")]
    assert 2 == len(reasons)
    assert ["serverAuth, ipsecEndSystem. ", "serverAuth. "] == sorted(
        (row.partition("CSR: ")[2].partition("Peers")[0] for row in reasons), key=len, reverse=True
    )


def test_a_description_and_an_answer_that_contradict_it(tmp_path: Path) -> None:
    role = {"use_csr_sans": True, "key_usage": ["DigitalSignature", "KeyEncipherment", "DataEncipherment"], "ttl": "x"}
    described = tmp_path / "role.json"
    described.write_text(json.dumps({"data": role}))
    ended = ucmcert("ca", *pair(tmp_path, "a", SERVER, BAD), "--description", described, "--json")
    codes = {(one["code"], one["values"].get("trait", "")) for one in ended.last["findings"]}
    assert {("UCM-CA-022", ""), ("UCM-CA-021", "usage"), ("UCM-CA-021", "adds_www")} == codes
    assert "vault" == ended.last["profile"]["kind"]


def test_wrong_use_is_told_without_a_traceback(tmp_path: Path) -> None:
    csr, cert = pair(tmp_path, "a", SERVER, GOOD)
    other, _ = pair(tmp_path, "b", CAPF, GOOD)
    for arguments, code in (
        ((other, cert), "UCM-CA-040"),
        ((csr, cert, "--release", "soon"), "UCM-CA-045"),
        (("--description", tmp_path), "UCM-FILE-000"),
        (("--description", csr), "UCM-CA-043"),
        ((csr,), "give a CSR"),
        ((), "give a CSR"),
        ((csr, cert, "--kind", "adcs"), "--kind"),
    ):
        ended = ucmcert("ca", *arguments)
        assert 2 == ended.code
        assert code in ended.err


def test_a_certificate_that_cannot_be_read_is_a_finding(tmp_path: Path) -> None:
    csr, _ = pair(tmp_path, "a", SERVER, GOOD)
    ended = ucmcert("ca", csr, csr, "--json")
    assert (3, "findings", None, []) == (
        ended.code, ended.last["outcome"], ended.last["profile"], ended.last["purposes"],
    )  # fmt: skip


def test_releases_are_read_as_people_write_them() -> None:
    assert (14, 0, 1, 10000, 0) == read_release("14")
    assert (12, 5, 1, 16900, 0) == read_release("12.5(1)SU6")
    assert (15, 0, 1, 14901, 0) == read_release("15su4a")
    assert (15, 0, 1, 14901, 2) == read_release("15.0.1.14901-2")
    for wrong in ("", "soon", "14SUx", "14.0.1", "1" * 500):
        with pytest.raises(UsageError):
            read_release(wrong)


def test_every_field_of_the_shape_is_documented() -> None:
    text = DOCS.read_text()
    for shape in (CaShape, CaPurposeShape, RepairShape, CaProfile, Bits, DomainRule):
        assert [] == [field for field in shape.__struct_fields__ if f"`{field}`" not in text]
