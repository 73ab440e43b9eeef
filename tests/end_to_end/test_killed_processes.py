"""Promise: kill ucmcert or the cluster at any moment, resume, and the end is as if nothing had happened."""

import os
import random
import shlex
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from end_to_end.dying_runs import (
    Ending,
    Moment,
    copy_of,
    end_of,
    going_on,
    killed_everywhere,
    killed_once,
    prepare,
    undisturbed,
)
from end_to_end.mortal_ucmcert import name_of
from end_to_end.programs import BIN, Finished, finished, started, ucmcert
from simulation.end_state import EndState, differences
from ucmcert.cli.places import open_places
from ucmcert.cli.runs import read_entries

PARTS = 6
SPEED = 400
SLOW = 20  # time enough to look
IPSEC = ("ipsec",)
PATIENT = "\n[renew]\nsettle_s = 3\npatience_s = 20\n"
IMPATIENT = "\n[renew]\nsettle_s = 3\npatience_s = 5\n"


@pytest.fixture(scope="module", autouse=True)
def bytecode_kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A process that starts a hundred times keeps its bytecode, as an installed program does."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
        patch.setenv("PYTHONPYCACHEPREFIX", str(tmp_path_factory.getbasetemp() / "bytecode"))
        yield


class Prepared(msgspec.Struct, frozen=True, kw_only=True):
    """A lab of one node to copy, and how a copy stands after a renewal that nobody disturbs."""

    state: Path
    end: EndState


@pytest.fixture(scope="module")
def single(tmp_path_factory: pytest.TempPathFactory, bytecode_kept: None) -> Prepared:
    folder = tmp_path_factory.mktemp("single")
    state = prepare(folder / "lab", "single")
    with copy_of(state, folder / "calm", speed=SPEED) as (one, config):
        calm = undisturbed(one, config, IPSEC)
    assert [] == calm.troubles(calm.state)
    return Prepared(state=state, end=calm.state)


@contextmanager
def renewal(config: Path) -> "Iterator[subprocess.Popen[str]]":
    """`ucmcert renew` of ipsec, left running until the block ends."""
    with started("renew", "--config", config, "--purpose", "ipsec", "--yes", "--json") as process:
        try:
            yield process
        finally:
            process.kill()


def until_told(process: "subprocess.Popen[str]", words: str) -> str:
    """Wait until a line with `words` has come on standard error; everything that came."""
    assert process.stderr is not None
    heard = ""
    for line in process.stderr:
        heard += line
        if words in line:
            return heard
    raise AssertionError(f"ended before it said {words!r}:\n{heard}")


def ended(process: "subprocess.Popen[str]", heard: str = "") -> Finished:
    out, err = process.communicate(timeout=60)
    return Finished(code=process.returncode, out=out, err=heard + err)


def resumed(config: Path) -> Finished:
    return ucmcert("resume", "--config", config, "--yes", "--json")


@pytest.mark.long
@pytest.mark.parametrize("moment", ["before", "after"])
def test_killed_at_every_append_it_ends_as_if_nothing_had_happened(
    moment: Moment, tmp_path: Path, tell: Callable[[str], None]
) -> None:
    pair = prepare(tmp_path / "lab", "pair")

    def chain(part: int) -> Ending:
        with copy_of(pair, tmp_path / str(part), speed=SPEED) as (one, config):
            return killed_everywhere(one, config, IPSEC, moment, f"{part}/{PARTS}")

    def alone(name: str) -> Ending:
        with copy_of(pair, tmp_path / name.replace("/", "-"), speed=SPEED) as (one, config):
            return killed_once(one, config, IPSEC, moment, name)

    def calm() -> tuple[Ending, set[str]]:
        with copy_of(pair, tmp_path / "calm", speed=SPEED) as (one, config):
            return undisturbed(one, config, IPSEC), appends_of(config)

    with ThreadPoolExecutor(PARTS + 1) as pool:
        chains = [pool.submit(chain, part) for part in range(PARTS)]
        wanted, appends = pool.submit(calm).result()
        endings = [one.result() for one in chains]
        missed = sorted(appends - deaths_of(endings))
        endings += pool.map(alone, missed)
    assert [] == wanted.troubles(wanted.state)
    assert [] == [line for one in endings for line in one.troubles(wanted.state)]
    assert set() == appends - deaths_of(endings)
    for one in endings:
        assert 0 == ucmcert("report", "verify", one.last.last["evidence"]).code
    points = sum(len(one.deaths) for one in endings)
    tell(f"kill points, two nodes, ipsec, real processes and sockets, right {moment} an append: {points}")


def deaths_of(endings: list[Ending]) -> set[str]:
    return {name for one in endings for name in one.deaths}


def appends_of(config: Path) -> set[str]:
    """The names of the appends of the run that stands in the ledger."""
    return {name_of(entry.event) for entry in read_entries(open_places(config)) if entry.event is not None}


