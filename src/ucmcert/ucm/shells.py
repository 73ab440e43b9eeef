"""The command-line sessions of a cluster: one for each node, opened when first needed and again when it is broken.

One session a node, because nodes allow few of them (interfaces-cli.md 1.2) and each takes seconds to greet.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from ucmcert.errors import OutcomeUnknown
from ucmcert.model.node import Credential, Node
from ucmcert.model.ports import Clock, Connect
from ucmcert.ucm.logins import Logins
from ucmcert.ucm.platform_cli.questions import QUIET_S
from ucmcert.ucm.platform_cli.shell import Shell

Result = TypeVar("Result")
SHORTEST_QUIET_S = 0.03


class Shells:
    """All sessions of one cluster, for one account. `pace` is that of `ClusterClient`: a lab's prompts come at once."""

    def __init__(
        self, connect: Connect, clock: Clock, credential: Credential, logins: Logins, *, pace: float = 1.0
    ) -> None:
        self._connect = connect
        self._clock = clock
        self._credential = credential
        self._logins = logins
        self._prompt_quiet_s = max(SHORTEST_QUIET_S, QUIET_S["prompt"] / pace)
        self._open: dict[str, Shell] = {}
        self._turn: dict[str, asyncio.Lock] = {}

    async def run(self, node: Node, work: Callable[[Shell], Awaitable[Result]]) -> Result:
        """Do `work` in the node's session, alone: what one caller measures is not another one's command.

        A session that turns out to be gone before anything was typed is replaced once; what may have been typed is
        never typed again. Raises what opening the session or `work` raises.
        """
        async with self._turn.setdefault(node.name, asyncio.Lock()):
            shell, fresh = await self._shell(node)
            try:
                return await work(shell)
            except OutcomeUnknown as error:
                if fresh or error.sent or not shell.broken:
                    raise
            shell, _ = await self._shell(node)
            return await work(shell)

    async def close(self) -> None:
        """Hang up everywhere."""
        while self._open:
            _, shell = self._open.popitem()
            await shell.close()

    async def _shell(self, node: Node) -> tuple[Shell, bool]:
        """The node's session, and whether it was opened just now."""
        known = self._open.get(node.name)
        if known is not None and not known.broken:
            return known, False
        if known is not None:
            del self._open[node.name]
            await known.close()
        key = account_of(node, self._credential)
        terminal = await self._logins.guard(key, lambda: self._connect.terminal(node, self._credential))
        shell = await Shell.open(
            terminal, self._clock, where=f"ssh {node.name}:22", prompt_quiet_s=self._prompt_quiet_s
        )
        self._open[node.name] = shell
        return shell, True


def account_of(node: Node, credential: Credential) -> str:
    """The key of a platform account, which every node keeps for itself."""
    return f"{node.name}/{credential.user}"
