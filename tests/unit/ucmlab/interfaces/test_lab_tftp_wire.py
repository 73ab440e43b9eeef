"""Promise: TFTP is spoken as RFC 1350 and its options say, and nothing is ever written."""

import pytest

from ucmlab.interfaces.tftp_wire import (
    ACCESS_VIOLATION,
    ILLEGAL,
    Acknowledgement,
    Agreed,
    Block,
    Failure,
    NotTftp,
    Packet,
    ReadRequest,
    Receiving,
    Sending,
    decode,
    encode,
)

ASK = ReadRequest(filename="ITLFile.tlv")


def transferred(sending: Sending, receiving: Receiving) -> bytes:
    """The file after both sides have talked until they are done."""
    said: bytes | None = sending.first()
    while said is not None:
        answer = receiving.received(said)
        assert answer is not None
        said = sending.received(answer)
    assert sending.done
    assert receiving.done
    return receiving.data


@pytest.mark.parametrize(
    ("raw", "packet"),
    [
        (b"\0\1ITLFile.tlv\0octet\0", ASK),
        (b"\0\1a\0octet\0blksize\x001400\0", ReadRequest(filename="a", options={"blksize": "1400"})),
        (b"\0\3\1\2data", Block(258, b"data")),
        (b"\0\4\0\1", Acknowledgement(1)),
        (b"\0\5\0\1File not found\0", Failure(1, "File not found")),
        (b"\0\6tsize\x0012\0", Agreed({"tsize": "12"})),
    ],
)
def test_packets_stand_on_the_wire_as_the_standard_says(raw: bytes, packet: Packet) -> None:
    assert raw == encode(packet)
    assert packet == decode(raw)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", ILLEGAL),
        (b"\0\1", ILLEGAL),
        (b"\0\1name", ILLEGAL),
        (b"\0\1name\0", ILLEGAL),
        (b"\0\1\0octet\0", ILLEGAL),
        (b"\0\1name\0mail\0", ILLEGAL),
        (b"\0\1name\0octet\0blksize\0", ILLEGAL),
        (b"\0\2name\0octet\0", ACCESS_VIOLATION),
        (b"\0\7whatever", ILLEGAL),
    ],
)
def test_what_is_no_read_transfer_is_an_error(raw: bytes, code: int) -> None:
    with pytest.raises(NotTftp) as caught:
        decode(raw)

    assert code == caught.value.code


@pytest.mark.parametrize("size", [0, 1, 511, 512, 513, 1024, 8003])
@pytest.mark.parametrize("block_bytes", [512, 8, 1400, 65464])
def test_a_file_arrives_whole(size: int, block_bytes: int) -> None:
    data = bytes(number % 251 for number in range(size))
    receiving = Receiving("ITLFile.tlv", block_bytes=block_bytes)
    request = decode(receiving.request)
    assert isinstance(request, ReadRequest)

    assert data == transferred(Sending(request, data), receiving)


def test_block_numbers_wrap() -> None:
    data = b"x" * 8 * 65540
    receiving = Receiving("big", block_bytes=8)
    request = decode(receiving.request)
    assert isinstance(request, ReadRequest)

    assert data == transferred(Sending(request, data), receiving)


def test_without_options_the_first_packet_is_the_first_block() -> None:
    assert Block(1, b"abc") == decode(Sending(ASK, b"abc").first())


def test_options_are_agreed_upon_and_unknown_ones_left_out() -> None:
    options = {"blksize": "99999", "tsize": "0", "timeout": "3", "windowsize": "16"}
    sending = Sending(ReadRequest(filename="f", options=options), b"abc")

    assert Agreed({"blksize": "65464", "tsize": "3", "timeout": "3"}) == decode(sending.first())
    assert sending.timeout_s == 3.0


@pytest.mark.parametrize("options", [{"blksize": "7"}, {"blksize": "many"}, {"timeout": "0"}, {"timeout": "256"}])
def test_an_option_that_cannot_be_is_left_out(options: dict[str, str]) -> None:
    sending = Sending(ReadRequest(filename="f", options=options), b"abc")

    assert Block(1, b"abc") == decode(sending.first())
    assert sending.timeout_s is None


def test_a_late_acknowledgement_is_not_answered_and_a_lost_block_is_sent_again() -> None:
    sending = Sending(ASK, b"x" * 600)
    first = sending.first()
    second = sending.received(encode(Acknowledgement(1)))
    assert second is not None

    assert first != second
    assert sending.received(encode(Acknowledgement(1))) is None
    assert second == sending.again()
    assert not sending.done


def test_an_error_of_the_far_end_ends_the_transfer() -> None:
    sending = Sending(ASK, b"x" * 600)
    sending.first()

    assert sending.received(encode(Failure(0, "enough"))) is None
    assert sending.done


def test_a_block_that_comes_twice_is_kept_once() -> None:
    receiving = Receiving("f")
    block = encode(Block(1, b"x" * 512))

    assert receiving.received(block) == receiving.received(block) == encode(Acknowledgement(1))
    assert receiving.received(encode(Block(2, b"end"))) == encode(Acknowledgement(2))
    assert b"x" * 512 + b"end" == receiving.data


def test_an_error_of_the_server_is_told() -> None:
    receiving = Receiving("f")

    assert receiving.received(encode(Failure(1, "File not found"))) is None
    assert receiving.done
    assert Failure(1, "File not found") == receiving.failure
