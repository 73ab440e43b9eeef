"""The lab's only door to time: a calendar that is always true, and durations that `speed` shortens."""

import asyncio
import time
from collections.abc import Callable
from typing import Protocol


class Timer(Protocol):
    """What `call_later` hands back: a pending action that can be called off."""

    def cancel(self) -> None:
        """Forget the action."""


class Clock(Protocol):
    """Calendar and durations of the cluster; `speed` is how many of its seconds pass in one of the calendar's."""

    speed: float

    def now(self) -> float:
        """UTC epoch seconds."""

    async def sleep(self, seconds: float) -> None:
        """Let `seconds` of the cluster pass."""

    def call_later(self, seconds: float, action: Callable[[], None]) -> Timer:
        """Run `action` after `seconds` of the cluster."""


class LoopClock:
    """A clock on the running asyncio loop, real or virtual.

    Everything the nodes take time for is `speed` times shorter; `now()` stays true, so that certificate dates and a
    client's skew check keep their meaning.
    """

    def __init__(self, *, epoch: float, speed: float = 1.0) -> None:
        self._loop = asyncio.get_running_loop()
        self._offset = epoch - self._loop.time()
        self.speed = speed

    def now(self) -> float:
        """UTC epoch seconds."""
        return self._offset + self._loop.time()

    async def sleep(self, seconds: float) -> None:
        """Let `seconds` of the cluster pass, `speed` times faster."""
        await asyncio.sleep(seconds / self.speed)

    def call_later(self, seconds: float, action: Callable[[], None]) -> Timer:
        """Run `action` after `seconds` of the cluster, `speed` times faster."""
        return self._loop.call_later(seconds / self.speed, action)


class StillClock:
    """A clock for looking at a state folder: it has a calendar and lets nothing happen."""

    def __init__(self, epoch: float) -> None:
        self._epoch = epoch
        self.speed = 1.0

    def now(self) -> float:
        """UTC epoch seconds of the look."""
        return self._epoch

    async def sleep(self, seconds: float) -> None:
        """Raises RuntimeError: nothing may wait on a still clock."""
        raise RuntimeError(f"time stands still, nothing can wait {seconds:g} s")

    def call_later(self, seconds: float, action: Callable[[], None]) -> Timer:
        """Raises RuntimeError: nothing may happen on a still clock."""
        raise RuntimeError(f"time stands still, {action!r} cannot run in {seconds:g} s")


def wall_epoch() -> float:
    """UTC epoch seconds of this computer, for the one caller that starts a real lab."""
    return time.time()
