"""Reads what a CA sent back from disk: every file of a folder, zips opened, nothing bigger than a certificate is."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from ucmcert.authority.archive import ZIP_MAGIC, members
from ucmcert.authority.file_finding import file_finding
from ucmcert.authority.returned_file import MOST_BYTES, MOST_FILES, ReturnedFile, printable
from ucmcert.errors import UsageError
from ucmcert.model.finding import Finding

__all__ = ["MOST_BYTES", "MOST_FILES", "ReturnedFile", "read_returned"]

NO_FILE = "it is not a regular file"
FOLDER_LINK = "a link to a folder is not followed"


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
    seen = 0
    for one in _below(place) if place.is_dir() else (place,):
        if isinstance(one, Finding):
            yield one
            continue
        seen += 1
        if seen > MOST_FILES:
            yield file_finding(
                "UCM-FILE-002", str(place), size=f"more than {MOST_FILES} files", most=f"{MOST_FILES} files"
            )
            return
        name = printable(str(one.relative_to(place)) if one != place else one.name)
        content = _read(one, name)
        if isinstance(content, bytes) and content.startswith(ZIP_MAGIC):
            yield from members(name, content)
        else:
            yield ReturnedFile(name=name, content=content) if isinstance(content, bytes) else content


def _below(folder: Path) -> Iterator[Path | Finding]:
    """The files below `folder`, hidden ones left out, folder by folder; a folder that cannot be opened is told.

    A link to a folder is not followed: it may lead back.
    """
    closed: list[OSError] = []
    for top, folders, files in os.walk(folder, onerror=closed.append):
        folders[:] = sorted(one for one in folders if not one.startswith("."))
        yield from (Path(top, one) for one in sorted(files) if not one.startswith("."))
        yield from (_link(folder, Path(top, one)) for one in folders if Path(top, one).is_symlink())
    for error in closed:
        name = printable(os.path.relpath(error.filename or folder, folder))
        yield file_finding("UCM-FILE-008", name, reason=error.strerror or type(error).__name__)


def _link(folder: Path, link: Path) -> Finding:
    return file_finding("UCM-FILE-008", printable(str(link.relative_to(folder))), reason=FOLDER_LINK)


def _read(path: Path, name: str) -> bytes | Finding:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # a pipe must not make us wait
        with os.fdopen(handle, "rb") as file:
            about = os.fstat(file.fileno())
            if not stat.S_ISREG(about.st_mode):
                return file_finding("UCM-FILE-008", name, reason=NO_FILE)
            if about.st_size > MOST_BYTES:
                return file_finding("UCM-FILE-002", name, size=f"{about.st_size} bytes", most=f"{MOST_BYTES} bytes")
            return file.read(MOST_BYTES)
    except OSError as error:
        return file_finding("UCM-FILE-008", name, reason=error.strerror or type(error).__name__)
