"""Where output goes: pages on standard output for a person, one JSON line there for a program, progress on stderr."""

import sys
from collections.abc import Iterable
from typing import TextIO

import msgspec

from ucmcert.report.paper import plain
from ucmcert.report.paper.blocks import Block, Line


class Printer(msgspec.Struct, frozen=True, kw_only=True):
    """With `as_json` nothing but the JSON line goes to standard output; pages that precede a question go to stderr."""

    lang: str
    as_json: bool

    def show(self, blocks: Iterable[Block]) -> None:
        """A page for a person."""
        if not self.as_json:
            draw(blocks, sys.stdout)

    def ask_about(self, blocks: Iterable[Block]) -> None:
        """A page that a person must see before an answer: it is shown even beside JSON, on stderr then."""
        draw(blocks, sys.stderr if self.as_json else sys.stdout)

    def tell(self, parts: Line) -> None:
        """One line about the work itself, on stderr."""
        draw_line(parts, sys.stderr)

    def result(self, shape: object) -> None:
        """The last line for a program."""
        if self.as_json:
            sys.stdout.write(msgspec.json.encode(shape).decode() + "\n")
            sys.stdout.flush()


def draw(blocks: Iterable[Block], stream: TextIO) -> None:
    """Draw on `stream`: with rich when it is a terminal, as plain text when it is a pipe or a file."""
    if stream.isatty():
        from ucmcert.report.paper import terminal

        terminal.draw(blocks, stream)
    else:
        stream.write(plain.render(blocks))
    stream.flush()


def draw_line(parts: Line, stream: TextIO) -> None:
    """Draw one line on `stream`, as `draw` does."""
    if stream.isatty():
        from ucmcert.report.paper import terminal

        terminal.draw_line(parts, stream)
    else:
        stream.write(plain.one_line(parts) + "\n")
    stream.flush()
