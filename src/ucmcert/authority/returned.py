"""Reads what a CA sent back from disk: every file of a folder, zips opened, nothing bigger than a certificate is."""

import io
import os
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from ucmcert.authority.file_finding import file_finding
from ucmcert.errors import UsageError
from ucmcert.model.finding import Finding

MOST_BYTES = 1_000_000  # a chain of ten RSA 4096 certificates has 25 kB
MOST_FILES = 1000
ZIP_MAGIC = b"PK\x03\x04"


class ReturnedFile(msgspec.Struct, frozen=True, kw_only=True):
    """One file, or one member of a zip (`answers.zip/leaf.cer`)."""

    name: str
    content: bytes


def read_returned(place: Path) -> Iterator[ReturnedFile | Finding]:
    """Every file below `place` (a folder, or one file), in order of name; what cannot be read is a finding.

    Raises UsageError UCM-FILE-000 when `place` does not exist.
    """
    if not place.exists():
        raise UsageError(
            "UCM-FILE-000",
            "there is no such folder",
            where=str(place),
            why="submit reads the files that the CA sent back from a folder, a zip or a single file",
            next="put the CA's files into one folder and give its path",
        )
    top = place if place.is_dir() else place.parent
    paths = sorted(place.rglob("*")) if place.is_dir() else [place]
    files = [path for path in paths if not any(part.startswith(".") for part in path.relative_to(top).parts)]
    for path in files[:MOST_FILES]:
        name = str(path.relative_to(top))
        if path.is_dir():
            continue
        content = _read(path, name)
        if isinstance(content, bytes) and content.startswith(ZIP_MAGIC):
            yield from _members(name, content)
        else:
            yield ReturnedFile(name=name, content=content) if isinstance(content, bytes) else content
    if len(files) > MOST_FILES:
        yield file_finding("UCM-FILE-002", str(place), size=f"{len(files)} files", most=f"{MOST_FILES} files")


def _read(path: Path, name: str) -> bytes | Finding:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # a pipe must not make us wait
        with os.fdopen(handle, "rb") as file:
            about = os.fstat(file.fileno())
            if not stat.S_ISREG(about.st_mode):
                return file_finding("UCM-FILE-008", name, reason="it is not a regular file")
            if about.st_size > MOST_BYTES:
                return file_finding("UCM-FILE-002", name, size=f"{about.st_size} bytes", most=f"{MOST_BYTES} bytes")
            return file.read(MOST_BYTES)
    except OSError as error:
        return file_finding("UCM-FILE-008", name, reason=error.strerror or type(error).__name__)


def _members(name: str, content: bytes) -> Iterator[ReturnedFile | Finding]:
    """The files of a zip, one level deep."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.infolist()[:MOST_FILES]:
                if not member.is_dir():
                    yield _member(archive, member, f"{name}/{member.filename}")
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        yield file_finding("UCM-FILE-009", name, reason=str(error))


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> ReturnedFile | Finding:
    try:
        with archive.open(member) as file:
            content = file.read(MOST_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError) as error:
        return file_finding("UCM-FILE-009", name, reason=str(error))
    if len(content) > MOST_BYTES:
        return file_finding("UCM-FILE-002", name, size=f"more than {MOST_BYTES} bytes", most=f"{MOST_BYTES} bytes")
    return ReturnedFile(name=name, content=content)
