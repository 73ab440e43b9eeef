"""Promise: a file comes whole by TFTP or not at all, whatever the network loses, and nothing is ever written."""

import asyncio
import struct

import msgspec
import pytest
from loopback_tftp import TinyTftp
from soap_answers import a_node

from ucmcert.errors import OutcomeUnknown, UsageError
from ucmcert.ucm import tftp
from ucmcert.ucm.connect import RealConnect


def fetched(server: TinyTftp, name: str = "ITLFile.tlv", timeout_s: float = 10.0) -> bytes | None:
    async def work() -> bytes | None:
        async with server.serving():
            node = msgspec.structs.replace(a_node(), ports={"tftp": server.port})
            return await RealConnect().tftp(node, name, timeout_s)

    return asyncio.run(work())


@pytest.mark.parametrize("length", [0, 1, 511, 512, 513, 1024, 8003])
def test_a_file_comes_whole_whatever_its_length(length: int) -> None:
    content = bytes(number % 251 for number in range(length))
    server = TinyTftp({"ITLFile.tlv": content})
    assert content == fetched(server)
    assert [struct.pack("!H", 1) + b"ITLFile.tlv\0octet\0"] == server.requests


def test_a_file_that_is_not_there_is_none() -> None:
    assert None is fetched(TinyTftp({}), "CTLFile.tlv")


def test_what_the_network_loses_is_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tftp, "REPEAT_S", 0.05)
    server = TinyTftp({"ITLFile.tlv": b"x" * 2000})
    server.lose = {1, 3}
    assert b"x" * 2000 == fetched(server)


def test_a_block_that_comes_twice_counts_once() -> None:
    server = TinyTftp({"ITLFile.tlv": bytes(range(250)) * 8})
    server.copies = 2
    assert bytes(range(250)) * 8 == fetched(server)


def test_a_datagram_from_elsewhere_is_thrown_away() -> None:
    server = TinyTftp({"ITLFile.tlv": b"y" * 700})
    server.stray = True
    assert b"y" * 700 == fetched(server)


def test_another_error_is_told_in_the_node_s_words() -> None:
    server = TinyTftp({})
    server.error = (2, "Access violation")
    with pytest.raises(OutcomeUnknown, match="UCM-TFTP-001") as caught:
        fetched(server)
    assert "Access violation (error 2)" in caught.value.why


def test_a_file_above_the_limit_is_refused() -> None:
    with pytest.raises(OutcomeUnknown, match="UCM-TFTP-002"):
        fetched(TinyTftp({"ITLFile.tlv": b"z" * (tftp.LARGEST_FILE + 1)}))


def test_silence_is_a_time_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tftp, "REPEAT_S", 0.05)
    server = TinyTftp({})
    server.silent = True
    with pytest.raises(OutcomeUnknown, match="UCM-NET-003"):
        fetched(server, timeout_s=0.3)
    assert len(server.requests) > 2


def test_a_name_without_address_is_our_trouble() -> None:
    node = msgspec.structs.replace(a_node(), address="no-such-host.invalid")
    with pytest.raises(UsageError, match="UCM-NET-004"):
        asyncio.run(tftp.fetch(node, "ITLFile.tlv", 5.0))
