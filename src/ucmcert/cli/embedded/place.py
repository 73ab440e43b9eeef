"""Where a demonstration keeps its things: a folder of its own, whose lab part goes again when all went well."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ucmcert.errors import UsageError

LAB = "lab"


@contextmanager
def own_place(folder: Path | None, *, keep: bool) -> Iterator[Path]:
    """`folder`, made now, or a new one among the temporary files. Without `keep` every lab in it goes at the end.

    After an error everything stays, to be looked at. Raises UsageError UCM-DEMO-004.
    """
    if folder is None:
        place = Path(tempfile.mkdtemp(prefix="ucmcert-demo-"))
    else:
        place = folder.absolute()
        _make(place)
    yield place
    if not keep:
        for lab in place.glob(f"{LAB}*"):
            shutil.rmtree(lab, ignore_errors=True)


def own_config(of_the_lab: Path, place: Path) -> Path:
    """The lab's configuration, copied beside the lab: its state, that is ledger and evidence, then outlives the lab."""
    return Path(shutil.copy(of_the_lab, place / "ucmcert.toml"))


def _make(place: Path) -> None:
    try:
        place.mkdir(parents=True, mode=0o700)
    except OSError as error:
        raise UsageError(
            "UCM-DEMO-004",
            "the folder for the demo cannot be made",
            where=str(place),
            why=error.strerror or type(error).__name__,
            next="give a folder that does not exist yet",
        ) from error
