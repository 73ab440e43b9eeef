"""An unexpected exception becomes a bug report: four sentences, a file with the details, and no secret in either."""

import base64
import binascii
import gc
import os
import platform
import re
import tempfile
import traceback
from importlib.metadata import version
from pathlib import Path

from ucmcert.errors import UcmcertError
from ucmcert.model.secret import Secret

TOKEN = re.compile(r"[A-Za-z0-9+/]{8,}={0,2}")
MASK = "***"


class Bug(UcmcertError):
    """Ours, and nobody foresaw it."""


def details(error: BaseException) -> str:
    """The traceback of `error` as text, every password that this process knows masked, plain or in base64."""
    text = "".join(traceback.format_exception(error))
    known = {one.reveal() for one in gc.get_objects() if isinstance(one, Secret)} - {""}
    for secret in sorted(known, key=len, reverse=True):
        text = text.replace(secret, MASK).replace(repr(secret)[1:-1], MASK)
    return TOKEN.sub(lambda found: MASK if _hides(found.group(), known) else found.group(), text)


def bug_report(error: BaseException, state: Path | None) -> Bug:
    """The four sentences about `error`; the details go to a new file in the folder `state` when it can be written."""
    text = (
        f"ucmcert {version('ucmcert')}, Python {platform.python_version()}, {platform.platform()}\n\n{details(error)}"
    )
    kept = _keep(text, state)
    frame = traceback.extract_tb(error.__traceback__)[-1:]
    where = f"{Path(frame[0].filename).name}, line {frame[0].lineno}" if frame else "unknown"
    return Bug(
        "UCM-BUG-001",
        f"a bug of ucmcert: {type(error).__name__}",
        where=where,
        why="ucmcert met something it was not written for; what it did before stands in the ledger",
        next=f"report it with {kept}" if kept else "run the same command with --debug and report what it prints",
    )


def _hides(token: str, known: set[str]) -> bool:
    """Whether `token` is base64 of something with a password in it, as in a Basic authorization."""
    try:
        inside = base64.b64decode(token + "=" * (-len(token) % 4), validate=True)
    except (binascii.Error, ValueError):
        return False
    return any(secret.encode() in inside for secret in known)


def _keep(text: str, state: Path | None) -> Path | None:
    if state is None:
        return None
    try:
        state.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=state, prefix="bug-", suffix=".txt")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
    except OSError:
        return None
    return Path(name)
