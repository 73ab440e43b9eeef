"""Promise: a list is read exactly as published; what is built otherwise is refused, and told where."""

import pytest
from list_writer import (
    CALL_MANAGER,
    MADE_AT,
    RECOVERY,
    Named,
    Style,
    header,
    itl,
    parts_of,
    raw_record,
    record,
    signed,
    text,
    tlv,
)

from ucmcert.model.trust_list import ListRole
from ucmcert.trust_list import decode, decode_signed
from ucmcert.trust_list.elements import Unknown

PUB = "CN=cucm-1051-a-pub;OU=TAC;O=Cisco;L=Krakow;ST=Malopolska;C=PL"
CAPF = "CN=CAPF-e41e7d87;OU=TAC;O=Cisco;L=Krakow;ST=Malopolska;C=PL"
SUB = "CN=cucm-1051-a-sub1;OU=TAC;O=Cisco;L=Krakow;ST=Malopolska;C=PL"
TOKEN = 'cn="SAST-ADN008580ef       ";ou=IPCBU;o="Cisco Systems'
MAKER = 'cn=Cisco Manufacturing CA;o="Cisco Systems'
BIG, SMALL = (270, 256), (140, 128)


def whole(host: str, name: str, role: int, certificate: int, sizes: tuple[int, int] = SMALL) -> bytes:
    """A record of the published structure with these sizes; what the bytes mean does not matter here."""
    return raw_record(
        (2, text(host)), (3, text(name)), (4, role.to_bytes(2, "big")), (5, text(name)), (6, b"\x70" * 16),
        (7, b"k" * sizes[0]), (8, b"s" * sizes[1]), (9, b"c" * certificate), (10, b"\x0a\x30\x2f\x99"),
    )  # fmt: skip


def token(serial: bytes) -> bytes:
    return raw_record(
        (2, b"\0"), (3, text(TOKEN)), (4, b"\0\0"), (5, text(MAKER)), (6, serial), (7, b"k" * 140), (9, b"c" * 902),
        (10, b"\0\0\0\0"),
    )  # fmt: skip


def old_capf() -> bytes:
    return raw_record(
        (2, text("10.48.47.153")), (3, text("n" * 53)), (4, b"\0\x04"), (5, text("n" * 53)), (6, b"\x44" * 8),
        (7, b"k" * 140), (9, b"c" * 700), (10, b"\x0a\x30\x2f\x99"),
    )  # fmt: skip


def emptied() -> bytes:
    return raw_record((2, text("10.48.47.153")), (4, b"\0\x02"), (10, b"\x0a\x30\x2f\x99"))


def head(name: str, issuer: str, serial: int, signature: int, filename: str = "CTLFile.tlv") -> bytes:
    named = Named(name=name, serial=b"\x70" * serial, issuer=issuer)
    return header(named, Style(filename=filename), b"\x5a" * signature)


