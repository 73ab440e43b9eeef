"""Promise: a TFTP file is fetched by HTTP 6970, by TFTP only where that port is closed or busy; "none" means none."""

import asyncio
import socket

import msgspec
import pytest
from loopback_tftp import TinyTftp
from loopback_tls import Answer, Loopback, answering, heard_request, response, serving
from soap_answers import a_node

from ucmcert.errors import OutcomeUnknown, UsageError
from ucmcert.model.ports import HttpAnswer
from ucmcert.ucm import http, tftp
from ucmcert.ucm.connect import RealConnect
from ucmcert.ucm.trust_files import tftp_file

FILE = b"\x01\x02tlv"


def fetched(answer: Answer | None, files: dict[str, bytes] | None = None, name: str = "ITLFile.tlv") -> bytes | None:
    """The file from a node whose 6970 answers so (None: nobody listens) and whose TFTP has `files`."""

    async def work() -> bytes | None:
        server = TinyTftp(files or {})
        async with server.serving(), serving(None, answer or answering(response())) as web:
            port = web.port if answer else closed_port()
            node = msgspec.structs.replace(a_node(), ports={"tftp": server.port, "tftp_http": port})
            return await tftp_file(RealConnect(), node, name)

    return asyncio.run(work())


def closed_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def test_http_gives_the_file_and_tftp_is_not_asked() -> None:
    assert FILE == fetched(answering(response(FILE)), {"ITLFile.tlv": b"another"})


def test_not_found_is_none() -> None:
    assert None is fetched(answering(response(b"", "404 Not Found")), {"ITLFile.tlv": FILE})


def test_where_nobody_listens_on_6970_tftp_is_asked() -> None:
    assert FILE == fetched(None, {"ITLFile.tlv": FILE})
    assert None is fetched(None, {})


def test_a_busy_6970_is_asked_by_tftp() -> None:
    assert FILE == fetched(answering(response(b"", "503 Service Unavailable")), {"ITLFile.tlv": FILE})


@pytest.mark.parametrize("status", ["500 Internal Server Error", "302 Found", "403 Forbidden"])
def test_any_other_status_is_unknown(status: str) -> None:
    with pytest.raises(OutcomeUnknown, match="UCM-TFTP-003"):
        fetched(answering(response(b"", status)), {"ITLFile.tlv": FILE})


def test_a_file_above_the_limit_is_unknown() -> None:
    with pytest.raises(OutcomeUnknown, match="UCM-TFTP-002"):
        fetched(answering(response(b"x" * (tftp.LARGEST_FILE + 1))))


def test_a_page_above_its_limit_is_not_even_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "LARGEST_PAGE", 1024)
    with pytest.raises(OutcomeUnknown, match="UCM-NET-005"):
        fetched(answering(response(b"x" * 2048)))


def test_a_line_that_breaks_in_the_middle_is_unknown_and_tftp_is_not_asked() -> None:
    async def half(server: Loopback, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await heard_request(server, reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        await writer.drain()

    with pytest.raises(OutcomeUnknown, match="UCM-NET-002"):
        fetched(half, {"ITLFile.tlv": FILE})


def test_when_both_are_closed_the_first_trouble_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ucmcert.ucm.trust_files.TFTP_S", 0.2)
    node = msgspec.structs.replace(a_node(), ports={"tftp": closed_port(), "tftp_http": closed_port()})
    with pytest.raises(OutcomeUnknown, match="UCM-NET-001"):
        asyncio.run(tftp_file(RealConnect(), node, "ITLFile.tlv"))


@pytest.mark.parametrize("name", ["", "../platform.conf", "a/b", "a b", "x" * 200, "ITLFile.tlv\r\nX: y"])
def test_what_is_no_name_of_a_file_is_never_sent(name: str) -> None:
    with pytest.raises(UsageError, match="UCM-TFTP-004"):
        fetched(answering(response(FILE)), name=name)


def test_a_plain_get_sends_no_account_and_follows_nothing() -> None:
    async def work() -> tuple[HttpAnswer, Loopback]:
        moved = response(b"", "302 Found", "Location: http://127.0.0.1:1/x\r\nContent-Type: text/html\r\n")
        async with serving(None, answering(moved)) as web:
            return await RealConnect().plain_http("127.0.0.1", web.port, "/CGI?adapter=a.b", 5.0), web

    answer, web = asyncio.run(work())
    assert (302, "text/html") == (answer.status, answer.content_type)
    assert web.requests[0].startswith(b"GET /CGI?adapter=a.b HTTP/1.1\r\n")
    assert b"authorization" not in web.requests[0].lower()


def test_a_phone_that_never_answers_is_a_time_out() -> None:
    async def silent(server: Loopback, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await heard_request(server, reader)
        await reader.read()

    async def work() -> None:
        async with serving(None, silent) as web:
            await RealConnect().plain_http("127.0.0.1", web.port, "/", 0.2)

    with pytest.raises(OutcomeUnknown, match="UCM-NET-003"):
        asyncio.run(work())
