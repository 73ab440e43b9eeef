"""What a row of the tables says: how the lab gets into a state, what is to be renewed, and which check speaks where."""

from collections.abc import Awaitable, Callable
from typing import Any, Literal

import msgspec

from simulation.world import World
from ucmlab.faults import FaultRule
from ucmlab.scenarios.schema import NodeSpec, PhonesSpec, Scenario

Deed = Callable[[World], Awaitable[None]]
PUB, SUB, IMP, VOICE = "cucm-pub", "cucm-sub1", "imp-pub", "cuc-pub"
CLUSTER = "office"


class Trip(msgspec.Struct, frozen=True, kw_only=True):
    """One state of the lab and the check that must speak of it.

    `where` are host names, or CLUSTER for the cluster as a whole. `purposes` are what is to be renewed, or was.
    `scenario` and `nodes` (by host name) change fields of the calm office, `faults` are in force from the start, `deed`
    is what somebody does then. `neighbour`, where given, changes fields of a node of Unity Connection that the
    configuration names, `login` the password it gives for that node, if any. `beside` are codes that the same state
    trips as well, and rightly.
    """

    code: str
    where: tuple[str, ...]
    purposes: tuple[str, ...] = ("ipsec",)
    scenario: dict[str, Any] = {}
    nodes: dict[str, dict[str, Any]] = {}
    faults: tuple[FaultRule, ...] = ()
    deed: Deed | None = None
    neighbour: dict[str, Any] | None = None
    login: Literal["", "right", "wrong"] = ""
    beside: tuple[str, ...] = ()

    def office(self) -> Scenario:
        """The scenario of this row."""
        return office(self.scenario, self.nodes)


def office(changes: dict[str, Any], nodes: dict[str, dict[str, Any]]) -> Scenario:
    """Two CUCM nodes, one IM and Presence node and two phones with a page, all as it should be, but for the changes."""
    calm: dict[str, Any] = {
        "name": CLUSTER,
        "title": "a small office",
        "nodes": callers(2, NodeSpec(name=IMP, role="im-presence")),
        "phones": (PhonesSpec(count=2, page_share=1.0, slow_share=0.0),),
    }
    scenario = Scenario(**(calm | changes))
    changed = tuple(msgspec.structs.replace(one, **nodes.get(one.name, {})) for one in scenario.nodes)
    return msgspec.structs.replace(scenario, nodes=changed)


def callers(count: int, *others: NodeSpec) -> tuple[NodeSpec, ...]:
    """A publisher and subscribers, `count` in all, and `others`."""
    subscribers = (NodeSpec(name=f"cucm-sub{number}", role="subscriber") for number in range(1, count))
    return (NodeSpec(name=PUB, role="publisher"), *subscribers, *others)


def voice(changes: dict[str, Any]) -> Scenario:
    """One node of Unity Connection."""
    calm: dict[str, Any] = {"name": VOICE, "role": "publisher", "product": "unity-connection"}
    return Scenario(name="voice", title="the neighbour", nodes=(NodeSpec(**(calm | changes)),))
