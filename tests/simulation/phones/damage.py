"""What became of phones, asked of the lab alone: locked, without service, blind, at any event and long afterwards."""

import asyncio
from collections.abc import Iterable
from enum import StrEnum

import msgspec

from simulation.world import World
from ucmcert.model.event import AnyEvent, Intended
from ucmcert.model.plan import StepKind
from ucmlab.cluster.phones.trust import TrustState

EVERY_S = 20.0
AFTERMATH_S = 2 * 3600.0


class Damage(StrEnum):
    """What can happen to a phone, worst first. The words are those of the printed table."""

    HARD = "hard-locked"
    SOFT = "soft-locked"
    UNREGISTERED = "unregistered"
    REFUSED = "LSC refused"
    BLIND = "HTTPS-blind"


LOCKS = {TrustState.HARD_LOCKED: Damage.HARD, TrustState.SOFT_LOCKED: Damage.SOFT}


class Harm(msgspec.Struct, frozen=True, kw_only=True):
    """Names of the phones that were hurt, by how; `longest_dark_s` is the longest time a phone with power was off."""

    phones: dict[Damage, frozenset[str]]
    longest_dark_s: float

    def of(self, *kinds: Damage) -> frozenset[str]:
        """Everybody hurt in one of these ways."""
        return frozenset(name for kind in kinds for name in self.phones.get(kind, frozenset()))

    def told(self) -> str:
        """In a few words."""
        counts = (f"{len(names)} {kind.value}" for kind, names in self.phones.items() if names)
        return ", ".join(counts) or "nobody hurt"


class Witness:
    """Looks at every phone at every event of the ledger, and every EVERY_S seconds who has power and no service.

    Phones that are locked before anything happened are not counted. A phone that is off longer than `patience_s`
    counts as unregistered even when it comes back; with `before_resets` only until the first reset of ours. With
    `at_the_end` only those count as locked who are so then (phones.md 1.7: an ITLRecovery renewal locks until its next
    command).
    """

    def __init__(self, world: World, *, patience_s: float, before_resets: bool, at_the_end: bool) -> None:
        self._world = world
        self._patience_s = patience_s
        self._before_resets = before_resets
        self._at_the_end = at_the_end
        self._resets_began = False
        self._dark_since: dict[str, float] = {}
        self._hurt: dict[Damage, set[str]] = {kind: set() for kind in Damage}
        self._lost_before = {name for name in self._names() if self._state(name) in LOCKS}
        self._away_before = {name for name in self._names() if not world.lab.phones.phone(name).registered}
        self._longest_s = 0.0
        self._watching = asyncio.get_running_loop().create_task(self._watch(), name="witness")

    def hear(self, event: AnyEvent) -> None:
        """I1, at every event."""
        self._resets_began |= isinstance(event, Intended) and f"/{StepKind.PHONES_RESET.value}/" in event.step
        if self._at_the_end:
            return
        counts = self._world.lab.phones.counts()
        if not any(counts.get(state, 0) for state in LOCKS):
            return
        for name in self._names():
            kind = LOCKS.get(self._state(name))
            if kind is not None and name not in self._lost_before:
                self._hurt[kind].add(name)

    async def harm(self) -> Harm:
        """What was seen, two hours after the end: by then every phone has done what it can do by itself."""
        await self._world.clock.sleep(AFTERMATH_S)
        self._watching.cancel()
        phones = self._world.lab.phones
        for name in self._names():
            device, state = phones.phone(name), self._state(name)
            kind = LOCKS.get(state)
            if kind is not None and name not in self._lost_before:
                self._hurt[kind].add(name)
            if state in (TrustState.STALE_BLIND, TrustState.FAILING) and device.line.sbd:
                self._hurt[Damage.BLIND].add(name)
            if device.powered and not device.registered and name not in self._away_before:
                refused = device.refusal == "phone-certificate"
                self._hurt[Damage.REFUSED if refused else Damage.UNREGISTERED].add(name)
        return Harm(
            phones={kind: frozenset(names) for kind, names in self._hurt.items()}, longest_dark_s=self._longest_s
        )

    async def _watch(self) -> None:
        while True:
            await self._world.clock.sleep(EVERY_S)
            if self._before_resets and self._resets_began:
                return
            now = self._world.clock.now()
            for name in self._names():
                device = self._world.lab.phones.phone(name)
                if device.registered or not device.powered or name in self._away_before:
                    self._dark_since.pop(name, None)
                    continue
                dark_s = now - self._dark_since.setdefault(name, now)
                self._longest_s = max(self._longest_s, dark_s)
                if dark_s > self._patience_s:
                    self._hurt[Damage.UNREGISTERED].add(name)

    def _names(self) -> Iterable[str]:
        return self._world.lab.phones.names()

    def _state(self, name: str) -> TrustState:
        return self._world.lab.phones.trust_with_power(name)
