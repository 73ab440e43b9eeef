"""Promise: what is wrong is told in three lines with exit code 2, and a stopped lab can be looked at and prepared."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ucmlab.cli import main
from ucmlab.cluster.opening import prepare_state
from ucmlab.scenarios.loader import load_scenario

NOW = 1_790_000_000.0


@pytest.fixture
def state(tmp_path: Path) -> Path:
    prepare_state(tmp_path / "lab", load_scenario("pair"), seed=3, now=NOW)
    return tmp_path / "lab"


def ucmlab(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)


@pytest.mark.parametrize("words", [("inspect",), ("log",), ("phones",), ("fault", "list"), ("fault", "clear")])
def test_a_folder_without_a_lab_is_a_wrong_use(words: tuple[str, ...], tmp_path: Path) -> None:
    result = ucmlab(*words, "--state", tmp_path)

    assert 2 == result.exit_code
    assert result.stderr.startswith("ucmlab: ")
    assert f"  where: {tmp_path}" in result.stderr
    assert "  next:  " in result.stderr


def test_a_scenario_that_does_not_exist_is_a_wrong_use(tmp_path: Path) -> None:
    result = ucmlab("up", "--scenario", "nowhere", "--state", tmp_path / "new")

    assert 2 == result.exit_code
    assert "single" in result.stderr
    assert not (tmp_path / "new").exists()


def test_a_path_that_cannot_be_used_is_a_wrong_use(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    result = ucmlab("up", "--state", tmp_path / "file" / "lab")

    assert 2 == result.exit_code
    assert f"  where: {tmp_path / 'file'}" in result.stderr


def test_a_restart_with_another_scenario_is_refused(state: Path) -> None:
    result = ucmlab("up", "--scenario", "single", "--state", state)

    assert 2 == result.exit_code
    assert "another lab" in result.stderr


def test_a_restart_with_another_seed_is_refused(state: Path) -> None:
    assert "seed 3" in ucmlab("up", "--seed", "4", "--state", state).stderr


def test_inspect_shows_every_identity_of_every_node(state: Path) -> None:
    seen = json.loads(ucmlab("inspect", "--state", state, "--json").output)

    assert ["cucm-pub", "cucm-sub1"] == [node["name"] for node in seen["nodes"]]
    assert seen["running"] is False
    assert {"tomcat", "ipsec", "CallManager", "TVS"} <= {row["purpose"] for row in seen["nodes"][0]["identities"]}


def test_inspect_in_words_has_a_line_for_each_purpose(state: Path) -> None:
    printed = ucmlab("inspect", "--state", state, "--node", "CUCM-SUB1.lab.example").output

    assert "stopped" in printed
    assert "cucm-pub" not in printed
    assert any(line.split()[0] == "tomcat" and "443,8443" in line for line in printed.splitlines() if line.strip())


def test_inspect_of_an_unknown_node_is_a_wrong_use(state: Path) -> None:
    result = ucmlab("inspect", "--state", state, "--node", "nobody")

    assert 2 == result.exit_code
    assert "cucm-sub1" in result.stderr


def test_a_log_of_nothing_is_an_empty_list(state: Path) -> None:
    assert [] == json.loads(ucmlab("log", "--state", state, "--json", "--follow", "no").output)
    assert "No operation" in ucmlab("log", "--state", state).output


def test_faults_are_added_listed_removed_and_cleared(state: Path) -> None:
    where = ("--state", state)
    assert (
        "f1: delay is in force from the next start"
        in ucmlab(
            "fault", "add", "delay", *where, "--node", "cucm-sub1.lab.example", "--interface", "rest", "--seconds", "3"
        ).output
    )
    ucmlab("fault", "add", "node-down", *where, "--id", "dark")

    listed = json.loads(ucmlab("fault", "list", *where, "--json").output)
    assert [("f1", "delay", "cucm-sub1", 3.0, 0), ("dark", "node-down", "", 10.0, 0)] == [
        (rule["id"], rule["kind"], rule["node"], rule["seconds"], rule["struck"]) for rule in listed
    ]
    assert "cucm-sub1" in ucmlab("fault", "list", *where).output

    assert 0 == ucmlab("fault", "remove", "f1", *where).exit_code
    assert ["dark"] == [rule["id"] for rule in json.loads(ucmlab("fault", "list", *where, "--json").output)]
    assert 0 == ucmlab("fault", "clear", *where).exit_code
    assert "No fault" in ucmlab("fault", "list", *where).output


@pytest.mark.parametrize(
    "words",
    [
        ("add", "delay", "--node", "nobody"),
        ("add", "delay", "--id", "taken"),
        ("add", "no-such-kind"),
        ("remove", "nothing"),
    ],
)
def test_a_fault_that_makes_no_sense_is_a_wrong_use(words: tuple[str, ...], state: Path) -> None:
    ucmlab("fault", "add", "refuse", "--state", state, "--id", "taken")

    assert 2 == ucmlab("fault", *words, "--state", state).exit_code


def test_help_names_every_kind_of_fault() -> None:
    printed = ucmlab("fault", "add", "--help").output

    assert "node-down          a node: no port of the node answers" in printed
    assert "service-fails" in printed
