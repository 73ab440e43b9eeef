"""Everything a terminal said since the last command, read piece by piece and under a limit.

A read that was begun is never cancelled to look at the clock: it stays open, so that no character is lost between two
looks.
"""

import asyncio
from enum import Enum

from ucmcert.errors import OutcomeUnknown
from ucmcert.model.ports import Terminal

MOST_CHARACTERS = 4_000_000  # far above the longest table; below what would hurt
TAIL = 2_000


class Heard(Enum):
    """What a wait brought."""

    MORE = "more"
    QUIET = "quiet"
    END = "end"


class TooMuchText(Exception):
    """The answer grew past the limit."""


class Inbox:
    """The reading side of one terminal."""

    def __init__(self, terminal: Terminal, *, most_characters: int = MOST_CHARACTERS) -> None:
        self._terminal = terminal
        self._most = most_characters
        self._reading: asyncio.Task[str] | None = None
        self._parts: list[str] = []
        self._size = 0
        self.tail = ""
        self.ended = ""

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(self._parts)

    def clear(self) -> None:
        """Forget what was said so far."""
        self._parts, self._size, self.tail = [], 0, ""

    def seen(self) -> None:
        """What stands at the end has been answered: it must not count a second time."""
        self.tail = ""

    async def more(self, timeout_s: float | None) -> Heard:
        """Wait for the next piece, at most `timeout_s` (None: as long as it takes). Raises TooMuchText."""
        if self.ended:
            return Heard.END
        if self._reading is None:
            self._reading = asyncio.create_task(self._terminal.read(), name="terminal read")
        done, _ = await asyncio.wait({self._reading}, timeout=timeout_s)
        if not done:
            return Heard.QUIET
        finished, self._reading = self._reading, None
        try:
            piece = finished.result()
        except OutcomeUnknown as error:
            self.ended = error.why or error.what
            return Heard.END
        if not piece:
            self.ended = "the node closed the session"
            return Heard.END
        self._parts.append(piece)
        self._size += len(piece)
        self.tail = (self.tail + piece)[-TAIL:]
        if self._size > self._most:
            raise TooMuchText
        return Heard.MORE

    def stop(self, why: str) -> None:
        """Read no more."""
        self.ended = self.ended or why
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None
