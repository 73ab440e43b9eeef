"""What phones go through: resets, boots, registration, failing over and back, and being gone without a word.

A plan made for a phone is void once the phone's `turn` has moved on. Source: phones.md 1.2, 4.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Literal, NamedTuple

from ucmlab.clock import Clock
from ucmlab.cluster.phones.boot import Booted, Fetched, Registered
from ucmlab.cluster.phones.course.agenda import Agenda
from ucmlab.cluster.phones.course.callers import Callers
from ucmlab.cluster.phones.course.certificate_orders import settle_order
from ucmlab.cluster.phones.course.times import Durations
from ucmlab.cluster.phones.enrolment import PAUSE_S, TRIES, Enrolled, is_due
from ucmlab.cluster.phones.memory import Vouched
from ucmlab.cluster.phones.outcomes import Outcomes
from ucmlab.cluster.phones.rows.device import (
    CALLMANAGER_RESET,
    CALLMANAGER_RESTART,
    CONFIGURATION_MISMATCH,
    CONNECTIVITY,
    DEVICE_UNREGISTERED,
    KEEPALIVE_TIMEOUT,
    NO_REASON,
    REGISTERED,
    REJECTED,
    UNREGISTERED,
    Device,
    Status,
)
from ucmlab.cluster.phones.verifying import merged

LOOK_S = 30.0
REAL_BOOT_S = 600.0  # true seconds: sockets do not go faster with the clock
ALWAYS = -1
Step = Literal["reset", "hung-up", "fetch", "enrol", "connect", "join", "lost", "home", "gone"]


class Plan(NamedTuple):
    """Something due for a phone (None: for the crowd). `turn`: the phone's turn it was made for, or ALWAYS."""

    step: Step
    device: Device | None
    turn: int
    node: str = ""


