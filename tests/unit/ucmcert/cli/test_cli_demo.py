"""Promise: the demo waits for its lab with a limit, tells a dead one plainly, and never outlives it."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cli_bench import ucmcert

from ucmcert.cli.embedded.lab import DemoLab, LabTrouble, until_dead, until_ready, while_it_lives
from ucmcert.cli.embedded.pace import limits_at
from ucmcert.cli.embedded.truth import Truth, counted, lab_truth
from ucmcert.run.limits import Limits


class Hasty:
    """A clock on which every look takes ten seconds."""

    def __init__(self) -> None:
        self.at = 0.0

    def now(self) -> float:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.at += 10.0 + seconds
        await asyncio.sleep(0.05)


@contextmanager
def lab(folder: Path, script: str) -> Iterator[DemoLab]:
    log = folder / "lab.log"
    with log.open("wb") as out:
        process = subprocess.Popen([sys.executable, "-c", script], stdout=out, stderr=out)
    try:
        yield DemoLab(process=process, ready=folder / "ready.json", log=log)
    finally:
        process.kill()
        process.wait()


def test_a_ready_lab_gives_its_configuration(tmp_path: Path) -> None:
    (tmp_path / "ready.json").write_text(json.dumps({"config": "/x/ucmcert.toml"}))
    with lab(tmp_path, "import time; time.sleep(60)") as one:
        assert Path("/x/ucmcert.toml") == asyncio.run(until_ready(one, Hasty()))


@pytest.mark.parametrize("half", ["", "{", "[]", '{"other": 1}'])
def test_a_half_written_ready_file_is_waited_for(tmp_path: Path, half: str) -> None:
    (tmp_path / "ready.json").write_text(half)
    with lab(tmp_path, "import time; time.sleep(60)") as one, pytest.raises(LabTrouble, match="UCM-DEMO-003"):
        asyncio.run(until_ready(one, Hasty()))


def test_a_lab_that_dies_is_told_with_its_last_words(tmp_path: Path) -> None:
    with lab(tmp_path, "raise SystemExit('port 22 is taken')") as one:
        one.process.wait()
        with pytest.raises(LabTrouble, match="UCM-DEMO-002") as caught:
            asyncio.run(until_ready(one, Hasty()))
        asyncio.run(until_dead(one, Hasty()))
    assert "port 22 is taken" in caught.value.why


def test_work_ends_when_its_lab_dies(tmp_path: Path) -> None:
    with lab(tmp_path, "pass") as one, pytest.raises(LabTrouble, match="UCM-DEMO-002"):
        asyncio.run(while_it_lives(one, Hasty(), asyncio.sleep(60)))


def test_work_gives_its_result_while_the_lab_lives(tmp_path: Path) -> None:
    async def work() -> str:
        return "done"

    with lab(tmp_path, "import time; time.sleep(60)") as one:
        assert "done" == asyncio.run(while_it_lives(one, Hasty(), work()))


def test_the_truth_is_counted_by_state() -> None:
    phones = [
        {"trust_state": "TRUSTED", "registered_on": "cucm-sub1"},
        {"trust_state": "HARD-LOCKED", "registered_on": "cucm-sub1"},
        {"trust_state": "HARD-LOCKED", "registered_on": None},
        {"trust_state": "SOFT-LOCKED", "registered_on": ""},
    ]
    states = {"HARD-LOCKED": 2, "SOFT-LOCKED": 1, "TRUSTED": 1}
    assert Truth(total=4, registered=2, states=states) == counted(phones)
    assert (1, 2, 3) == (counted(phones).soft, counted(phones).hard, counted(phones).locked)


def test_a_folder_without_a_lab_tells_no_truth(tmp_path: Path) -> None:
    with pytest.raises(LabTrouble, match="UCM-DEMO-005"):
        asyncio.run(lab_truth(tmp_path / "nothing"))


def test_a_fast_lab_is_waited_for_less_but_never_too_little() -> None:
    fast, real = limits_at(400), limits_at(1)
    assert Limits() == real
    assert (60.0, 3.0, 60.0) == (fast.patience_s, fast.settle_s, fast.restart_s)
    assert (60.0, 1.0, 1.0, 1.0) == (fast.phones_s, fast.first_look_s, fast.look_s, fast.quiet_s)
    assert 400 == fast.pace
    assert fast.poll_first_s <= fast.poll_last_s


def test_a_folder_that_exists_is_not_taken_for_the_demo(tmp_path: Path) -> None:
    ended = ucmcert("demo", "-o", tmp_path, "--json")
    assert (2, "UCM-DEMO-004") == (ended.code, ended.last["error"]["code"])


def test_the_number_of_phones_belongs_to_the_wrong_order() -> None:
    ended = ucmcert("demo", "--phones", "6")
    assert (2, True) == (ended.code, "--wrong-order" in ended.err)


def test_the_demo_knows_the_lab_by_its_program_only() -> None:
    script = "import sys, ucmcert.cli.embedded.wrong_order.mistakes; print('ucmlab' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert "False" == done.stdout.strip()
