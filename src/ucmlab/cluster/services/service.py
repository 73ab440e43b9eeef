"""One service of one node: a small state machine on the cluster's clock.

Rules of the room: every change of state goes through `_enter`; a service reads certificates when its process starts,
which is also its start time; its ports answer only once it is STARTED. Timers, no tasks: a restart goes on when the
session that asked for it is gone.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from typing import Protocol

import msgspec

from ucmlab.clock import Clock, Timer
from ucmlab.cluster.certificates.records import ServedIdentity
from ucmlab.cluster.services.table import ServiceRow
from ucmlab.errors import Refusal

STARTED, STOPPED, STARTING, STOPPING = "STARTED", "STOPPED", "STARTING", "STOPPING"
NOT_ACTIVATED = "Service Not Activated"
COMMANDED = "Commanded Out of Service"
ACTIONS = ("start", "stop", "restart", "activate", "deactivate")


class ServiceState(msgspec.Struct, frozen=True, kw_only=True):
    """What of a service survives a stop of the lab. `started_at`: node clock, epoch seconds."""

    name: str
    state: str
    reason: str
    activated: bool
    started_at: float | None
    loaded: dict[str, ServedIdentity]


class ServiceHost(Protocol):
    """What a service needs of its node."""

    clock: Clock

    def now(self) -> float:
        """The node's own clock, epoch seconds."""

    def load_identities(self, purposes: Sequence[str]) -> dict[str, ServedIdentity]:
        """The stored identities, as a process that starts now reads them."""

    def start_fails(self, service: str) -> str | None:
        """Reason printed when this start fails, else None."""

    def on_started(self, service: str) -> None:
        """A service has just reached STARTED."""

    def jitter(self) -> float:
        """Factor on a duration, around 1."""

    def changed(self) -> None:
        """Something that must survive has changed."""


class Service:
    """A service with its row, state, reason, start time and the identities it loaded."""

    def __init__(self, row: ServiceRow, host: ServiceHost, memory: ServiceState) -> None:
        self.row = row
        self.name = row.name
        self.kind = row.kind
        self.state = memory.state
        self.reason = memory.reason
        self.activated = memory.activated
        self.started_at = memory.started_at
        self.loaded = dict(memory.loaded)
        self.followers: list[Service] = []
        self._host = host
        self._timer: Timer | None = None
        self._once_more = False

    @property
    def settled(self) -> bool:
        """Whether no start or stop is under way."""
        return self.state in (STARTED, STOPPED)

    @property
    def running(self) -> bool:
        """Whether the state is STARTED."""
        return self.state == STARTED

    def begin(self, action: str) -> None:
        """Begin one of ACTIONS and return at once; a service already on its way is left on its way.

        Raises: Refusal SVC-INACTIVE for a start, stop or restart of a service that is not activated.
        """
        if action == "activate":
            self.activated = True
            action = "start"
        elif action == "deactivate":
            self._begin_stop(NOT_ACTIVATED)
            self.activated = False
            return
        if not self.activated:
            raise Refusal("SVC-INACTIVE", NOT_ACTIVATED)
        if action == "restart":
            self._begin_stop("", then_start=True)
            for follower in self.followers:
                if follower.running:
                    follower.begin("restart")
        elif action == "start":
            self._begin_start()
        else:
            self._begin_stop(COMMANDED)

    def restart_by_itself(self) -> None:
        """Restart for what has just changed; one that is starting does it once it is up. What is stopped stays so."""
        if self.running:
            self.begin("restart")
        elif self.state == STARTING:
            self._once_more = True

    async def follow(self, tick_s: float = 5.0) -> AsyncIterator[str]:
        """Yield the state now and every `tick_s` seconds of the cluster; ends with the settled state."""
        while not self.settled:
            yield self.state
            await self._host.clock.sleep(tick_s)
        yield self.state

    def memory(self) -> ServiceState:
        """What must survive a stop of the lab."""
        return ServiceState(
            name=self.name,
            state=self.state,
            reason=self.reason,
            activated=self.activated,
            started_at=self.started_at,
            loaded=dict(self.loaded),
        )

    def power_up(self) -> None:
        """A lab killed in mid-restart comes up as a node does after power loss: the service starts afresh."""
        if not self.settled:
            self.started_at = self._host.now()
            self.loaded = self._host.load_identities(self.row.loads)
            self.state, self.reason = STARTED, ""

    def close(self) -> None:
        """Cancel what is under way, for a lab that stops."""
        if self._timer is not None:
            self._timer.cancel()

    def _begin_stop(self, reason: str, *, then_start: bool = False) -> None:
        if self.state == STOPPED:
            if then_start:
                self._begin_start()
            else:
                self._enter(STOPPED, reason)
            return
        if self.state != STARTED:
            return
        self._enter(STOPPING)
        done = self._begin_start_from_stop if then_start else lambda: self._enter(STOPPED, reason)
        self._after(self.row.stop_s, done)

    def _begin_start_from_stop(self) -> None:
        self.state = STOPPED
        self._begin_start()

    def _begin_start(self) -> None:
        if self.state != STOPPED:
            return
        self.started_at = self._host.now()
        self.loaded = self._host.load_identities(self.row.loads)
        self._enter(STARTING)
        self._after(self.row.start_s, self._end_start)

    def _end_start(self) -> None:
        reason = self._host.start_fails(self.name)
        once_more, self._once_more = self._once_more, False
        if reason is None:
            self._enter(STARTED)
            self._host.on_started(self.name)
            if once_more:
                self.begin("restart")
        else:
            self.started_at = None
            self.loaded = {}
            self._enter(STOPPED, reason)

    def _after(self, seconds: float, action: Callable[[], None]) -> None:
        self._timer = self._host.clock.call_later(seconds * self._host.jitter(), action)

    def _enter(self, state: str, reason: str = "") -> None:
        self.state, self.reason = state, reason
        if state == STOPPED:
            self.started_at = None
            self.loaded = {}
        self._host.changed()
