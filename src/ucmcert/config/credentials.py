"""Credential references: where a password is, never the password. Resolved only when a command really connects.

`env:NAME`, `file:PATH` (readable by its owner only), `keyring:SERVICE/USER`, `command:PROGRAM ARGUMENTS` (no shell).
Room rule: a text that is no reference may itself be the password, so no message repeats any part of it.
"""

import os
import shlex
import stat
from collections.abc import Callable, Mapping
from pathlib import Path

from ucmcert.errors import UsageError
from ucmcert.model.secret import Secret

RunCommand = Callable[[tuple[str, ...]], str]
KINDS = ("env", "file", "keyring", "command")
HOW = "write env:NAME, file:PATH (chmod 600), keyring:SERVICE/USER or command:PROGRAM"
MOST_BYTES = 4096


def is_reference(text: str) -> bool:
    """Whether `text` names a place and is not itself a password."""
    kind, colon, rest = text.partition(":")
    return kind in KINDS and colon == ":" and bool(rest.strip())


def absolute_reference(text: str, folder: Path) -> str:
    """`text` with the path of a `file:` reference made absolute from `folder`."""
    kind, _, rest = text.partition(":")
    return f"file:{folder / rest}" if kind == "file" else text


def resolve(reference: str, *, where: str, environment: Mapping[str, str], run_command: RunCommand) -> Secret:
    """The secret behind `reference`. `where` names the key of the configuration that holds it.

    `run_command` gives the standard output of a program and raises OSError when it fails.
    Raises UsageError UCM-CONFIG-006 (no reference), UCM-CONFIG-007 (it leads nowhere, or others can read it).
    """
    if not is_reference(reference):
        raise literal_password(where)
    kind, _, rest = reference.partition(":")
    if kind == "env":
        if rest not in environment:
            raise _nowhere(where, f"the environment has no variable {rest}", f"set {rest}, then run the command again")
        text = environment[rest]
    elif kind == "file":
        text = _read_private(Path(rest), where)
    elif kind == "keyring":
        service, _, user = rest.rpartition("/")
        text = _ask(("keyring", "get", service, user), where, run_command)
    else:
        text = _ask(tuple(_words(rest, where)), where, run_command)
    password = text.splitlines()[0] if text.strip() else ""
    if not password:
        raise _nowhere(where, f"the {kind} reference gives an empty text", "put the password there")
    return Secret(password)


def literal_password(where: str) -> UsageError:
    """UCM-CONFIG-006: something stands in the file that is no reference."""
    return UsageError(
        "UCM-CONFIG-006",
        "a password stands in the configuration file, or a reference of an unknown kind",
        where=where,
        why="configuration files are copied, backed up and shown; a password there is a password lost",
        next=f"{HOW}; if it was the password, change it on the cluster",
    )


def _read_private(path: Path, where: str) -> str:
    try:
        with path.open("rb") as handle:
            mode = os.fstat(handle.fileno()).st_mode
            if not stat.S_ISREG(mode):
                raise _nowhere(where, f"{path} is not a file", HOW)
            if mode & (stat.S_IRWXG | stat.S_IRWXO):
                seen = f"{stat.S_IMODE(mode):04o}"
                raise _nowhere(
                    where, f"{path} has mode {seen}: others can read it", f"chmod 600 {shlex.quote(str(path))}"
                )
            return handle.read(MOST_BYTES).decode()
    except OSError as error:
        raise _nowhere(where, f"{path}: {error.strerror}", "put the password into that file, mode 600") from error
    except UnicodeDecodeError:
        raise _nowhere(where, f"{path} is not UTF-8 text", "put the password into that file as text") from None


def _words(line: str, where: str) -> list[str]:
    try:
        return shlex.split(line)
    except ValueError:
        raise _nowhere(where, "the command's quotes do not match", "close every quote of the command") from None


def _ask(command: tuple[str, ...], where: str, run_command: RunCommand) -> str:
    try:
        return run_command(command)
    except OSError as error:
        program = command[0] if command else "it"
        reason = f"the program {program} failed: {error.strerror or type(error).__name__}"
        raise _nowhere(where, reason, "run it by hand: it must print the password alone and exit 0") from None


def _nowhere(where: str, why: str, next_step: str) -> UsageError:
    return UsageError("UCM-CONFIG-007", "a credential cannot be had", where=where, why=why, next=next_step)