def test_killed_from_outside_it_is_resumed_and_resuming_once_more_changes_nothing(
    single: Prepared, tmp_path: Path
) -> None:
    with copy_of(single.state, tmp_path, speed=SPEED) as (one, config), renewal(config) as process:
        until_told(process, " starts (")
        time.sleep(random.Random(3).uniform(0.0, 3.5))
        process.kill()
        assert -signal.SIGKILL == ended(process).code
        for _ in range(2):
            went_on = resumed(config)
            assert (0, "done") == (went_on.code, went_on.last["outcome"]), went_on.err
            assert [] == differences(single.end, end_of(one))


@pytest.mark.parametrize(
    ("number", "when"), [(signal.SIGINT, "== Prepare"), (signal.SIGTERM, "begins: Restart Cisco DRF Local")]
)
def test_a_signal_stops_it_cleanly_and_the_command_it_prints_goes_on(
    number: signal.Signals, when: str, single: Prepared, tmp_path: Path
) -> None:
    with copy_of(single.state, tmp_path, speed=SPEED) as (one, config), renewal(config) as process:
        heard = until_told(process, when)
        process.send_signal(number)
        stopped = ended(process, heard)
        assert (130, "failed") == (stopped.code, stopped.last["outcome"]), stopped.err
        command = next(line for line in reversed(stopped.err.splitlines()) if "ucmcert resume " in line)
        words = shlex.split(command[command.index("ucmcert resume ") :])
        assert ["ucmcert", "resume", stopped.last["run"]] == words[:3]
        went_on = finished([str(BIN / words[0]), *words[1:], "--json"])
        assert (0, "done") == (went_on.code, went_on.last["outcome"]), went_on.err
        assert [] == differences(single.end, end_of(one))


def own_place() -> tuple[str, str]:
    """An address no other lab takes while ours is dead."""
    return "--address-base", f"127.78.{os.getpid() % 250}.10"


def kill(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.wait()


def test_a_cluster_that_dies_is_waited_for_and_then_the_run_holds(single: Prepared, tmp_path: Path) -> None:
    with copy_of(single.state, tmp_path, *own_place(), speed=SPEED, renew_table=IMPATIENT) as (one, config):
        with renewal(config) as process:
            heard = until_told(process, "begins: Upload the ipsec certificate")
            kill(one.process)
            held = ended(process, heard)
        assert (5, "held") == (held.code, held.last["outcome"]), held.err
        assert f"ucmcert resume {held.last['run']}" in held.err
        too_early = resumed(config)
        assert (1, "UCM-NET-001") == (too_early.code, too_early.last["error"]["code"])
    with going_on(tmp_path, *own_place(), speed=SPEED) as again:
        went_on = resumed(config)
        assert (0, "done") == (went_on.code, went_on.last["outcome"]), went_on.err
        assert [] == differences(single.end, end_of(again))


def test_a_cluster_that_dies_and_comes_back_does_not_end_the_run(single: Prepared, tmp_path: Path) -> None:
    first = copy_of(single.state, tmp_path, *own_place(), speed=SPEED, renew_table=PATIENT)
    with first as (one, config), renewal(config) as process:
        heard = until_told(process, "begins: Restart Cisco DRF Master")
        kill(one.process)
        with going_on(tmp_path, *own_place(), speed=SPEED) as again:
            run = ended(process, heard)
            assert (0, "done") == (run.code, run.last["outcome"]), run.err
            assert [] == differences(single.end, end_of(again))


def test_while_it_works_others_may_look_and_nobody_may_start(single: Prepared, tmp_path: Path) -> None:
    with copy_of(single.state, tmp_path, speed=SLOW) as (one, config), renewal(config) as process:
        until_told(process, "== Cut over")
        looked, read = ucmcert("status", "--config", config, "--json"), ucmcert("status", "--config", config)
        refused = ucmcert("renew", "--config", config, "--yes", "--json")
        assert process.poll() is None, "the run was over before anybody had looked"
        assert (0, "running") == (looked.code, looked.last["outcome"])
        assert (0, True) == (read.code, "running" in read.out.lower())
        assert (2, "UCM-LOCK-001") == (refused.code, refused.last["error"]["code"])
        process.kill()
        ended(process)
        looked = ucmcert("status", "--config", config, "--json")
        refused = ucmcert("renew", "--config", config, "--yes", "--json")
        assert (1, "failed") == (looked.code, looked.last["outcome"])
        assert (5, "UCM-RUNS-005") == (refused.code, refused.last["error"]["code"])
        assert looked.last["run"] in refused.last["error"]["next"]
        assert 0 == resumed(config).code
        looked = ucmcert("status", "--config", config, "--json")
        again = ucmcert("renew", "--config", config, "--purpose", "ipsec", "--yes", "--json")
        assert (0, "done", "done") == (looked.code, looked.last["outcome"], again.last["outcome"])
        assert [] == differences(single.end, end_of(one))
