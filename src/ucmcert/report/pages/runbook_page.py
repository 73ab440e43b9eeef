"""The by-hand procedure as blocks: `plan.runbook` writes it as Markdown, any paper can print it."""

import re
from collections.abc import Iterator
from typing import TypeVar

import msgspec

from ucmcert.model.cluster import Cluster
from ucmcert.model.plan import Plan
from ucmcert.plan.runbook import runbook
from ucmcert.report.paper.blocks import Block, Bullets, Column, Heading, Line, Paragraph, Table, Text
from ucmcert.report.paper.clean import clean

MARKED = re.compile(r"`([^`]+)`|\*\*(.+?)\*\*")
NUMBERED = re.compile(r"\d+\. ")
Record = TypeVar("Record", bound=msgspec.Struct)


def runbook_blocks(plan: Plan, cluster: Cluster, lang: str) -> tuple[Block, ...]:
    """The procedure in `lang`. Words of the cluster are cleaned first, so that none starts a line of its own."""
    nodes = tuple(msgspec.structs.replace(one, node=_cleaned(one.node)) for one in cluster.nodes)
    text = runbook(_cleaned(plan), msgspec.structs.replace(cluster, nodes=nodes), lang)
    return tuple(_blocks(text.splitlines()))


def _cleaned(record: Record) -> Record:
    return msgspec.convert(_clean(msgspec.to_builtins(record)), type(record))


def _clean(value: object) -> object:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {_clean(key): _clean(one) for key, one in value.items()}
    return [_clean(one) for one in value] if isinstance(value, list | tuple) else value


def _blocks(lines: list[str]) -> Iterator[Block]:
    at = 0
    while at < len(lines):
        kind = _kind(lines[at])
        end = at + 1
        while end < len(lines) and kind in ("table", "numbered", "list") and _kind(lines[end]) == kind:
            end += 1
        if kind:
            yield _block(kind, lines[at:end])
        at = end


def _kind(text: str) -> str:
    if not text:
        return ""
    if text.startswith("#"):
        return "heading"
    if text.startswith("|"):
        return "table"
    if text.startswith("- "):
        return "list"
    return "numbered" if NUMBERED.match(text) else "prose"


def _block(kind: str, lines: list[str]) -> Block:
    match kind:
        case "heading":
            marks, _, words = lines[0].partition(" ")
            return Heading(words, len(marks))
        case "table":
            return _table(lines)
        case "list":
            return Bullets(tuple(_line(one[2:]) for one in lines))
        case "numbered":
            items = tuple(_line(NUMBERED.sub("", one, count=1)) for one in lines)
            return Bullets(items, numbered=True, first=int(lines[0].partition(".")[0]))
        case _:
            return Paragraph(_line(lines[0]))


def _table(lines: list[str]) -> Table:
    titles = _cells(lines[0])
    rows = (_cells(one) for one in lines[2:])
    fitted = ([*row, *[""] * len(titles)][: len(titles)] for row in rows)
    return Table(tuple(Column(one) for one in titles), tuple(tuple(Text(one) for one in row) for row in fitted))


def _cells(text: str) -> list[str]:
    return [one.strip() for one in text.strip().strip("|").split("|")]


def _line(text: str) -> Line:
    parts: list[Text] = []
    at = 0
    for found in MARKED.finditer(text):
        parts.append(Text(text[at : found.start()]))
        code, strong = found.groups()
        parts.append(Text(code, "code") if code else Text(strong, "strong"))
        at = found.end()
    parts.append(Text(text[at:]))
    return tuple(part for part in parts if part.words)
