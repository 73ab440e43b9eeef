# Promise: trust lists and signed files have the bytes of the published dumps, and what is bent or forged is not read.
import contextlib
import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from ucmlab.cluster.certificates.records import fingerprint, load_certificate, to_pem
from ucmlab.cluster.trust_lists import tlv
from ucmlab.cluster.trust_lists.model import CAPF, CCM_TFTP, SAST, TFTP, TVS, BadTrustFile, Entry, TrustFile
from ucmlab.cluster.trust_lists.reading import parse_list, read_list, read_signed
from ucmlab.cluster.trust_lists.records import Record, record_bytes
from ucmlab.cluster.trust_lists.writing import Signer, modulus_index, write_list, write_signed
from unit.ucmlab.cluster.trust_lists.dumps_bench import (
    CAPF_NAME,
    NOW,
    PUBLISHER,
    SUBSCRIBER,
    TOKEN,
    TOKEN_CA,
    ec_certificate,
    identity,
    name,
)

ADDRESS = "10.48.47.153"
PUB = identity(PUBLISHER, der_length=694)
PUB_2048 = identity(PUBLISHER, der_length=955, bits=2048)
SUB = identity(SUBSCRIBER, der_length=696, serial="6BEBFDCDCD8CA277CB2FD1D183A60E72")
CAPF_1024 = identity(CAPF_NAME, der_length=680, serial="744B4999770496E799E91E81D3C8109B")
TOKENS = [
    identity(TOKEN, issuer=TOKEN_CA, der_length=909, serial=serial)
    for serial in ("83E9080000005545AFA1", "83E9080000005545AFA2")
]


def record(role: int, held: Signer, dns_name: str, address: str = ADDRESS, **more) -> Record:
    return Record(role=role, certificate_pem=held.certificate_pem, dns_name=dns_name, address=address, **more)


SAST_1024 = record(SAST, PUB, "cucm-1051-a-pub")
CALLER_1024 = record(CCM_TFTP, PUB, "cucm-1051-a-pub")
SAST_2048 = record(SAST, PUB_2048, "cucm-1051-a-pub")
CALLER_2048 = record(CCM_TFTP, PUB_2048, "cucm-1051-a-pub")
CAPF_RECORD = record(CAPF, CAPF_1024, "cucm-1051-a-pub")
SUBSCRIBER_RECORD = record(CCM_TFTP, SUB, "cucm-1051-a-sub1")
TOKEN_RECORDS = [record(SAST, token, "", "", form="unsigned") for token in TOKENS]
EMPTIED = Record(role=CCM_TFTP, certificate_pem="", dns_name=ADDRESS, address=ADDRESS, form="emptied")
CAPF_OLDER = record(CAPF, CAPF_1024, ADDRESS, form="unsigned")


@pytest.mark.parametrize(
    ("length", "written"),
    [
        (1156, SAST_1024),
        (1138, CAPF_RECORD),
        (1161, SUBSCRIBER_RECORD),
        (1675, CALLER_2048),
        (1186, TOKEN_RECORDS[0]),
        (1004, CAPF_OLDER),
        (33, EMPTIED),
        (1147, record(CCM_TFTP, identity(PUBLISHER, der_length=688), ADDRESS)),
    ],
)
def test_a_record_is_as_long_as_in_the_dumps(length: int, written: Record) -> None:
    data = record_bytes(written)
    assert (length, length) == (len(data), int.from_bytes(data[3:5], "big"))


FIFTY = identity("CN=CAPF-a-somewhat-long-name-of-an-older-publisher", der_length=694)


@pytest.mark.parametrize(
    ("length", "padding", "signer"), [(336, 3, PUB), (304, 3, TOKENS[0]), (312, 1, FIFTY), (464, 3, PUB_2048)]
)
def test_a_header_is_as_long_as_in_the_dumps(length: int, padding: int, signer: Signer) -> None:
    file = write_list("ctl", [], signer, at=NOW)
    assert (length, length) == (len(file.data), parse_list(file.data).file.header_length)
    assert b"\x0d" * padding == file.data[-padding:]
    assert int(NOW).to_bytes(4, "big") == file.data[-padding - 4 : -padding]


