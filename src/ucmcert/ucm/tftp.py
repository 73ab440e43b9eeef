"""TFTP as a reader: one file, octets, RFC 1350 without options, never a write.

A lost datagram is asked for again by repeating our last one, which is harmless for a reader. The far end is the address
that was asked, on the port it answers from first; anything from elsewhere is thrown away.
"""

import asyncio
import socket
import struct

from ucmcert.errors import OutcomeUnknown
from ucmcert.model.node import Node
from ucmcert.ucm.net_errors import from_connecting, timed_out

TFTP = 69
REPEAT_S = 1.0  # a busy TFTP service answers in 0.6 s (phones.md 4.1)
BLOCK = 512
LARGEST_FILE = 256 * 1024  # a trust list above 64 KB is not loaded by any phone (phones.md 1.1)
READ_REQUEST, DATA, ACK, ERROR = 1, 3, 4, 5
NOT_FOUND = 1
Datagram = tuple[bytes, tuple[str, int]]


class Mailbox(asyncio.DatagramProtocol):
    """Keeps what arrives, in order."""

    def __init__(self) -> None:
        self.arrived: asyncio.Queue[Datagram] = asyncio.Queue()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """One datagram; of an IPv6 address only host and port count."""
        self.arrived.put_nowait((data, (addr[0], addr[1])))

    def error_received(self, exc: Exception) -> None:
        """An ICMP message about one datagram: the repetition or the time-out will tell."""


async def fetch(node: Node, name: str, timeout_s: float) -> bytes | None:
    """The file `name`; None when the node says that it has none. `timeout_s` is for the whole of it.

    Raises OutcomeUnknown UCM-NET-003, UCM-TFTP-001 (its words), -002 (too large); UsageError UCM-NET-004.
    """
    where = f"tftp {node.name}:{TFTP}"
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(timeout_s):
            found = await loop.getaddrinfo(node.address, node.port(TFTP), type=socket.SOCK_DGRAM)
            family, _, _, _, far_end = found[0]
            transport, mailbox = await loop.create_datagram_endpoint(Mailbox, family=family, local_addr=_any(family))
            try:
                return await _receive(transport, mailbox, (str(far_end[0]), int(far_end[1])), name, where)
            finally:
                transport.abort()
    except TimeoutError as error:
        raise timed_out(where, timeout_s, sent=True) from error
    except OSError as error:
        raise from_connecting(error, where, node.address) from error


async def _receive(
    transport: asyncio.DatagramTransport, mailbox: Mailbox, far_end: tuple[str, int], name: str, where: str
) -> bytes | None:
    content = bytearray()
    last, wanted, peer = _request(name), 1, (far_end[0], 0)
    transport.sendto(last, far_end)
    while True:
        try:
            async with asyncio.timeout(REPEAT_S):
                datagram, sender = await mailbox.arrived.get()
        except TimeoutError:
            transport.sendto(last, peer if peer[1] else far_end)
            continue
        if len(datagram) < 4 or sender[0] != peer[0] or (peer[1] and sender != peer):
            continue
        kind, number = struct.unpack_from("!HH", datagram)
        if kind == ERROR:
            if number == NOT_FOUND:
                return None
            raise _told(number, datagram[4:], where)
        if kind != DATA or not 1 <= number <= wanted:
            continue
        peer = sender
        last = struct.pack("!HH", ACK, number)
        transport.sendto(last, peer)
        if number < wanted:  # once more, because our answer to it was lost or late
            continue
        content += datagram[4:]
        wanted += 1
        if len(content) > LARGEST_FILE:
            raise too_large(where, name)
        if len(datagram) - 4 < BLOCK:
            return bytes(content)


def too_large(where: str, name: str) -> OutcomeUnknown:
    """UCM-TFTP-002: more came than any trust list or phone configuration has."""
    why = f"more than {LARGEST_FILE // 1024} KB came"
    return OutcomeUnknown("UCM-TFTP-002", f"the file {name} is too large", where=where, why=why)


def _request(name: str) -> bytes:
    return struct.pack("!H", READ_REQUEST) + name.encode("ascii") + b"\0octet\0"


def _told(number: int, rest: bytes, where: str) -> OutcomeUnknown:
    words = rest.split(b"\0", 1)[0].decode("utf-8", "replace")[:200]
    why = f"it said: {words or 'nothing'} (error {number})"
    return OutcomeUnknown("UCM-TFTP-001", "the node did not give the file", where=where, why=why)


def _any(family: int) -> tuple[str, int]:
    return ("::" if family == socket.AF_INET6 else "0.0.0.0", 0)  # noqa: S104 - a reader's own end
