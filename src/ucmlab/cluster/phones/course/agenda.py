"""What phones have before them: a heap of moments with one clock timer for the next of them.

Moments are cut to a quarter of a cluster-second, so that a crowd shares its wake-ups.
"""

import heapq
from collections.abc import Callable
from typing import Generic, TypeVar

from ucmlab.clock import Clock, Timer

QUANTUM_S = 0.25

T = TypeVar("T")


class Agenda(Generic[T]):
    """Entries by their due moment. `act(entries)` gets all entries of a moment, oldest first."""

    def __init__(self, clock: Clock, act: Callable[[list[T]], None]) -> None:
        self._clock = clock
        self._act = act
        self._origin = clock.now()
        self._moments: list[int] = []
        self._entries: dict[int, list[T]] = {}
        self._timer: Timer | None = None
        self._armed_for: int | None = None
        self._running = False

    def time(self) -> float:
        """Seconds of the cluster since the lab started."""
        return (self._clock.now() - self._origin) * self._clock.speed

    def add(self, due: float, entry: T) -> None:
        """Put an entry at a moment of `time()`; one in the past is due at once."""
        moment = int(max(due, 0.0) / QUANTUM_S) + 1
        entries = self._entries.get(moment)
        if entries is not None:
            entries.append(entry)
            return
        self._entries[moment] = [entry]
        heapq.heappush(self._moments, moment)
        self._arm()

    def start(self) -> None:
        """Begin to act; needs a running loop."""
        self._running = True
        self._arm()

    def close(self) -> None:
        """Stop acting; what was due is forgotten."""
        self._running = False
        if self._timer is not None:
            self._timer.cancel()
        self._timer, self._armed_for = None, None

    def _arm(self) -> None:
        if not self._running or not self._moments:
            return
        first = self._moments[0]
        if self._armed_for is not None:
            if self._armed_for <= first:
                return
            if self._timer is not None:
                self._timer.cancel()
        self._armed_for = first
        self._timer = self._clock.call_later(max(0.0, first * QUANTUM_S - self.time()), self._wake)

    def _wake(self) -> None:
        self._timer, self._armed_for = None, None
        now = self.time() + 1e-3  # the loop may wake a little early
        while self._moments and self._moments[0] * QUANTUM_S <= now:
            moment = heapq.heappop(self._moments)
            self._act(self._entries.pop(moment))
        self._arm()
