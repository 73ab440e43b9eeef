"""The nodes as registering phones see them: whose CallManager runs, and how many wait to be registered there."""

from collections.abc import Mapping

import msgspec

from ucmlab.cluster.node import Node

SERVICE = "Cisco CallManager"


class Shift(msgspec.Struct, frozen=True):
    """What has changed since the last look: nodes that closed their connections, that fell silent, that are back."""

    closed: frozenset[str]
    silent: frozenset[str]
    back: frozenset[str]


class Callers:
    """The nodes that run, or may run, Cisco CallManager."""

    def __init__(self, nodes: Mapping[str, Node]) -> None:
        self._nodes = {name: node for name, node in nodes.items() if SERVICE in node.services}
        self._before: frozenset[str] = frozenset()
        self._free_at: dict[str, float] = {}

    def running(self, name: str | None) -> bool:
        """Whether CallManager of a node takes calls right now."""
        return name in self._nodes and self._nodes[name].runs(SERVICE)

    def look(self) -> Shift:
        """What has changed since the last look."""
        now = frozenset(name for name, node in self._nodes.items() if node.runs(SERVICE))
        gone, back = self._before - now, now - self._before
        silent = frozenset(name for name in gone if self._nodes[name].down)
        self._before = now
        for name in gone:
            self._free_at.pop(name, None)
        return Shift(closed=gone - silent, silent=silent, back=back)

    def place(self, name: str, now: float, rate: float) -> float:
        """A place in the registration queue of a node: when it is this phone's turn. `rate`: registrations a second."""
        due = max(now, self._free_at.get(name, 0.0))
        self._free_at[name] = due + 1.0 / rate
        return due
