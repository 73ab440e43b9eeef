"""The ledger on disk: append-only events in SQLite, each chained to the one before, durable when `append` returns.

Rules of this room: one transaction per event, WAL with synchronous FULL (spikes.md 9); nothing is ever updated or
deleted; a record of an unknown kind is kept and shown raw; only the holder of the lock (run/lock) appends.
"""

import hashlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import msgspec

from ucmcert.errors import UsageError
from ucmcert.model.event import AnyEvent, Entry, Event

FORMAT = 1
FIRST_PREVIOUS = "0" * 64
SCHEMA = """
CREATE TABLE IF NOT EXISTS about (format INTEGER NOT NULL, cluster TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS entries (
  number INTEGER PRIMARY KEY, previous TEXT NOT NULL, digest TEXT NOT NULL UNIQUE, body BLOB NOT NULL);
"""


def digest_of(previous: str, body: bytes) -> str:
    """SHA-256 hex that chains `body` to the entry before it (model/event `Entry`)."""
    return hashlib.sha256(previous.encode() + b"\n" + body).hexdigest()


def read_event(body: bytes) -> AnyEvent | None:
    """The event in `body`, None when it is of a kind this release does not know, or no event at all."""
    try:
        event: AnyEvent = msgspec.json.decode(body, type=AnyEvent)
    except msgspec.DecodeError:
        return None
    return event


class SqliteLedger:
    """A ledger port on one SQLite file, or in memory (`:memory:`) for the simulation."""

    def __init__(self, connection: sqlite3.Connection, where: str) -> None:
        self._connection = connection
        self._where = where
        last = connection.execute("SELECT number, digest FROM entries ORDER BY number DESC LIMIT 1").fetchone()
        self._number: int = last[0] if last else 0
        self._digest: str = last[1] if last else FIRST_PREVIOUS

    def append(self, event: Event) -> Entry:
        """Write one event durably. Raises UsageError UCM-LEDGER-002 when the disk refuses; nothing is half written."""
        body = msgspec.json.encode(event)
        digest = digest_of(self._digest, body)
        number = self._number + 1
        try:
            with self._connection:
                self._connection.execute(
                    "INSERT INTO entries VALUES (?, ?, ?, ?)", (number, self._digest, digest, body)
                )
        except sqlite3.Error as error:
            raise UsageError(
                "UCM-LEDGER-002",
                "the ledger could not be written",
                where=self._where,
                why=f"SQLite says: {error} (a full disk, a read-only folder or a damaged file)",
                next="make room or mend the folder, then resume: nothing was sent to the cluster after the last entry",
            ) from error
        entry = Entry(number=number, previous=self._digest, digest=digest, body=body, event=read_event(body))
        self._number, self._digest = number, digest
        return entry

    def entries(self) -> Iterator[Entry]:
        """All entries, oldest first, each re-checked. Raises UsageError UCM-LEDGER-003 on a broken chain."""
        previous = FIRST_PREVIOUS
        rows = self._connection.execute(
            "SELECT number, previous, digest, CAST(body AS BLOB) FROM entries ORDER BY number"
        )
        for at, (number, stored_previous, digest, body) in enumerate(rows, start=1):
            if number != at or stored_previous != previous or digest_of(previous, body) != digest:
                raise UsageError(
                    "UCM-LEDGER-003",
                    f"entry {number} of the ledger does not follow from the one before",
                    where=self._where,
                    why="the file was edited or damaged: its chain of digests is broken there",
                    next="restore the file from a copy; the evidence pack of an earlier run holds its entries too",
                )
            yield Entry(number=number, previous=previous, digest=digest, body=body, event=read_event(body))
            previous = digest

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


def open_ledger(path: Path | None, cluster: str, *, read_only: bool = False) -> SqliteLedger:
    """Open or make the ledger of `cluster` at `path`; None means in memory.

    Raises: UsageError UCM-LEDGER-001 for a ledger of a newer format or another cluster, UCM-LEDGER-002 when the file
    cannot be opened or written, UCM-LEDGER-004 when it is missing and `read_only`.
    """
    where = str(path) if path else "memory"
    if read_only and path and not path.exists():
        raise UsageError(
            "UCM-LEDGER-004",
            "there is no ledger yet",
            where=where,
            why=f"no run was ever started for cluster {cluster} with this configuration",
            next="start one with `ucmcert renew`, or give the configuration file of the run you mean",
        )
    try:
        return SqliteLedger(_connect(path, cluster, read_only=read_only), where)
    except sqlite3.Error as error:
        raise UsageError(
            "UCM-LEDGER-002",
            "the ledger could not be opened",
            where=where,
            why=f"SQLite says: {error}",
            next="check that the folder exists, is yours and has room, and that the file is a ucmcert ledger",
        ) from error


def _connect(path: Path | None, cluster: str, *, read_only: bool) -> sqlite3.Connection:
    if path is None:
        connection = sqlite3.connect(":memory:")
    elif read_only:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    else:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        connection = sqlite3.connect(path)
    try:
        if not read_only:
            if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'about'").fetchone():
                _check_about(connection, cluster, str(path))  # before a byte of somebody else's ledger changes
            if path is not None:
                connection.execute("PRAGMA journal_mode=WAL")
                connection.execute("PRAGMA synchronous=FULL")
            connection.executescript(SCHEMA)
            if connection.execute("SELECT count(*) FROM about").fetchone() == (0,):
                with connection:
                    connection.execute("INSERT INTO about VALUES (?, ?)", (FORMAT, cluster))
        _check_about(connection, cluster, str(path))
    except BaseException:
        connection.close()
        raise
    return connection


def _check_about(connection: sqlite3.Connection, cluster: str, where: str) -> None:
    row = connection.execute("SELECT format, cluster FROM about").fetchone()
    if row is None:  # made, and interrupted before its first line
        return
    found_format, found_cluster = row
    if found_format != FORMAT:
        raise UsageError(
            "UCM-LEDGER-001",
            f"the ledger has format {found_format}, this release writes format {FORMAT}",
            where=where,
            why="another release of ucmcert wrote it, and guessing at its meaning could repeat a write",
            next="use the release that wrote it, or finish its run there first",
        )
    if found_cluster != cluster:
        raise UsageError(
            "UCM-LEDGER-001",
            f"the ledger belongs to cluster {found_cluster}, not {cluster}",
            where=where,
            why="one ledger tells the story of one cluster",
            next="correct `cluster` or `state` in the configuration file",
        )
