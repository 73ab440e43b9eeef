"""The crowd: all phones of a cluster, as the rest of the cluster and its user see and handle them.

What a phone finds out is worked out once per kind of phone and state of the servers (`outcomes.py`); when things
happen to it stands in `life.py`.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

import msgspec

from ucmlab.clock import Clock
from ucmlab.cluster.phones.asks import Answer, Ask
from ucmlab.cluster.phones.boot import Booted
from ucmlab.cluster.phones.course.callers import Callers
from ucmlab.cluster.phones.course.certificate_orders import place_order
from ucmlab.cluster.phones.course.life import Life
from ucmlab.cluster.phones.course.times import Durations
from ucmlab.cluster.phones.memory import Memory, Mode, Operation
from ucmlab.cluster.phones.outcomes import Outcomes
from ucmlab.cluster.phones.rows.device import Device, Registration, rows_of
from ucmlab.cluster.phones.rows.memory_file import PhonesFile
from ucmlab.cluster.phones.rows.population import Pool
from ucmlab.cluster.phones.trust import TrustState


class Crowd:
    """The phones of a cluster. `generation` grows with every change of a phone."""

    def __init__(
        self,
        devices: Sequence[Device],
        pools: Sequence[Pool],
        *,
        clock: Clock,
        outcomes: Outcomes,
        callers: Callers,
        durations: Durations,
        file: PhonesFile | None = None,
    ) -> None:
        self._devices = {device.name: device for device in devices}
        self._pools = tuple(pools)
        self._outcomes = outcomes
        self._file = file
        self._counted: tuple[Hashable, Counter[TrustState]] | None = None
        self.generation = 0
        for device in devices:
            device.record = outcomes.shared_record(device.record)
            device.memory = outcomes.shared(device.memory)
        self._life = Life(
            self._devices,
            clock=clock,
            outcomes=outcomes,
            callers=callers,
            durations=durations,
            touched=self._touched,
        )

    def __len__(self) -> int:
        """How many phones there are."""
        return len(self._devices)

    def names(self) -> tuple[str, ...]:
        """Device names, in the order of the scenario."""
        return tuple(self._devices)

    def phone(self, name: str) -> Device:
        """A phone by device name, in any case; to be read, not changed. Raises KeyError."""
        return self._devices[name.upper()]

    def phones(self) -> Iterable[Device]:
        """All phones, in the order of the scenario; to be read, not changed."""
        return self._devices.values()

    def pools(self) -> tuple[Pool, ...]:
        """The device pools that phones are in."""
        return self._pools

    def registrations(self) -> Iterator[Registration]:
        """What every node knows of every phone that has registered with it: the present node and the one before."""
        for device in self._devices.values():
            yield from rows_of(device)

    def registrations_of(self, names: Iterable[str]) -> Iterator[Registration]:
        """The same of some phones by name, in any case, in the order of their names; unknown ones are left out."""
        for name in sorted({name.upper() for name in names}):
            device = self._devices.get(name)
            if device is not None:
                yield from rows_of(device)

    def registered_at(self) -> dict[str, int]:
        """How many phones are registered, by node; nodes without phones are left out."""
        return dict(Counter(device.node for device in self._devices.values() if device.registered and device.node))

    def trust_state(self, name: str) -> TrustState:
        """The state of trust of a phone; OFFLINE when it has no power. Raises KeyError."""
        return self.trust_with_power(name) if self.phone(name).powered else TrustState.OFFLINE

    def trust_with_power(self, name: str) -> TrustState:
        """The state a phone is in, or would be in if it had power. Raises KeyError."""
        self._outcomes.look()
        return self._outcomes.trust(self.phone(name))

    def counts(self) -> dict[TrustState, int]:
        """How many phones are in each state; states without phones are left out."""
        self._outcomes.look()
        generation = self.generation, self._outcomes.generation
        if self._counted is None or self._counted[0] != generation:
            trust = self._outcomes.trust
            states = (trust(device) if device.powered else TrustState.OFFLINE for device in self._devices.values())
            self._counted = generation, Counter(states)
        return dict(self._counted[1])

    def reset(self, names: Iterable[str]) -> None:
        """CUCM resets these phones, so many a second; one that is not registered hears nothing. Raises KeyError."""
        self._life.reset([self.phone(name) for name in names])

    def reset_pool(self, pool: str) -> None:
        """CUCM resets the phones of a device pool."""
        self._life.reset([device for device in self._devices.values() if device.pool == pool])

    def reset_all(self) -> None:
        """CUCM resets every phone."""
        self._life.reset(self._devices.values())

    def power(self, name: str, on: bool) -> None:
        """Give or take power. Raises KeyError."""
        device = self.phone(name)
        if device.powered == on:
            return
        device.powered = on
        self._touched()
        if on:
            self._life.power_on(device)
        else:
            self._life.power_off(device)

    def delete_trust(self, name: str) -> None:
        """Somebody deletes ITL and CTL at the phone, which then restarts; without power nothing happens.

        Raises: KeyError.
        """
        device = self.phone(name)
        if not device.powered:
            return
        device.memory = self._outcomes.shared(Memory(config=device.memory.config))
        device.cache = ()
        device.deleted_by_hand += 1
        self._touched()
        self._life.restart(device)

    def apply_settings(self, name: str, page: bool) -> None:
        """Set web access in the phone's configuration; it obeys when it accepts its next one. Raises KeyError."""
        device = self.phone(name)
        device.record = self._outcomes.shared_record(msgspec.structs.replace(device.record, page=page))
        self._touched()

    def order_certificate(self, name: str, operation: Operation | None, mode: Mode | None) -> None:
        """Order an operation of CAPF on the LSC of a phone, and how the phone proves itself; None leaves what is there.

        The phone learns of it from the next configuration it accepts. Raises KeyError.
        """
        place_order(self.phone(name), operation, mode, self._outcomes.shared_record)
        self._touched()

    def drive_real(self, drive: Callable[[Device], None] | None) -> None:
        """Let `drive` begin the boots of phones marked `real`, over sockets; it reports to `booted`."""
        self._life.drive = drive

    def answer_to(self, name: str, ask: Ask) -> Answer:
        """What the servers answer a phone now, for those parts of a boot that no socket speaks. Raises KeyError."""
        self._outcomes.look()
        return self._outcomes.answer(self.phone(name), ask)

    def booted(self, name: str, booted: Booted) -> None:
        """What became of a boot over real sockets. Raises KeyError."""
        self._life.booted(self.phone(name), booted)

    def start(self) -> None:
        """Let time pass, and keep what happens. Needs a running loop."""
        self._life.start()
        if self._file is not None:
            self._file.start()

    def look(self) -> None:
        """Something about a node has changed: phones whose CallManager is gone or back notice."""
        self._outcomes.note()
        self._life.follow_callers()

    def close(self) -> None:
        """Let time stand still, and keep what there is."""
        self._life.close()
        if self._file is not None:
            self._file.close()

    def _touched(self) -> None:
        self.generation += 1
        if self._file is not None:
            self._file.note()
