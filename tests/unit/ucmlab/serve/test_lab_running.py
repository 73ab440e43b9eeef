"""Promise: one lab a folder, and everybody can tell whether it runs."""

import asyncio
from pathlib import Path

import pytest

from ucmlab.clock import LoopClock
from ucmlab.errors import ScenarioError
from ucmlab.serve.running import claim_folder, faults_stamp, is_running, note_running, tell_running_lab


def tell(folder: Path) -> bool:
    async def play() -> bool:
        return await tell_running_lab(folder, LoopClock(epoch=0.0, speed=100.0))

    return asyncio.run(play())


def test_a_folder_holds_one_running_lab(tmp_path: Path) -> None:
    assert not is_running(tmp_path)
    with claim_folder(tmp_path):
        assert is_running(tmp_path)
        with pytest.raises(ScenarioError, match="a lab is running"), claim_folder(tmp_path):
            pass
    assert not is_running(tmp_path)


def test_a_new_state_folder_is_private(tmp_path: Path) -> None:
    with claim_folder(tmp_path / "new"):
        assert 0o700 == (tmp_path / "new").stat().st_mode & 0o777


def test_nobody_is_told_where_no_lab_runs(tmp_path: Path) -> None:
    assert tell(tmp_path) is False


def test_a_lab_that_has_seen_the_faults_is_not_disturbed(tmp_path: Path) -> None:
    with claim_folder(tmp_path):
        note_running(tmp_path, faults_seen=faults_stamp(tmp_path))
        assert tell(tmp_path) is True


def test_a_lab_that_never_answers_is_reported(tmp_path: Path) -> None:
    with claim_folder(tmp_path), pytest.raises(ScenarioError, match="did not answer"):
        tell(tmp_path)
