"""A node in memory behind the `Connect` port, for tests: pages of its command line, a script of its web answers."""

import asyncio

from scripted_http import ScriptedHttp

from ucmcert.errors import OutcomeUnknown, UsageError
from ucmcert.model.node import Credential, Node
from ucmcert.model.ports import Http, HttpAnswer, Terminal, Trust
from ucmcert.ucm.net_errors import lost

NTP = "synchronised to NTP server (10.1.89.1) at stratum 3\n\nCurrent time in UTC is : Wed Jul  3 12:40:36 UTC 2019"
NODE_UTC = 1562157636.0
EPOCH = NODE_UTC - 60.0  # our clock is a minute behind
PROMPT = "\r\nadmin:"


class LoopClock:
    """The loop's own time from an epoch on."""

    def now(self) -> float:
        return EPOCH + asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class PagesTerminal:
    """Answers each command from a book of pages; an unknown command is refused. `cut()` ends the line."""

    def __init__(self, pages: dict[str, str], typed: list[str]) -> None:
        self._pages = pages
        self._typed = typed
        self._out: asyncio.Queue[str] = asyncio.Queue()
        self._line = ""
        self.gone = False
        self._out.put_nowait("\r\n   Welcome to the Platform Command Line Interface\r\n" + PROMPT)

    async def read(self) -> str:
        return await self._out.get()

    async def write(self, text: str) -> None:
        if self.gone:
            raise lost("ssh", sent=False)
        self._line += text
        while "\n" in self._line:
            command, self._line = self._line.split("\n", 1)
            self._typed.append(command)
            answer = self._pages.get(command, "No valid command entered")
            self._out.put_nowait(f"{command}\r\n" + answer.replace("\n", "\r\n") + PROMPT)

    async def close(self) -> None:
        self.gone = True

    def cut(self) -> None:
        self.gone = True
        self._out.put_nowait("")


class OneNode:
    """The `Connect` port to nodes that are all alike."""

    def __init__(
        self, pages: dict[str, str] | None = None, *web: HttpAnswer | Exception, shown: tuple[bytes, ...] = ()
    ) -> None:
        self.pages = {"set cli pagination off": "Automatic pagination is turned off", "utils ntp status": NTP}
        self.pages.update(pages or {})
        self.web = web
        self.shown: tuple[bytes, ...] | OutcomeUnknown = shown
        self.typed: list[str] = []
        self.terminals: list[PagesTerminal] = []
        self.origins: list[tuple[str, int, str, Trust, ScriptedHttp]] = []
        self.pages_of_phones: dict[str, HttpAnswer | Exception] = {}
        self.asked_plainly: list[tuple[str, int, str]] = []
        self.by_tftp: bytes | None = None
        self.logins = 0
        self.login_error: UsageError | OutcomeUnknown | None = None

    async def http(self, node: Node, port: int, credential: Credential, trust: Trust) -> Http:
        scripted = ScriptedHttp(*self.web)
        self.origins.append((node.name, port, credential.user, trust, scripted))
        return scripted

    async def terminal(self, node: Node, credential: Credential) -> Terminal:
        self.logins += 1
        await asyncio.sleep(0.1)
        if self.login_error is not None:
            raise self.login_error
        terminal = PagesTerminal(self.pages, self.typed)
        self.terminals.append(terminal)
        return terminal

    async def handshake(self, node: Node, port: int, timeout_s: float) -> tuple[bytes, ...]:
        if isinstance(self.shown, OutcomeUnknown):
            raise self.shown
        return self.shown

    async def plain_http(self, address: str, port: int, path: str, timeout_s: float) -> HttpAnswer:
        self.asked_plainly.append((address, port, path))
        answer = self.pages_of_phones.get(path, HttpAnswer(status=404, content_type="text/html", body=b""))
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def tftp(self, node: Node, name: str, timeout_s: float) -> bytes | None:
        return self.by_tftp
