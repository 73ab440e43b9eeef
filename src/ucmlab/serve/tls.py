"""TLS as a node speaks it: a context made anew from what a service loaded, and the handshake on an accepted socket.

Also the same connection without a handshake, for the two ports that speak in clear.
"""

import asyncio
import ssl
import tempfile
from pathlib import Path
from typing import Any

from ucmlab.cluster.certificates.records import ServedIdentity
from ucmlab.cluster.node import Node
from ucmlab.serve.door import Caller, Conversation

HANDSHAKE_S = 10.0
READ_SIZE = 65536


def shown_identities(node: Node, port: int) -> tuple[ServedIdentity, ...] | None:
    """What a handshake on this port of the product shows now, RSA first; None while connections are refused."""
    identity = node.tls_certificate(port)
    if identity is None:
        return None
    second = node.tls_certificate(port, key_type="ec")
    return (identity,) if second is None or second == identity else (identity, second)


def make_context(identities: tuple[ServedIdentity, ...], *, scratch: Path) -> ssl.SSLContext:
    """A server context for TLS 1.2 and 1.3. `scratch`: a private folder, since OpenSSL reads keys from files only."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    for identity in identities:
        with tempfile.NamedTemporaryFile(dir=scratch, prefix=".served-", suffix=".pem") as file:
            file.write((identity.chain_pem.rstrip() + "\n" + identity.key_pem).encode())
            file.flush()
            context.load_cert_chain(file.name)
    return context


async def shake_hands(caller: Caller, context: ssl.SSLContext) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """The TLS handshake with a caller. Raises OSError when it fails or the caller is cut off meanwhile."""
    return await _streams(caller, ssl=context, ssl_handshake_timeout=HANDSHAKE_S, ssl_shutdown_timeout=1.0)


async def in_clear(caller: Caller) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A caller's connection without TLS. Raises OSError when the caller is cut off meanwhile."""
    return await _streams(caller)


async def _streams(caller: Caller, **tls: Any) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=READ_SIZE, loop=loop)
    protocol = asyncio.StreamReaderProtocol(reader, loop=loop)
    opening = loop.create_task(loop.connect_accepted_socket(lambda: protocol, caller.socket, **tls))
    caller.held_by(opening.cancel)
    try:
        transport, _ = await opening
    except asyncio.CancelledError:
        if caller.aborted:
            raise ConnectionAbortedError("cut off while the connection was being opened") from None
        raise
    caller.held_by(transport.abort)
    return reader, asyncio.StreamWriter(transport, protocol, reader, loop)


def handshake_only(context: ssl.SSLContext) -> Conversation:
    """A conversation that shows the certificate and hangs up: all that a certificate check needs of such a port."""

    async def converse(caller: Caller) -> None:
        _, writer = await shake_hands(caller, context)
        await hang_up(writer)

    return converse


async def hang_up(writer: asyncio.StreamWriter) -> None:
    """Close a connection politely, and wait until it is closed."""
    writer.close()
    await writer.wait_closed()
