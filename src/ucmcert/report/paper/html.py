"""One HTML page that needs nothing else: style inside, no script, nothing to load. Everything is escaped."""

from collections.abc import Iterable, Iterator
from html import escape
from importlib.resources import files

from ucmcert.report.paper.blocks import Block, Bullets, Column, Facts, Heading, Line, Paragraph, Table, Text
from ucmcert.report.paper.clean import clean, clean_lines

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

TIGHT = 48  # characters; a longer name wraps rather than widen the page


def render(blocks: Iterable[Block], *, title: str, lang: str) -> str:
    """The whole page in UTF-8 text."""
    style = files("ucmcert.report.paper").joinpath("report.css").read_text("utf-8")
    body = "\n".join(one for block in blocks for one in _lines(block))
    return (
        f'<!DOCTYPE html>\n<html lang="{escaped(lang)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{escaped(title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n"
        "</body>\n</html>\n"
    )


def escaped(words: str) -> str:
    """`words` as text of an element or of a quoted attribute."""
    return escape(clean(words), quote=True)


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Heading(words=words, level=level):
            yield f"<h{level}>{escaped(words)}</h{level}>"
        case Paragraph(line=parts):
            yield f"<p>{_line(parts)}</p>"
        case Bullets(items=items, numbered=numbered, first=first):
            name = "ol" if numbered else "ul"
            yield f'<ol start="{first}">' if numbered else "<ul>"
            yield from (f"<li>{_line(item)}</li>" for item in items)
            yield f"</{name}>"
        case Facts(pairs=pairs):
            yield "<dl>"
            yield from (f"<dt>{escaped(label)}</dt><dd>{_line(parts)}</dd>" for label, parts in pairs)
            yield "</dl>"
        case Table(columns=columns, rows=rows):
            yield from _table(columns, rows)
        case _:
            yield f"<pre>{escape(chr(10).join(clean_lines(block.words)))}</pre>"


def _table(columns: tuple[Column, ...], rows: tuple[Line, ...]) -> Iterator[str]:
    yield '<div class="scroll"><table>'
    titles = "".join(f'<th scope="col"{_class(column)}>{escaped(column.title)}</th>' for column in columns)
    yield f"<thead><tr>{titles}</tr></thead>\n<tbody>"
    for row in rows:
        cells = "".join(
            f"<td{_class(column, cell)}>{_part(cell, code=column.code)}</td>"
            for cell, column in zip(row, columns, strict=True)
        )
        yield f"<tr>{cells}</tr>"
    yield "</tbody></table></div>"


def _class(column: Column, cell: Text | None = None) -> str:
    tight = column.tight and cell is not None and len(cell.words) <= TIGHT
    names = [name for name, wanted in (("right", column.right), ("tight", tight), ("code", column.code)) if wanted]
    return f' class="{" ".join(names)}"' if names else ""


def _line(parts: Line) -> str:
    return "".join(_part(part) for part in parts)


def _part(part: Text, *, code: bool = False) -> str:
    words = escaped(part.words)
    if not words:
        return ""
    if code or part.style == "code":
        words = f"<code>{words}</code>"
    if part.style in ("", "code"):
        return words
    return f'<span class="{part.style}">{words}</span>'
