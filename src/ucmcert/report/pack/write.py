"""Writes the evidence pack of a run: a folder and a zip beside it, the same bytes for the same ledger.

Rules of this room: everything is written beside and moved into place when it is whole; writing again is always safe.
"""

import fcntl
import hashlib
import io
import os
import shutil
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ucmcert.authority.durable_file import write_durably
from ucmcert.errors import UsageError
from ucmcert.model.event import Entry
from ucmcert.report.pack import layout
from ucmcert.report.pack.contents import contents
from ucmcert.report.pack.manifest import Manifest, signed, written
from ucmcert.report.pack.release import release
from ucmcert.report.story import tell

ZIP_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can tell: times are in the events, not on the files
ZIP_MODE = 0o100644 << 16
UNIX = 3


def write_pack(folder: Path, entries: Iterable[Entry], run: str, *, lang: str = "en") -> Path:
    """Write the pack of `run` as `folder`/<run>/ and `folder`/<run>.zip; the path of the pack's folder.

    `entries` is the whole ledger, oldest first; what later runs added is left out. Safe to repeat at any time.
    Raises: UsageError UCM-PACK-101 when the ledger has no such run, UCM-PACK-102 when the disk refuses.
    """
    files = pack_files(tuple(entries), run, lang)
    name = layout.safe_name(run)
    place = folder / name
    try:
        with _alone(folder):
            if _on_disk(place) != files:
                _swap_in(place, files)
            write_durably(folder / f"{name}.zip", zipped(name, files))
    except OSError as error:
        raise UsageError(
            "UCM-PACK-102",
            "the evidence pack could not be written",
            where=str(place),
            why=error.strerror or type(error).__name__,
            next="make room or mend the folder, then write it again with `ucmcert report`: the ledger holds everything",
        ) from error
    return place


def pack_files(entries: tuple[Entry, ...], run: str, lang: str) -> dict[str, bytes]:
    """Every file of the pack with its manifest. Raises UsageError UCM-PACK-101."""
    try:
        story = tell(entries, run)
        found = contents(entries, run, lang)
    except KeyError as error:
        raise UsageError(
            "UCM-PACK-101",
            f"the ledger has no run {run} that this release can read",
            where=run,
            why="it belongs to another cluster's ledger, or a newer release began it",
            next="list the runs with `ucmcert status`, or use the release that began it",
        ) from error
    manifest = Manifest(
        tool=release(),
        lang=lang,
        cluster=story.plan.cluster,
        run=run,
        plan_digest=story.plan.digest,
        entries=story.entries,
        last_digest=story.last_digest,
        files={name: hashlib.sha256(content).hexdigest() for name, content in found.items()},
    )
    return {layout.MANIFEST: written(signed(manifest)), **found}


def zipped(name: str, files: dict[str, bytes]) -> bytes:
    """The pack as a zip under one folder `name`: stored, not packed, so that no library version changes its bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for file, content in sorted(files.items()):
            member = zipfile.ZipInfo(f"{name}/{file}", ZIP_TIME)
            member.create_system, member.external_attr = UNIX, ZIP_MODE
            archive.writestr(member, content)
    return target.getvalue()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Wait until nobody else writes a pack in `folder`; the lock dies with its process."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / ".lock").open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _on_disk(place: Path) -> dict[str, bytes]:
    if not place.is_dir():
        return {}
    return {str(one.relative_to(place)): one.read_bytes() for one in place.rglob("*") if one.is_file()}


def _swap_in(place: Path, files: dict[str, bytes]) -> None:
    """Write beside, then rename. What a killed writer left behind is swept away first."""
    beside, old = (place.with_name(f".{place.name}.{end}") for end in ("part", "old"))
    for one in (beside, old):
        shutil.rmtree(one, ignore_errors=True)
    for name, content in files.items():
        _write(beside / name, content)
    if place.exists():
        place.rename(old)
    beside.rename(place)
    shutil.rmtree(old, ignore_errors=True)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
