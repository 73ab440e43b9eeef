"""Plain output: aligned tables for people, JSON for programs."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import click
import msgspec


def table(head: Sequence[str], rows: Iterable[Sequence[str]], *, indent: str = "") -> str:
    """Columns as wide as their widest cell; the last one is left ragged."""
    lines = [tuple(head), *(tuple(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    return "\n".join(
        (indent + "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))).rstrip()
        for line in lines
    )


def moment(epoch: float | None) -> str:
    """A time of the calendar in UTC, to the second; `-` for none."""
    return "-" if epoch is None else datetime.fromtimestamp(epoch, tz=UTC).strftime("%Y-%m-%d %H:%M:%SZ")


def print_json(value: object) -> None:
    """One JSON document."""
    click.echo(msgspec.json.format(msgspec.json.encode(value)).decode())
