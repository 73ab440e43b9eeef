"""The cluster's database for reading: a real SQLite database with CUCM's tables, built for each statement.

Only the tables a statement names are filled; the one of the phones is filled once and copied, for it may be long.
Nothing can be written: SQLite itself is told to allow reading only.
"""

import re
import sqlite3
from contextlib import closing
from weakref import WeakKeyDictionary, finalize

import msgspec

from ucmlab.cluster.cluster import Cluster
from ucmlab.cluster.database_tables import DEVICE, TABLES, Table, tables_of
from ucmlab.cluster.devices import Orders, orders_of
from ucmlab.cluster.informix import sql_error, to_sqlite
from ucmlab.cluster.node import Node
from ucmlab.errors import SqlError

ROWS_MAX = 100_000  # a scenario has no more phones
STEPS_MAX = 2_000
CELL_BYTES_MAX = 1_000_000
ANSWER_CHARACTERS_MAX = 32_000_000  # more is never fetched; AXL refuses an answer long before
NUMBERS = ("enum", "nodeid", "timetolive", "priority", "tabid", "ncols")
_READING = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
Cells = tuple[str | None, ...]


class _Filled(msgspec.Struct, frozen=True):
    """The table of phones of one cluster, and what it was filled from."""

    generation: int
    orders: Orders
    connection: sqlite3.Connection


_PHONES: WeakKeyDictionary[Cluster, _Filled] = WeakKeyDictionary()


def query(cluster: Cluster, node: Node, sql: str) -> tuple[tuple[str, ...], list[Cells]]:
    """Column names (lower case) and rows of one SELECT, as node `node` sees them; SQL null is None.

    Raises: SqlError with Informix's code and sentence. Source: interfaces-http.md 2.4, interfaces-cli.md 5.9.
    """
    if not node.runs("A Cisco DB"):
        raise SqlError(-908, "Attempt to connect to database server failed.")
    statement = to_sqlite(sql)
    words = set(re.findall(r"\w+", statement.lower()))
    with closing(sqlite3.connect(":memory:")) as connection:
        kept = DEVICE if DEVICE in words else ""
        if kept:
            _phones_of(cluster).backup(connection)
        for table in tables_of(cluster):
            if table.name != kept:
                _fill(connection, table, cluster if table.name in words else None)
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, CELL_BYTES_MAX)
        connection.execute("pragma case_sensitive_like = on")
        connection.create_function("nvl", 2, lambda value, other: other if value is None else value)
        connection.set_authorizer(lambda action, *_: sqlite3.SQLITE_OK if action in _READING else sqlite3.SQLITE_DENY)
        connection.set_progress_handler(_Patience(STEPS_MAX), 10_000)
        try:
            cursor = connection.execute(statement)
            columns = tuple(column[0].lower() for column in cursor.description)
            return columns, _fetch(cursor)
        except sqlite3.Error as error:
            raise sql_error(str(error)) from error


def _fetch(cursor: sqlite3.Cursor) -> list[Cells]:
    """Rows as text, up to ROWS_MAX of them and about ANSWER_CHARACTERS_MAX in all."""
    rows: list[Cells] = []
    left = ANSWER_CHARACTERS_MAX
    while left > 0 and len(rows) < ROWS_MAX and (row := cursor.fetchone()) is not None:
        cells = tuple(None if cell is None else str(cell) for cell in row)
        left -= sum(len(cell or "") for cell in cells)
        rows.append(cells)
    return rows


def _phones_of(cluster: Cluster) -> sqlite3.Connection:
    """A database with nothing in it but the table of phones, filled anew when it would differ."""
    known, generation = _PHONES.get(cluster), cluster.phones.generation
    if known is not None and known.generation == generation:
        return known.connection
    orders = orders_of(cluster)
    if known is not None and known.orders == orders:
        connection = known.connection
    else:
        if known is not None:
            known.connection.close()
        connection = sqlite3.connect(":memory:", check_same_thread=False)
        finalize(cluster, connection.close)
        _fill(connection, next(table for table in TABLES if table.name == DEVICE), cluster)
        connection.commit()
    _PHONES[cluster] = _Filled(generation, orders, connection)
    return connection


def _fill(connection: sqlite3.Connection, table: Table, cluster: Cluster | None) -> None:
    columns = ", ".join(f'"{column}" {_affinity(column)}' for column in table.columns)
    connection.execute(f'create table "{table.name}" ({columns})')
    if cluster is not None:
        marks = ", ".join("?" for _ in table.columns)
        connection.executemany(f'insert into "{table.name}" values ({marks})', table.rows(cluster))  # noqa: S608 - own names


def _affinity(column: str) -> str:
    return "integer" if column.startswith("tk") or column in NUMBERS else "text"


class _Patience:
    """Interrupts a statement that would never end."""

    def __init__(self, steps: int) -> None:
        self._left = steps

    def __call__(self) -> int:
        self._left -= 1
        return int(self._left < 0)
