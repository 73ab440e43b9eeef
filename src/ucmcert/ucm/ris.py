"""RISPort70: how many devices are registered where, as the cluster's own real-time data tells it.

The cluster answers 15 such questions a minute to everybody together, so we keep to 10 and never ask in a loop. A node
that does not report makes the picture incomplete, and a list of the most devices we asked for may be cut short.
"""

from collections import deque

import msgspec
from lxml import etree

from ucmcert.errors import OutcomeUnknown, Refused
from ucmcert.model.ports import Clock
from ucmcert.ucm.origin import Origin
from ucmcert.ucm.soap import call, child, children, text_of

PATH = "/realtimeservice2/services/RISService70"
NAMESPACE = "http://schemas.cisco.com/ast/soap"
TIMEOUT_S = 60.0
MOST_DEVICES = 1000
RATE_WORDS = "exceeded allowed rate"
OUR_SHARE, MINUTE_S = 10, 60.0
LONGEST_NUMBER = 19


class Device(msgspec.Struct, frozen=True, kw_only=True):
    """One device as one node reports it. `seen_at` is the node's UTC epoch of its last change."""

    name: str
    node: str
    status: str
    seen_at: int


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """The devices, each once (its newest report), and what is known to be missing from the list."""

    devices: tuple[Device, ...]
    silent_nodes: tuple[str, ...]
    cut_short: bool

    @property
    def complete(self) -> bool:
        """Whether every node answered and nothing was cut off."""
        return not self.silent_nodes and not self.cut_short

    def registered(self) -> dict[str, int]:
        """How many devices are registered at each node."""
        counts: dict[str, int] = {}
        for device in self.devices:
            if device.status == "Registered":
                counts[device.node] = counts.get(device.node, 0) + 1
        return counts


class Budget:
    """Our share of the cluster's 15 questions a minute. Source: interfaces-http.md 3."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._asked: deque[float] = deque()

    async def take(self) -> None:
        """Wait until one more question is within the share, and count it."""
        while True:
            now = self._clock.now()
            while self._asked and self._asked[0] <= now - MINUTE_S:
                self._asked.popleft()
            if len(self._asked) < OUR_SHARE:
                self._asked.append(now)
                return
            await self._clock.sleep(self._asked[0] + MINUTE_S - now)


async def devices(origin: Origin, budget: Budget, *, device_class: str = "Any") -> Picture:
    """All devices of `device_class` (`Phone`, `Any` ...) that any node knows of, whatever their status.

    Raises OutcomeUnknown UCM-RIS-001 when the cluster is asked too often (wait 30 s), UCM-RIS-002; else as SOAP.
    """
    await budget.take()
    try:
        answer = await call(origin, PATH, "selectCmDevice", _request(device_class), TIMEOUT_S)
    except Refused as error:
        if RATE_WORDS in error.answer.lower():
            raise OutcomeUnknown(
                "UCM-RIS-001",
                "the cluster is asked for real-time data too often",
                where=origin.where,
                why=error.answer,
                next="wait at least 30 seconds; other applications share the limit",
                sent=False,
            ) from error
        raise
    return read_picture(answer, origin.where)


def read_picture(answer: etree._Element, where: str) -> Picture:
    """The picture in a `selectCmDeviceResponse`. Raises OutcomeUnknown UCM-RIS-002 when it holds no result."""
    outer = child(answer, "selectCmDeviceReturn")
    result = child(outer if outer is not None else child(answer, "selectCmDeviceExtReturn"), "SelectCmDeviceResult")
    if result is None:
        raise OutcomeUnknown("UCM-RIS-002", "the real-time answer holds no result", where=where, why="it is empty")
    newest: dict[str, Device] = {}
    silent: list[str] = []
    listed = 0
    for node in children(child(result, "CmNodes")):
        name = text_of(node, "Name")
        if text_of(node, "ReturnCode").lower() != "ok":
            silent.append(name)
        for item in children(child(node, "CmDevices")):
            listed += 1
            device = Device(
                name=text_of(item, "Name"),
                node=name,
                status=text_of(item, "Status"),
                seen_at=_number(text_of(item, "TimeStamp")),
            )
            known = newest.get(device.name)
            if known is None or device.seen_at > known.seen_at:
                newest[device.name] = device
    found = _number(text_of(result, "TotalDevicesFound"))
    return Picture(
        devices=tuple(newest.values()),
        silent_nodes=tuple(silent),
        cut_short=listed >= MOST_DEVICES or found > listed,
    )


def _request(device_class: str) -> etree._Element:
    """The schema fixes the order. Every status is asked for, else an old report of a phone would count."""
    request = etree.Element(f"{{{NAMESPACE}}}selectCmDevice", nsmap={"soap": NAMESPACE})
    _add(request, "StateInfo")
    criteria = _add(request, "CmSelectionCriteria")
    _add(criteria, "MaxReturnedDevices").text = str(MOST_DEVICES)
    _add(criteria, "DeviceClass").text = device_class
    _add(criteria, "Model").text = "255"
    _add(criteria, "Status").text = "Any"
    _add(criteria, "NodeName")
    _add(criteria, "SelectBy").text = "Name"
    item = _add(_add(criteria, "SelectItems"), "item")
    _add(item, "Item").text = "*"
    _add(criteria, "Protocol").text = "Any"
    _add(criteria, "DownloadStatus").text = "Any"
    return request


def _add(parent: etree._Element, name: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < LONGEST_NUMBER else 0