TLS_CTL = (whole("cucm-1051-a-pub", PUB, 0, 694), whole("cucm-1051-a-pub", PUB, 2, 694))
BIG_CTL = (whole("cucm-1051-a-pub", PUB, 0, 955, BIG), whole("cucm-1051-a-pub", PUB, 2, 955, BIG))
REST = (whole("cucm-1051-a-pub", CAPF, 4, 680), whole("cucm-1051-a-sub1", SUB, 2, 696))
TOKEN_CTL = (token(b"\x83" * 10), token(b"\x84" * 10), emptied(), old_capf(), emptied())
GOLDEN = {
    "two nodes, 1024 bit": (head(PUB, PUB, 16, 128), (*TLS_CTL, *REST), 336, 3, (1156, 1156, 1138, 1161), 4947),
    "publisher 2048 bit": (head(PUB, PUB, 16, 256), (*BIG_CTL, *REST), 464, 3, (1675, 1675, 1138, 1161), 6113),
    "two tokens": (head(TOKEN, MAKER, 10, 128), TOKEN_CTL, 304, 3, (1186, 1186, 33, 1004, 33), 3746),
    "short names": (
        head("n" * 50, "n" * 50, 16, 128), (whole("10.48.47.153", "n" * 59, 21, 692),), 312, 1, (1147,), 1459,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", GOLDEN)
def test_the_lengths_of_published_dumps_come_out_exactly(case: str) -> None:
    front, records, header_length, padding, lengths, size = GOLDEN[case]
    found = decode(front + b"".join(records))
    assert (header_length, padding, size) == (found.header.length, found.header.padding, found.size)
    assert lengths == tuple(one.length for one in found.records)
    assert size == found.records[-1].offset + found.records[-1].length


def test_a_token_and_an_emptied_record_are_told_from_the_others() -> None:
    found = decode(GOLDEN["two tokens"][0] + b"".join(TOKEN_CTL))
    assert [True, True, False, False, False] == [one.of_a_token for one in found.records]
    assert [False, False, True, False, True] == [one.emptied for one in found.records]
    assert ("83" * 10, TOKEN, MAKER) == (found.records[0].serial, found.records[0].subject, found.records[0].issuer)
    assert ("10.48.47.153", "10.48.47.153", "") == (
        found.records[2].host,
        found.records[2].address,
        found.records[2].serial,
    )


def test_everything_in_a_header_is_read() -> None:
    found = decode(itl(style=Style(signer_version=b"\x01\x01", digest=3))).header
    assert ((1, 2), (1, 1), 3, 0, 2) == (
        found.version, found.signer_version, found.digest, found.algorithm, found.modulus,
    )  # fmt: skip
    assert (RECOVERY.name, RECOVERY.name, RECOVERY.serial.hex().upper()) == (
        found.signer_name, found.signer_issuer, found.signer_serial,
    )  # fmt: skip
    assert ("ITLFile.tlv", MADE_AT, 256) == (found.filename, found.made_at, len(found.signature))


def test_everything_in_a_record_is_read() -> None:
    found = decode(signed(RECOVERY, record(CALL_MANAGER, ListRole.TFTP, "10.0.0.1"))).records[0]
    assert (1, "TFTP", "10.0.0.1", "10.0.0.1") == (found.number, found.role_name, found.host, found.address)
    assert (CALL_MANAGER.name, CALL_MANAGER.name, CALL_MANAGER.serial.hex().upper()) == (
        found.subject, found.issuer, found.serial,
    )  # fmt: skip
    assert (CALL_MANAGER.certificate.der, b"\x5a" * 256) == (found.certificate, found.signature)


def test_order_does_not_matter_inside_containers_and_records() -> None:
    parts = list(reversed(parts_of(CALL_MANAGER, 3)))
    usual, other = decode(itl()), decode(signed(RECOVERY, raw_record(*parts), Style(community_order=True)))
    assert usual.header.signer_serial == other.header.signer_serial
    assert usual.records[2].certificate == other.records[0].certificate


def test_unknown_tags_are_kept_by_number_wherever_they_stand() -> None:
    body = record(CALL_MANAGER, ListRole.TFTP, t99=b"later")
    found = decode(signed(RECOVERY, body, Style(more=tlv(77, b"new") + tlv(77, b""))))
    assert (Unknown(tag=77, value=b"new"), Unknown(tag=77, value=b"")) == found.header.unknown
    assert (Unknown(tag=99, value=b"later"),) == found.records[0].unknown
    assert "600" == decode(signed(RECOVERY, record(CALL_MANAGER, 600))).records[0].role_name


def test_a_record_may_hold_a_hash_and_sixteen_bytes_of_address() -> None:
    body = record(
        CALL_MANAGER, ListRole.TVS, t7=None, t8=None, t9=None, t11=b"\x11" * 20, t12=b"\x01",
        t10=bytes.fromhex("20010db8000000000000000000000001"),
    )  # fmt: skip
    found = decode(signed(RECOVERY, body)).records[0]
    assert (b"\x11" * 20, 1, "2001:db8::1", False) == (found.hash, found.hash_algorithm, found.address, found.emptied)


def test_an_empty_name_may_be_one_byte_or_two() -> None:
    for host in (b"\0", b"\0\0", b" \0"):
        assert "" == decode(signed(RECOVERY, record(CALL_MANAGER, 3, t2=host))).records[0].host


def test_names_that_are_not_utf8_are_read_as_latin_1() -> None:
    assert "CN=Zürich" == decode(signed(RECOVERY, record(CALL_MANAGER, 3, t3=b"CN=Z\xfcrich\0"))).records[0].subject


def test_leading_zero_bytes_are_no_part_of_a_serial() -> None:
    padded = decode(signed(RECOVERY, record(CALL_MANAGER, 3, t6=b"\0\0" + CALL_MANAGER.serial)))
    assert CALL_MANAGER.serial.hex().upper() == padded.records[0].serial


def test_a_signed_file_carries_its_payload_behind_the_header() -> None:
    payload = b"<device/>\n" * 10
    found = decode_signed(
        signed(CALL_MANAGER, payload, Style(version=b"\x01\0", filename="SEP001122334455.cnf.xml.sgn"))
    )
    assert (payload, (1, 0), "SEP001122334455.cnf.xml.sgn") == (
        found.payload,
        found.header.version,
        found.header.filename,
    )


def changed(at: int, value: bytes, data: bytes = b"") -> bytes:
    data = data or itl()
    return data[:at] + value + data[at + len(value) :]


GOOD = itl()
FRONT = decode(GOOD).header.length


def odd(**changes: bytes | None) -> bytes:
    return signed(RECOVERY, record(CALL_MANAGER, 3, **changes))


TWICE = raw_record((4, b"\0\3"), (4, b"\0\3"))
BROKEN = {
    "nothing": (b"", "byte 0: expected tag 1 (version), as every such file begins, found an empty file"),
    "another file": (b"PK\x03\x04", "byte 0: expected tag 1 (version), as every such file begins, found tag 80"),
    "cut in the first tag": (GOOD[:2], "byte 0: expected a tag and its length (3 bytes), found 2 bytes before"),
    "cut in the header": (GOOD[:100], "byte 8: expected a HeaderLength from 10 to 100, found"),
    "cut in a record": (GOOD[:-1], "expected a RECORDLENGTH from 5 to"),
    "bytes behind the records": (GOOD + b"\x01", "expected a tag and its length (3 bytes), found 1 bytes"),
    "a version of three bytes": (tlv(1, b"\1\2\3") + GOOD[5:], "expected length 2 for tag 1, found length 3"),
    "header length into itself": (changed(8, b"\0\x09"), "byte 8: expected a HeaderLength from 10 to"),
    "header length too short": (changed(8, b"\0\x20"), "expected a length that fits (tag 3)"),
    "no record length": (changed(FRONT, b"\x02"), f"byte {FRONT}: expected tag 1 (RECORDLENGTH) of record 1, found"),
    "a record of nothing": (changed(FRONT + 3, b"\0\x04"), f"byte {FRONT + 3}: expected a RECORDLENGTH from 5 to"),
    "a record without a role": (odd(t4=None), f"byte {FRONT}: expected tag 4 (FUNCTION)"),
    "a role of one byte": (odd(t4=b"\3"), "length 2 for tag 4, found length 1"),
    "a tag twice": (signed(RECOVERY, TWICE), f"expected tag 4 once, found it again (first at byte {FRONT + 5})"),
    "an address of five bytes": (odd(t10=b"12345"), "expected length 4 or 16 for tag 10, found length 5"),
    "a text without a NUL": (odd(t2=b"abc"), "a NUL that ends the text of tag 2, found byte 0x63"),
    "a text of nothing": (odd(t2=b""), "a NUL that ends the text of tag 2, found no byte at all"),
    "a NUL inside a text": (odd(t2=b"a\0b\0"), "text without a NUL inside (tag 2), found a NUL"),
    "an empty serial": (odd(t6=b""), "expected a length above 0 for tag 6"),
    "more than a megabyte": (GOOD + bytes(1_048_577), "byte 1048576: expected the end of the file (at most 1048576"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_is_built_otherwise_is_refused_with_its_place(case: str) -> None:
    data, said = BROKEN[case]
    with pytest.raises(ValueError, match=r"^byte ") as refused:
        decode(data)
    assert said in str(refused.value)


@pytest.mark.parametrize("tag", [3, 7, 12])
def test_a_header_without_signer_or_signature_is_refused(tag: int) -> None:
    at = {3: 10, 7: GOOD.index(b"\x07\0\x0f"), 12: decode(GOOD).header.signature_span[0]}[tag]
    with pytest.raises(ValueError, match=rf"expected tag {tag} \("):
        decode(changed(at, bytes((200,)), GOOD))
