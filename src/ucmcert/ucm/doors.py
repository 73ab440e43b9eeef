"""The ways into a cluster, kept open and shared by all verbs: its shells, its origins, its log-ins."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from ucmcert.errors import UcmcertError
from ucmcert.model.node import Node
from ucmcert.model.ports import Clock, Connect
from ucmcert.ucm import axl, rest
from ucmcert.ucm.access import USUAL, Access, Manners
from ucmcert.ucm.logins import Logins
from ucmcert.ucm.origin import Origin
from ucmcert.ucm.origins import Origins
from ucmcert.ucm.platform_cli import node_verbs
from ucmcert.ucm.platform_cli.shell import Shell
from ucmcert.ucm.shells import Shells, account_of

APPLICATION_PORT = 8443
Result = TypeVar("Result")
Rows = tuple[dict[str, str], ...]


class Doors:
    """How verbs reach a node. A failed log-in is remembered; sessions and connections live until `close`."""

    def __init__(self, connect: Connect, clock: Clock, access: Access, manners: Manners = USUAL) -> None:
        self._connect = connect
        self._clock = clock
        self._access = access
        self._logins = Logins()
        self._shells = Shells(connect, clock, access.os_admin, self._logins, pace=manners.pace)
        self._origins = Origins(connect, access.trust)

    async def forget(self, node: Node) -> None:
        """Drop the HTTPS connections of `node`: the next request makes a new handshake."""
        await self._origins.forget(node.name)

    def expect_leaf(self, node_name: str, sha256: str) -> None:
        """From now on that node may show this leaf too, because we had it signed."""
        self._origins.expect_leaf(node_name, sha256)

    async def close(self) -> None:
        """Hang up everywhere."""
        await self._origins.close()
        await self._shells.close()

    async def _by_cli(self, node: Node, work: Callable[[Shell], Awaitable[Result]]) -> Result:
        return await self._shells.run(node, work)

    async def _by_rest(self, node: Node, work: Callable[[Origin], Awaitable[Result]]) -> Result:
        async with self._origins.use(node, rest.PORT, self._access.os_admin) as origin:
            return await self._logins.guard(account_of(node, self._access.os_admin), lambda: work(origin))

    async def _by_application(self, node: Node, work: Callable[[Origin], Awaitable[Result]]) -> Result:
        """The application user is one for the whole cluster, and so is its lock."""
        async with self._origins.use(node, APPLICATION_PORT, self._access.app_admin) as origin:
            return await self._logins.guard(f"cluster/{self._access.app_admin.user}", lambda: work(origin))

    async def _sql(self, node: Node, statement: str) -> Rows:
        """Rows of the database by AXL, else by `run sql`. Where neither answers, AXL's trouble is raised."""
        try:
            return await self._by_application(node, lambda origin: axl.sql_rows(origin, statement))
        except UcmcertError as error:
            first = error
        try:
            return (await self._by_cli(node, lambda shell: node_verbs.sql(shell, statement))).value
        except UcmcertError:
            raise first from None
