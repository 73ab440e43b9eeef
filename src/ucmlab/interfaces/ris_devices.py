"""Devices as RIS knows them, the criteria of a query, and which devices fit. Source: interfaces-http.md 3."""

from collections.abc import Iterable, Sequence
from typing import Literal
from weakref import WeakKeyDictionary

import msgspec
from lxml import etree

from ucmlab.cluster.cluster import Cluster
from ucmlab.cluster.devices import description_of
from ucmlab.cluster.node import Node
from ucmlab.cluster.phone_models import phone_model
from ucmlab.cluster.phones.rows.device import Registration
from ucmlab.interfaces.like import starred
from ucmlab.interfaces.soap import CLIENT, SoapFault, children, elements_of, text_of

DEVICES_PER_REPLY = 1000
ANY_MODEL = 255
CLASSES = (  # "Any" and "Phone" are what clients ask for; the others are not in our sources
    *("Any", "Phone", "Gateway", "H323", "Cti", "VoiceMail", "MediaResources", "HuntList", "SIPTrunk", "Unknown"),
)
STATUSES = ("Any", "Registered", "UnRegistered", "Rejected", "PartiallyRegistered", "Unknown")
SELECTORS = ("Name", "IPV4Address", "IPV6Address", "DirNumber", "Description")
PROTOCOLS = ("Any", "SCCP", "SIP", "Unknown")
DOWNLOADS = ("Any", "Upgrading", "Successful", "Failed", "Unknown")
ENUMS = {
    "DeviceClass": CLASSES,
    "Status": STATUSES,
    "SelectBy": SELECTORS,
    "Protocol": PROTOCOLS,
    "DownloadStatus": DOWNLOADS,
}
ORDER = (
    *("MaxReturnedDevices", "DeviceClass", "Model", "Status", "NodeName", "SelectBy", "SelectItems", "Protocol"),
    "DownloadStatus",
)


class Device(msgspec.Struct, frozen=True, kw_only=True):
    """One device at one node. `time_stamp`: epoch seconds of its last change of status."""

    name: str
    dir_number: str = ""
    device_class: str = "Phone"
    model: int = 0
    httpd: Literal["Yes", "No", "Unknown"] = "Unknown"
    status: str = "Registered"
    status_reason: int = 0
    description: str = ""
    time_stamp: int = 0
    protocol: str = "SIP"
    active_load: str = ""
    download_status: str = "Unknown"
    ipv4: str = ""
    ipv6: str = ""


class Criteria(msgspec.Struct, frozen=True, kw_only=True):
    """CmSelectionCriteria, judged; `items` are the explicit names or patterns."""

    most: int
    device_class: str
    model: int
    status: str
    node_name: str
    select_by: str
    items: tuple[str, ...]
    protocol: str
    download_status: str


# Rows of each cluster by node, for one generation of its phones: a sweep of 40,000 phones asks often.
_CACHE: WeakKeyDictionary[Cluster, tuple[int, dict[str, list[Device]]]] = WeakKeyDictionary()


def devices_of(cluster: Cluster, node: Node) -> Sequence[Device]:
    """Devices that have registered with a node, newest state each."""
    generation, by_node = _CACHE.get(cluster, (-1, {}))
    if generation != cluster.phones.generation:
        generation, by_node = cluster.phones.generation, {}
        for row in cluster.phones.registrations():
            by_node.setdefault(row.node, []).append(_device(row))
        _CACHE[cluster] = generation, by_node
    return by_node.get(node.name, ())


def devices_named(cluster: Cluster, names: Iterable[str]) -> dict[str, list[Device]]:
    """The same of named devices only, by node: without a look at all the others."""
    by_node: dict[str, list[Device]] = {}
    for row in cluster.phones.registrations_of(names):
        by_node.setdefault(row.node, []).append(_device(row))
    return by_node


def names_only(criteria: Criteria, *, wildcards: bool) -> bool:
    """Whether a query asks for explicit names and nothing else."""
    return criteria.select_by == "Name" and not (wildcards and any("*" in item for item in criteria.items))


def _device(row: Registration) -> Device:
    return Device(
        name=row.name,
        model=phone_model(row.model).number,
        httpd="Yes" if row.page else "No",
        status=row.status,
        status_reason=row.status_reason,
        description=description_of(row.name),
        time_stamp=int(row.changed_at),
        protocol=row.protocol,
        ipv4=row.address,
    )


def read_criteria(element: etree._Element, namespace: str) -> Criteria:
    """Judge CmSelectionCriteria: known children in the order of the schema, known values. Raises SoapFault CLIENT."""
    given = [(name, child) for name, child in elements_of(element) if child.tag == f"{{{namespace}}}{name}"]
    places = [ORDER.index(name) if name in ORDER else -1 for name, _ in given]
    if len(given) != len(list(elements_of(element))) or -1 in places or places != sorted(set(places)):
        raise SoapFault("Unexpected subelement in CmSelectionCriteria", code=CLIENT)
    texts = {name: text_of(child) for name, child in given}
    for name, allowed in ENUMS.items():
        if texts.get(name, "") not in ("", *allowed):
            raise SoapFault(f"Invalid value {texts[name]} for {name}", code=CLIENT)
    items = _items(dict(given).get("SelectItems"), namespace)
    if not items:
        raise SoapFault("SelectItems has no item", code=CLIENT)
    return Criteria(
        most=min(_number(texts, "MaxReturnedDevices", DEVICES_PER_REPLY), DEVICES_PER_REPLY),
        device_class=texts.get("DeviceClass") or "Any",
        model=_number(texts, "Model", ANY_MODEL),
        status=texts.get("Status") or "Any",
        node_name=texts.get("NodeName", ""),
        select_by=texts.get("SelectBy") or "Name",
        items=items,
        protocol=texts.get("Protocol") or "Any",
        download_status=texts.get("DownloadStatus") or "Any",
    )


def selected(devices: Sequence[Device], criteria: Criteria, *, wildcards: bool) -> list[Device]:
    """The devices that fit; without wildcards (selectCmDeviceExt) a `*` is a name like any other."""
    explicit = frozenset(item.lower() for item in criteria.items)
    patterns = [item for item in criteria.items if "*" in item] if wildcards else []
    return [device for device in devices if _fits(device, criteria, explicit, patterns)]


def _fits(device: Device, criteria: Criteria, explicit: frozenset[str], patterns: Sequence[str]) -> bool:
    subject = {
        "Name": device.name,
        "IPV4Address": device.ipv4,
        "IPV6Address": device.ipv6,
        "DirNumber": device.dir_number,
        "Description": device.description,
    }[criteria.select_by]
    named = subject.lower() in explicit or any(starred(pattern, subject) for pattern in patterns)
    return (
        named
        and criteria.model in (ANY_MODEL, device.model)
        and criteria.device_class in ("Any", device.device_class)
        and criteria.status in ("Any", device.status)
        and criteria.protocol in ("Any", device.protocol)
        and criteria.download_status in ("Any", device.download_status)
    )


def _items(element: etree._Element | None, namespace: str) -> tuple[str, ...]:
    if element is None:
        return ()
    wrapped = [child for item in children(element, "item", namespace) for child in children(item, "Item", namespace)]
    return tuple(text_of(child) for child in wrapped if text_of(child))


def _number(texts: dict[str, str], name: str, default: int) -> int:
    text = texts.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise SoapFault(f"Invalid value {text[:40]} for {name}", code=CLIENT)
    return int(text)
