"""Promise: `horizon` looks ahead from files alone, writes what it is asked to, and says what is wrong with a file."""

from datetime import timedelta
from pathlib import Path

import pytest
from cli_bench import Ended, ucmcert

from ucmcert.cli.ports import SystemClock
from ucmcert.horizon.held import day_of

TODAY = day_of(SystemClock().now())
HEADING = "cluster,node,role,release,purpose,not_before,not_after,issuer,ca\n"


def inventory(folder: Path, *, ends_in_days: int = 200, ca: str = "private", name: str = "a.csv") -> Path:
    path = folder / name
    ends = TODAY + timedelta(days=ends_in_days)
    row = f"{path.stem},pub.example,publisher,14SU3,tomcat,{ends - timedelta(days=365)},{ends},CN=Some CA,{ca}\n"
    path.write_text(HEADING + row)
    return path


def looked(*words: object) -> Ended:
    until = TODAY + timedelta(days=900)
    return ucmcert("horizon", "--until", until, *words)


def test_quiet_is_0_and_what_breaks_soon_is_3(tmp_path: Path) -> None:
    quiet = looked(inventory(tmp_path), "--json")
    assert (0, "done") == (quiet.code, quiet.last["outcome"])
    due = looked(inventory(tmp_path, ends_in_days=20), "--json")
    assert (3, "findings") == (due.code, due.last["outcome"])
    assert 0 == looked(inventory(tmp_path, ends_in_days=20), "--threshold", 10).code


def test_many_clusters_are_one_horizon_and_files_are_written(tmp_path: Path) -> None:
    ics, table = tmp_path / "out" / "a.ics", tmp_path / "out" / "a.csv"
    files = (inventory(tmp_path), inventory(tmp_path, name="b.csv"))
    ended = looked(*files, "--ics", ics, "--csv", table, "--json", "--lang", "fr")
    assert {"a", "b"} == {one["cluster"] for one in ended.last["certificates"]}
    assert (str(ics), str(table)) == (ended.last["ics"], ended.last["csv"])
    assert ics.read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
    assert "Renouveler tomcat : b" in table.read_text()


def test_a_ca_is_named_on_the_command_line_and_a_misspelt_one_is_told(tmp_path: Path) -> None:
    path = inventory(tmp_path, ca="")
    assert "unknown" == looked(path, "--json").last["certificates"][0]["signer"]
    assert "public" == looked(path, "--public-ca", "some ca", "--json").last["certificates"][0]["signer"]
    ended = looked(path, "--private-ca", "Smoe", "--json")
    assert (2, "UCM-HORIZON-006", True) == (ended.code, ended.last["error"]["code"], "CN=Some CA" in ended.err)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("none.csv",), "UCM-HORIZON-001"),
        (("bad.csv",), "UCM-HORIZON-004"),
        (("a.csv", "a.csv"), "UCM-HORIZON-005"),
        (("a.csv", "--until", "2020-01-01"), "UCM-HORIZON-007"),
        (("a.csv", "--until", "2999-01-01"), "UCM-HORIZON-007"),
        (("a.csv", "--ics", "a.csv/x.ics"), "UCM-HORIZON-008"),
    ],
)
def test_what_cannot_be_done_is_told_in_sentences(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], code: str
) -> None:
    monkeypatch.chdir(tmp_path)
    inventory(tmp_path)
    (tmp_path / "bad.csv").write_text(HEADING + "only,three,cells\n")
    ended = looked(*words, "--json")
    assert (2, code) == (ended.code, ended.last["error"]["code"])
    assert "Traceback" not in ended.err
