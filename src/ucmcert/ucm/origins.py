"""The HTTPS origins of a cluster, opened when first needed, shared by all who ask, closed when the last one is done.

A new trust (a leaf that is expected from now on) or a `forget` retires an origin: whoever is in the middle of a
request finishes it there, everybody after gets a new connection and with it a new handshake.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from ucmcert.errors import UcmcertError
from ucmcert.model.node import Credential, Node
from ucmcert.model.ports import Connect, Http, Trust
from ucmcert.ucm.origin import Origin

Key = tuple[str, int, str]


class Shared:
    """One open origin and how many use it now."""

    def __init__(self, http: Http, trust: Trust) -> None:
        self.http = http
        self.trust = trust
        self.users = 0
        self.retired = False


class Origins:
    """All origins of one cluster, one for each node, port and account."""

    def __init__(self, connect: Connect, trust: Trust) -> None:
        self._connect = connect
        self._trust = trust
        self._expected: dict[str, frozenset[str]] = {}
        self._open: dict[Key, Shared] = {}
        self._opening: dict[Key, asyncio.Lock] = {}

    def expect_leaf(self, node_name: str, sha256: str) -> None:
        """Believe this leaf too on that node, from the next request on."""
        self._expected[node_name] = self._expected.get(node_name, frozenset()) | {sha256}

    @asynccontextmanager
    async def use(self, node: Node, port: int, credential: Credential) -> AsyncIterator[Origin]:
        """An origin for one piece of work. Raises what opening it raises."""
        shared = await self._shared(node, port, credential)
        shared.users += 1
        try:
            yield Origin(http=shared.http, node=node, port=port, user=credential.user)
        finally:
            shared.users -= 1
            if shared.retired and not shared.users:
                await _close(shared)

    async def forget(self, node_name: str) -> None:
        """Retire every origin of a node."""
        for key in [key for key in self._open if key[0] == node_name]:
            await self._retire(key)

    async def close(self) -> None:
        """Close all, in use or not."""
        while self._open:
            _, shared = self._open.popitem()
            await _close(shared)

    async def _shared(self, node: Node, port: int, credential: Credential) -> Shared:
        key = (node.name, port, credential.user)
        async with self._opening.setdefault(key, asyncio.Lock()):
            trust = self._trust_of(node.name)
            known = self._open.get(key)
            if known is not None and known.trust != trust:
                await self._retire(key)
                known = None
            if known is None:
                http = await self._connect.http(node, port, credential, trust)
                known = Shared(http, trust)
                self._open[key] = known
        return known

    def _trust_of(self, node_name: str) -> Trust:
        expected = self._expected.get(node_name, frozenset())
        return Trust(anchors=self._trust.anchors, leaf_sha256=self._trust.leaf_sha256 | expected)

    async def _retire(self, key: Key) -> None:
        shared = self._open.pop(key)
        shared.retired = True
        if not shared.users:
            await _close(shared)


async def _close(shared: Shared) -> None:
    try:
        await shared.http.close()
    except (UcmcertError, OSError):
        return  # it is gone, which is what was wanted
