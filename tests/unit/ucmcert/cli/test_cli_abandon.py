"""Promise: a run that can never go on is given up with a reason, tells what it leaves on the nodes, and stays over."""

import io
import json
from pathlib import Path

import pytest
from cli_bench import NOW, configured, held, intended, record, signed, started, ucmcert

from ucmcert.model.event import PhonesSeen
from ucmcert.model.phone import PhoneState, Proof
from ucmcert.report.pack.verify import verify_pack

RUN = "demo-1-aaaa"
REASON = "somebody replaced the CSR"


def given_up(folder: Path, *more: str):  # type: ignore[no-untyped-def]
    record(folder, started(), *signed()[1], intended(), held())
    return ucmcert("abandon", "--config", configured(folder), "--reason", REASON, "--yes", *more)


def test_what_stays_on_the_nodes_is_told_and_the_reason_is_kept(tmp_path: Path) -> None:
    ended = given_up(tmp_path)
    assert 0 == ended.code
    assert "What the run demo-1-aaaa leaves on the nodes" in ended.out
    assert "--replace-csr" in ended.out
    assert "given up by" in ended.out
    assert REASON in ended.out
    assert "ucmcert resume" not in ended.out


def test_the_json_says_failed_and_why_and_the_pack_verifies(tmp_path: Path) -> None:
    shape = json.loads(given_up(tmp_path, "--json").out.splitlines()[-1])
    assert ("failed", REASON, "") == (shape["outcome"], shape["abandoned"], shape["resume"])
    assert verify_pack(Path(shape["evidence"])).intact


def test_it_is_never_resumed_and_no_longer_in_the_way(tmp_path: Path) -> None:
    given_up(tmp_path)
    again = ucmcert("abandon", "--config", configured(tmp_path), "--reason", "x", "--yes")
    assert (2, True) == (again.code, "UCM-RUNS-001" in again.err)
    named = ucmcert("abandon", RUN, "--config", configured(tmp_path), "--reason", "x", "--yes")
    assert (2, True) == (named.code, "is abandoned" in named.err)


def test_it_wants_a_reason(tmp_path: Path) -> None:
    record(tmp_path, started(), held())
    blank = ucmcert("abandon", "--config", configured(tmp_path), "--reason", " \n ", "--yes")
    assert (2, True) == (blank.code, "UCM-ASK-002" in blank.err)
    assert 2 == ucmcert("abandon", "--config", configured(tmp_path), "--yes").code


def test_silence_is_not_a_yes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    record(tmp_path, started(), held())
    assert 2 == ucmcert("abandon", "--config", configured(tmp_path), "--reason", REASON).code
    assert 5 == ucmcert("status", "--config", configured(tmp_path)).code


def test_phones_that_nobody_proved_are_told_when_a_run_is_given_up(tmp_path: Path) -> None:
    away = PhoneState(name="SEP000000000001", pool="HQ", proof=Proof.AWAY)
    seen = PhonesSeen(at=NOW, run=RUN, step=intended().step, counts={"away": 1}, open=(away,))
    record(tmp_path, started(), intended(), seen, held())
    ended = ucmcert("abandon", "--config", configured(tmp_path), "--reason", REASON, "--yes")
    assert "1 phones are not proven to hold what is served now" in ended.out