@pytest.mark.parametrize(
    ("length", "records", "signer"),
    [
        (4947, [SAST_1024, CALLER_1024, CAPF_RECORD, SUBSCRIBER_RECORD], PUB),
        (6113, [SAST_2048, CALLER_2048, CAPF_RECORD, SUBSCRIBER_RECORD], PUB_2048),
        (3746, [*TOKEN_RECORDS, EMPTIED, CAPF_OLDER, EMPTIED], TOKENS[0]),
    ],
)
def test_a_file_is_as_long_as_in_the_dumps_and_verifies(length: int, records: list[Record], signer: Signer) -> None:
    file = write_list("ctl", records, signer, at=NOW)
    assert length == len(file.data)
    assert file == read_list(file.data)


def test_a_header_has_its_elements_in_the_order_of_the_dumps() -> None:
    header = parse_list(write_list("itl", [SAST_1024], PUB, at=NOW).data).file.header
    assert [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 15] == [element.tag for element in header]
    lengths = {element.tag: len(element.value) for element in header}
    assert (149, 62, 16, 62, 15, 8, 128, 12) == tuple(lengths[tag] for tag in (3, 4, 5, 6, 7, 9, 12, 14))
    assert b"ITLFile.tlv\0" == next(element.value for element in header if element.tag == 14)


def test_a_read_list_says_who_stands_in_it_and_who_signed() -> None:
    rows = [SAST_1024, record(TFTP, PUB, "pub"), EMPTIED, record(TVS, SUB, "sub")]
    file = read_list(write_list("itl", rows, PUB, at=NOW + 0.7).data)
    pub, sub = (fingerprint(load_certificate(held.certificate_pem)) for held in (PUB, SUB))
    assert (Entry(0, pub), Entry(3, pub), Entry(2, ""), Entry(21, sub)) == file.entries
    assert ("itl", pub, NOW) == (file.kind, file.signer, file.built_at)
    assert (hashlib.md5(file.data).hexdigest(), hashlib.sha1(file.data).hexdigest()) == (file.md5, file.sha1)
    assert frozenset({sub}) == file.holders(TVS)
    assert frozenset() == file.holders(CCM_TFTP)


def test_the_digest_may_be_sha512() -> None:
    file = write_list("itl", [SAST_1024], PUB, at=NOW, digest="sha512")
    assert 3 == parse_list(file.data).file.part(tlv.DIGEST_ALGORITHM).number
    assert file == read_list(file.data)


def test_tag_28_stands_in_the_header_on_request() -> None:
    file = write_list("itl", [SAST_1024], PUB, at=NOW, signer_version=(1, 0))
    assert b"\x01\x00" == parse_list(file.data).file.part(tlv.SIGNER_VERSION).value
    assert file == read_list(file.data)


def test_an_ec_key_stands_as_an_uncompressed_point() -> None:
    certificate = ec_certificate()
    twin = Record(role=CCM_TFTP, certificate_pem=to_pem(certificate), dns_name="pub", address=ADDRESS)
    file = write_list("ctl", [SAST_1024, twin], PUB, at=NOW)
    listed = parse_list(file.data).records[1]
    public = certificate.public_key()
    assert isinstance(public, ec.EllipticCurvePublicKey)
    numbers = public.public_numbers()
    assert b"\x04" + numbers.x.to_bytes(48, "big") + numbers.y.to_bytes(48, "big") == listed.value(tlv.PUBLIC_KEY)
    assert fingerprint(certificate) == listed.sha256


def test_a_record_may_carry_a_hash_in_place_of_the_certificate() -> None:
    file = write_list("itl", [SAST_1024, record(TVS, SUB, "sub", form="hash")], PUB, at=NOW)
    listed = parse_list(file.data).records[1]
    assert (b"", fingerprint(load_certificate(SUB.certificate_pem))) == (listed.certificate_der, listed.sha256)
    assert file == read_list(file.data)


def test_an_address_of_ipv6_is_left_out() -> None:
    lengths = [len(record_bytes(record(TVS, SUB, "sub", address))) for address in (ADDRESS, "2001:db8::1", "")]
    assert [lengths[1] + 7, lengths[1]] == lengths[::2]


def test_a_list_of_more_than_64_kilobytes_is_only_bigger() -> None:
    rows = [SAST_2048, *[record(TVS, PUB_2048, f"node-{number:04}") for number in range(40)]]
    file = write_list("itl", rows, PUB_2048, at=NOW)
    assert len(file.data) > 65_536
    assert file == read_list(file.data)


