"""Promise: what the database says of LSCs is read in words, and what it does not say is never made up."""

import asyncio
import sqlite3

import pytest

from ucmcert.errors import Refused
from ucmcert.model.phone import INSTALL, NO_OPERATION, Lsc
from ucmcert.ucm.phones import database
from ucmcert.ucm.phones.database import Row
from ucmcert.ucm.phones.lsc import read_lsc

SCHEMA = """
create table device (name text, tkclass int, tkcertificateoperation int, tkcertificatestatus int);
create table typecertificateoperation (enum int, name text);
create table typecertificatestatus (enum int, name text);
insert into typecertificateoperation values (1, 'No Pending Operation'), (2, 'Install/Upgrade');
insert into typecertificatestatus values (1, 'None'), (2, 'Operation Pending'), (3, 'Upgrade Success');
"""


class Database:
    """What it does not know it refuses, as AXL does."""

    def __init__(self, *rows: tuple[object, ...], without: str = "") -> None:
        self._db = sqlite3.connect(":memory:")
        self._db.executescript(SCHEMA.replace(without, "gone") if without else SCHEMA)
        self._db.executemany("insert into device values (?,1,?,?)", rows)
        self.asked: list[str] = []

    async def sql(self, statement: str) -> tuple[Row, ...]:
        self.asked.append(statement)
        try:
            cursor = self._db.execute(statement)
        except sqlite3.OperationalError as error:
            raise Refused("UCM-SOAP-001", "no", where="x", why="no", next="no", answer=str(error)) from error
        names = [column[0].lower() for column in cursor.description]
        return tuple(
            dict(zip(names, ("" if cell is None else str(cell) for cell in row), strict=True)) for row in cursor
        )


def test_numbers_come_as_words_for_the_phones_that_were_asked_for() -> None:
    book = Database(("SEPA", 2, 2), ("SEPB", 1, 3), ("SEPC", 1, 1))
    assert {
        "SEPA": Lsc(operation=INSTALL, status="Operation Pending"),
        "SEPB": Lsc(operation=NO_OPERATION, status="Upgrade Success"),
    } == asyncio.run(read_lsc(book.sql, ("SEPA", "SEPB", "SEPGONE")))


def test_a_number_without_a_word_tells_nothing() -> None:
    book = Database(("SEPA", 9, 3), ("SEPB", 1, None), ("SEPC", 1, 3))
    assert {"SEPC"} == set(asyncio.run(read_lsc(book.sql, ("SEPA", "SEPB", "SEPC"))))


@pytest.mark.parametrize("without", ["tkcertificatestatus", "typecertificateoperation"])
def test_a_database_without_these_columns_refuses(without: str) -> None:
    with pytest.raises(Refused):
        asyncio.run(read_lsc(Database(("SEPA", 1, 3), without=without).sql, ("SEPA",)))


def test_nobody_asked_for_costs_nothing_and_many_phones_come_in_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    book = Database(*((f"SEP{number:012X}", 1, 3) for number in range(60)))
    assert ({}, []) == (asyncio.run(read_lsc(book.sql, ())), book.asked)
    monkeypatch.setattr(database, "MOST_ROWS", 10)
    names = [f"SEP{number:012X}" for number in range(60)]
    assert set(names) == set(asyncio.run(read_lsc(book.sql, names)))
    assert 17 == sum("like" in one for one in book.asked)


@pytest.mark.parametrize(
    ("operation", "status", "expected"),
    [
        (NO_OPERATION, "Upgrade Success", ("", True)),
        ("no pending operation", "Operation Completed", ("", True)),
        (NO_OPERATION, "Upgrade Failed", ("", False)),
        (NO_OPERATION, "None", ("", False)),
        (NO_OPERATION, "Operation Pending", ("", False)),
        (INSTALL, "Upgrade Success", (INSTALL, False)),
        ("Delete", "Operation Pending", ("Delete", False)),
    ],
)
def test_only_a_good_word_without_anything_waiting_is_a_new_lsc(
    operation: str, status: str, expected: tuple[str, bool]
) -> None:
    lsc = Lsc(operation=operation, status=status)
    assert expected == (lsc.waiting, lsc.renewed)
