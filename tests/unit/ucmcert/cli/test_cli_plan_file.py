"""Promise: a plan that lies on disk is carried out only if not one byte of it was changed since it was written."""

from pathlib import Path

import msgspec
import pytest
from cli_bench import configured, four_node_plan, ucmcert

from ucmcert.cli.held import SafetyHold
from ucmcert.cli.planning.plan_file import read_plan, write_plan
from ucmcert.errors import UcmcertError, UsageError

PLAN = four_node_plan()


def test_a_plan_comes_back_as_it_was(tmp_path: Path) -> None:
    write_plan(tmp_path / "p.json", PLAN)
    assert PLAN == read_plan(tmp_path / "p.json", "demo")


def test_an_editor_may_add_line_ends_at_the_end(tmp_path: Path) -> None:
    write_plan(tmp_path / "p.json", PLAN)
    with (tmp_path / "p.json").open("a") as file:
        file.write("\n\n")
    assert PLAN == read_plan(tmp_path / "p.json", "demo")


def test_any_changed_byte_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "p.json"
    write_plan(path, PLAN)
    good = path.read_bytes().rstrip()
    accepted = []
    for at in range(0, len(good), max(1, len(good) // 300)):
        changed = bytearray(good)
        changed[at] ^= 1
        path.write_bytes(bytes(changed))
        try:
            read_plan(path, "demo")
        except UcmcertError:
            continue
        accepted.append(at)
    assert [] == accepted


def test_a_later_made_at_is_a_change_too(tmp_path: Path) -> None:
    path = tmp_path / "p.json"
    write_plan(path, PLAN)
    text = path.read_text()
    path.write_text(text.replace(f'"made_at": {PLAN.made_at}', f'"made_at": {PLAN.made_at + 1}'))
    assert text != path.read_text()
    with pytest.raises(SafetyHold, match="UCM-PLAN-FILE-006"):
        read_plan(path, "demo")


@pytest.mark.parametrize(
    ("content", "code"), [(b"", "003"), (b"{}", "003"), (b"\xff\xfe", "003"), (b'{"version": "x"}', "003")]
)
def test_garbage_is_no_plan(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "p.json"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=f"UCM-PLAN-FILE-{code}"):
        read_plan(path, "demo")


def test_a_missing_file_a_folder_and_another_cluster_are_told_apart(tmp_path: Path) -> None:
    write_plan(tmp_path / "p.json", PLAN)
    for path, cluster, code in (
        (tmp_path / "none", "demo", "002"),
        (tmp_path, "demo", "002"),
        (tmp_path / "p.json", "other", "005"),
    ):
        with pytest.raises(UsageError, match=f"UCM-PLAN-FILE-{code}"):
            read_plan(path, cluster)


def test_a_plan_of_another_release_is_refused(tmp_path: Path) -> None:
    write_plan(tmp_path / "p.json", msgspec.structs.replace(PLAN, version=99))
    with pytest.raises(UsageError, match="UCM-PLAN-FILE-004"):
        read_plan(tmp_path / "p.json", "demo")


def test_a_plan_cannot_be_written_where_no_folder_can_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="UCM-PLAN-FILE-001"):
        write_plan(tmp_path / "file" / "p.json", PLAN)


def test_renew_refuses_garbage_as_usage_and_a_changed_plan_as_held(tmp_path: Path) -> None:
    config, path = configured(tmp_path), tmp_path / "p.json"
    path.write_text("not a plan")
    garbage = ucmcert("renew", path, "-c", config, "--yes", "--json")
    write_plan(path, PLAN)
    path.write_text(path.read_text().replace("cucm-sub2", "cucm-sub3", 1))
    changed = ucmcert("renew", path, "-c", config, "--yes", "--json")

    assert (2, "failed", "UCM-PLAN-FILE-003") == (garbage.code, garbage.last["outcome"], garbage.last["error"]["code"])
    assert (5, "held", "UCM-PLAN-FILE-006") == (changed.code, changed.last["outcome"], changed.last["error"]["code"])
    assert not (tmp_path / "state").exists()
