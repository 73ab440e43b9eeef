"""Promise: a list is verified by its signer's own record and no other, and no changed byte goes unnoticed."""

import hashlib

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from list_writer import (
    CALL_MANAGER,
    CAPF,
    RECOVERY,
    TVS,
    Holder,
    Named,
    Style,
    holder,
    itl,
    public_bytes,
    record,
    signed,
    usual_records,
)

from ucmcert.model.trust_list import ListRole
from ucmcert.trust_list import Verdict, decode, decode_signed, verify, verify_signed
from ucmcert.trust_list.keys import DIGESTS, signed_with

SGN = Style(version=b"\x01\0", filename="SEP001122334455.cnf.xml.sgn")


def judged(data: bytes) -> Verdict:
    return verify(decode(data))


def test_the_signers_keys_differ_or_nothing_here_means_anything() -> None:
    assert 3 == len({public_bytes(one.key) for one in (RECOVERY, CALL_MANAGER, CAPF)})


@pytest.mark.parametrize("digest", [1, 2, 3])
def test_a_good_signature_verifies_with_every_digest(digest: int) -> None:
    verdict = judged(itl(style=Style(digest=digest)))
    assert (True, "", 1) == (verdict.verified, verdict.reason, verdict.signer.number if verdict.signer else 0)


def test_either_signer_record_may_have_signed() -> None:
    verdict = judged(itl(CALL_MANAGER))
    assert (True, 2) == (verdict.verified, verdict.signer.number if verdict.signer else 0)


@pytest.mark.parametrize("curve", [ec.SECP256R1(), ec.SECP384R1(), ec.SECP521R1()], ids=lambda one: one.name)
@pytest.mark.parametrize("digest", [1, 2, 3])
def test_an_ec_key_verifies_too(curve: ec.EllipticCurve, digest: int) -> None:
    who = holder("cucm-pub-EC.lab.example", "ec", curve)
    body = record(who, ListRole.SAST, t9=None)
    assert judged(signed(who, body, Style(digest=digest))).verified


def test_an_ec_certificate_stands_by_its_point() -> None:
    who = holder("cucm-pub-EC.lab.example", "ec")
    assert judged(signed(who, record(who, ListRole.SAST))).verified


def test_the_key_of_the_certificate_serves_when_the_record_has_no_other() -> None:
    assert judged(signed(RECOVERY, record(RECOVERY, ListRole.SAST, t7=None))).verified


def test_old_short_keys_verify() -> None:
    key = rsa.generate_private_key(65537, 1024)
    who = Holder(certificate=RECOVERY.certificate, key=key, name="CN=old", serial=b"\x83\x01")
    assert judged(signed(who, record(who, ListRole.SAST, t9=None))).verified


@pytest.mark.parametrize("flip", [0x01, 0x80, 0xFF])
def test_no_flipped_byte_goes_unnoticed(flip: int) -> None:
    data = bytearray(itl())
    unnoticed = []
    for at in range(len(data)):
        data[at] ^= flip
        try:
            if verify(decode(bytes(data))).verified:
                unnoticed.append(at)
        except ValueError:
            pass
        data[at] ^= flip
    assert [] == unnoticed
    assert judged(bytes(data)).verified


def test_no_flipped_byte_of_a_signed_file_goes_unnoticed() -> None:
    by = decode(itl())
    data = bytearray(signed(CALL_MANAGER, b"<device>1</device>", SGN))
    unnoticed = []
    for at in range(len(data)):
        data[at] ^= 0x04
        try:
            if verify_signed(decode_signed(bytes(data)), by).verified:
                unnoticed.append(at)
        except ValueError:
            pass
        data[at] ^= 0x04
    assert [] == unnoticed
    assert verify_signed(decode_signed(bytes(data)), by).verified


def test_bytes_taken_out_or_put_in_are_noticed() -> None:
    data = itl()
    whole = decode(data)
    last = whole.records[-1].offset
    assert "UCM-TLV-002" == judged(data[:last]).code
    assert "UCM-TLV-002" == judged(data + data[last:]).code


def test_a_record_of_another_role_never_verifies_a_list() -> None:
    body = record(RECOVERY, ListRole.TFTP) + record(CALL_MANAGER, ListRole.SAST)
    assert "UCM-TLV-003" == judged(signed(RECOVERY, body)).code


def test_a_signer_named_with_anothers_serial_or_issuer_is_not_found() -> None:
    for named in (
        Named(name=RECOVERY.name, serial=b"\x01", issuer=RECOVERY.name),
        Named(name=RECOVERY.name, serial=RECOVERY.serial, issuer="CN=somebody else"),
    ):
        assert "UCM-TLV-003" == judged(signed(RECOVERY, usual_records(), Style(named=named))).code


def test_a_signer_that_signed_in_anothers_name_is_noticed() -> None:
    named = Named(name=CALL_MANAGER.name, serial=CALL_MANAGER.serial, issuer=CALL_MANAGER.name)
    verdict = judged(signed(RECOVERY, usual_records(), Style(named=named)))
    assert (False, "UCM-TLV-002") == (verdict.verified, verdict.code)
    assert CALL_MANAGER.name in verdict.reason


def test_two_signers_of_one_name_are_one_too_many() -> None:
    other = public_bytes(CAPF.key)
    body = record(RECOVERY, ListRole.SAST) + record(RECOVERY, ListRole.SAST, t7=other)
    assert "UCM-TLV-004" == judged(signed(RECOVERY, body)).code


def test_the_same_signer_record_twice_is_no_question() -> None:
    assert judged(signed(RECOVERY, record(RECOVERY, ListRole.SAST) * 2)).verified


