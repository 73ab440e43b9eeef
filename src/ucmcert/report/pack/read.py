"""Reads a pack from a folder or a zip into memory. Nothing is unpacked, no link followed, nothing endless read."""

import os
import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from ucmcert.report.pack.layout import MANIFEST

MOST_FILES = 20_000
MOST_BYTES = 1_000_000_000


class NotAPack(Exception):
    """It cannot be read as an evidence pack; the text says why."""


def read_pack(path: Path) -> dict[str, bytes]:
    """File name (with `/`) -> bytes. Raises NotAPack."""
    try:
        files = _folder(path) if path.is_dir() else _zip(path)
    except (OSError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError) as error:
        raise NotAPack(f"{type(error).__name__}: {error}") from error
    if MANIFEST not in files:
        raise NotAPack(f"no {MANIFEST}")
    return files


def _folder(path: Path) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    room = MOST_BYTES
    for one in sorted(path.rglob("*")):
        name = one.relative_to(path).as_posix()
        mode = one.lstat().st_mode
        if stat.S_ISDIR(mode):
            continue
        if not stat.S_ISREG(mode):
            raise NotAPack(f"{name} is a link or a device")
        room -= one.lstat().st_size
        _in_bounds(len(files), room)
        handle = os.open(one, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(handle, "rb") as file:
            files[name] = file.read()
    return files


def _zip(path: Path) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    room = MOST_BYTES
    with zipfile.ZipFile(path) as archive:
        members = [one for one in archive.infolist() if not one.is_dir()]
        tops = {PurePosixPath(one.filename).parts[0] for one in members if "/" in one.filename}
        top = f"{tops.pop()}/" if len(tops) == 1 and all("/" in one.filename for one in members) else ""
        if any(one.filename == MANIFEST for one in members):
            top = ""
        for member in members:
            name = member.filename.removeprefix(top)
            parts = PurePosixPath(name).parts
            if name in files or name.startswith("/") or ".." in parts:
                raise NotAPack(f"{name!a} stands twice or leads outside")
            room -= member.file_size
            _in_bounds(len(files), room)
            files[name] = archive.read(member)
    return files


def _in_bounds(count: int, room: int) -> None:
    if count >= MOST_FILES or room < 0:
        raise NotAPack("it is too big")
