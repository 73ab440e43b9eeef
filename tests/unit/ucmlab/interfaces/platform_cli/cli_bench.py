"""A far end that types at `serve_shell` in memory, on virtual time, and reads what is shown."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import msgspec

from ucmlab.cluster.cluster import Cluster
from ucmlab.cluster.node import Node
from ucmlab.cluster.operations import Operation
from ucmlab.interfaces.platform_cli.session import serve_shell
from ucmlab.scenarios.schema import Scenario
from unit.ucmlab.lab_bench import in_lab, scenario

T = TypeVar("T")
PROMPT = "admin:"


class FarEnd:
    """The terminal that `serve_shell` is given, and the person at it."""

    def __init__(
        self, cluster: Cluster, node: Node | None = None, *, user: str = "admin", rows: int = 500, columns: int = 200
    ) -> None:
        self.cluster = cluster
        self.node = node or cluster.publisher
        self.rows = rows
        self.columns = columns
        self.shown = ""
        self._mark = 0
        self._news = asyncio.Event()
        self._typed: asyncio.Queue[str] = asyncio.Queue()
        self.task = asyncio.create_task(serve_shell(cluster, self.node, user, self))

    async def read(self) -> str:
        return await self._typed.get()

    def write(self, text: str) -> None:
        self.shown += text
        self._news.set()

    async def drain(self) -> None:
        await asyncio.sleep(0)

    def type(self, text: str) -> None:
        """Type, all at once."""
        self._mark = len(self.shown)
        self._typed.put_nowait(text)

    def hang_up(self) -> None:
        """Close the line."""
        self._typed.put_nowait("")

    @property
    def fresh(self) -> str:
        """What was shown since something was typed."""
        return self.shown[self._mark :]

    async def until(self, end: str, *, within_s: float = 3600.0) -> str:
        """Wait until what is fresh ends with `end`; return it without that end."""
        async with asyncio.timeout(within_s):
            while not self.fresh.endswith(end):
                assert not self.task.done(), f"the session is over: {self.fresh!r}"
                self._news.clear()
                await self._news.wait()
        return self.fresh[: len(self.fresh) - len(end)]

    async def greeted(self) -> "FarEnd":
        """Wait for the first prompt."""
        await self.until(f"\n{PROMPT}")
        return self

    async def run(self, line: str) -> str:
        """Type a command; return its output, without the echo and the prompt."""
        self.type(f"{line}\n")
        shown = await self.until(f"\n{PROMPT}")
        return (shown + "\n").removeprefix(f"{line}\n")

    async def asked(self, line: str, question: str) -> str:
        """Type a line; return what is shown, without the echo, before the question at the end."""
        self.type(f"{line}\n")
        return (await self.until(question)).removeprefix(f"{line}\n")

    async def ended(self, *, within_s: float = 3600.0) -> str:
        """Wait until the session is over; return what was shown since something was typed. Raises what it raised."""
        async with asyncio.timeout(within_s):
            await asyncio.shield(self.task)
        return self.fresh

    def operations(self) -> list[tuple[str, str, str]]:
        """The log lines of the command line: operation, purpose, outcome."""
        return [(row.operation, row.purpose, row.outcome) for row in self.log()]

    def log(self) -> list[Operation]:
        """The log lines of the command line."""
        return [row for row in self.cluster.log.operations() if row.interface == "ssh"]


async def at(cluster: Cluster, node: str = "", *, pager: bool = False, rows: int = 500, columns: int = 200) -> FarEnd:
    """A far end at its prompt, by default with the pager off."""
    end = FarEnd(cluster, cluster.node(node) if node else None, rows=rows, columns=columns)
    await end.greeted()
    if not pager:
        await end.run("set cli pagination off")
    return end


def at_prompt(
    test: Callable[[FarEnd], Coroutine[Any, Any, T]], of: Scenario | None = None, *, node: str = "", **switches: str
) -> T:
    """Run `test` with somebody at the prompt of a node (the publisher), pager off, in a calm cluster."""
    chosen = of or scenario()
    if switches:
        chosen = msgspec.structs.replace(chosen, switches=switches)

    async def run(cluster: Cluster) -> T:
        return await test(await at(cluster, node))

    return in_lab(run, chosen)


def outputs(*lines: str, of: Scenario | None = None, node: str = "", **switches: str) -> list[str]:
    """The output of each command, typed one after the other."""

    async def run(end: FarEnd) -> list[str]:
        return [await end.run(line) for line in lines]

    return at_prompt(run, of, node=node, **switches)


def output(line: str, *, of: Scenario | None = None, node: str = "", **switches: str) -> str:
    """The output of one command."""
    return outputs(line, of=of, node=node, **switches)[0]
