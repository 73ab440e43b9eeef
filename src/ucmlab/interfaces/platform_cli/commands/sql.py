"""`run sql`: one SELECT, as a table whose rule tells the widths. Source: interfaces-cli.md 5.9."""

from collections.abc import Sequence

from ucmlab.cluster.database import query
from ucmlab.errors import SqlError
from ucmlab.interfaces.platform_cli.conversation import Call, Conversation
from ucmlab.interfaces.platform_cli.registry import Command, NotUnderstood

SYNTAX_ERROR = -201


async def run_sql(talk: Conversation, call: Call) -> None:
    """The answer, or Informix's sentence (switch sql_error for a syntax error); no rows follow switch sql_empty."""
    try:
        columns, rows = query(talk.cluster, talk.node, call.rest)
    except SqlError as error:
        words = talk.switches["sql_error"] if error.code == SYNTAX_ERROR else error.words
        raise NotUnderstood(words) from error
    if not rows and talk.switches["sql_empty"] == "norecords":
        talk.say("No records found")
        return
    talk.say(*table_lines(columns, rows))


def table_lines(columns: Sequence[str], rows: Sequence[Sequence[str | None]]) -> list[str]:
    """Header, rule and rows, every cell padded to the longest of its column; SQL null is `NULL`."""
    cells = [["NULL" if cell is None else cell for cell in row] for row in rows]
    widths = [max(len(name), *(len(row[place]) for row in cells), 0) for place, name in enumerate(columns)]
    rule = ["=" * width for width in widths]
    return [
        " ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in (list(columns), rule, *cells)
    ]


COMMANDS = (
    Command(
        words="run sql",
        run=run_sql,
        operation="sql",
        about="runs an SQL statement",
        arguments="<statement>",
        least=1,
        free_text=True,
        privilege=1,
        takes_s=1.0,
    ),
)
