"""Promise: only phones that stand open at a gate are signed for, all or none, and the ledger keeps who and why."""

import io
import json
from pathlib import Path

import pytest
from cli_bench import NOW, Ended, configured, record, started, ucmcert

from ucmcert.model.event import ExceptionsSigned, PhonesSeen, Verified
from ucmcert.model.phone import PhoneState, Proof
from ucmcert.run.history import runs
from ucmcert.run.ledger import open_ledger

RUN, WHY = "demo-1-aaaa", "in the store room, to be wiped"
GATE = "tomcat/cucm-pub/served.check"  # any step can be looked at here: what counts is the event
AWAY = PhoneState(name="SEP000000000001", pool="HQ", proof=Proof.AWAY, changed_at=NOW - 60)
STALE = PhoneState(name="SEP000000000002", pool="HQ", proof=Proof.STALE)


def looked(folder: Path, *more: object) -> Path:
    seen = PhonesSeen(at=NOW + 5, run=RUN, step=GATE, counts={"checksum": 9, "stale": 1, "away": 1}, open=(AWAY, STALE))
    record(folder, started(), seen, *more)
    return configured(folder)


def approve(folder: Path, names: str, *more: str) -> Ended:
    file = folder / "names.txt"
    file.write_text(names, "utf-8")
    config = looked(folder)
    return ucmcert("approve", "--config", config, "--phones", file, "--reason", WHY, *more)


def signed(folder: Path) -> dict[str, frozenset[str]]:
    ledger = open_ledger(folder / "state" / "ledger.sqlite", "demo")
    try:
        return runs(ledger.entries())[RUN].signed
    finally:
        ledger.close()


def test_named_phones_are_taken_out_and_the_ledger_says_who_and_why(tmp_path: Path) -> None:
    ended = approve(tmp_path, f"# store room\n\n{AWAY.name}  # boxed\n", "--by", "Ana  Lopez", "--json")
    assert 0 == ended.code
    shape = ended.last
    assert ("done", RUN, [AWAY.name]) == (shape["outcome"], shape["run"], shape["signed"])
    assert [STALE.name] == [one["name"] for one in shape["phones"][0]["open"]]
    assert "ucmcert resume" in shape["resume"]
    assert {GATE: frozenset({AWAY.name})} == signed(tmp_path)
    ledger = open_ledger(tmp_path / "state" / "ledger.sqlite", "demo")
    event = next(one.event for one in ledger.entries() if isinstance(one.event, ExceptionsSigned))
    ledger.close()
    assert ("Ana Lopez", WHY, GATE) == (event.by, event.why, event.step)


def test_a_name_that_is_not_open_spoils_the_whole_list(tmp_path: Path) -> None:
    ended = approve(tmp_path, f"{AWAY.name}\nSEP000000000003\n")
    assert 2 == ended.code
    assert "UCM-SIGN-004" in ended.err
    assert "SEP000000000003" in ended.err
    assert {} == signed(tmp_path)


def test_names_come_from_standard_input_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = looked(tmp_path)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{AWAY.name}\n{STALE.name}\n"))
    assert 0 == ucmcert("approve", RUN, "--config", config, "--phones", "-", "--reason", WHY).code
    assert {GATE: frozenset({AWAY.name, STALE.name})} == signed(tmp_path)


def test_signing_twice_for_the_same_phone_changes_nothing(tmp_path: Path) -> None:
    approve(tmp_path, f"{AWAY.name}\n")
    file = tmp_path / "names.txt"
    again = ucmcert("approve", "--config", tmp_path / "ucmcert.toml", "--phones", file, "--reason", WHY)
    assert 0 == again.code
    assert {GATE: frozenset({AWAY.name})} == signed(tmp_path)


def test_the_list_prints_names_that_can_be_put_into_the_file(tmp_path: Path) -> None:
    ended = ucmcert("approve", "--config", looked(tmp_path), "--list")
    assert (0, [AWAY.name, STALE.name]) == (ended.code, ended.out.split())
    as_json = ucmcert("approve", "--config", tmp_path / "ucmcert.toml", "--list", "--json")
    assert [AWAY.name, STALE.name] == [one["name"] for one in as_json.last["phones"][0]["open"]]
    assert [] == as_json.last["signed"]


def test_a_gate_that_closed_has_nobody_left_to_sign_for(tmp_path: Path) -> None:
    config = looked(tmp_path, Verified(at=NOW + 9, run=RUN, step=GATE, evidence=()))
    ended = ucmcert("approve", "--config", config, "--list")
    assert (0, "") == (ended.code, ended.out)
    assert "waits for no phone" in ended.err


@pytest.mark.parametrize(
    ("names", "reason", "code"), [("# nobody\n", WHY, "UCM-SIGN-003"), (f"{AWAY.name}\n", "  ", "UCM-SIGN-001")]
)
def test_no_name_and_no_reason_are_refused(tmp_path: Path, names: str, reason: str, code: str) -> None:
    file = tmp_path / "names.txt"
    file.write_text(names, "utf-8")
    ended = ucmcert("approve", "--config", looked(tmp_path), "--phones", file, "--reason", reason)
    assert (2, True) == (ended.code, code in ended.err)


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "names.txt"
    if content is not None:
        file.write_bytes(content)
    ended = ucmcert("approve", "--config", looked(tmp_path), "--phones", file, "--reason", WHY)
    assert (2, True) == (ended.code, "UCM-SIGN-002" in ended.err)


def test_status_names_the_open_phones_with_pool_and_time(tmp_path: Path) -> None:
    ended = ucmcert("status", "--config", looked(tmp_path))
    assert "2 phones are still open" in ended.out
    assert AWAY.name in ended.out
    assert "not back since the reset" in ended.out
    shape = json.loads(ucmcert("status", "--config", tmp_path / "ucmcert.toml", "--json").out.splitlines()[-1])
    assert {"checksum": 9, "stale": 1, "away": 1} == shape["phones"][0]["counts"]
    french = ucmcert("status", "--config", tmp_path / "ucmcert.toml", "--lang", "fr")
    assert "pas revenu depuis la réinitialisation" in french.out
