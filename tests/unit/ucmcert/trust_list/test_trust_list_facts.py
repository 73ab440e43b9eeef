"""Promise: the facts of a list say verified only of a whole, signed list of the right kind, and never raise."""

import hashlib

import msgspec
import pytest
from list_writer import CALL_MANAGER, CAPF, MADE_AT, RECOVERY, TVS, Style, itl, record, signed, usual_records

from ucmcert.model.trust_list import ListRole
from ucmcert.trust_list import facts_of, missing


def test_a_good_list_becomes_facts() -> None:
    data = itl()
    found = facts_of("cucm-pub.lab.example", "itl", data, "HTTP 6970")
    assert (True, True, "", "cucm-pub.lab.example", "itl", "HTTP 6970") == (
        found.present, found.verified, found.problem, found.node, found.kind, found.told_by,
    )  # fmt: skip
    assert (hashlib.md5(data).hexdigest(), hashlib.sha1(data).hexdigest(), len(data), MADE_AT) == (
        found.md5, found.sha1, found.length, found.made_at,
    )  # fmt: skip
    assert (RECOVERY.name, RECOVERY.serial.hex().upper()) == (found.signer_subject, found.signer_serial)


def test_who_is_held_for_what_can_be_asked() -> None:
    found = facts_of("n", "itl", itl(), "t")
    assert RECOVERY.certificate.sha256 == found.signer_sha256
    assert found.holds(TVS.certificate.sha256, ListRole.TVS)
    assert not found.holds(TVS.certificate.sha256, ListRole.TFTP, ListRole.SAST)
    assert found.holds(CALL_MANAGER.certificate.sha256, ListRole.TFTP)
    tftp = found.records[2]
    assert (hashlib.sha1(CALL_MANAGER.certificate.der).hexdigest(), "cucm-pub") == (tftp.sha1, tftp.host)


@pytest.mark.parametrize("name", ["sha1", "sha256", "sha512"])
def test_a_record_with_a_hash_tells_the_fingerprint_it_has(name: str) -> None:
    digest = hashlib.new(name, TVS.certificate.der).digest()
    body = record(RECOVERY, ListRole.SAST) + record(TVS, ListRole.TVS, t7=None, t8=None, t9=None, t11=digest)
    found = facts_of("n", "itl", signed(RECOVERY, body), "t")
    assert (True, digest.hex() if name == "sha1" else "", digest.hex() if name == "sha256" else "") == (
        found.verified, found.records[1].sha1, found.records[1].sha256,
    )  # fmt: skip


def test_a_missing_list_is_a_state_and_no_trouble() -> None:
    found = missing("n", "ctl", "t")
    assert (False, False, "", ()) == (found.present, found.verified, found.problem, found.records)


@pytest.mark.parametrize("data", [b"", b"<html>", itl()[:-1]])
def test_what_cannot_be_read_is_present_with_a_problem(data: bytes) -> None:
    found = facts_of("n", "itl", data, "t")
    assert (True, False, len(data), hashlib.sha1(data).hexdigest()) == (
        found.present, found.verified, found.length, found.sha1,
    )  # fmt: skip
    assert "byte " in found.problem


def test_a_list_that_does_not_verify_says_why_and_still_shows_its_records() -> None:
    data = bytearray(itl())
    data[-1] ^= 1
    found = facts_of("n", "itl", bytes(data), "t")
    assert (False, 5) == (found.verified, len(found.records))
    assert "signature" in found.problem


def test_a_ctl_is_no_itl() -> None:
    data = signed(RECOVERY, usual_records(), Style(filename="CTLFile.tlv"))
    assert (False, "the file says that it is CTLFile.tlv") == (
        facts_of("n", "itl", data, "t").verified, facts_of("n", "itl", data, "t").problem,
    )  # fmt: skip
    assert facts_of("n", "ctl", data, "t").verified


def test_a_record_that_contradicts_itself_spoils_the_list() -> None:
    thief = msgspec.structs.replace(CALL_MANAGER, key=CAPF.key)
    data = signed(RECOVERY, record(RECOVERY, ListRole.SAST) + record(thief, ListRole.TFTP))
    found = facts_of("n", "itl", data, "t")
    assert (False, True) == (found.verified, "record 2" in found.problem)


def test_a_hash_beside_another_certificate_spoils_the_list() -> None:
    body = record(RECOVERY, ListRole.SAST) + record(TVS, ListRole.TVS, t11=b"\x11" * 32)
    assert "its hash is not that of its certificate" in facts_of("n", "itl", signed(RECOVERY, body), "t").problem
