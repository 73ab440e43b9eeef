"""Promise: what the ledger acknowledged is never lost, changed or misread; trouble with its file is told plainly."""

import sqlite3
from pathlib import Path

import pytest

from ucmcert.errors import UsageError
from ucmcert.model.event import Acted, Doubted, Stopped
from ucmcert.run.ledger import FIRST_PREVIOUS, digest_of, open_ledger

STOPPED = Stopped(at=1.0, run="r1", why="asked to")
ACTED = Acted(at=2.0, run="r1", step="tomcat/pub/csr.generate", answer="Success")


def test_entries_come_back_in_order_and_chained(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "ledger.sqlite", "demo")
    first, second = ledger.append(STOPPED), ledger.append(ACTED)
    ledger.close()

    again = open_ledger(tmp_path / "ledger.sqlite", "demo", read_only=True)
    entries = list(again.entries())
    again.close()

    assert [STOPPED, ACTED] == [entry.event for entry in entries]
    assert [FIRST_PREVIOUS, first.digest] == [entry.previous for entry in entries]
    assert digest_of(first.digest, second.body) == entries[1].digest


def test_a_reopened_ledger_goes_on_with_the_chain(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    one = open_ledger(path, "demo")
    one.append(STOPPED)
    one.close()
    two = open_ledger(path, "demo")
    two.append(ACTED)
    assert [1, 2] == [entry.number for entry in two.entries()]
    two.close()


def test_an_edited_entry_breaks_the_chain_and_is_named(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    ledger = open_ledger(path, "demo")
    ledger.append(STOPPED)
    ledger.append(ACTED)
    ledger.close()
    edit = sqlite3.connect(path)
    edit.execute("UPDATE entries SET body = replace(body, 'asked', 'never') WHERE number = 1")
    edit.commit()
    edit.close()

    damaged = open_ledger(path, "demo")
    with pytest.raises(UsageError, match="UCM-LEDGER-003") as caught:
        list(damaged.entries())
    damaged.close()
    assert "entry 1" in caught.value.what


def test_a_ledger_of_another_format_is_refused_not_guessed(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    open_ledger(path, "demo").close()
    edit = sqlite3.connect(path)
    edit.execute("UPDATE about SET format = 99")
    edit.commit()
    edit.execute("PRAGMA journal_mode=DELETE")  # as another release may have left it
    edit.close()
    before = path.read_bytes()
    with pytest.raises(UsageError, match="UCM-LEDGER-001") as caught:
        open_ledger(path, "demo")
    assert "99" in caught.value.what
    assert before == path.read_bytes()


def test_a_ledger_of_another_cluster_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    open_ledger(path, "demo").close()
    with pytest.raises(UsageError, match="belongs to cluster demo"):
        open_ledger(path, "other")


def test_an_event_of_an_unknown_kind_is_kept_raw(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    ledger = open_ledger(path, "demo")
    ledger.append(STOPPED)
    ledger.close()
    body = b'{"type":"from_the_future","at":3.0,"run":"r1","shape":"new"}'
    previous = next(iter(_entries(path))).digest
    edit = sqlite3.connect(path)
    edit.execute("INSERT INTO entries VALUES (2, ?, ?, ?)", (previous, digest_of(previous, body), body))
    edit.commit()
    edit.close()

    assert [STOPPED, None] == [entry.event for entry in _entries(path)]
    assert body == _entries(path)[1].body


def test_an_event_with_an_added_field_still_opens(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    ledger = open_ledger(path, "demo")
    ledger.close()
    body = b'{"type":"doubted","at":3.0,"run":"r1","step":"s","code":"c","what":"w","why":"y","mood":"calm"}'
    edit = sqlite3.connect(path)
    edit.execute("INSERT INTO entries VALUES (1, ?, ?, ?)", (FIRST_PREVIOUS, digest_of(FIRST_PREVIOUS, body), body))
    edit.commit()
    edit.close()
    assert Doubted(at=3.0, run="r1", step="s", code="c", what="w", why="y") == _entries(path)[0].event


def test_a_missing_ledger_is_told_as_such(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="UCM-LEDGER-004"):
        open_ledger(tmp_path / "none.sqlite", "demo", read_only=True)


def test_a_file_that_is_no_ledger_is_told_as_such(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    path.write_bytes(b"this is a love letter, not a database" * 100)
    with pytest.raises(UsageError, match="UCM-LEDGER-002"):
        open_ledger(path, "demo")


def test_a_write_that_the_disk_refuses_leaves_the_chain_whole(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    ledger = open_ledger(path, "demo")
    ledger.append(STOPPED)
    ledger._connection.execute("PRAGMA max_page_count = 1")
    big = Acted(at=2.0, run="r1", step="s", answer="x" * 1_000_000)
    with pytest.raises(UsageError, match="UCM-LEDGER-002") as caught:
        ledger.append(big)
    assert "full" in caught.value.why
    assert [STOPPED] == [entry.event for entry in ledger.entries()]
    ledger._connection.execute("PRAGMA max_page_count = 100000")
    ledger.append(ACTED)
    assert [STOPPED, ACTED] == [entry.event for entry in ledger.entries()]
    ledger.close()


def _entries(path: Path) -> list:
    ledger = open_ledger(path, "demo", read_only=True)
    entries = list(ledger.entries())
    ledger.close()
    return entries