def test_a_serial_number_has_no_sign_byte() -> None:
    held = identity(PUBLISHER, der_length=700, serial="F0CAF64E090751B9DF22F49F754FC5BB")
    file = write_list("ctl", [record(SAST, held, "pub")], held, at=NOW)
    assert bytes.fromhex("F0CAF64E090751B9DF22F49F754FC5BB") == parse_list(file.data).records[0].identity[1]


@pytest.mark.parametrize(("bits", "index"), [(512, 0), (1024, 1), (2048, 2), (3072, 3), (4096, 3), (8192, 3)])
def test_the_modulus_is_named_by_an_index(bits: int, index: int) -> None:
    assert index == modulus_index(bits)


# --- what is not read


GOOD = write_list("itl", [SAST_1024, record(TVS, SUB, "sub")], PUB, at=NOW).data


def test_a_list_signed_by_somebody_who_is_no_anchor_of_it_is_refused() -> None:
    with pytest.raises(BadTrustFile, match="no token record"):
        read_list(write_list("itl", [record(SAST, SUB, "sub")], PUB, at=NOW).data)


def test_a_list_that_names_an_anchor_but_is_signed_by_another_key_is_refused() -> None:
    forged = Signer(certificate_pem=PUB_2048.certificate_pem, key_pem=PUB.key_pem)
    with pytest.raises(BadTrustFile, match="not the signer's"):
        read_list(write_list("itl", [SAST_2048], forged, at=NOW).data)


@given(st.integers(0, len(GOOD) - 1), st.integers(1, 255))
def test_a_list_with_one_byte_changed_is_refused(at: int, change: int) -> None:
    bent = GOOD[:at] + bytes([GOOD[at] ^ change]) + GOOD[at + 1 :]
    with pytest.raises(BadTrustFile):
        read_list(bent)


@given(st.integers(0, len(GOOD) - 1))
def test_a_list_cut_off_anywhere_is_refused(end: int) -> None:
    with pytest.raises(BadTrustFile):
        read_list(GOOD[:end])


@given(st.binary(max_size=400))
def test_bytes_at_random_are_refused(data: bytes) -> None:
    for read in (read_list, read_signed, parse_list):
        with pytest.raises(BadTrustFile):
            read(data)


@given(st.binary(max_size=400))
def test_records_at_random_after_a_good_header_never_break_the_reader(data: bytes) -> None:
    header = write_list("itl", [], PUB, at=NOW).data
    with contextlib.suppress(BadTrustFile):
        assert not data or parse_list(header + data).records


# --- signed files


@pytest.mark.parametrize("digest", ["sha1", "sha512"])
def test_a_signed_file_carries_its_payload_as_it_is(digest: str) -> None:
    data = write_signed("SEP00112233AABB.cnf.xml.sgn", b"<device/>", PUB, at=NOW, digest=digest)
    file = read_signed(data)
    assert (b"<device/>", "SEP00112233AABB.cnf.xml.sgn", b"\x01\x00") == (file.payload, file.filename, file.version)
    assert data == data[: file.header_length] + b"<device/>"
    assert file.signed_by(load_certificate(PUB.certificate_pem))
    assert not file.signed_by(load_certificate(SUB.certificate_pem))


def test_a_signed_file_whose_payload_was_changed_is_not_its_signers() -> None:
    data = write_signed("SEP00112233AABB.cnf.xml.sgn", b"<device/>", PUB, at=NOW)
    assert not read_signed(data[:-1] + b"!").signed_by(load_certificate(PUB.certificate_pem))


def test_a_trust_list_is_no_signed_file_and_the_other_way_round() -> None:
    with pytest.raises(BadTrustFile):
        read_signed(GOOD)
    with pytest.raises(BadTrustFile):
        read_list(write_signed("ITLFile.tlv", b"", PUB, at=NOW))


def test_a_name_is_written_from_its_last_attribute_to_its_first() -> None:
    assert PUBLISHER == tlv.distinguished_name(name(PUBLISHER))


def test_a_file_keeps_whole_seconds() -> None:
    file = write_list("ctl", [SAST_1024], PUB, at=NOW + 0.9)
    assert isinstance(file, TrustFile)
    assert NOW == file.built_at
