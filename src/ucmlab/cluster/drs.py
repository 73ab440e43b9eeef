"""Disaster recovery backups: one job at a time, its history, and what `utils disaster_recovery` reports."""

from collections.abc import Callable

import msgspec

from ucmlab.clock import Clock, Timer
from ucmlab.errors import Refusal


class Backup(msgspec.Struct, frozen=True, kw_only=True):
    """One backup job; `completed_at` is None while it runs. Times: true epoch seconds."""

    tar: str
    device: str
    started_at: float
    duration_s: float
    completed_at: float | None = None
    result: str = "RUNNING"
    kind: str = "MANUAL"
    features: tuple[str, ...] = ("UCM",)


class DrsState(msgspec.Struct, frozen=True, kw_only=True):
    """What survives a stop of the lab."""

    running: Backup | None = None
    history: tuple[Backup, ...] = ()


class Drs:
    """The backup machinery of a cluster."""

    def __init__(self, clock: Clock, changed: Callable[[], None], memory: DrsState) -> None:
        self._clock = clock
        self._changed = changed
        self._timer: Timer | None = None
        self.running = memory.running
        self.history = list(memory.history)

    def resume(self) -> None:
        """Let a backup that was running when the lab stopped begin its time afresh; needs a running loop."""
        if self.running is not None and self._timer is None:
            self._timer = self._clock.call_later(self.running.duration_s, self.finish)

    def start(
        self, tar: str, *, duration_s: float, device: str = "NETWORK", features: tuple[str, ...] = ("UCM",)
    ) -> Backup:
        """Begin a backup. Raises Refusal DRS-BUSY while one runs (invented words)."""
        if self.running is not None:
            raise Refusal("DRS-BUSY", "drfCliMsg: Error occurred. Backup in progress", invented=True)
        self.running = Backup(
            tar=tar, device=device, started_at=self._clock.now(), duration_s=duration_s, features=features
        )
        self._timer = self._clock.call_later(duration_s, self.finish)
        self._changed()
        return self.running

    def finish(self, result: str = "SUCCESS") -> None:
        """End the running backup now; nothing happens when none runs."""
        if self.running is None:
            return
        done = msgspec.structs.replace(self.running, completed_at=self._clock.now(), result=result)
        self.history.append(done)
        self.running = None
        self._changed()

    def memory(self) -> DrsState:
        """What must survive a stop of the lab."""
        return DrsState(running=self.running, history=tuple(self.history))

    def close(self) -> None:
        """Cancel the timer of a lab that stops."""
        if self._timer is not None:
            self._timer.cancel()
