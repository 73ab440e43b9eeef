"""What a shell is given: a terminal, and the three ways in which somebody at it stops listening."""

from typing import Protocol

INTERRUPT, END_OF_TEXT = "\x03", "\x04"


class Terminal(Protocol):
    """A far end that types and reads. Line ends are LF only; a pty makes CR LF of them."""

    @property
    def columns(self) -> int:
        """Width in characters."""

    @property
    def rows(self) -> int:
        """Height in lines."""

    async def read(self) -> str:
        """What was typed, at least one character; "" when the far end hung up."""

    def write(self, text: str) -> None:
        """Show text."""

    async def drain(self) -> None:
        """Wait until what was written can be taken."""


class Gone(Exception):
    """Nobody will type here again: the session ends without a word."""


class EndOfText(Gone):
    """Ctrl-D; `line` is what stood on the line."""

    def __init__(self, line: str) -> None:
        super().__init__("Ctrl-D")
        self.line = line


class Idle(Exception):
    """Nothing was typed for the session's time-out."""


class Interrupted(Exception):
    """Ctrl-C where a line is typed."""
