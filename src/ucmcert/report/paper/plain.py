"""Plain text for a pipe or a file: no colour, columns aligned, nothing cut off."""

import unicodedata
from collections.abc import Iterable, Iterator

from ucmcert.report.paper.blocks import Block, Bullets, Column, Facts, Heading, Line, Paragraph, Table, words_of
from ucmcert.report.paper.clean import clean, clean_lines

UNDERLINES = {1: "=", 2: "-"}


def render(blocks: Iterable[Block]) -> str:
    """The whole text, ending in a newline; "" for no blocks."""
    parts = ["\n".join(_lines(block)) for block in blocks]
    return "\n\n".join(part for part in parts if part) + "\n" if parts else ""


def one_line(parts: Line) -> str:
    """One clean line without its end, as live progress needs it."""
    return clean(words_of(parts))


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Heading(words=words, level=level):
            yield clean(words)
            if level in UNDERLINES:
                yield UNDERLINES[level] * _width(clean(words))
        case Paragraph(line=parts):
            yield one_line(parts)
        case Bullets(items=items, numbered=numbered, first=first):
            for number, item in enumerate(items, first):
                yield f"{number}. {one_line(item)}" if numbered else f"- {one_line(item)}"
        case Facts(pairs=pairs):
            wide = max((_width(clean(label)) for label, _ in pairs), default=0)
            for label, parts in pairs:
                yield f"{_padded(clean(label), wide, right=False)}  {one_line(parts)}".rstrip()
        case Table(columns=columns, rows=rows):
            yield from _table(columns, rows)
        case _:
            yield from (f"  | {one}" for one in clean_lines(block.words))


def _table(columns: tuple[Column, ...], rows: tuple[Line, ...]) -> Iterator[str]:
    cells = [[clean(column.title) for column in columns], *([clean(cell.words) for cell in row] for row in rows)]
    widths = [max(_width(row[at]) for row in cells) for at in range(len(columns))]
    for number, row in enumerate(cells):
        padded = [
            _padded(cell, wide, right=column.right) for cell, wide, column in zip(row, widths, columns, strict=True)
        ]
        yield "  ".join(padded).rstrip()
        if number == 0:
            yield "  ".join("-" * wide for wide in widths)


def _padded(words: str, wide: int, *, right: bool) -> str:
    room = " " * (wide - _width(words))
    return room + words if right else words + room


def _width(words: str) -> int:
    """Columns on a terminal: wide East Asian letters take two, combining marks none."""
    return sum(
        0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in words
    )
