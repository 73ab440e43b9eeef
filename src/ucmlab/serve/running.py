"""The mark of a running lab in its state folder: a lock that dies with the process, and how to make it look again.

`ucmlab fault` writes `faults.json` and calls `tell_running_lab`, which sends SIGUSR1; the lab reads the file, moves its
listeners and writes down in `running.json` which state of the file it has seen. `ucmlab phones` leaves an order beside
it and waits the same way until the order is gone.
"""

import fcntl
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from ucmlab.atomic_file import write_atomically
from ucmlab.clock import Clock
from ucmlab.errors import ScenarioError

SEEN_WITHIN_S = 5.0
LOOK_EVERY_S = 0.02
LOOK_AGAIN = signal.SIGUSR1


class Running(msgspec.Struct, frozen=True, kw_only=True):
    """`faults_seen`: modification time of the faults file last read, nanoseconds, 0 when there was none."""

    pid: int
    faults_seen: int = 0


@contextmanager
def claim_folder(folder: Path) -> Iterator[None]:
    """Hold a state folder for one running lab. Raises ScenarioError while another one holds it."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / "lab.lock").open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            next_step = "Stop that lab first, or give another --state folder."
            raise ScenarioError("a lab is running in this folder", where=str(folder), next_step=next_step) from error
        (folder / "running.json").unlink(missing_ok=True)  # of a killed lab: its number may be a stranger's by now
        yield


def is_running(folder: Path) -> bool:
    """Whether a lab runs in this folder now."""
    path = folder / "lab.lock"
    if not path.exists():
        return False
    with path.open("rb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def faults_stamp(folder: Path) -> int:
    """Modification time of the faults file, nanoseconds; 0 when there is none."""
    path = folder / "faults.json"
    return path.stat().st_mtime_ns if path.exists() else 0


def note_running(folder: Path, *, faults_seen: int) -> None:
    """Write down which lab runs here and what it has seen."""
    state = Running(pid=os.getpid(), faults_seen=faults_seen)
    write_atomically(folder / "running.json", msgspec.json.encode(state))


def _obeyed(order: Path | None) -> bool:
    return order is None or not order.exists()


async def tell_running_lab(folder: Path, clock: Clock, *, order: Path | None = None) -> bool:
    """Make the lab in this folder read its faults and obey an order now, and wait until it has; False when none runs.

    Raises: ScenarioError when the lab does not answer.
    """
    if not is_running(folder):
        return False
    path = folder / "running.json"
    waited_s = 0.0
    told = False
    while waited_s < SEEN_WITHIN_S and is_running(folder):
        lab = msgspec.json.decode(path.read_bytes(), type=Running) if path.exists() else None
        if lab is not None and lab.faults_seen == faults_stamp(folder) and _obeyed(order):
            return True
        if lab is not None and not told:
            with suppress(ProcessLookupError):  # stopped meanwhile
                os.kill(lab.pid, LOOK_AGAIN)
            told = True
        await clock.sleep(LOOK_EVERY_S)
        waited_s += LOOK_EVERY_S
    next_step = "What was asked is written down; the lab reads it when it is told again, or at its next start."
    raise ScenarioError("the running lab did not answer", where=str(folder), next_step=next_step)
