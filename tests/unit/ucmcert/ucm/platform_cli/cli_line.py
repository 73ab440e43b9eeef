"""A terminal in memory for tests: the client's end is the Terminal port, the node's end is played by the test."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from simulation.virtual_loop import run_virtually
from ucmcert.errors import OutcomeUnknown
from ucmcert.ucm.platform_cli.shell import Shell

T = TypeVar("T")
EPOCH = 1_790_000_000.0
PROMPT = "\r\nadmin:"


class VirtualClock:
    """The loop's time, from an epoch on."""

    def now(self) -> float:
        return EPOCH + asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class Line:
    """Both ends. `typed` is all the client wrote; `gone` makes its next write fail."""

    def __init__(self) -> None:
        self._to_client: asyncio.Queue[str] = asyncio.Queue()
        self._to_node: asyncio.Queue[tuple[float, str]] = asyncio.Queue()
        self.typed = ""
        self.hung_up = 0
        self.gone: OutcomeUnknown | None = None

    async def read(self) -> str:
        return await self._to_client.get()

    async def write(self, text: str) -> None:
        if self.gone:
            raise self.gone
        self.typed += text
        for key in text:
            self._to_node.put_nowait((asyncio.get_running_loop().time(), key))

    async def close(self) -> None:
        self.hung_up += 1

    def says(self, text: str) -> None:
        """The node writes."""
        self._to_client.put_nowait(text)

    def cut(self) -> None:
        """The far end closes."""
        self._to_client.put_nowait("")

    async def key(self) -> str:
        """The next key the client pressed."""
        return (await self._to_node.get())[1]

    async def hears(self) -> str:
        """The next line the client typed, without its Enter."""
        keys = ""
        while not keys.endswith("\n"):
            keys += await self.key()
        return keys[:-1]

    async def greets(self) -> None:
        """Banner, prompt, and the answer to the first command."""
        self.says("\r\nCommand Line Interface is starting up, please wait ...\r\n")
        self.says("\r\n   Welcome to the Platform Command Line Interface\r\n\r\nVMware Installation:\r\n")
        self.says("\t2 vCPU: Intel(R) Xeon(R) CPU E5-2630 v3 @ 2.40GHz\r\n" + PROMPT)
        assert await self.hears() == "set cli pagination off"
        self.says("set cli pagination off\r\nAutomatic pagination is turned off\r\n" + PROMPT)

    async def answers(self, pages: dict[str, str]) -> None:
        """Answer every command from `pages`, for ever."""
        while True:
            command = await self.hears()
            self.says(f"{command}\r\n" + pages[command].replace("\n", "\r\n") + PROMPT)


def talk(node: Callable[[Line], Awaitable[None]], client: Callable[[Shell, Line], Awaitable[T]]) -> T:
    """Greet, then let `node` play the far end while `client` works on an open shell; what `client` returns."""

    async def far_end(line: Line) -> None:
        await line.greets()
        await node(line)

    async def main() -> T:
        line = Line()
        playing = asyncio.create_task(far_end(line), name="node")
        shell = await Shell.open(line, VirtualClock(), where="pub.example")
        try:
            result = await client(shell, line)
        finally:
            await shell.close()
            if playing.done():
                playing.result()
            playing.cancel()
        return result

    return run_virtually(main())


def ask(node: Callable[[Line], Awaitable[None]], command: str = "show status", timeout_s: float = 60) -> str:
    """The answer to one command."""

    async def client(shell: Shell, line: Line) -> str:
        return await shell.ask(command, timeout_s=timeout_s)

    return talk(node, client)
