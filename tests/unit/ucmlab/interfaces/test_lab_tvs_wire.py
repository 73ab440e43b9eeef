"""Promise: TVS messages have the shape and the very lengths of the published trace (phones.md 1.4)."""

import pytest

from ucmlab.interfaces.tvs_wire import (
    HEADER_BYTES,
    UNKNOWN,
    Command,
    Message,
    NotTvs,
    Query,
    Verdict,
    Verify,
    body_length,
    decode,
    encode,
    magnitude,
)

QUERY = Query(
    session=7,
    device="CP-8861-SEPA0B1C2D3E4F5",
    subject="S" * 65,
    issuer="I" * 21,
    serial=0x4A_0000_0000_0000_0000_0000_0000_0000_0000_0001,
)


def test_the_question_of_the_trace_has_143_bytes() -> None:
    serial_of_19_bytes = QUERY.serial
    assert 19 == len(magnitude(serial_of_19_bytes))

    raw = encode(QUERY)

    assert 143 == body_length(raw[:HEADER_BYTES]) == len(raw) - HEADER_BYTES
    assert [27, 69, 25, 22] == element_lengths(raw)


def test_the_answer_of_the_trace_has_1470_bytes() -> None:
    verdict = Verdict(session=7, answers=Command.QUERY_CERT_RES, certificate_der=b"c" * 1451, roles=(0, 3))

    raw = encode(verdict)

    assert 1470 == body_length(raw[:HEADER_BYTES]) == len(raw) - HEADER_BYTES
    assert [4, 1454, 5, 7] == element_lengths(raw)
    assert raw.endswith(b"\x09\x00\x04\x00\x01\x51\x80")


def test_the_header_is_that_of_the_trace() -> None:
    assert bytes.fromhex("5701030000000007008f") == encode(QUERY)[:HEADER_BYTES]


def test_the_device_and_names_are_written_as_in_the_trace() -> None:
    raw = encode(QUERY)

    assert b"\x01\x00\x18\x01CP-8861-SEPA0B1C2D3E4F5" in raw
    assert b"\x03\x00\x42" + b"S" * 65 + b"\0" in raw


@pytest.mark.parametrize(
    "message",
    [
        QUERY,
        Query(session=0, device="", subject="", issuer="CN=x", serial=0),
        Verify(session=2**32 - 1, device="CP-7821-SEP000000000001", certificate_der=b"der"),
        Verdict(session=1, answers=Command.QUERY_CERT_RES, certificate_der=b"der", roles=(21,)),
        Verdict(session=1, answers=Command.VERIFY_RES, roles=(0, 3), ttl_s=60),
        Verdict(session=1, answers=Command.VERIFY_RES, status=UNKNOWN, ttl_s=0),
    ],
)
def test_what_is_written_is_read_back(message: Message) -> None:
    assert message == decode(encode(message))


def test_elements_may_stand_in_any_order() -> None:
    raw = encode(Verify(session=1, device="d", certificate_der=b"der"))
    device, certificate = raw[HEADER_BYTES : HEADER_BYTES + 5], raw[HEADER_BYTES + 5 :]

    assert decode(raw) == decode(raw[:HEADER_BYTES] + certificate + device)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x57\x01\x03",
        b"GET / HTTP",
        bytes.fromhex("5701030000000001000a"),
        bytes.fromhex("570103000000000100020100"),
        bytes.fromhex("57010300000000010004010005ff"),
        bytes.fromhex("57010900000000010000"),
        bytes.fromhex("57010300000000010000"),
        bytes.fromhex("570103000000000100080300021fff050001ff"),
    ],
)
def test_what_is_no_message_is_refused(raw: bytes) -> None:
    with pytest.raises(NotTvs):
        decode(raw)


def test_no_message_is_longer_than_its_length_field() -> None:
    with pytest.raises(NotTvs):
        encode(Verify(session=1, device="d", certificate_der=b"x" * 65536))


def element_lengths(raw: bytes) -> list[int]:
    """Lengths of the elements of a message, tag and length included."""
    found, at = [], HEADER_BYTES
    while at < len(raw):
        found.append(3 + int.from_bytes(raw[at + 1 : at + 3], "big"))
        at += found[-1]
    return found
