"""RISPort70: which phones are registered where, as the cluster's own real-time data tells it. One question at a time.

The cluster answers 15 such questions a minute to everybody together, so we keep to 10. A node that does not report
makes an answer incomplete, and a list of the most devices we asked for may be cut short without a word.
"""

from collections import deque
from collections.abc import Sequence

import msgspec
from lxml import etree

from ucmcert.errors import OutcomeUnknown, Refused
from ucmcert.model.phone import Sighting
from ucmcert.model.ports import Clock
from ucmcert.ucm.origin import Origin
from ucmcert.ucm.soap import call, child, children, text_of

PATH = "/realtimeservice2/services/RISService70"
NAMESPACE = "http://schemas.cisco.com/ast/soap"
TIMEOUT_S = 60.0
MOST_DEVICES = 1000
THROTTLED = "UCM-RIS-001"
RATE_WORDS = "exceeded allowed rate"
OUR_SHARE, MINUTE_S = 10, 60.0
LONGEST_NUMBER = 19
EVERYBODY = ("*",)
PAGE = {"yes": True, "no": False}
WANTED = tuple(
    f"{{*}}{name}" for name in ("Name", "Model", "Httpd", "Status", "StatusReason", "TimeStamp", "IPAddress")
)


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What one question brought: each device once, its newest report, and what is known to be missing.

    `silent_nodes` did not report. `cut_short` is whether devices may have been left out; `listed` counts reports.
    """

    sightings: tuple[Sighting, ...]
    silent_nodes: tuple[str, ...]
    cut_short: bool
    listed: int

    @property
    def complete(self) -> bool:
        """Whether every node answered and nothing was cut off."""
        return not self.silent_nodes and not self.cut_short


class Budget:
    """Our share of the cluster's 15 questions a minute, which lasts `minute_s`. Source: interfaces-http.md 3."""

    def __init__(self, clock: Clock, minute_s: float = MINUTE_S) -> None:
        self._clock = clock
        self._minute_s = minute_s
        self._asked: deque[float] = deque()

    async def take(self) -> None:
        """Wait until one more question is within the share, and count it."""
        while True:
            now = self._clock.now()
            while self._asked and self._asked[0] <= now - self._minute_s:
                self._asked.popleft()
            if len(self._asked) < OUR_SHARE:
                self._asked.append(now)
                return
            await self._clock.sleep(self._asked[0] + self._minute_s - now)


async def select(origin: Origin, names: Sequence[str] = EVERYBODY) -> Answer:
    """The phones called `names`, or all of them, as every node reports them, whatever their status.

    Raises OutcomeUnknown UCM-RIS-001 when the cluster is asked too often (wait 30 s), UCM-RIS-002; else as SOAP.
    """
    try:
        answer = await call(origin, PATH, "selectCmDevice", _request(names), TIMEOUT_S)
    except Refused as error:
        if RATE_WORDS in error.answer.lower():
            raise OutcomeUnknown(
                THROTTLED,
                "the cluster is asked for real-time data too often",
                where=origin.where,
                why=error.answer,
                next="wait at least 30 seconds; other applications share the limit",
                sent=False,
            ) from error
        raise
    return read_answer(answer, origin.where)


def read_answer(answer: etree._Element, where: str) -> Answer:
    """What stands in a `selectCmDeviceResponse`. Raises OutcomeUnknown UCM-RIS-002 when it holds no result.

    `NotFound` beside an empty list is a node that reports and knows none of the devices asked for.
    """
    outer = child(answer, "selectCmDeviceReturn")
    result = child(outer if outer is not None else child(answer, "selectCmDeviceExtReturn"), "SelectCmDeviceResult")
    if result is None:
        raise OutcomeUnknown("UCM-RIS-002", "the real-time answer holds no result", where=where, why="it is empty")
    reports: list[Sighting] = []
    silent: list[str] = []
    for node in children(child(result, "CmNodes")):
        name = text_of(node, "Name")
        items = children(child(node, "CmDevices"))
        code = text_of(node, "ReturnCode").lower()
        if code != "ok" and (code != "notfound" or items):
            silent.append(name)
        reports.extend(_sighting(item, name) for item in items)
    found = _number(text_of(result, "TotalDevicesFound"))
    return Answer(
        sightings=newest(reports),
        silent_nodes=tuple(silent),
        cut_short=len(reports) >= MOST_DEVICES or found > len(reports),
        listed=len(reports),
    )


def newest(reports: Sequence[Sighting]) -> tuple[Sighting, ...]:
    """Each device once, its newest report; of two of one second the registered one, for a node reports its own state.

    Source: interfaces-http.md 3.
    """
    kept: dict[str, Sighting] = {}
    for one in reports:
        known = kept.get(one.name)
        if known is None or (one.changed_at, one.registered) > (known.changed_at, known.registered):
            kept[one.name] = one
    return tuple(kept.values())


def _sighting(item: etree._Element, node: str) -> Sighting:
    """One report. Only the wanted children are visited: there may be 40,000 reports of thirty fields."""
    said: dict[str, str] = {}
    address = ""
    for field in item.iterchildren(*WANTED):
        name = field.tag.rpartition("}")[2]
        if name == "IPAddress":
            address = _address(field)
        else:
            said[name] = (field.text or "").strip()
    return Sighting(
        name=said.get("Name", ""),
        node=node,
        registered=said.get("Status", "").lower() == "registered",
        changed_at=_number(said.get("TimeStamp", "")),
        page=PAGE.get(said.get("Httpd", "").lower()),
        address=address,
        model=said.get("Model", ""),
        reason=_number(said.get("StatusReason", "")),
    )


def _address(field: etree._Element) -> str:
    """The first address, IPv4 before IPv6. A text without items is an address too (older answers)."""
    found = [(one.text or "").strip() for one in field.iter("{*}IP")]
    usable = [one for one in found if one] or [one for one in ((field.text or "").strip(),) if one]
    return next((one for one in usable if ":" not in one), usable[0] if usable else "")


def _request(names: Sequence[str]) -> etree._Element:
    """The schema fixes the order. Every status is asked for, else an old report of a phone would count."""
    request = etree.Element(f"{{{NAMESPACE}}}selectCmDevice", nsmap={"soap": NAMESPACE})
    _add(request, "StateInfo")
    criteria = _add(request, "CmSelectionCriteria")
    _add(criteria, "MaxReturnedDevices").text = str(MOST_DEVICES)
    _add(criteria, "DeviceClass").text = "Phone"
    _add(criteria, "Model").text = "255"
    _add(criteria, "Status").text = "Any"
    _add(criteria, "NodeName")
    _add(criteria, "SelectBy").text = "Name"
    items = _add(criteria, "SelectItems")
    for name in names:
        _add(_add(items, "item"), "Item").text = name
    _add(criteria, "Protocol").text = "Any"
    _add(criteria, "DownloadStatus").text = "Any"
    return request


def _add(parent: etree._Element, name: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < LONGEST_NUMBER else 0
