"""A TLS handshake for its own sake: which certificates does this port show? Verified by nobody, sends nothing."""

import asyncio
import ssl
from typing import Any, cast

from ucmcert.errors import OutcomeUnknown
from ucmcert.model.node import Node
from ucmcert.ucm.net_errors import causes, from_connecting, lost, timed_out
from ucmcert.ucm.tls_contexts import looking

HANDSHAKE_FAILED = {"UCM-TLS-002", "UCM-NET-002"}  # a peer without TLS 1.2 sends an alert or just hangs up
DER_ENCODING = 2  # _ssl.ENCODING_DER; Python 3.11 and 3.12 have it in a private module only


async def handshake(node: Node, port: int, timeout_s: float) -> tuple[bytes, ...]:
    """The DER chain that the real `port` of `node` shows, leaf first.

    Raises OutcomeUnknown UCM-NET-001, -002, -003, UCM-TLS-002; UsageError UCM-NET-004. Source: spikes.md 4.
    """
    where = f"tls {node.name}:{port}"
    try:
        async with asyncio.timeout(timeout_s):
            try:
                return await _shake(node, port, where, newest=False)
            except OutcomeUnknown as error:
                if error.code not in HANDSHAKE_FAILED:
                    raise
            return await _shake(node, port, where, newest=True)
    except TimeoutError as error:
        raise timed_out(where, timeout_s, sent=False) from error


async def _shake(node: Node, port: int, where: str, *, newest: bool) -> tuple[bytes, ...]:
    try:
        _, writer = await asyncio.open_connection(
            node.address, node.port(port), ssl=looking(newest=newest), server_hostname=node.name
        )
    except (OSError, ValueError) as error:  # ValueError: a node name that cannot be a server name
        if any(isinstance(cause, TimeoutError) for cause in causes(error)):
            raise
        raise from_connecting(error, where, node.address) from error
    chain = shown_chain(writer.get_extra_info("ssl_object"))
    writer.transport.abort()
    if not chain:
        raise lost(where, sent=False, why="the handshake showed no certificate")
    return chain


def shown_chain(tls: ssl.SSLObject) -> tuple[bytes, ...]:
    """The certificates the peer sent, DER, leaf first, however this Python gives access to them."""
    public = getattr(tls, "get_unverified_chain", None)
    if public is not None:  # Python 3.13
        return tuple(public())
    private = cast("Any", tls)._sslobj  # noqa: SLF001 - the only way before Python 3.13
    return tuple(one.public_bytes(DER_ENCODING) for one in private.get_unverified_chain() or ())
