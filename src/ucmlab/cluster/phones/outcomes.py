"""What becomes of a phone's boot, worked out once per kind of phone while the servers stay as they are.

Kinds are told apart by the identity of shared values: equal memories are one object.
"""

from collections.abc import Callable, Hashable
from typing import Protocol

import msgspec

from ucmlab.cluster.phones.asks import Answer, Ask
from ucmlab.cluster.phones.boot import Fetched, ListsResult, Registered, fetch, play, register
from ucmlab.cluster.phones.enrolment import Enrolled, try_capf
from ucmlab.cluster.phones.memory import Config, Memory, Phone
from ucmlab.cluster.phones.rows.device import Device
from ucmlab.cluster.phones.rules import BootRules
from ucmlab.cluster.phones.situation import Situation, Visitor
from ucmlab.cluster.phones.trust import Outlook, TrustState, trust_state
from ucmlab.cluster.trust_lists.model import TrustFile


class Servers(Protocol):
    """The servers as phones meet them: now, settled, and settled with the other key signing (None: there is none)."""

    def note(self) -> None:
        """Something about the servers has changed."""

    def generation(self) -> Hashable:
        """Differs whenever any answer may differ; to be asked before the situations."""

    def now(self) -> Situation:
        """The servers of this moment."""

    def settled(self) -> Situation:
        """The servers once everything has been restarted and rebuilt."""

    def other(self) -> Situation | None:
        """The same, with every list signed by the other key."""


class Outcomes:
    """Outcomes for one crowd, forgotten when the servers change."""

    def __init__(self, servers: Servers, rules: BootRules) -> None:
        self._servers = servers
        self.rules = rules
        self._generation: Hashable = None
        self._fetched: dict[Hashable, Fetched] = {}
        self._registered: dict[Hashable, Registered] = {}
        self._trust: dict[Hashable, TrustState] = {}
        self._files: dict[tuple[str, bytes], TrustFile] = {}
        self._memories: dict[tuple[int, int, Config | None], Memory] = {}
        self._records: dict[Config, Config] = {}

    @property
    def generation(self) -> Hashable:
        """That of the servers at the last look."""
        return self._generation

    def look(self) -> bool:
        """Look at the servers; True when they have changed since the last look."""
        generation = self._servers.generation()
        if generation == self._generation:
            return False
        self._generation = generation
        self._fetched.clear()
        self._registered.clear()
        self._trust.clear()
        return True

    def note(self) -> None:
        """Something about the servers has changed."""
        self._servers.note()

    def answer(self, device: Device, ask: Ask) -> Answer:
        """What the servers answer a phone now."""
        return _answers(self._servers.now(), device)(ask)

    def fetched(self, device: Device) -> Fetched:
        """The first half of a boot now."""
        key = (id(device.memory), id(device.record), id(device.line), device.cache)
        known = self._fetched.get(key)
        if known is None:
            found = play(fetch(_phone(device), self.rules), _answers(self._servers.now(), device))
            known = msgspec.structs.replace(found, memory=self.shared(found.memory))
            self._fetched[key] = known
        return known

    def registered(self, device: Device) -> Registered:
        """The second half of a boot now."""
        lists: ListsResult = "failed" if device.lists == "failed" else "ok"
        key = (id(device.memory), id(device.record), device.lsc, lists, device.cache)
        known = self._registered.get(key)
        if known is None:
            known = play(register(_phone(device), self.rules, lists=lists), _answers(self._servers.now(), device))
            self._registered[key] = known
        return known

    def tried_capf(self, device: Device) -> Enrolled:
        """One try at CAPF now. Needs: a phone whose configuration orders something."""
        return play(try_capf(_phone(device), self.rules), _answers(self._servers.now(), device))

    def trust(self, device: Device) -> TrustState:
        """The state of trust, power or not."""
        key = (id(device.memory), id(device.record), id(device.line), device.cache)
        known = self._trust.get(key)
        if known is None:
            other = self._servers.other()
            outlook = Outlook(
                now=_answers(self._servers.now(), device),
                settled=_answers(self._servers.settled(), device),
                other=None if other is None else _answers(other, device),
            )
            known = trust_state(_phone(device), self.rules, outlook)
            self._trust[key] = known
        return known

    def shared(self, memory: Memory) -> Memory:
        """The one object that stands for equal memories."""
        ctl, itl = self._file(memory.ctl), self._file(memory.itl)
        key = (id(ctl), id(itl), memory.config)
        return self._memories.setdefault(key, Memory(ctl, itl, memory.config))

    def shared_record(self, record: Config) -> Config:
        """The one object that stands for equal configurations."""
        return self._records.setdefault(record, record)

    def _file(self, file: TrustFile | None) -> TrustFile | None:
        return None if file is None else self._files.setdefault((file.kind, file.data), file)


def _phone(device: Device) -> Phone:
    return Phone(name=device.name, tftp=device.line.tftp, sbd=device.line.sbd, memory=device.memory, cache=device.cache)


def _answers(situation: Situation, device: Device) -> Callable[[Ask], Answer]:
    visitor = Visitor(device.record, device.lsc)
    return lambda ask: situation.answer(ask, visitor)
