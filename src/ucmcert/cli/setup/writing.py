"""Writes the new configuration: for its owner alone, never over another one unless told so."""

import tomllib
from pathlib import Path

from ucmcert.authority.durable_file import write_durably, write_once
from ucmcert.errors import UsageError


def must_be_free(path: Path, *, force: bool) -> None:
    """Raises UsageError UCM-INIT-003 when there is a file at `path` already and `force` is not given."""
    if path.exists() and not force:
        raise UsageError(
            "UCM-INIT-003",
            "there is a configuration already",
            where=str(path),
            why="it may hold pins and windows that somebody cares about",
            next="give another path with -o, or --force to write over it",
        )


def write_config(path: Path, text: str, *, force: bool) -> None:
    """Write `text` to `path`, mode 0600, in one step. Raises UsageError UCM-INIT-003, UCM-INIT-005."""
    tomllib.loads(text)
    try:
        if force:
            write_durably(path.absolute(), text.encode(), mode=0o600)
        elif not write_once(path.absolute(), text.encode(), mode=0o600):
            must_be_free(path, force=False)
    except OSError as error:
        raise UsageError(
            "UCM-INIT-005",
            "the configuration cannot be written",
            where=str(path),
            why=error.strerror or type(error).__name__,
            next="give a path in a folder of yours with -o",
        ) from error
