"""Starts what a user starts, `ucmlab up` and `ucmcert`, as processes, and reads what they print."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

BIN = Path(sys.executable).parent
START_S = 30.0
RUN_S = 240.0


class Lab(msgspec.Struct, frozen=True, kw_only=True):
    """A running lab: its state folder, the JSON of its ready file, and its process."""

    state: Path
    ready: dict[str, Any]
    process: "subprocess.Popen[bytes]"

    @property
    def config(self) -> Path:
        """The client configuration it wrote."""
        return Path(self.ready["config"])

    def password(self, account: str) -> str:
        """The password of `os_admin` or `app_admin`."""
        return (self.state / "credentials" / f"{account}.password").read_text().strip()

    def inspect(self) -> dict[str, Any]:
        """What `ucmlab inspect --json` prints."""
        found: dict[str, Any] = json.loads(told("ucmlab", "inspect", "--state", str(self.state), "--json"))
        return found

    def log(self) -> list[dict[str, str]]:
        """What `ucmlab log --json` prints: one object per operation."""
        text = told("ucmlab", "log", "--state", str(self.state), "--json")
        found: list[dict[str, str]] = json.loads(text) if text.lstrip().startswith("[") else _lines(text)
        return found

    def fault(self, *words: str) -> str:
        """`ucmlab fault ...`."""
        return told("ucmlab", "fault", *words, "--state", str(self.state))


class Finished(msgspec.Struct, frozen=True, kw_only=True):
    """A process that ended."""

    code: int
    out: str
    err: str

    @property
    def last(self) -> dict[str, Any]:
        """The JSON object of the last line of standard output."""
        found: dict[str, Any] = json.loads(self.out.strip().splitlines()[-1])
        return found


@contextmanager
def lab(state: Path, scenario: str, *more: str, speed: int = 100, seed: int = 7) -> Iterator[Lab]:
    """A lab in the foreground of its own process, until the block ends."""
    state.mkdir(parents=True, exist_ok=True)
    ready_file = state / "ready.json"
    ready_file.unlink(missing_ok=True)
    words = ["--scenario", scenario, "--state", state, "--ready-file", ready_file, "--speed", speed, "--seed", seed]
    with (state / "lab.out").open("ab") as out:
        command = [str(BIN / "ucmlab"), "up", *map(str, words), *more]
        process = subprocess.Popen(command, stdout=out, stderr=out, start_new_session=True)
    try:
        yield Lab(state=state, ready=_ready(process, ready_file, state / "lab.out"), process=process)
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(15)


def ucmcert(*words: object, env: dict[str, str] | None = None, timeout_s: float = RUN_S) -> Finished:
    """Run `ucmcert` to its end."""
    return finished([str(BIN / "ucmcert"), *map(str, words)], env=env, timeout_s=timeout_s)


def finished(command: Sequence[str], *, env: dict[str, str] | None = None, timeout_s: float = RUN_S) -> Finished:
    """Run any command to its end."""
    environment = {**os.environ, **(env or {})}
    done = subprocess.run(command, capture_output=True, timeout=timeout_s, env=environment, check=False, text=True)
    return Finished(code=done.returncode, out=done.stdout, err=done.stderr)


def started(*words: object) -> "subprocess.Popen[str]":
    """Start `ucmcert` and leave it running."""
    command = [str(BIN / "ucmcert"), *map(str, words)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def told(*words: str) -> str:
    """Standard output of a program that must succeed."""
    done = finished([str(BIN / words[0]), *words[1:]])
    assert done.code == 0, f"{words}: exit {done.code}\n{done.out}\n{done.err}"
    return done.out


def was_killed(done: Finished) -> bool:
    """Whether the process died by SIGKILL."""
    return done.code == -signal.SIGKILL


def _ready(process: "subprocess.Popen[bytes]", ready_file: Path, out: Path) -> dict[str, Any]:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        if ready_file.exists():
            found: dict[str, Any] = json.loads(ready_file.read_text())
            return found
        if process.poll() is not None:
            raise AssertionError(f"the lab ended with {process.returncode}:\n{out.read_text()}")
        time.sleep(0.05)
    raise AssertionError(f"the lab was not ready within {START_S:g} s:\n{out.read_text()}")


def _lines(text: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in text.splitlines() if line.strip()]
