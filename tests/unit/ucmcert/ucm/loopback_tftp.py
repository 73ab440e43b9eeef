"""A tiny TFTP server over UDP on the loopback for tests: a new port for each transfer, losses and oddities to order."""

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

Address = tuple[str, int]


class Far(asyncio.DatagramProtocol):
    """One end of one port; hands every datagram to `hear`."""

    def __init__(self, server: "TinyTftp", content: bytes | None = None) -> None:
        self._server = server
        self._content = content

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        self.transport = transport

    def datagram_received(self, data: bytes, addr: Address) -> None:
        kind = struct.unpack("!H", data[:2])[0]
        if kind == 1:
            self._server.requests.append(data)
            self._server.begin(data[2:].split(b"\0")[0].decode(), addr)
        elif kind == 4 and self._content is not None:
            number = struct.unpack("!H", data[2:4])[0]
            self._server.acknowledged.append(number)
            if number * 512 <= len(self._content):
                self.block(number + 1, addr)

    def block(self, number: int, addr: Address) -> None:
        """Send a block, unless it was ordered to be lost once."""
        assert self._content is not None
        if number in self._server.lose:
            self._server.lose.discard(number)
            return
        part = self._content[(number - 1) * 512 : number * 512]
        for _ in range(self._server.copies):
            self.transport.sendto(struct.pack("!HH", 3, number) + part, addr)


class TinyTftp:
    """Files by name. `error` answers everything with that error; `silent` with nothing."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files
        self.error: tuple[int, str] | None = None
        self.silent = False
        self.lose: set[int] = set()
        self.copies = 1
        self.stray = False
        self.port = 0
        self.requests: list[bytes] = []
        self.acknowledged: list[int] = []
        self.transports: list[asyncio.DatagramTransport] = []
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, name: str, addr: Address) -> None:
        """Serve `name` to `addr` from a port of its own."""
        task = asyncio.create_task(self._serve(name, addr))
        self._tasks.add(task)

    async def _serve(self, name: str, addr: Address) -> None:
        if self.silent:
            return
        transport, far = await self._open(self.files.get(name))
        if self.stray:
            other, _ = await self._open(None)
            other.sendto(struct.pack("!HH", 3, 2) + b"stray", addr)
        if self.error is not None:
            number, words = self.error
            transport.sendto(struct.pack("!HH", 5, number) + words.encode() + b"\0", addr)
        elif name not in self.files:
            transport.sendto(struct.pack("!HH", 5, 1) + b"File not found\0", addr)
        else:
            far.block(1, addr)

    async def _open(self, content: bytes | None) -> tuple[asyncio.DatagramTransport, Far]:
        loop = asyncio.get_running_loop()
        transport, far = await loop.create_datagram_endpoint(lambda: Far(self, content), local_addr=("127.0.0.1", 0))
        self.transports.append(transport)
        return transport, far

    @asynccontextmanager
    async def serving(self) -> AsyncIterator["TinyTftp"]:
        """Listen until the end of the block."""
        transport, _ = await self._open(None)
        self.port = transport.get_extra_info("sockname")[1]
        try:
            yield self
        finally:
            for one in self.transports:
                one.close()
            await asyncio.sleep(0)
