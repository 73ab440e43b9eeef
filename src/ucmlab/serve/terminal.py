"""The pseudo-terminal between an SSH session and the shell: raw characters in, line ends as a tty makes them."""

import asyncio
from collections.abc import Callable

DEFAULT_COLUMNS, DEFAULT_ROWS = 80, 24
TYPED_AHEAD_MAX = 1 << 16


class Terminal:
    """What a shell reads and writes. The far end's keys come through `typed`, its going away through `hung_up`."""

    def __init__(self, send: Callable[[str], None]) -> None:
        self.columns = DEFAULT_COLUMNS
        self.rows = DEFAULT_ROWS
        self._send = send
        self._typed = ""
        self._gone = False
        self._news = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()

    def resize(self, columns: int, rows: int) -> None:
        """Take the far end's window; 0 keeps what was."""
        self.columns = columns or self.columns
        self.rows = rows or self.rows

    def typed(self, text: str) -> None:
        """Keys from the far end; Return arrives as CR and is read as a line feed. Beyond the maximum they are lost."""
        self._typed = (self._typed + text.replace("\r", "\n"))[:TYPED_AHEAD_MAX]
        self._news.set()

    def hung_up(self) -> None:
        """The far end is gone, or will type nothing more."""
        self._gone = True
        self._news.set()
        self._room.set()

    def pause(self) -> None:
        """The far end reads too slowly."""
        self._room.clear()

    def resume(self) -> None:
        """The far end reads again."""
        self._room.set()

    async def read(self) -> str:
        """What was typed, at least one character; "" once the far end is gone."""
        while not self._typed and not self._gone:
            self._news.clear()
            await self._news.wait()
        typed, self._typed = self._typed, ""
        return typed

    def write(self, text: str) -> None:
        """Show `text`; every line feed becomes CR LF."""
        self._send(text.replace("\n", "\r\n"))

    async def drain(self) -> None:
        """Wait until the far end has taken most of what was shown."""
        await self._room.wait()