class Life:
    """Drives the phones of a crowd. `touched` is told of every change; `drive` boots phones marked `real`."""

    def __init__(
        self,
        devices: Mapping[str, Device],
        *,
        clock: Clock,
        outcomes: Outcomes,
        callers: Callers,
        durations: Durations,
        touched: Callable[[], None],
    ) -> None:
        self._devices = devices
        self._clock = clock
        self._outcomes = outcomes
        self._callers = callers
        self._durations = durations
        self._touched = touched
        self._agenda: Agenda[Plan] = Agenda(clock, self._act)
        self._next_reset = 0.0
        self._running = False
        self.drive: Callable[[Device], None] | None = None
        self._steps: dict[Step, Callable[[Device, str], None]] = {
            "reset": self._on_reset,
            "hung-up": self._on_hung_up,
            "fetch": self._on_fetch,
            "enrol": self._on_enrol,
            "connect": self._on_connect,
            "join": self._on_join,
            "lost": self._on_lost,
            "home": self._on_home,
            "gone": self._on_gone,
        }

    def start(self) -> None:
        """Let time pass; a phone found between two states boots. Needs a running loop."""
        self._running = True
        self._outcomes.look()
        self._callers.look()
        for device in self._devices.values():
            if device.powered and not device.registered:
                self._plan_in(self._durations.reconnect_s(), "fetch", device)
        if self._devices:
            self._plan_look()
        self._agenda.start()

    def close(self) -> None:
        """Let time stand still."""
        self._running = False
        self._agenda.close()

    def reset(self, devices: Iterable[Device]) -> None:
        """CUCM sends resets, so many a second."""
        due = max(self._agenda.time(), self._next_reset)
        for device in devices:
            self._agenda.add(due, Plan("reset", device, ALWAYS))
            due += 1.0 / self._durations.times.resets_per_s
        self._next_reset = due

    def power_on(self, device: Device) -> None:
        """A phone gets power and boots."""
        self._boot(device)

    def power_off(self, device: Device) -> None:
        """A phone loses power; CUCM sees it after a while."""
        device.turn += 1
        if device.registered:
            self._plan_in(self._durations.notice_s(device.protocol), "gone", device)

    def restart(self, device: Device, reason: int = DEVICE_UNREGISTERED) -> None:
        """A phone takes its leave and boots."""
        if device.registered:
            self._enter(device, UNREGISTERED, reason)
        self._boot(device)

    def booted(self, device: Device, booted: Booted) -> None:
        """A phone has booted over real sockets, and is registered or not as it found."""
        device.turn += 1
        self._remember(device, booted.fetched)
        if booted.enrolled is not None:
            self._carry_out(device, booted.enrolled)
        if booted.registered.node is None:
            self._refused(device, booted.registered)
        else:
            self._take(device, booted.registered)

    def follow_callers(self) -> None:
        """Phones whose CallManager has gone or come back notice, each in its time."""
        if not self._running or not self._devices:
            return
        shift = self._callers.look()
        if shift.closed or shift.silent:
            for device in self._devices.values():
                if device.registered and device.powered and device.node in shift.closed | shift.silent:
                    self._lose(device, closed=device.node in shift.closed)
        if shift.back:
            for device in self._devices.values():
                if self._prefers(device, shift.back):
                    self._plan_in(self._durations.fail_back_s(), "home", device)

    def _act(self, plans: list[Plan]) -> None:
        self._outcomes.look()
        for plan in plans:
            if plan.device is None:
                self.follow_callers()
                self._plan_look()
            elif plan.turn in (ALWAYS, plan.device.turn):
                self._steps[plan.step](plan.device, plan.node)

    def _on_reset(self, device: Device, _: str) -> None:
        if self._hears(device) and self._durations.in_call(device.line.in_call_share):
            self._agenda.add(self._agenda.time() + self._durations.call_s(), Plan("hung-up", device, ALWAYS))
        else:
            self._on_hung_up(device, _)

    def _on_hung_up(self, device: Device, _: str) -> None:
        if self._hears(device):
            self.restart(device, CALLMANAGER_RESET)

    def _on_fetch(self, device: Device, _: str) -> None:
        if device.cache and self._agenda.time() >= device.cache_until:
            device.cache = ()
            self._touched()
        if device.real and self.drive is not None:
            self._plan_in(REAL_BOOT_S * self._clock.speed, "fetch", device)  # in case it is never heard of again
            self.drive(device)
            return
        fetched = self._outcomes.fetched(device)
        self._remember(device, fetched)
        device.capf_tries = 0
        if fetched.config == "applied" and is_due(device.memory.config):
            self._on_enrol(device, _)
        else:
            self._on_connect(device, _)

    def _on_enrol(self, device: Device, _: str) -> None:
        enrolled = self._outcomes.tried_capf(device)
        device.capf_tries += 1
        if not enrolled.done and device.capf_tries < TRIES:
            self._learn(device, enrolled.learned)
            self._plan_in(PAUSE_S, "enrol", device)
            return
        self._carry_out(device, enrolled)
        self._on_connect(device, _)

    def _on_connect(self, device: Device, _: str) -> None:
        registered = self._outcomes.registered(device)
        if registered.node is None:
            self._refused(device, registered)
            return
        due = self._callers.place(registered.node, self._agenda.time(), self._durations.times.registrations_per_s)
        self._agenda.add(due, Plan("join", device, device.turn, registered.node))

    def _on_join(self, device: Device, node: str) -> None:
        registered = self._outcomes.registered(device)
        if registered.node == node:
            self._take(device, registered)
        else:
            self._on_connect(device, "")

    def _on_lost(self, device: Device, _: str) -> None:
        self._enter(device, UNREGISTERED, KEEPALIVE_TIMEOUT)
        self._on_connect(device, "")

    def _on_home(self, device: Device, _: str) -> None:
        better = self._outcomes.registered(device).node
        if device.registered and better is not None and better != device.node:
            self._on_connect(device, "")

    def _on_gone(self, device: Device, _: str) -> None:
        self._enter(device, UNREGISTERED, KEEPALIVE_TIMEOUT)

    def _hears(self, device: Device) -> bool:
        return device.powered and device.registered and self._callers.running(device.node)

    def _boot(self, device: Device) -> None:
        device.turn += 1
        device.attempts = 0
        self._plan_in(self._durations.boot_s(slow=device.slow), "fetch", device)

    def _remember(self, device: Device, fetched: Fetched) -> None:
        device.memory = self._outcomes.shared(fetched.memory)
        device.lists = fetched.lists
        device.messages = fetched.messages
        self._learn(device, fetched.learned)
        self._touched()

    def _learn(self, device: Device, learned: tuple[Vouched, ...]) -> None:
        if learned:
            device.cache = merged(device.cache, learned)
            device.cache_until = self._agenda.time() + self._durations.times.tvs_cache_s
            self._touched()

    def _carry_out(self, device: Device, enrolled: Enrolled) -> None:
        self._learn(device, enrolled.learned)
        settle_order(device, enrolled, self._outcomes.shared_record)
        self._touched()

    def _take(self, device: Device, registered: Registered) -> None:
        if device.node is not None and device.node != registered.node:
            reason = DEVICE_UNREGISTERED if device.registered else device.reason
            device.before = (device.node, self._clock.now(), reason)
        device.node = registered.node
        device.attempts = 0
        device.refusal = ""
        self._enter(device, REGISTERED, NO_REASON)
        group = device.memory.config.group if device.memory.config is not None else ()
        if group and registered.node != group[0] and self._prefers(device, group):
            self._plan_in(self._durations.fail_back_s(), "home", device)

    def _refused(self, device: Device, registered: Registered) -> None:
        device.refusal = registered.refusal
        device.attempts += 1
        if registered.refusal == "phone-certificate":
            self._enter(device, REJECTED, CONFIGURATION_MISMATCH)
        elif device.registered:
            self._enter(device, UNREGISTERED, CONNECTIVITY)
        self._touched()
        step: Step = "connect" if registered.refusal == "unreachable" else "fetch"
        self._plan_in(self._durations.retry_s(device.attempts), step, device)

    def _lose(self, device: Device, *, closed: bool) -> None:
        device.turn += 1
        if closed:
            self._enter(device, UNREGISTERED, CALLMANAGER_RESTART)
            self._plan_in(self._durations.reconnect_s(), "connect", device)
        else:
            self._plan_in(self._durations.notice_s(device.protocol), "lost", device)

    def _prefers(self, device: Device, nodes: Iterable[str]) -> bool:
        """Whether one of these nodes runs and stands before the phone's own in its group."""
        config = device.memory.config
        if config is None or not device.registered or not device.powered or device.node not in config.group:
            return False
        better = config.group[: config.group.index(device.node)]
        return any(node in nodes and self._callers.running(node) for node in better)

    def _enter(self, device: Device, status: Status, reason: int) -> None:
        if (device.status, device.reason) == (status, reason) and status != REGISTERED:
            return
        device.status, device.reason, device.changed_at = status, reason, self._clock.now()
        self._touched()

    def _plan_in(self, seconds: float, step: Step, device: Device) -> None:
        self._agenda.add(self._agenda.time() + seconds, Plan(step, device, device.turn))

    def _plan_look(self) -> None:
        self._agenda.add(self._agenda.time() + LOOK_S, Plan("connect", None, ALWAYS))
