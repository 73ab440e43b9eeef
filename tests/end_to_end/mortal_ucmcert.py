"""`ucmcert` with a death sentence: kills itself with SIGKILL right before or right after one ledger append.

Usage: python mortal_ucmcert.py before|after WHICH DIARY ucmcert-arguments...
WHICH is a number n: the n-th append of this process; or the name of an append: the first one called so; or `new:I/N`:
the first append that DIARY does not know yet, of every N-th part counted from I. The name of the append goes into
DIARY, one line per death, so that a chain of dying processes comes to its end. It is the product itself; only the
ledger's append is watched, from here, so that no trigger for tests lives in the product.
"""

import os
import signal
import sys
import zlib
from pathlib import Path

from ucmcert.cli.main import main
from ucmcert.model.event import Entry, Event
from ucmcert.run.ledger import SqliteLedger


def name_of(event: Event) -> str:
    """What tells an append from all others of its run: the kind of event, and what it is about."""
    about = getattr(event, "step", "") or "/".join(str(getattr(event, one, "")) for one in ("purpose", "node", "state"))
    return f"{event.__struct_config__.tag} {about.strip('/')}".strip()


class Sentence:
    """Which append is the last moment of this process."""

    def __init__(self, which: str, diary: Path) -> None:
        self._which = which
        self._diary = diary
        self._number = 0
        self._known = set(diary.read_text().splitlines()) if diary.exists() else set()

    def falls_on(self, event: Event) -> bool:
        """Whether this append is it."""
        self._number += 1
        name = name_of(event)
        if self._which.startswith("new:"):
            part, parts = map(int, self._which.removeprefix("new:").split("/"))
            return name not in self._known and zlib.crc32(name.encode()) % parts == part
        return self._which in (str(self._number), name)

    def carry_out(self, event: Event) -> None:
        """The last entry in the diary, and the end."""
        with self._diary.open("a") as diary:
            diary.write(f"{name_of(event)}\n")
        os.kill(os.getpid(), signal.SIGKILL)


def watch(moment: str, sentence: Sentence) -> None:
    """From now on every append of this process is looked at."""
    append = SqliteLedger.append

    def watched(self: SqliteLedger, event: Event) -> Entry:
        falls = sentence.falls_on(event)
        if falls and moment == "before":
            sentence.carry_out(event)
        entry = append(self, event)
        if falls:
            sentence.carry_out(event)
        return entry

    SqliteLedger.append = watched  # type: ignore[method-assign]


if __name__ == "__main__":
    watch(sys.argv[1], Sentence(sys.argv[2], Path(sys.argv[3])))
    main(sys.argv[4:])
