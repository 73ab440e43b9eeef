"""TFTP as Cisco Tftp serves it on UDP 69: every transfer from a port of its own, repeated until acknowledged."""

import asyncio
import socket

from ucmlab.cluster.cluster import Cluster
from ucmlab.cluster.node import Node
from ucmlab.interfaces.tftp import Fetched, fetch
from ucmlab.interfaces.tftp_wire import NOT_FOUND, UNDEFINED, Failure, NotTftp, ReadRequest, Sending, decode, encode
from ucmlab.serve.datagram_door import DATAGRAM_BYTES_MAX, Address, Reception
from ucmlab.serve.sockets import bind_datagrams

PATIENCE_S = 1.0  # before a block is sent again, unless the far end asks for another time
TRIES = 5
BUSY = encode(Failure(UNDEFINED, "Server busy"))
MISSING = encode(Failure(NOT_FOUND, "File not found"))


def tftp(cluster: Cluster, node: Node, address: str) -> Reception:
    """What is done with a datagram on port 69 of a node that is bound to `address`."""

    async def receive(datagram: bytes, sender: Address) -> None:
        with bind_datagrams(address, 0) as line:
            line.connect(sender)
            try:
                request = decode(datagram)
            except NotTftp as error:
                line.send(encode(Failure(error.code, error.words)))
                return
            if isinstance(request, ReadRequest):
                await _serve(cluster, node, request, line)

    return receive


def turn_away(_datagram: bytes) -> bytes:
    """The answer to a datagram that comes while too many are being served."""
    return BUSY


async def _serve(cluster: Cluster, node: Node, request: ReadRequest, line: socket.socket) -> None:
    found = await fetch(cluster, node, request.filename)
    if found.data is None:
        line.send(BUSY if found.outcome is Fetched.BUSY else MISSING)
        return
    sending = Sending(request, found.data)
    line.send(sending.first())
    tries_left = TRIES
    loop = asyncio.get_running_loop()
    while not sending.done:
        try:
            async with asyncio.timeout(sending.timeout_s or PATIENCE_S):
                said = await loop.sock_recv(line, DATAGRAM_BYTES_MAX)
        except TimeoutError:
            tries_left -= 1
            if not tries_left:
                return
            line.send(sending.again())
            continue
        if (answer := sending.received(said)) is not None:
            tries_left = TRIES
            line.send(answer)
