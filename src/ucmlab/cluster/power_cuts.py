"""Power cuts: the fault phones-off takes phones from their power for a while, and gives it back."""

import math
import random
from collections.abc import Callable, Sequence
from typing import Protocol

import msgspec

from ucmlab.clock import Timer
from ucmlab.cluster.world import World
from ucmlab.faults import FaultRule


class Powered(Protocol):
    """What a power cut needs of the phones."""

    def names(self) -> Sequence[str]:
        """Device names of all phones."""

    def power(self, name: str, on: bool) -> None:
        """Give or take power."""


class PowerCut(msgspec.Struct, frozen=True, kw_only=True):
    """Phones without power by a rule of the faults, for `seconds` of the cluster."""

    rule: str
    names: tuple[str, ...]
    seconds: float


class PowerCuts:
    """The cuts of one cluster; a lab that is stopped in one begins its time afresh."""

    def __init__(
        self,
        phones: Callable[[], Powered],
        world: World,
        *,
        seed: int,
        changed: Callable[[], None],
        memory: Sequence[PowerCut] = (),
    ) -> None:
        self._phones = phones
        self._faults = world.faults
        self._clock = world.clock
        self._seed = seed
        self._changed = changed
        self.cuts = list(memory)
        self._timers: dict[int, Timer] = {}

    def start(self) -> None:
        """Watch the faults from now on, and let the cuts under way run out; needs a running loop."""
        for cut in self.cuts:
            self._run_out(cut)
        self._faults.watchers.append(self.look)
        self.look()

    def close(self) -> None:
        """Cancel the timers of a lab that stops; the phones stay without power until it starts again."""
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()

    def look(self) -> None:
        """Let every phones-off rule that can still strike do so, one cut at a time."""
        for rule in self._faults.rules():
            if rule.kind == "phones-off" and rule.id not in [cut.rule for cut in self.cuts]:
                self._faults.spend(rule)
                self._cut(rule)

    def _cut(self, rule: FaultRule) -> None:
        names = _met(rule, self._phones().names(), self._seed)
        for name in names:
            self._phones().power(name, False)
        cut = PowerCut(rule=rule.id, names=names, seconds=rule.seconds)
        self.cuts.append(cut)
        self._run_out(cut)
        self._changed()

    def _run_out(self, cut: PowerCut) -> None:
        def end() -> None:
            self._timers.pop(id(cut), None)
            self.cuts = [other for other in self.cuts if other is not cut]
            still = {name for other in self.cuts for name in other.names}
            for name in cut.names:
                if name not in still:
                    self._phones().power(name, True)
            self._changed()
            self.look()

        self._timers[id(cut)] = self._clock.call_later(cut.seconds, end)


def _met(rule: FaultRule, names: Sequence[str], seed: int) -> tuple[str, ...]:
    """Whom a cut meets: those named that exist, and a share of all, drawn from the seed and the rule's id."""
    wanted = {name.lower() for name in rule.phones}
    count = min(len(names), math.ceil(rule.share * len(names)))
    drawn = set(random.Random(f"power cut {seed} {rule.id}").sample(list(names), count))  # noqa: S311 - repeatable
    return tuple(name for name in names if name in drawn or name.lower() in wanted)
