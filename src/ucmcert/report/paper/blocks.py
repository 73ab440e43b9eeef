"""What a report is made of: a few kinds of blocks, drawn alike as plain text, on a terminal, as Markdown and as HTML.

Room rules: a block knows words and a style, never a paper. Text may be hostile: it is cleaned once, when a Text is
made into output, and escaped by the paper it goes to. Colour never carries a meaning that the words do not.
"""

from collections.abc import Iterable
from typing import Literal

import msgspec

Style = Literal["", "strong", "good", "warn", "bad", "dim", "code"]


class Text(msgspec.Struct, frozen=True):
    """Some words in one style."""

    words: str
    style: Style = ""


Line = tuple[Text, ...]


class Heading(msgspec.Struct, frozen=True):
    """A title. Level 1 is the title of the whole paper."""

    words: str
    level: int = 2


class Paragraph(msgspec.Struct, frozen=True):
    """One line of prose."""

    line: Line


class Bullets(msgspec.Struct, frozen=True):
    """A list; numbered from `first` when the order matters."""

    items: tuple[Line, ...]
    numbered: bool = False
    first: int = 1


class Facts(msgspec.Struct, frozen=True):
    """Pairs of a label and what it says."""

    pairs: tuple[tuple[str, Line], ...]


class Verbatim(msgspec.Struct, frozen=True):
    """Somebody else's words, line by line, untouched but for control characters."""

    words: str


class Column(msgspec.Struct, frozen=True):
    """`right` aligns numbers, `code` asks for a fixed-width face, `tight` keeps names and times on one line."""

    title: str
    right: bool = False
    code: bool = False
    tight: bool = False


class Table(msgspec.Struct, frozen=True):
    """Rows under titled columns; every row has a cell per column."""

    columns: tuple[Column, ...]
    rows: tuple[Line, ...]


Block = Heading | Paragraph | Bullets | Facts | Verbatim | Table


def line(*parts: str | Text) -> Line:
    """A line of plain words and styled ones."""
    return tuple(Text(part) if isinstance(part, str) else part for part in parts)


def paragraph(*parts: str | Text) -> Paragraph:
    """One line of prose."""
    return Paragraph(line(*parts))


def bullets(items: Iterable[Line], *, numbered: bool = False) -> Bullets:
    """A list of lines."""
    return Bullets(tuple(items), numbered)


def words_of(parts: Line) -> str:
    """The words of a line without their styles."""
    return "".join(part.words for part in parts)
