"""Promise: the run a person means is found or the trouble is told plainly; status needs neither lock nor network."""

import fcntl
import os
import sqlite3
from pathlib import Path

import pytest
from cli_bench import (
    configured,
    finished,
    held,
    intended,
    record,
    signed,
    started,
    stopped,
    ucmcert,
    waiting,
)

from ucmcert.cli.places import open_places
from ucmcert.cli.runs import entries_if_any, keys_out, read_entries, unfinished, working_process
from ucmcert.run.lock import cluster_lock


def test_status_without_a_ledger_says_how_to_start(tmp_path: Path) -> None:
    ended = ucmcert("status", "-c", configured(tmp_path), "--json")
    assert (2, "UCM-LEDGER-004") == (ended.code, ended.last["error"]["code"])


@pytest.mark.parametrize(
    ("last", "code", "outcome"),
    [(waiting(), 4, "waiting"), (held(), 5, "held"), (finished(), 0, "done"), (stopped(), 1, "failed")],
)
def test_status_tells_how_a_run_stands(tmp_path: Path, last: object, code: int, outcome: str) -> None:
    config = configured(tmp_path)
    record(tmp_path, started(), intended(), last)  # type: ignore[arg-type]
    ended = ucmcert("status", "-c", config, "--json")
    assert (code, outcome, "demo-1-aaaa") == (ended.code, ended.last["outcome"], ended.last["run"])
    assert 8 == len(ended.last["certificates"])


def test_status_of_a_run_at_work_is_running(tmp_path: Path) -> None:
    config = configured(tmp_path)
    record(tmp_path, started(), intended())
    with cluster_lock(tmp_path / "state", "demo"):
        ended = ucmcert("status", "-c", config, "--json")
    assert (0, "running") == (ended.code, ended.last["outcome"])


def test_status_never_takes_the_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = configured(tmp_path)
    record(tmp_path, started(), waiting())
    taken: list[object] = []
    monkeypatch.setattr(fcntl, "flock", lambda *words: taken.append(words))
    ucmcert("status", "-c", config)
    assert [] == taken


def test_a_dead_process_works_on_nothing(tmp_path: Path) -> None:
    places = open_places(configured(tmp_path))
    places.state.mkdir()
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    for content, expected in ((str(child), None), ("", None), ("nonsense", None), (str(os.getpid()), os.getpid())):
        (places.state / "run.lock").write_text(content)
        assert expected == working_process(places)


def test_status_prefers_the_unfinished_run(tmp_path: Path) -> None:
    config = configured(tmp_path)
    record(tmp_path, started("demo-1-aaaa"), waiting("demo-1-aaaa"), started("demo-2-bbbb"), finished("demo-2-bbbb"))
    assert "demo-1-aaaa" == ucmcert("status", "-c", config, "--json").last["run"]
    assert "demo-2-bbbb" == ucmcert("status", "demo-2-bbbb", "-c", config, "--json").last["run"]


@pytest.mark.parametrize(
    ("events", "word", "code"),
    [
        ([], None, "UCM-RUNS-001"),
        ([started("a-1"), waiting("a-1"), started("b-2"), waiting("b-2")], None, "UCM-RUNS-002"),
        ([started(), waiting()], "demo-1-aaab", "UCM-RUNS-003"),
    ],
)
def test_resume_tells_none_many_and_unknown_apart(
    tmp_path: Path, events: list[object], word: str | None, code: str
) -> None:
    config = configured(tmp_path)
    record(tmp_path, *events)  # type: ignore[arg-type]
    ended = ucmcert("resume", *([word] if word else []), "-c", config, "--json")
    assert (2, code) == (ended.code, ended.last["error"]["code"])


@pytest.mark.parametrize("word", [None, "demo-1-aaaa"])
def test_resuming_a_finished_run_tells_its_end_again(tmp_path: Path, word: str | None) -> None:
    config = configured(tmp_path)
    record(tmp_path, started(), *signed()[1], finished())
    ended = ucmcert("resume", *([word] if word else []), "-c", config, "--json")
    assert (0, "done", "demo-1-aaaa") == (ended.code, ended.last["outcome"], ended.last["run"])


def test_an_unknown_run_names_the_nearest(tmp_path: Path) -> None:
    config = configured(tmp_path)
    record(tmp_path, started(), waiting())
    assert "did you mean demo-1-aaaa?" in ucmcert("status", "demo-1-aaab", "-c", config).err


def test_a_ledger_of_another_format_is_refused_by_every_reader(tmp_path: Path) -> None:
    config = configured(tmp_path)
    record(tmp_path, started())
    edit = sqlite3.connect(tmp_path / "state" / "ledger.sqlite")
    edit.execute("UPDATE about SET format = 99")
    edit.commit()
    edit.close()
    for words in (("status",), ("resume",), ("renew", "--yes"), ("report", "show")):
        ended = ucmcert(*words, "-c", config, "--json")
        assert (2, "UCM-LEDGER-001") == (ended.code, ended.last["error"]["code"]), words


def test_a_garbage_ledger_is_told_not_crashed_on(tmp_path: Path) -> None:
    config = configured(tmp_path)
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "ledger.sqlite").write_text("this is not a database, and long enough to be read as one" * 20)
    ended = ucmcert("status", "-c", config, "--json")
    assert (2, "UCM-LEDGER-002") == (ended.code, ended.last["error"]["code"])


def test_a_second_run_waits_for_the_first_to_end(tmp_path: Path) -> None:
    config = configured(tmp_path)
    record(tmp_path, started(), waiting())
    ended = ucmcert("renew", "-c", config, "--yes", "--json")
    assert (5, "held", "UCM-RUNS-005") == (ended.code, ended.last["outcome"], ended.last["error"]["code"])
    assert f"ucmcert resume demo-1-aaaa --config {config}" in ended.err


def test_a_run_at_work_keeps_others_out(tmp_path: Path) -> None:
    config = configured(tmp_path)
    with cluster_lock(tmp_path / "state", "demo"):
        for words in (("renew", "--yes"), ("resume",)):
            ended = ucmcert(*words, "-c", config, "--json")
            assert (2, "UCM-LOCK-001") == (ended.code, ended.last["error"]["code"])


def test_a_state_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    config = configured(tmp_path)
    (tmp_path / "state").write_text("a file where the folder should be")
    ended = ucmcert("renew", "-c", config, "--yes", "--json")
    assert (2, "UCM-LOCK-002") == (ended.code, ended.last["error"]["code"])


def test_nobody_to_sign_is_told_before_the_cluster_is_asked(tmp_path: Path) -> None:
    text = configured(tmp_path).read_text().partition("[authority]")[0]
    ended = ucmcert("renew", "-c", configured(tmp_path, text), "--yes", "--json")
    assert (2, "UCM-CA-004") == (ended.code, ended.last["error"]["code"])


def test_the_keys_of_an_unfinished_run_are_ours(tmp_path: Path) -> None:
    places = open_places(configured(tmp_path))
    assert () == entries_if_any(places)
    requested, events = signed()
    record(tmp_path, started(), *events)
    assert frozenset({requested.request.spki_sha256}) == keys_out(unfinished(read_entries(places)))
    record(tmp_path, finished())
    assert frozenset() == keys_out(unfinished(read_entries(places)))
