"""HTTP/1.1 over TLS or in clear: keep-alive, limits on size and patience; what is answered comes from elsewhere."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable

import h11

from ucmlab.cluster.cluster import Cluster
from ucmlab.cluster.node import Node
from ucmlab.interfaces.http import Request, Response, answer
from ucmlab.serve.door import Caller, Conversation
from ucmlab.serve.tls import READ_SIZE, hang_up, in_clear, shake_hands

HEAD_BYTES_MAX = 32 * 1024
BODY_BYTES_MAX = 2 * 1024 * 1024
REQUEST_S = 30.0  # from the first byte of a request to its last
IDLE_S = 60.0  # between two requests
BODYLESS = (204, 304)
Answerer = Callable[[Request], Awaitable[Response]]


class TooLarge(Exception):
    """A request whose body passes BODY_BYTES_MAX."""


class Line:
    """A connection with its HTTP state machine."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._machine = h11.Connection(h11.SERVER, max_incomplete_event_size=HEAD_BYTES_MAX)

    async def request(self) -> Request | None:
        """The next request; None when the far end has no more, or took too long to begin one.

        Raises: h11.RemoteProtocolError, TooLarge, TimeoutError (begun and never finished).
        """
        try:
            async with asyncio.timeout(IDLE_S):
                event = await self._event(begun=False)
        except TimeoutError:
            return None
        if not isinstance(event, h11.Request):
            return None
        body = bytearray()
        async with asyncio.timeout(REQUEST_S):
            while not isinstance(part := await self._event(), h11.EndOfMessage):
                if isinstance(part, h11.Data):
                    body += part.data
                if len(body) > BODY_BYTES_MAX:
                    raise TooLarge
        return _as_request(event, bytes(body))

    async def respond(self, response: Response, *, to_head: bool = False) -> bool:
        """Send an answer; returns whether the connection can carry another request."""
        headers = [
            (name, value)
            for name, value in response.headers.items()
            if name.lower() not in ("content-length", "transfer-encoding", "connection")
        ]
        if response.status not in BODYLESS:
            headers.append(("Content-Length", str(len(response.body))))
        body = b"" if to_head or response.status in BODYLESS else response.body
        events: list[h11.Event] = [h11.Response(status_code=response.status, headers=headers)]
        if body:
            events.append(h11.Data(data=body))
        await self._send(*events, h11.EndOfMessage())
        if self._machine.our_state is not h11.DONE or self._machine.their_state is not h11.DONE:
            return False
        self._machine.start_next_cycle()
        return True

    async def turn_away(self, status: int) -> None:
        """Say why a request cannot be read, where that can still be said."""
        if self._machine.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            await self._send(
                h11.Response(status_code=status, headers=[("Content-Length", "0"), ("Connection", "close")])
            )
            await self._send(h11.EndOfMessage())

    async def hang_up(self) -> None:
        """Close politely."""
        await hang_up(self._writer)

    async def _event(self, *, begun: bool = True) -> h11.Event | None:
        """The next event; None when the far end sent more than one request and must wait (h11 is paused)."""
        while True:
            event = self._machine.next_event()
            if isinstance(event, h11.Event):
                return event
            if event is h11.PAUSED:
                return None
            if begun and self._machine.they_are_waiting_for_100_continue:
                await self._send(h11.InformationalResponse(status_code=100, headers=[]))
            self._machine.receive_data(await self._reader.read(READ_SIZE))

    async def _send(self, *events: h11.Event) -> None:
        """Send in one write: a head alone would wait for the far end's delayed acknowledgement."""
        data = b"".join(self._machine.send(event) or b"" for event in events)
        if data:
            self._writer.write(data)
            await self._writer.drain()


def https(cluster: Cluster, node: Node, port: int, context: ssl.SSLContext) -> Conversation:
    """The conversation on 443 or 8443 of a node."""
    return http_over_tls(context, lambda request: answer(cluster, node, port, request))


def http_over_tls(context: ssl.SSLContext, answerer: Answerer) -> Conversation:
    """A conversation of requests and answers inside TLS."""

    async def converse(caller: Caller) -> None:
        await _converse(Line(*await shake_hands(caller, context)), answerer)

    return converse


def http_in_clear(answerer: Callable[[Caller], Answerer]) -> Conversation:
    """The same without TLS. `answerer` is made for each caller, who is known by the address he has dialled."""

    async def converse(caller: Caller) -> None:
        answers = answerer(caller)
        await _converse(Line(*await in_clear(caller)), answers)

    return converse


async def _converse(line: Line, answerer: Answerer) -> None:
    try:
        while (request := await line.request()) is not None:
            if not await line.respond(await answerer(request), to_head=request.method == "HEAD"):
                break
    except h11.RemoteProtocolError as error:
        await line.turn_away(error.error_status_hint)
    except TooLarge:
        await line.turn_away(413)
    await line.hang_up()


def _as_request(head: h11.Request, body: bytes) -> Request:
    path, _, query = head.target.decode("latin-1").partition("?")
    headers: dict[str, str] = {}
    for name_bytes, value_bytes in head.headers:
        name, value = name_bytes.decode("latin-1").lower(), value_bytes.decode("latin-1")
        joint = "; " if name == "cookie" else ", "
        headers[name] = f"{headers[name]}{joint}{value}" if name in headers else value
    return Request(method=head.method.decode("ascii"), path=path, query=query, headers=headers, body=body)
