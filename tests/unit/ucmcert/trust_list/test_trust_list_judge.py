"""Promise: strangers, foreign signers, lists too big and missing lists are findings; a good list has none."""

import re
from pathlib import Path

import msgspec
import pytest
from list_writer import (
    CALL_MANAGER,
    CAPF,
    RECOVERY,
    TVS,
    Holder,
    Style,
    holder,
    itl,
    record,
    signed,
    tlv,
    usual_records,
)

import ucmcert.trust_list
from factory.clusters import four_nodes
from ucmcert.knowledge.words import catalogue
from ucmcert.model.cluster import Cluster, Holding, Identity, ServiceStatus
from ucmcert.model.finding import Finding, Severity
from ucmcert.model.node import Release
from ucmcert.model.trust_list import ListRole
from ucmcert.trust_list import decode, decode_signed
from ucmcert.trust_list.judge import absent, cluster_findings, list_findings, signed_findings, unreadable
from ucmcert.trust_list.owners import Owner, owners

NODE = "cucm-pub.lab.example"
STORED = {"CallManager": CALL_MANAGER, "ITLRecovery": RECOVERY, "TVS": TVS, "CAPF": CAPF}
R11, R14, R15 = Release(11, 5, 1, 10000, 6), Release(14, 0, 1, 11900, 1), Release(15, 0, 1, 13900, 1)
SGN = Style(version=b"\x01\0", filename="SEP001122334455.cnf.xml.sgn")


def cluster(stored: dict[str, Holder] = STORED, release: Release = R15, *, mixed: bool | None = False) -> Cluster:
    first, *others = four_nodes()
    identities = tuple(Identity(purpose=name, certificate=who.certificate) for name, who in stored.items())
    first = msgspec.structs.replace(
        first,
        node=msgspec.structs.replace(first.node, release=release),
        holding=Holding(identities=identities, requests=(), trust=()),
    )
    return Cluster(name="demo", observed_at=0, nodes=(first, *others), mixed_mode=mixed)


def codes(findings: tuple[Finding, ...]) -> list[str]:
    return [one.code for one in findings]


def token() -> Holder:
    return msgspec.structs.replace(holder("SAST-ADN008580ef"), name='cn="SAST-ADN008580ef";ou=IPCBU;o="Cisco Systems')


def ctl_by_token() -> bytes:
    body = record(token(), ListRole.SAST, host="", t8=None) + record(CALL_MANAGER, ListRole.CCM_TFTP)
    return signed(token(), body, Style(filename="CTLFile.tlv"))


def test_a_good_list_of_the_cluster_has_no_findings() -> None:
    found = decode(itl())
    assert () == list_findings(found, "itl", "x")
    assert () == cluster_findings(found, "itl", cluster(), NODE)


def test_a_record_belongs_to_the_identities_its_role_is_for() -> None:
    found = decode(itl())
    assert (Owner(node=NODE, purpose="CallManager"),) == owners(found.records[2], cluster())
    assert () == owners(found.records[2], cluster({"tomcat": CALL_MANAGER}))


def test_a_hash_of_an_identity_belongs_to_it_too() -> None:
    body = record(TVS, ListRole.TVS, t7=None, t8=None, t9=None, t11=bytes.fromhex(TVS.certificate.sha256))
    assert (Owner(node=NODE, purpose="TVS"),) == owners(decode(signed(RECOVERY, body)).records[0], cluster())


def test_an_identity_that_was_renewed_leaves_a_stranger_in_the_list() -> None:
    renewed = cluster({**STORED, "TVS": holder("tvs.new.lab.example", "ec")})
    (found,) = cluster_findings(decode(itl()), "itl", renewed, NODE)
    assert ("UCM-TLV-013", Severity.ERROR, "4", "TVS") == (
        found.code, found.severity, found.values["number"], found.values["role"],
    )  # fmt: skip


def test_emptied_records_are_no_strangers() -> None:
    body = usual_records() + record(
        CALL_MANAGER, ListRole.CCM_TFTP, **dict.fromkeys(("t3", "t5", "t6", "t7", "t8", "t9"))
    )
    assert () == cluster_findings(decode(signed(RECOVERY, body)), "itl", cluster(), NODE)


