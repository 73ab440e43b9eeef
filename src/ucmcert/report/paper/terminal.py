"""Draws blocks on a terminal with colour and wrapping. The only module that imports rich: load it only there."""

from collections.abc import Iterable
from typing import TextIO

import rich.box
import rich.table
import rich.text
from rich.console import Console, RenderableType
from rich.padding import Padding

from ucmcert.report.paper.blocks import Block, Bullets, Facts, Heading, Line, Paragraph, Style, Table
from ucmcert.report.paper.blocks import Text as Words
from ucmcert.report.paper.clean import clean, clean_lines

TIGHT = 32  # columns of a terminal that a name or a time gets before it is folded
MOST_KEPT = 0.6  # of the width
STYLES: dict[Style, str] = {
    "": "",
    "strong": "bold",
    "good": "green",
    "warn": "yellow",
    "bad": "bold red",
    "dim": "dim",
    "code": "cyan",
}


def draw(blocks: Iterable[Block], stream: TextIO, *, width: int | None = None) -> None:
    """Draw `blocks` on `stream`, wrapped to `width` columns (the terminal's own by default)."""
    console = Console(file=stream, width=width, highlight=False, markup=False, emoji=False)
    for number, block in enumerate(blocks):
        if number:
            console.print()
        console.print(_drawn(block, console.width))


def draw_line(parts: Line, stream: TextIO) -> None:
    """Draw one line of live progress."""
    Console(file=stream, highlight=False, markup=False, emoji=False).print(_text(parts), soft_wrap=True)


def _drawn(block: Block, width: int) -> RenderableType:
    match block:
        case Heading(words=words, level=level):
            return rich.text.Text(clean(words), style="bold underline" if level == 1 else "bold")
        case Paragraph(line=parts):
            return _text(parts)
        case Bullets():
            return _list(block)
        case Facts(pairs=pairs):
            grid = rich.table.Table.grid(padding=(0, 2))
            grid.add_column(style="dim", no_wrap=True)
            grid.add_column(overflow="fold")
            for label, parts in pairs:
                grid.add_row(rich.text.Text(clean(label)), _text(parts))
            return grid
        case Table():
            return _table(block, width)
        case _:
            return Padding(rich.text.Text("\n".join(clean_lines(block.words)), style="dim"), (0, 0, 0, 2))


def _list(block: Bullets) -> rich.table.Table:
    grid = rich.table.Table.grid(padding=(0, 1))
    grid.add_column(justify="right", no_wrap=True)
    grid.add_column(overflow="fold")
    for number, item in enumerate(block.items, block.first):
        grid.add_row(f"{number}." if block.numbered else "-", _text(item))
    return grid


def _table(block: Table, width: int) -> rich.table.Table:
    """A name or a time is kept whole as long as the terminal leaves room for the columns that may wrap."""
    longest = [max((len(clean(row[at].words)) for row in block.rows), default=0) for at in range(len(block.columns))]
    kept = [column.tight and wide <= TIGHT for column, wide in zip(block.columns, longest, strict=True)]
    if sum(wide for wide, keep in zip(longest, kept, strict=True) if keep) > MOST_KEPT * width:
        kept = [False] * len(kept)
    table = rich.table.Table(box=rich.box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for column, keep in zip(block.columns, kept, strict=True):
        table.add_column(
            rich.text.Text(clean(column.title)),
            justify="right" if column.right else "left",
            overflow="fold",
            style="cyan" if column.code else None,
            no_wrap=keep,
        )
    for row in block.rows:
        table.add_row(*(_text((cell,)) for cell in row))
    return table


def _text(parts: Line | tuple[Words, ...]) -> rich.text.Text:
    return rich.text.Text.assemble(*((clean(part.words), STYLES[part.style]) for part in parts))
