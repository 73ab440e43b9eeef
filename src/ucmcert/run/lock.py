"""One writer per cluster: an operating-system lock that dies with its process."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from ucmcert.errors import UsageError


@contextmanager
def cluster_lock(folder: Path, cluster: str) -> Iterator[None]:
    """Hold the lock of `cluster` in its state `folder` while the block runs.

    Raises UsageError UCM-LOCK-001 at once when another process holds it, UCM-LOCK-002 when the folder refuses the
    lock file. A killed process leaves no lock behind.
    """
    path = folder / "run.lock"
    with _opened(path) as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            handle.seek(0)
            holder = handle.read().strip() or "unknown"
            raise UsageError(
                "UCM-LOCK-001",
                f"another run works on cluster {cluster} (process {holder})",
                where=str(path),
                why="two runs on one cluster would restart two nodes at once or replace each other's CSR",
                next="watch it with `ucmcert status`, and start again when it has ended",
            ) from error
        handle.truncate(0)
        handle.write(str(os.getpid()))
        handle.flush()
        try:
            yield
        finally:
            handle.truncate(0)  # nobody works here any more; a killed process leaves its number, but no lock


def _opened(path: Path) -> TextIO:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        return path.open("a+")
    except OSError as error:
        raise UsageError(
            "UCM-LOCK-002",
            "the state folder cannot be written",
            where=str(path.parent),
            why=error.strerror or type(error).__name__,
            next="make the folder writable for this user, or set `state` in the configuration to one that is",
        ) from error
