"""Opens a zip without trusting it: one level deep, member by member, and never more than certificates can have."""

import io
import zipfile
from collections.abc import Iterator

from ucmcert.authority.file_finding import file_finding
from ucmcert.authority.returned_file import MOST_BYTES, MOST_FILES, ReturnedFile
from ucmcert.model.finding import Finding

ZIP_MAGIC = b"PK\x03\x04"
MOST_UNPACKED = 20_000_000  # of one archive: a small one can unpack to a thousand times its size
READABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
TOO_BIG = "UCM-FILE-002"
LEFT_BY_MACS = "__MACOSX"


def members(name: str, content: bytes) -> Iterator[ReturnedFile | Finding]:
    """The files of the zip called `name`, hidden ones left out; what cannot be unpacked is a finding."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield from _unpacked(archive, name)
    except Exception as error:  # noqa: BLE001 - the reader of hostile archives raises many kinds
        yield _damaged(name, error)


def _unpacked(archive: zipfile.ZipFile, name: str) -> Iterator[ReturnedFile | Finding]:
    wanted = [one for one in archive.infolist() if not one.is_dir() and not _hidden(one.filename)]
    budget = MOST_UNPACKED
    for member in wanted[:MOST_FILES]:
        found = _member(archive, member, f"{name}/{member.filename}")
        budget -= len(found.content) if isinstance(found, ReturnedFile) else MOST_BYTES * (found.code == TOO_BIG)
        if budget < 0:
            yield file_finding(
                TOO_BIG, name, size=f"more than {MOST_UNPACKED} bytes unpacked", most=_bytes(MOST_UNPACKED)
            )
            return
        yield found
    if len(wanted) > MOST_FILES:
        yield file_finding(TOO_BIG, name, size=f"{len(wanted)} files", most=f"{MOST_FILES} files")


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> ReturnedFile | Finding:
    if member.compress_type not in READABLE:
        return file_finding("UCM-FILE-009", name, reason=f"compression method {member.compress_type} is not read")
    try:
        with archive.open(member) as file:
            content = file.read(MOST_BYTES + 1)
    except Exception as error:  # noqa: BLE001 - the reader of hostile archives raises many kinds
        return _damaged(name, error)
    if len(content) > MOST_BYTES:
        return file_finding(TOO_BIG, name, size=f"more than {MOST_BYTES} bytes", most=_bytes(MOST_BYTES))
    if content.startswith(ZIP_MAGIC):
        return file_finding("UCM-FILE-009", name, reason="an archive inside an archive is not opened")
    return ReturnedFile(name=name, content=content)


def _hidden(filename: str) -> bool:
    parts = filename.split("/")
    return LEFT_BY_MACS in parts or any(part.startswith(".") and part not in {".", ".."} for part in parts)


def _bytes(count: int) -> str:
    return f"{count} bytes"


def _damaged(name: str, error: Exception) -> Finding:
    return file_finding("UCM-FILE-009", name, reason=f"{error}" or type(error).__name__)
