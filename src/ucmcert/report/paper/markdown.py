"""Markdown for a change ticket. Words from outside cannot become markup, links, images or HTML."""

import re
from collections.abc import Iterable, Iterator

from ucmcert.report.paper.blocks import Block, Bullets, Column, Facts, Heading, Line, Paragraph, Table, Text
from ucmcert.report.paper.clean import clean, clean_lines

# `]` makes a link only before `(`, `[` or `:`, or where our own words go on; `_` means nothing inside a word
MARKUP = re.compile(r"[\\`*|~$]|\](?=[(\[:]|$)|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
LEADING = re.compile(r"^(\s*)([-+=#>]|\d+(?=[.)]))")
WRAPS = {"strong": "**", "bad": "**", "warn": "**"}


def render(blocks: Iterable[Block]) -> str:
    """The whole text, ending in a newline; "" for no blocks."""
    parts = ["\n".join(_lines(block)) for block in blocks]
    return "\n\n".join(part for part in parts if part) + "\n" if parts else ""


def escaped(words: str) -> str:
    """`words` as text that means nothing to a Markdown reader, nor to a browser behind it."""
    text = clean(words).replace("&", "&amp;").replace("<", "&lt;")
    return MARKUP.sub(r"\\\g<0>", text)


def _at_start(text: str) -> str:
    """`text` as the start of a line: no heading, list, quotation or rule."""
    return LEADING.sub(lambda match: f"{match.group(1)}{_leading(match.group(2))}", text)


def _leading(sign: str) -> str:
    return f"&#{ord(sign)};" if len(sign) == 1 else f"&#{ord(sign[0])};{sign[1:]}"


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Heading(words=words, level=level):
            yield f"{'#' * level} {escaped(words)}"
        case Paragraph(line=parts):
            yield _at_start(_line(parts))
        case Bullets(items=items, numbered=numbered, first=first):
            for number, item in enumerate(items, first):
                yield f"{number}. {_at_start(_line(item))}" if numbered else f"- {_at_start(_line(item))}"
        case Facts(pairs=pairs):
            for label, parts in pairs:
                yield f"- **{escaped(label)}** {_line(parts)}".rstrip()
        case Table(columns=columns, rows=rows):
            yield from _table(columns, rows)
        case _:
            yield from (f"    {one}" for one in clean_lines(block.words))


def _table(columns: tuple[Column, ...], rows: tuple[Line, ...]) -> Iterator[str]:
    yield "| " + " | ".join(escaped(column.title) for column in columns) + " |"
    yield "|" + "|".join("---:" if column.right else "---" for column in columns) + "|"
    for row in rows:
        cells = (_styled(cell, code=column.code) for cell, column in zip(row, columns, strict=True))
        yield "| " + " | ".join(cells) + " |"


def _line(parts: Line) -> str:
    return "".join(_styled(part) for part in parts)


def _styled(part: Text, *, code: bool = False) -> str:
    words = clean(part.words)
    if not words.strip():
        return words
    if (code or part.style == "code") and not set(words) & set("`|"):
        return f"`{words}`"
    wrap = WRAPS.get(part.style, "")
    return f"{wrap}{escaped(words)}{wrap}"
