"""Promise: while a run works a person sees where it is; a signal stops it cleanly; every end leaves its evidence."""

import asyncio
import os
import signal
from pathlib import Path

import pytest
from cli_bench import (
    WHOLE,
    configured,
    finished,
    four_node_plan,
    held,
    intended,
    record,
    signed,
    started,
    stopped,
    waiting,
)

from factory.certificates import NOW
from ucmcert.cli.conduct.carry import Ending
from ucmcert.cli.conduct.ending import tell_ending
from ucmcert.cli.conduct.live import SIGN_OF_LIFE_S, Watcher
from ucmcert.cli.next_command import resume_command
from ucmcert.cli.places import open_places
from ucmcert.cli.printing import Printer
from ucmcert.cli.runs import read_entries
from ucmcert.cli.session import run
from ucmcert.config.windows import Window
from ucmcert.model.event import Event
from ucmcert.report.pack.verify import verify_pack
from ucmcert.run.history import runs
from ucmcert.run.outcome import Outcome

PRINTER = Printer(lang="en", as_json=False)


class Ticking:
    """A clock that never waits: each sleep is over at once, and the third ends the waiting."""

    def __init__(self) -> None:
        self.slept = 0

    def now(self) -> float:
        return NOW + 100.0

    async def sleep(self, seconds: float) -> None:
        assert SIGN_OF_LIFE_S == seconds
        self.slept += 1
        if self.slept > 2:
            await asyncio.Event().wait()


def ending(folder: Path, outcome: Outcome, *events: Event, stopped_by_hand: bool = False) -> Ending:
    record(folder, started(), *signed()[1], *events)
    entries = read_entries(open_places(folder / "ucmcert.toml"))
    return Ending(history=runs(entries)["demo-1-aaaa"], outcome=outcome, entries=entries, stopped=stopped_by_hand)


@pytest.mark.parametrize(
    ("outcome", "event", "code"), [(Outcome.WAITING, waiting(), 4), (Outcome.HELD, held(), 5), (None, stopped(), 130)]
)
def test_every_end_leaves_a_pack_that_verifies_and_the_next_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], outcome: Outcome | None, event: Event, code: int
) -> None:
    config = configured(tmp_path)
    ended = ending(tmp_path, outcome or Outcome.WAITING, event, stopped_by_hand=outcome is None)
    told = tell_ending(PRINTER, open_places(config), ended, now=NOW + 60)
    assert (code, True) == (told.exit_code, verify_pack(Path(told.evidence)).intact)
    assert resume_command("demo-1-aaaa", config) in capsys.readouterr().err
    assert {"outcome", "run", "ledger", "evidence", "certificates"} <= set(told.shape.__struct_fields__)


def test_a_run_that_is_done_needs_no_next_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    places = open_places(configured(tmp_path))
    told = tell_ending(PRINTER, places, ending(tmp_path, Outcome.DONE, finished()), now=NOW + 60)
    assert (0, True, "") == (told.exit_code, Path(told.evidence).is_dir(), capsys.readouterr().err)


def test_a_pack_that_cannot_be_written_is_told_and_the_run_stays_what_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    places = open_places(configured(tmp_path))
    ended = ending(tmp_path, Outcome.DONE, finished())
    places.evidence.write_text("a file where the folder should be")
    told = tell_ending(PRINTER, places, ended, now=NOW + 60)
    assert (0, "", True) == (told.exit_code, told.evidence, "UCM-PACK-102" in capsys.readouterr().err)


def test_the_table_shows_old_and_new(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    places = open_places(configured(tmp_path))
    tell_ending(PRINTER, places, ending(tmp_path, Outcome.DONE, finished()), now=NOW + 60)
    out = capsys.readouterr().out
    held_before = WHOLE.publisher.holding.identity("tomcat")
    assert held_before is not None
    assert (True, True) == (held_before.sha256[:16] in out, "443" in out)


def test_progress_has_a_heading_per_phase_and_a_line_per_event(capsys: pytest.CaptureFixture[str]) -> None:
    watcher = Watcher(PRINTER, four_node_plan(), Ticking())
    for event in (started(), intended(), *signed()[1], waiting()):
        watcher.hear(event)
    captured = capsys.readouterr()
    assert "" == captured.out
    assert 1 == captured.err.count("== Prepare")
    assert "cucm-pub.lab.example" in captured.err
    assert "ucmcert submit FOLDER" in captured.err


def test_a_long_step_gives_signs_of_life(capsys: pytest.CaptureFixture[str]) -> None:
    async def work() -> None:
        watcher = Watcher(PRINTER, four_node_plan(), Ticking())
        watcher.hear(intended())
        async with watcher.signs_of_life():
            await asyncio.sleep(0.05)

    asyncio.run(work())
    lines = [one for one in capsys.readouterr().err.splitlines() if one.startswith("  ...")]
    assert 2 == len(lines)
    assert "95 s" in lines[0] or "1 min" in lines[0]


def test_a_closed_window_is_told_while_the_run_sleeps(capsys: pytest.CaptureFixture[str]) -> None:
    never_now = Window(days=("mon",), start="03:00", end="03:01", timezone="UTC")

    async def work() -> None:
        async with Watcher(PRINTER, four_node_plan(), Ticking(), (never_now,)).signs_of_life():
            await asyncio.sleep(0.05)

    asyncio.run(work())
    assert "sleeps until" in capsys.readouterr().err


def test_a_broken_terminal_never_disturbs_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def isatty(self) -> bool:
            return False

        def write(self, _: str) -> int:
            raise BrokenPipeError

    monkeypatch.setattr("sys.stderr", Broken())
    Watcher(PRINTER, four_node_plan(), Ticking()).hear(intended())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_cancels_the_work_and_lets_it_tidy_up(number: signal.Signals) -> None:
    told: list[str] = []

    async def work() -> None:
        asyncio.get_running_loop().call_later(0.05, os.kill, os.getpid(), number)
        try:
            await asyncio.sleep(5)
        finally:
            told.append("tidied")

    with pytest.raises(KeyboardInterrupt):
        run(work())
    assert ["tidied"] == told


def test_work_that_takes_a_stop_into_account_ends_with_its_own_answer() -> None:
    async def work() -> int:
        asyncio.get_running_loop().call_later(0.05, os.kill, os.getpid(), signal.SIGTERM)
        try:
            await asyncio.sleep(5)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            assert task is not None
            task.uncancel()
        return 130

    assert 130 == run(work())
