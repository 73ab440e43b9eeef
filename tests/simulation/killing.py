"""A process that dies at a chosen ledger append: from that moment on nothing it does reaches the ledger."""

from collections.abc import Callable, Iterator
from typing import Literal

from ucmcert.model.event import Entry, Event
from ucmcert.model.ports import Ledger

Moment = Literal["before", "after"]


class Killed(BaseException):
    """What SIGKILL looks like from inside: nobody catches it, nobody writes another word."""


class MortalLedger:
    """A ledger of one process. `at` counts this process's appends from 1; 0 lets it live.

    "before": the act that this append would report has happened, the append has not. "after": the append is on disk.
    """

    def __init__(self, ledger: Ledger, *, at: int = 0, moment: Moment = "before") -> None:
        self._ledger = ledger
        self._at = at
        self._moment = moment
        self.appends = 0
        self.dead = False
        self.watchers: list[Callable[[Entry], None]] = []

    def append(self, event: Event) -> Entry:
        """Append, or die."""
        if self.dead:
            raise Killed
        self.appends += 1
        if self.appends == self._at and self._moment == "before":
            self.dead = True
            raise Killed
        entry = self._ledger.append(event)
        if self.appends == self._at:
            self.dead = True
            raise Killed
        for watcher in self.watchers:
            watcher(entry)
        return entry

    def entries(self) -> Iterator[Entry]:
        """All entries."""
        return self._ledger.entries()
