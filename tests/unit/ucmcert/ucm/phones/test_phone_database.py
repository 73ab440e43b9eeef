"""Promise: the phones of the database are read whole, with their pool, group and class; a gap is never overlooked."""

import asyncio
import re
import sqlite3

import pytest

from ucmcert.errors import OutcomeUnknown, Refused
from ucmcert.ucm.phones import database
from ucmcert.ucm.phones.database import Row, read_phones
from ucmcert.ucm.phones.models import is_device, knows_lists, pages_of

SCHEMA = """
create table device (name text, description text, tkclass int, tkmodel int, tkdeviceprotocol int,
                     fkdevicepool text, fksecurityprofile text);
create table devicepool (pkid text, name text, fkcallmanagergroup text);
create table callmanagergroupmember (fkcallmanagergroup text, fkcallmanager text, priority int);
create table callmanager (pkid text, fkprocessnode text);
create table processnode (pkid text, name text);
create table typemodel (enum int, name text);
create table securityprofile (pkid text, tkdevicesecuritymode int);
insert into devicepool values ('DP1', 'Paris', 'g1'), ('dp2', 'Lyon', 'g2');
insert into callmanagergroupmember values ('G1', 'c2', 1), ('G1', 'c1', 0), ('g2', 'c2', 0);
insert into callmanager values ('C1', 'n1'), ('c2', 'N2');
insert into processnode values ('n1', '10.0.0.1'), ('n2', 'CUCM-SUB1.lab.example'), ('n0', 'EnterpriseWideData');
insert into typemodel values (684, 'Cisco 8851'), (8, 'Cisco 7940'), (72, 'CTI Port');
insert into securityprofile values ('p1', 1), ('p3', 3);
"""
HOSTS = {"10.0.0.1": "cucm-pub", "cucm-sub1.lab.example": "cucm-sub1"}


class Database:
    """A database that counts its questions; a statement that it does not know is refused, as AXL does."""

    def __init__(self, *phones: tuple[object, ...], without: str = "") -> None:
        self._db = sqlite3.connect(":memory:")
        self._db.executescript(SCHEMA.replace(without, "gone") if without else SCHEMA)
        self._db.executemany("insert into device values (?,?,?,?,?,?,?)", phones)
        self.asked: list[str] = []
        self.lost = 0

    async def sql(self, statement: str) -> tuple[Row, ...]:
        self.asked.append(statement)
        try:
            cursor = self._db.execute(statement)
        except sqlite3.OperationalError as error:
            raise Refused("UCM-SOAP-001", "no", where="x", why="no", next="no", answer=str(error)) from error
        names = [column[0].lower() for column in cursor.description]
        rows = [dict(zip(names, ("" if cell is None else str(cell) for cell in row), strict=True)) for row in cursor]
        return tuple(rows[self.lost :] if "from device" in statement and "count" not in statement else rows)


def phone(
    name: str, model: int = 684, profile: str | None = "P1", pool: str = "dp1", kind: int = 1
) -> tuple[object, ...]:
    return name, f"of {name}", kind, model, 11, pool, profile


def test_a_phone_comes_with_its_pool_its_group_by_host_and_its_class() -> None:
    book = Database(phone("SEPB", 8, "p3", "DP2"), phone("SEPA"), phone("SIPTRUNK", kind=15), phone("CTIP", 72))
    secure, plain = sorted(asyncio.run(read_phones(book.sql, HOSTS)), key=lambda one: one.name, reverse=True)
    assert ("SEPA", "Cisco 8851", "Paris", "SIP", ("cucm-pub", "cucm-sub1")) == (
        plain.name,
        plain.model,
        plain.pool,
        plain.protocol,
        plain.group,
    )
    assert (False, True, "of SEPA") == (plain.secure, plain.sbd, plain.description)
    assert ("SEPB", "Lyon", ("cucm-sub1",), True, False) == (
        secure.name,
        secure.pool,
        secure.group,
        secure.secure,
        secure.sbd,
    )


def test_no_phones_cost_one_question() -> None:
    book = Database()
    assert () == asyncio.run(read_phones(book.sql, {}))
    assert [database.COUNT] == book.asked


def test_many_phones_come_in_slices_that_miss_and_repeat_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "MOST_ROWS", 100)
    names = [f"SEP{number:012X}" for number in range(300)] + ["CSFsmith", "CSFada", "TCTx"]
    book = Database(*(phone(name) for name in names))
    assert sorted(names) == [one.name for one in asyncio.run(read_phones(book.sql, {}))]
    slices = [one for one in book.asked if "like" in one]
    assert 17 == len(slices)
    got = [asyncio.run(book.sql(one)) for one in slices]
    assert len(names) == sum(map(len, got))


def test_a_list_with_fewer_rows_than_the_database_counts_is_unknown() -> None:
    book = Database(phone("SEPA"), phone("SEPB"))
    book.lost = 1
    with pytest.raises(OutcomeUnknown, match="UCM-AXL-003") as caught:
        asyncio.run(read_phones(book.sql, {}))
    assert "1 of 2 rows" in caught.value.why


@pytest.mark.parametrize("without", ["fksecurityprofile", "tkdevicesecuritymode"])
def test_a_phone_whose_profile_cannot_be_read_counts_as_secure(without: str) -> None:
    book = Database(phone("SEPA"), without=without)
    assert [True] == [one.secure for one in asyncio.run(read_phones(book.sql, HOSTS))]


def test_a_missing_table_of_groups_is_told_not_guessed() -> None:
    with pytest.raises(Refused):
        asyncio.run(read_phones(Database(phone("SEPA"), without="callmanagergroupmember").sql, HOSTS))


def test_a_count_that_is_no_number_is_unknown() -> None:
    async def sql(statement: str) -> tuple[Row, ...]:
        return ({"phones": "many"},)

    with pytest.raises(OutcomeUnknown, match="UCM-AXL-002"):
        asyncio.run(read_phones(sql, {}))


def test_statements_are_plain_selects_of_one_table() -> None:
    book = Database(phone("SEPA"))
    asyncio.run(read_phones(book.sql, {}))
    assert all(re.fullmatch(r"select [a-z(*), ]+ from [a-z]+( where tkclass=1)?", one) for one in book.asked)


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("Cisco 8851", True),
        ("Cisco 7821", True),
        ("Cisco 7961G-GE", True),
        ("Cisco 7970", True),
        ("Cisco TelePresence SX20", True),
        ("Something of next year", True),
        ("Cisco 7940", False),
        ("Cisco 7960G", False),
        ("Cisco Unified Client Services Framework", False),
        ("Third-party SIP Device (Basic)", False),
    ],
)
def test_only_models_that_are_known_to_have_no_lists_have_none(model: str, expected: bool) -> None:
    assert expected == knows_lists(model)


def test_a_cti_port_is_no_device_and_a_phone_is() -> None:
    assert (False, True) == (is_device("CTI Port"), is_device("Cisco 8851"))


def test_the_likeliest_page_of_a_model_is_tried_first() -> None:
    assert "/NetworkConfigurationX" == pages_of("Cisco 7965")[0]
    assert pages_of("Cisco 8851")[0].endswith("adapter=device.statistics.configuration")
    assert set(pages_of("Cisco 7965")) == set(pages_of("684"))
