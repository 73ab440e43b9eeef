"""The Trust Verification Service on TLS 2445: one question after another on a connection, until the phone hangs up."""

import asyncio
import ssl

from ucmlab.cluster.cluster import Cluster
from ucmlab.cluster.node import Node
from ucmlab.errors import Throttled
from ucmlab.interfaces.tvs import answer_tvs
from ucmlab.interfaces.tvs_wire import HEADER_BYTES, NotTvs, body_length
from ucmlab.serve.door import Caller, Conversation
from ucmlab.serve.tls import hang_up, shake_hands

IDLE_S = 60.0  # between two questions
QUESTION_S = 10.0  # from the first byte of a question to its last


def tvs(cluster: Cluster, node: Node, context: ssl.SSLContext) -> Conversation:
    """The conversation on 2445 of a node. What is no question, or one too many, ends it without a word."""

    async def converse(caller: Caller) -> None:
        reader, writer = await shake_hands(caller, context)
        try:
            while (message := await _question(reader)) is not None:
                writer.write(await answer_tvs(cluster, node, message))
                await writer.drain()
        except (NotTvs, Throttled):
            pass
        await hang_up(writer)

    return converse


async def _question(reader: asyncio.StreamReader) -> bytes | None:
    """The next message; None when the far end has no more. Raises NotTvs, and TimeoutError when it never ends."""
    try:
        async with asyncio.timeout(IDLE_S):
            first = await reader.read(1)
    except TimeoutError:
        return None
    if not first:
        return None
    async with asyncio.timeout(QUESTION_S):
        header = first + await reader.readexactly(HEADER_BYTES - 1)
        return header + await reader.readexactly(body_length(header))
