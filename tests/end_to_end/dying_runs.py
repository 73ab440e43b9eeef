"""Renewals whose process is killed at ledger appends: once and resumed, or in a chain of dying processes.

Each takes place in a copy of one prepared lab: the same keys, certificates and chances, so that ends can be compared.
"""

import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import msgspec

from end_to_end.programs import Finished, Lab, finished, lab, ucmcert, was_killed
from simulation.end_state import EndState, differences, of_snapshot

MORTAL = Path(__file__).with_name("mortal_ucmcert.py")
MOST_LIVES = 400
Moment = Literal["before", "after"]


class Ending(msgspec.Struct, frozen=True, kw_only=True):
    """How a renewal came to its end: where its processes died, what the last one said, and what the lab shows then.

    `deaths` are names of appends as mortal_ucmcert.name_of gives them.
    """

    deaths: tuple[str, ...]
    last: Finished
    state: EndState

    def troubles(self, undisturbed: EndState) -> list[str]:
        """What is not as after a run that nobody killed, one line each."""
        said: dict[str, Any] = self.last.last if self.last.out.strip() else {}
        told = (
            [] if said.get("outcome") == "done" else [f"outcome {said.get('outcome')}: {said or self.last.err[-800:]}"]
        )
        told += [] if self.last.code == 0 else [f"exit code {self.last.code}"]
        told += [f"not done: {one}" for one in said.get("certificates", ()) if not one["done"]]
        return told + differences(undisturbed, self.state)


def prepare(folder: Path, scenario: str) -> Path:
    """Found a lab of `scenario` in `folder` and stop it again."""
    with lab(folder, scenario, "--calm"):
        return folder


@contextmanager
def copy_of(prepared: Path, folder: Path, *more: str, speed: int, renew_table: str = "") -> Iterator[tuple[Lab, Path]]:
    """A calm lab in `folder`/lab, as `prepared` was left, and a client configuration that no restart writes again.

    `more` are further words for `ucmlab up`.
    """
    shutil.copytree(prepared, folder / "lab")
    with going_on(folder, *more, speed=speed) as copy:
        config = folder / "ucmcert.toml"
        config.write_text(copy.config.read_text() + renew_table)
        yield copy, config


@contextmanager
def going_on(folder: Path, *more: str, speed: int) -> Iterator[Lab]:
    """The lab in `folder`/lab, started again."""
    state = folder / "lab"
    scenario = json.loads((state / "cluster.json").read_text())["scenario"]["name"]
    with lab(state, scenario, "--calm", *more, speed=speed) as again:
        yield again


def selection(purposes: tuple[str, ...]) -> tuple[str, ...]:
    """The options of `renew` for these purposes."""
    return tuple(word for purpose in purposes for word in ("--purpose", purpose))


def undisturbed(one: Lab, config: Path, purposes: tuple[str, ...]) -> Ending:
    """A renewal that nobody kills."""
    last = ucmcert("renew", "--config", config, "--yes", "--json", *selection(purposes))
    return Ending(deaths=(), last=last, state=end_of(one))


def killed_once(one: Lab, config: Path, purposes: tuple[str, ...], moment: Moment, which: str) -> Ending:
    """A renewal killed at one append, by number or by name, then resumed. No deaths when it has no such append."""
    return _killed(one, config, purposes, moment, which, deaths_at_most=1)


def killed_everywhere(one: Lab, config: Path, purposes: tuple[str, ...], moment: Moment, part: str) -> Ending:
    """A renewal killed at every append of one part of N ("I/N"), each once, process after process.

    What a step of another node would have appended when a process died may never be appended: its act is not repeated.
    """
    return _killed(one, config, purposes, moment, f"new:{part}", deaths_at_most=MOST_LIVES)


def end_of(one: Lab) -> EndState:
    """What the lab shows now."""
    return of_snapshot(one.inspect(), one.log())


def _killed(
    one: Lab, config: Path, purposes: tuple[str, ...], moment: Moment, which: str, *, deaths_at_most: int
) -> Ending:
    diary = one.state / "deaths.txt"
    diary.unlink(missing_ok=True)
    always = ("--config", str(config), "--yes", "--json")
    begin, go_on = ("renew", *always, *selection(purposes)), ("resume", *always)
    deaths: tuple[str, ...] = ()
    while len(deaths) < deaths_at_most:
        words = go_on if _begun(deaths, moment) else begin
        last = finished([sys.executable, str(MORTAL), moment, which, str(diary), *words])
        if not was_killed(last):
            return Ending(deaths=deaths, last=last, state=end_of(one))
        deaths = tuple(diary.read_text().splitlines())
    last = ucmcert(*(go_on if _begun(deaths, moment) else begin))
    return Ending(deaths=deaths, last=last, state=end_of(one))


def _begun(deaths: tuple[str, ...], moment: Moment) -> bool:
    """Whether a run is in the ledger: it is not while the only death was before the entry that begins it."""
    return any(moment == "after" or not one.startswith("run_started") for one in deaths)
