"""What a phone does on the network: fetch a file over HTTP or TFTP, ask a TVS, look at a leaf. Client side.

Everything raises OSError (TimeoutError among them) when a server does not answer as it should: to a phone that is all
the same. Source: phones.md 1.1, 1.2.
"""

import asyncio
import hashlib
import ssl
from collections.abc import Collection

import h11

from ucmlab.interfaces.tftp_wire import NOT_FOUND, NotTftp, Receiving
from ucmlab.interfaces.tvs_wire import HEADER_BYTES, Message, NotTvs, Verdict, body_length, decode, encode
from ucmlab.serve.datagram_door import DATAGRAM_BYTES_MAX
from ucmlab.serve.sockets import bind_datagrams

PATIENCE_S = 5.0
TFTP_PATIENCE_S = 1.0
TFTP_TRIES = 3
TFTP_BLOCK_BYTES = 1400
READ_SIZE = 65536
Address = tuple[str, int]


async def fetch_file(http: Address, datagrams: Address, name: str) -> bytes | None:
    """A file over HTTP, and over TFTP when HTTP does not give it; None when the server says it has no such file."""
    try:
        return await get_http(http, name)
    except OSError:
        return await get_tftp(datagrams, name)


async def get_http(server: Address, name: str) -> bytes | None:
    """GET of a file in clear; None for 404. Raises OSError, for any other status too."""
    async with asyncio.timeout(PATIENCE_S):
        reader, writer = await asyncio.open_connection(*server)
        try:
            machine = h11.Connection(h11.CLIENT)
            headers = [("Host", server[0]), ("Connection", "close")]
            request = h11.Request(method="GET", target=f"/{name}", headers=headers)
            for event in (request, h11.EndOfMessage()):
                writer.write(machine.send(event) or b"")
            await writer.drain()
            status, body = await _http_answer(machine, reader)
        except h11.ProtocolError as error:
            raise ConnectionError(str(error)) from error
        finally:
            writer.close()
    if status not in (200, 404):
        raise ConnectionError(f"{name}: HTTP status {status}")
    return body if status == 200 else None


async def get_tftp(server: Address, name: str) -> bytes | None:
    """The same over UDP; None for error 1. Raises OSError, for any other error too."""
    receiving = Receiving(name, block_bytes=TFTP_BLOCK_BYTES)
    loop = asyncio.get_running_loop()
    local = "127.0.0.1" if server[0].startswith("127.") else "0.0.0.0"  # noqa: S104 - a client's own port
    with bind_datagrams(local, 0) as line:
        said, to, tries = receiving.request, server, TFTP_TRIES
        while not receiving.done:
            await loop.sock_sendto(line, said, to)
            try:
                async with asyncio.timeout(TFTP_PATIENCE_S):
                    datagram, to = await loop.sock_recvfrom(line, DATAGRAM_BYTES_MAX)
            except TimeoutError:
                tries -= 1
                if not tries:
                    raise
                continue
            try:
                answer = receiving.received(datagram)
            except NotTftp as error:
                raise ConnectionError(error.words) from error
            said, tries = answer or said, TFTP_TRIES
        if receiving.failure is None:
            await loop.sock_sendto(line, said, to)
            return receiving.data
    if receiving.failure.code == NOT_FOUND:
        return None
    raise ConnectionError(receiving.failure.words)


async def ask_tvs(server: Address, question: Message, held: Collection[str]) -> tuple[str, Verdict | None]:
    """The leaf a TVS presents (SHA-256 hex) and its answer; no answer when the leaf is not one of those `held`."""
    async with asyncio.timeout(PATIENCE_S):
        reader, writer = await asyncio.open_connection(*server, ssl=trusting_context())
        try:
            presented = hashlib.sha256(_leaf(writer)).hexdigest()
            if presented not in held:
                return presented, None
            writer.write(encode(question))
            await writer.drain()
            header = await reader.readexactly(HEADER_BYTES)
            answer = decode(header + await reader.readexactly(body_length(header)))
        except (NotTvs, EOFError) as error:
            raise ConnectionError(str(error)) from error
        finally:
            writer.close()
    if not isinstance(answer, Verdict) or answer.session != question.session:
        raise ConnectionError("the answer is to another question")
    return presented, answer


async def shown_leaf(server: Address) -> bytes:
    """DER of the leaf that a TLS port presents."""
    async with asyncio.timeout(PATIENCE_S):
        _, writer = await asyncio.open_connection(*server, ssl=trusting_context())
        try:
            return _leaf(writer)
        finally:
            writer.close()


def trusting_context() -> ssl.SSLContext:
    """A phone judges the leaf itself, after the handshake: it knows no path validation. Source: phones.md 0.1."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


async def _http_answer(machine: h11.Connection, reader: asyncio.StreamReader) -> tuple[int, bytes]:
    status, body = 0, bytearray()
    while True:
        event = machine.next_event()
        if event is h11.NEED_DATA:
            machine.receive_data(await reader.read(READ_SIZE))
        elif isinstance(event, h11.Response):
            status = event.status_code
        elif isinstance(event, h11.Data):
            body += event.data
        elif isinstance(event, h11.EndOfMessage):
            return status, bytes(body)
        else:
            raise ConnectionError("the connection ended before its answer")


def _leaf(writer: asyncio.StreamWriter) -> bytes:
    tls = writer.get_extra_info("ssl_object")
    leaf = tls.getpeercert(binary_form=True)
    if not isinstance(leaf, bytes):
        raise ConnectionError("no certificate was presented")
    return leaf
