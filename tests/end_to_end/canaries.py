"""Looks for passwords where they must not be: in any spelling, in files, zips, databases, output and command lines."""

import base64
import sqlite3
import threading
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote, quote_plus

import msgspec

EDGE = 2  # letters of base64 at either end depend on the neighbours of what is looked for


class Canary(msgspec.Struct, frozen=True, kw_only=True):
    """A password, and the user it belongs to."""

    user: str
    password: str

    def spellings(self) -> set[bytes]:
        """Plain, for URLs, in hex, and in base64: alone, as a Basic login, and in the midst of something else."""
        plain = self.password.encode()
        found = {
            plain,
            quote(self.password, safe="").encode(),
            quote_plus(self.password).encode(),
            plain.hex().encode(),
        }
        found.add(base64.b64encode(f"{self.user}:{self.password}".encode()).rstrip(b"="))
        for shift in range(3):
            inside = base64.b64encode(b"\0" * shift + plain).rstrip(b"=")
            found.add(inside[EDGE + shift : -EDGE])
        return found


def seen_in(content: bytes, canaries: Iterable[Canary]) -> list[str]:
    """The users whose password stands in `content`, in any spelling."""
    return [one.user for one in canaries if any(word in content for word in one.spellings())]


def contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file below `folder` with its bytes; zips and databases come apart as well."""
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        yield str(path), path.read_bytes()
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                for name in archive.namelist():
                    yield f"{path}/{name}", archive.read(name)
        if path.suffix == ".sqlite":
            with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as ledger:
                for number, body in ledger.execute("SELECT number, body FROM entries"):
                    yield f"{path} entry {number}", body


class Watch:
    """Samples the command line of every process of the machine while the block runs."""

    def __init__(self) -> None:
        self.seen: set[bytes] = set()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _sample(self) -> None:
        while not self._over.wait(0.03):
            for path in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    self.seen.add(path.read_bytes())
                except OSError:
                    continue  # it ended in between