@pytest.mark.parametrize(
    ("signer", "release", "expected"),
    [
        (RECOVERY, R15, []),
        (CALL_MANAGER, R15, ["UCM-TLV-015"]),
        (RECOVERY, R11, ["UCM-TLV-015"]),
        (CALL_MANAGER, R11, []),
    ],
)
def test_the_signer_must_be_the_one_of_the_release(signer: Holder, release: Release, expected: list[str]) -> None:
    assert expected == codes(cluster_findings(decode(itl(signer)), "itl", cluster(release=release), NODE))


def test_a_hardware_token_may_sign_a_ctl_where_tokens_still_exist() -> None:
    found = decode(ctl_by_token())
    assert () == list_findings(found, "ctl", "x")
    assert ["UCM-TLV-014"] == codes(cluster_findings(found, "ctl", cluster(release=R14), NODE))
    assert ["UCM-TLV-014", "UCM-TLV-015"] == codes(cluster_findings(found, "ctl", cluster(release=R15), NODE))
    assert ["UCM-TLV-014", "UCM-TLV-015"] == codes(cluster_findings(found, "itl", cluster(release=R14), NODE))


def test_a_list_under_the_wrong_name_is_told() -> None:
    assert ["UCM-TLV-009"] == codes(list_findings(decode(itl()), "ctl", "x"))


def test_forty_certificates_or_64_kilobytes_are_more_than_phones_load() -> None:
    for body, told in ((record(TVS, 21) * 37, []), (record(TVS, 21) * 39, ["UCM-TLV-008"])):
        found = decode(signed(RECOVERY, record(RECOVERY, 0) + body))
        assert told == codes(list_findings(found, "itl", "x"))
    long = record(TVS, 21, t99=b"x" * 64_000) + record(TVS, 21)
    assert ["UCM-TLV-008", "UCM-TLV-012"] == codes(
        list_findings(decode(signed(RECOVERY, record(RECOVERY, 0) + long)), "itl", "x")
    )


def test_a_third_signer_record_and_unknown_tags_are_noticed_quietly() -> None:
    body = usual_records() + record(CAPF, ListRole.SAST)
    found = list_findings(decode(signed(RECOVERY, body, Style(more=tlv(99, b"?")))), "itl", "x")
    assert ["UCM-TLV-017", "UCM-TLV-012"] == codes(found)
    assert {Severity.NOTICE} == {one.severity for one in found}


def test_a_contradiction_is_told_once_whoever_it_is() -> None:
    thief = msgspec.structs.replace(RECOVERY, key=CAPF.key)
    other = msgspec.structs.replace(CALL_MANAGER, key=CAPF.key)
    body = record(thief, ListRole.SAST) + record(other, ListRole.TFTP)
    found = list_findings(decode(signed(thief, body)), "itl", "x")
    assert [("UCM-TLV-006", "1"), ("UCM-TLV-006", "2")] == [(one.code, one.values["number"]) for one in found]


def test_a_signed_file_is_judged_by_a_list_that_is_itself_good() -> None:
    file = decode_signed(signed(CALL_MANAGER, b"<device/>", SGN))
    assert () == signed_findings(file, decode(itl()), "x")
    assert ["UCM-TLV-010"] == codes(signed_findings(file, None, "x"))
    spoiled = bytearray(itl())
    spoiled[-1] ^= 1
    assert ["UCM-TLV-011"] == codes(signed_findings(file, decode(bytes(spoiled)), "x"))


@pytest.mark.parametrize(
    ("kind", "tftp", "mixed", "expected"),
    [
        ("itl", "started", False, "UCM-TLV-018"),
        ("itl", "stopped", False, "UCM-TLV-016"),
        ("ctl", "started", False, "UCM-TLV-016"),
        ("ctl", "started", True, "UCM-TLV-018"),
        ("ctl", "started", None, "UCM-TLV-018"),
    ],
)
def test_a_missing_list_is_an_error_only_where_phones_ask_for_it(kind, tftp, mixed, expected) -> None:
    whole = cluster(mixed=mixed)
    first = msgspec.structs.replace(whole.nodes[0], services=(ServiceStatus(name="Cisco Tftp", state=tftp),))
    whole = msgspec.structs.replace(whole, nodes=(first, *whole.nodes[1:]))
    assert expected == absent(kind, whole, NODE).code


def test_every_code_has_words_and_every_word_is_used() -> None:
    assert unreadable("x", "byte 0").next
    sources = Path(ucmcert.trust_list.__file__).parent.glob("*.py")
    used = {code for path in sources for code in re.findall(r"UCM-TLV-\d{3}", path.read_text())}
    assert used == {code for code in catalogue("en") if code.startswith("UCM-TLV-")}
