"""Control Center: when did each service of a node start? That is the proof of a restart (docs/decisions/0009).

`StartTime` is a text whose form nobody published, usually without a zone; `UpTime` is seconds since the start. With
both and the node's clock the zone falls out exactly: the difference of the two is a whole number of quarter hours.
"""

import re
from datetime import UTC, datetime
from functools import lru_cache

import msgspec
from lxml import etree

from ucmcert.errors import OutcomeUnknown
from ucmcert.ucm.origin import Origin
from ucmcert.ucm.soap import call, child, children, text_of

PATH = "/controlcenterservice2/services/ControlCenterServices"
NAMESPACE = "http://schemas.cisco.com/ast/soap"
TIMEOUT_S = 30.0
RESTART_TIMEOUT_S = 600.0
QUARTER_HOUR_S = 900
FURTHEST_ZONE_S = 14 * 3600
ZONE_TOLERANCE_S = 120.0
LONGEST_NUMBER = 12
ZONE_NAME = re.compile(r"(?:\b(?!AM|PM)[A-Z]{2,5}|[+-]\d{2})(?=\s+\d{4}$)|\s+(?!AM|PM)[A-Z]{2,5}$")
FRACTION = re.compile(r"(?<=:\d\d)[.,]\d{1,9}")
FORMS = (
    "%a %b %d %H:%M:%S %Y",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%Y/%m/%d %H:%M:%S",
    "%m/%d/%Y %H:%M:%S",
    "%d %b %Y %H:%M:%S",
    "%b %d, %Y %H:%M:%S",
)
ZONED_FORMS = (*(f"{form} %z" for form in FORMS), *(f"{form}%z" for form in FORMS), "%a %b %d %H:%M:%S %z %Y")
UTC_NAME = re.compile(r"\b(UTC|GMT|Z)\b|(?<=\d)Z$")


class Started(msgspec.Struct, frozen=True, kw_only=True):
    """One service as Control Center tells it: its texts untouched, "" and None where it says nothing."""

    name: str
    status: str
    reason: str = ""
    start_time: str = ""
    up_time_s: int | None = None

    @property
    def told(self) -> bool:
        """Whether anything is said about its start."""
        return bool(self.start_time) or self.up_time_s is not None


async def services(origin: Origin) -> tuple[Started, ...]:
    """Every service Control Center knows on the node that is asked.

    Raises OutcomeUnknown UCM-CC-001 for an empty or failed answer; else as SOAP. Source: interfaces-http.md 4.
    """
    request = etree.Element(f"{{{NAMESPACE}}}soapGetServiceStatus", nsmap={"soap": NAMESPACE})
    etree.SubElement(request, f"{{{NAMESPACE}}}ServiceStatus")
    answer = await call(origin, PATH, "soapGetServiceStatus", request, TIMEOUT_S)
    return read_services(answer, origin.where)


async def restart(origin: Origin, name: str) -> str:
    """Ask for a restart of `name`; the node's words. Its answer is not the end state, and it refuses Tomcat.

    ucmcert restarts by the CLI (docs/decisions/0009); this is for services and nodes without one.
    """
    request = etree.Element(f"{{{NAMESPACE}}}soapDoControlServices", nsmap={"soap": NAMESPACE})
    order = etree.SubElement(request, f"{{{NAMESPACE}}}ControlServiceRequest")
    etree.SubElement(order, f"{{{NAMESPACE}}}NodeName").text = origin.node.host
    etree.SubElement(order, f"{{{NAMESPACE}}}ControlType").text = "Restart"
    chosen = etree.SubElement(order, f"{{{NAMESPACE}}}ServiceList")
    etree.SubElement(chosen, f"{{{NAMESPACE}}}item").text = name
    answer = await call(origin, PATH, "soapDoControlServices", request, RESTART_TIMEOUT_S)
    lines = [f"{one.name}[{one.status}] {one.reason}".strip() for one in read_services(answer, origin.where)]
    return "\n".join(lines)


def read_services(answer: etree._Element, where: str) -> tuple[Started, ...]:
    """The `ServiceInfoList` of a status or control answer. Raises OutcomeUnknown UCM-CC-001 when there is none."""
    returned = next((one for one in children(answer) if child(one, "ServiceInfoList") is not None), None)
    items = children(child(returned, "ServiceInfoList"))
    found = tuple(_service(item) for item in items if text_of(item, "ServiceName"))
    if not found:
        first = next(iter(children(answer)), None)
        said = text_of(first, "ReasonString") or f"return code {text_of(first, 'ReturnCode') or 'missing'}"
        raise OutcomeUnknown("UCM-CC-001", "Control Center lists no services", where=where, why=said)
    return found


def started_at(service: Started, node_utc: float | None) -> float | None:
    """When `service` started, node time as UTC epoch seconds; None when that cannot be told without guessing.

    `node_utc` is the node's clock at the moment of the answer, None when it could not be read. A time without a zone
    is never taken for UTC: without an UpTime to compare with it stays untold, since an error of hours would look like
    a restart.
    """
    by_up_time = None if node_utc is None or service.up_time_s is None else node_utc - service.up_time_s
    local, zoned = _parse(service.start_time)
    if local is None:
        return by_up_time
    if zoned:
        return local
    if by_up_time is None:
        return None
    zone_s = round((local - by_up_time) / QUARTER_HOUR_S) * QUARTER_HOUR_S
    exact = local - zone_s
    if abs(zone_s) > FURTHEST_ZONE_S or abs(exact - by_up_time) > ZONE_TOLERANCE_S:
        return None  # the two contradict each other, so neither can be believed
    return exact


def _service(item: etree._Element) -> Started:
    up_time = text_of(item, "UpTime")
    known = up_time.isascii() and up_time.isdigit() and len(up_time) <= LONGEST_NUMBER
    return Started(
        name=text_of(item, "ServiceName"),
        status=text_of(item, "ServiceStatus"),
        reason=text_of(item, "ReasonCodeString"),
        start_time=text_of(item, "StartTime"),
        up_time_s=int(up_time) if known else None,
    )


def tells_exactly(service: Started) -> bool:
    """Whether its `StartTime` can be read: what follows from `UpTime` alone wanders by a second or two."""
    return _parse(service.start_time)[0] is not None


@lru_cache(maxsize=4096)  # the same start times are told at every look
def _parse(text: str) -> tuple[float | None, bool]:
    """`text` as epoch seconds, and whether it named its zone. Without one it is read as if it were UTC."""
    plain = FRACTION.sub("", " ".join(text.split()))
    if not plain:
        return None, False
    if plain.isascii() and plain.isdigit() and len(plain) in (10, 13):  # epoch seconds or milliseconds
        return float(plain) / (1 if len(plain) == 10 else 1000), True
    for form in ZONED_FORMS:
        moment = _strptime(plain, form)
        if moment is not None:
            return moment.timestamp(), True
    zoned = UTC_NAME.search(plain) is not None
    bare = " ".join(ZONE_NAME.sub(" ", UTC_NAME.sub("", plain)).split())
    for form in FORMS:
        moment = _strptime(bare, form)
        if moment is not None:
            return moment.replace(tzinfo=UTC).timestamp(), zoned
    return None, False


def _strptime(text: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(text, form)  # noqa: DTZ007 - the caller adds the zone
    except (ValueError, OverflowError):
        return None
