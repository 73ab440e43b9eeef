"""Promise: the evidence of a run can be shown, written and verified at any time, and a broken pack is told."""

from pathlib import Path

from cli_bench import configured, record, signed, started, ucmcert, waiting


def with_run(folder: Path) -> Path:
    config = configured(folder)
    record(folder, started(), *signed()[1], waiting())
    return config


def test_show_tells_the_newest_run(tmp_path: Path) -> None:
    ended = ucmcert("report", "show", "-c", with_run(tmp_path))
    assert (0, True) == (ended.code, "demo-1-aaaa" in ended.out)


def test_a_written_pack_verifies_as_folder_and_as_zip(tmp_path: Path) -> None:
    written = ucmcert("report", "write", "-c", with_run(tmp_path), "-o", tmp_path / "out", "--json")
    pack = Path(written.last["evidence"])
    assert 0 == written.code
    assert tmp_path / "out" == pack.parent
    for path in (pack, pack.with_name(f"{pack.name}.zip")):
        ended = ucmcert("report", "verify", path, "--json")
        assert (0, "done", True) == (ended.code, ended.last["outcome"], ended.last["intact"])
    assert 0 == ucmcert("report", "--verify", pack).code


def test_a_changed_pack_is_broken(tmp_path: Path) -> None:
    pack = Path(ucmcert("report", "write", "-c", with_run(tmp_path), "--json").last["evidence"])
    plan = pack / "plan.json"
    plan.write_text(plan.read_text().replace("cucm-sub1", "cucm-sub9", 1))
    ended = ucmcert("report", "verify", pack, "--json")
    assert (1, "failed") == (ended.code, ended.last["outcome"])


def test_something_else_is_no_pack(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_text("not a zip")
    assert 1 == ucmcert("report", "verify", tmp_path / "x.zip").code
    assert 2 == ucmcert("report", "verify", tmp_path / "none").code


def test_an_unknown_run_and_an_empty_ledger_are_wrong_usage(tmp_path: Path) -> None:
    assert 2 == ucmcert("report", "show", "-c", configured(tmp_path)).code
    assert 2 == ucmcert("report", "write", "nonsense", "-c", with_run(tmp_path)).code


def test_report_alone_explains_itself() -> None:
    ended = ucmcert("report")
    assert (0, True) == (ended.code, "verify" in ended.out)