def test_a_foreign_key_beside_the_clusters_certificate_is_a_contradiction() -> None:
    thief = msgspec.structs.replace(RECOVERY, key=CAPF.key)
    verdict = judged(signed(thief, record(thief, ListRole.SAST)))
    assert (False, "UCM-TLV-006") == (verdict.verified, verdict.code)
    assert "its key is not the key of its certificate" in verdict.reason


def test_a_serial_that_is_not_the_certificates_is_a_contradiction() -> None:
    thief = msgspec.structs.replace(RECOVERY, serial=b"\x01\x02")
    assert "UCM-TLV-006" == judged(signed(thief, record(thief, ListRole.SAST))).code


@pytest.mark.parametrize(
    "certificate", [b"\x30", b"nonsense", RECOVERY.certificate.der[:-1], RECOVERY.certificate.der + b"x"]
)
def test_a_certificate_that_is_none_verifies_nothing(certificate: bytes) -> None:
    assert "UCM-TLV-006" == judged(signed(RECOVERY, record(RECOVERY, ListRole.SAST, t9=certificate))).code


def test_a_certificate_whose_serial_has_its_sign_bit_set_is_taken_as_it_is() -> None:
    plain = next(one for one in (RECOVERY, CALL_MANAGER, CAPF) if one.serial[0] < 0x80)
    odd = bytes((plain.serial[0] | 0x80,)) + plain.serial[1:]
    spelled = plain.certificate.der.replace(plain.serial, odd, 1)
    assert spelled != plain.certificate.der
    who = msgspec.structs.replace(plain, serial=odd)
    assert judged(signed(who, record(who, ListRole.SAST, t9=spelled))).verified


@pytest.mark.parametrize("key", [b"\x04" + b"\x01" * 64, b"\x04" * 7, b"\x30\x03\x02\x01\x01", b"no key"])
def test_a_record_whose_key_is_none_verifies_nothing(key: bytes) -> None:
    verdict = judged(signed(RECOVERY, record(RECOVERY, ListRole.SAST, t7=key, t9=None)))
    assert (False, "UCM-TLV-005") == (verdict.verified, verdict.code)


def test_a_hash_alone_verifies_nothing() -> None:
    body = record(RECOVERY, ListRole.SAST, t7=None, t9=None, t11=b"\x11" * 32)
    assert "UCM-TLV-005" == judged(signed(RECOVERY, body)).code


@pytest.mark.parametrize("style", [Style(digest=4), Style(digest=0), Style(algorithm=1)])
def test_a_way_of_signing_that_nobody_published_is_never_called_good(style: Style) -> None:
    assert "UCM-TLV-007" == judged(itl(style=style)).code


def test_a_digest_told_wrong_is_noticed() -> None:
    data = itl(style=Style(digest=1))
    at = data.index(b"\x08\0\x01\x01") + 3
    assert "UCM-TLV-002" == judged(data[:at] + b"\x02" + data[at + 1 :]).code


def test_a_configuration_is_verified_by_the_tftp_record_first() -> None:
    verdict = verify_signed(decode_signed(signed(CALL_MANAGER, b"<device/>", SGN)), decode(itl()))
    assert (True, "TFTP") == (verdict.verified, verdict.signer.role_name if verdict.signer else "")


@pytest.mark.parametrize("role", [ListRole.TFTP, ListRole.CCM_TFTP, ListRole.SAST])
def test_every_role_that_signs_files_verifies_one(role: ListRole) -> None:
    by = decode(signed(RECOVERY, record(CALL_MANAGER, role)))
    assert verify_signed(decode_signed(signed(CALL_MANAGER, b"x", SGN)), by).verified


@pytest.mark.parametrize("role", [ListRole.CCM, ListRole.CAPF, ListRole.TVS, ListRole.APP_SERVER, 99])
def test_no_other_role_verifies_a_signed_file(role: int) -> None:
    by = decode(signed(RECOVERY, record(CALL_MANAGER, role)))
    assert "UCM-TLV-003" == verify_signed(decode_signed(signed(CALL_MANAGER, b"x", SGN)), by).code


def test_a_configuration_by_a_key_the_list_does_not_hold_is_not_verified() -> None:
    stranger = holder("cucm-new.lab.example")
    assert "UCM-TLV-003" == verify_signed(decode_signed(signed(stranger, b"x", SGN)), decode(itl())).code


def test_an_ec_record_never_verifies_an_rsa_signature() -> None:
    named = Named(name=TVS.name, serial=TVS.serial, issuer=TVS.name)
    body = record(TVS, ListRole.SAST) + record(RECOVERY, ListRole.SAST)
    assert "UCM-TLV-002" == judged(signed(RECOVERY, body, Style(named=named))).code


@pytest.mark.parametrize(
    ("lead", "good"), [(DIGESTS[1].lead, True), (b"", False), (b"\0" * 15, False), (DIGESTS[2].lead, False)]
)
def test_what_the_signature_holds_is_compared_whole(lead: bytes, good: bool) -> None:
    key, data = CALL_MANAGER.key, b"the bytes"
    assert isinstance(key, rsa.RSAPrivateKey)
    held = lead + hashlib.sha1(data).digest()
    block = b"\0\x01" + b"\xff" * (256 - 3 - len(held)) + b"\0" + held
    numbers = key.private_numbers()
    signature = pow(int.from_bytes(block, "big"), numbers.d, numbers.public_numbers.n).to_bytes(256, "big")
    assert good == signed_with(key.public_key(), signature, data, DIGESTS[1])
