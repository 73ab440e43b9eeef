"""What a node shows before anybody logs in: its TLS certificate and its SSH host key."""

import asyncio
from collections.abc import Awaitable, Callable

import msgspec

from ucmcert.cli.setup.found import Shown
from ucmcert.errors import UcmcertError
from ucmcert.model.certificate import read_certificate
from ucmcert.model.node import Node
from ucmcert.model.ports import Connect

HANDSHAKE_S = 10.0
TLS_PORTS = (443, 8443)
FetchHostKey = Callable[[Node], Awaitable[str]]


class Sight(msgspec.Struct, frozen=True, kw_only=True):
    """How to look: both come from outside."""

    connect: Connect
    fetch_host_key: FetchHostKey


async def look_at(sight: Sight, node: Node) -> Shown:
    """Both fingerprints of `node`, asked at the same time. What fails is told in `trouble`, never raised."""
    shown, key = await asyncio.gather(_leaf(sight, node), _host_key(sight, node))
    trouble = "; ".join(one for one in (shown.trouble, key.trouble) if one)
    return msgspec.structs.replace(shown, ssh_host_key=key.ssh_host_key, trouble=trouble)


async def _leaf(sight: Sight, node: Node) -> Shown:
    trouble = ""
    for port in TLS_PORTS:
        try:
            chain = await sight.connect.handshake(node, port, HANDSHAKE_S)
            return Shown(node=node, leaf=read_certificate(chain[0]))
        except UcmcertError as error:
            trouble = f"TLS port {node.port(port)}: {error.what}"
        except ValueError as error:
            trouble = f"TLS port {node.port(port)}: {error}"
    return Shown(node=node, trouble=trouble)


async def _host_key(sight: Sight, node: Node) -> Shown:
    try:
        return Shown(node=node, ssh_host_key=await sight.fetch_host_key(node))
    except UcmcertError as error:
        return Shown(node=node, trouble=f"SSH port {node.port(22)}: {error.what}")
