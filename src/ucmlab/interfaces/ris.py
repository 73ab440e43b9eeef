"""RISPort70: which devices are registered where, under a rate limit that all applications of the cluster share.

Source: interfaces-http.md 3. Children are qualified. Both operations answer with the same message, as the schema says.
"""

import copy
from collections.abc import Callable, Sequence

from lxml import etree

from ucmlab.cluster.cluster import Cluster
from ucmlab.cluster.database_tables import processnode_name
from ucmlab.cluster.limits import MINUTE_S
from ucmlab.cluster.node import Node
from ucmlab.interfaces.ris_devices import (
    Criteria,
    Device,
    devices_named,
    devices_of,
    names_only,
    read_criteria,
    selected,
)
from ucmlab.interfaces.soap import CLIENT, SoapCall, SoapFault, add, fault_response, reply, xml_text
from ucmlab.interfaces.soap_site import SoapSite
from ucmlab.interfaces.web.exchange import Call, Result
from ucmlab.interfaces.web.messages import Answer, Asked, Response

AST = "http://schemas.cisco.com/ast/soap"
RATE_WORDS = "AxisFault: Exceeded allowed rate for Reatime information"
QUERIES = "device queries"
COLLECTOR = "Cisco RIS Data Collector"
FIELDS = (
    *("Name", "DirNumber", "DeviceClass", "Model", "Httpd", "Status"),
    *("StatusReason", "Description", "TimeStamp", "Protocol", "ActiveLoadID", "DownloadStatus"),
)
DeviceSource = Callable[[Cluster, Node], Sequence[Device]]


async def select_cm_device(asked: Asked, call: SoapCall) -> Result:
    """Devices by name or pattern. Raises: Throttled, SoapFault for criteria outside the schema."""
    return _select(asked, call, wildcards=True)


async def select_cm_device_ext(asked: Asked, call: SoapCall) -> Result:
    """Devices by explicit name only. Raises: Throttled, SoapFault for criteria outside the schema."""
    return _select(asked, call, wildcards=False)


def _select(asked: Asked, call: SoapCall, *, wildcards: bool) -> Result:
    limits = asked.cluster.limits
    rule = asked.cluster.faults.strikes("ris-throttle", asked.node.name, "ris", call.operation)
    if rule is not None:
        limits.refuse_for(QUERIES, rule.seconds)
    limits.judge_spell(QUERIES, MINUTE_S)
    limits.count_device_query()
    given = call.children("CmSelectionCriteria", qualified=True)
    if not given:
        raise SoapFault("CmSelectionCriteria is missing", code=CLIENT)
    criteria = read_criteria(given[0], call.namespace)
    source: DeviceSource = devices_of
    if names_only(criteria, wildcards=wildcards):
        named = devices_named(asked.cluster, criteria.items)
        source = lambda _cluster, node: named.get(node.name, ())  # noqa: E731 - one of two sources
    return Result(reply(selection(asked.cluster, criteria, wildcards=wildcards, source=source)))


def selection(cluster: Cluster, criteria: Criteria, *, wildcards: bool, source: DeviceSource) -> etree._Element:
    """selectCmDeviceResponse: one item per CUCM node; a node that is silent says so and shows no device.

    The list is cut at `criteria.most` devices without a sign of it. Source: interfaces-http.md 3, limits.
    """
    response = etree.Element(f"{{{AST}}}selectCmDeviceResponse", nsmap={"ns1": AST})
    returned = add(response, "selectCmDeviceReturn", namespace=AST)
    result = add(returned, "SelectCmDeviceResult", namespace=AST)
    total = add(result, "TotalDevicesFound", namespace=AST)
    nodes = add(result, "CmNodes", namespace=AST)
    found = 0
    for node in _asked_nodes(cluster, criteria.node_name):
        answers = node.runs(COLLECTOR)
        fitting = selected(source(cluster, node), criteria, wildcards=wildcards) if answers else []
        shown = fitting[: max(0, criteria.most - found)]
        found += len(shown)
        _add_node(nodes, processnode_name(cluster, node), "Ok" if answers else "NodeNotResponding", shown)
    if not len(nodes):
        _add_node(nodes, criteria.node_name, "InvalidNodeName", ())
    total.text = str(found)
    add(returned, "StateInfo", "", namespace=AST)
    return response


def _asked_nodes(cluster: Cluster, name: str) -> list[Node]:
    nodes = [node for node in cluster.nodes.values() if node.product == "cucm"]
    if name in ("", "Any"):
        return nodes
    return [node for node in nodes if name.lower() in (node.name.lower(), node.fqdn.lower(), node.address)]


def _add_node(nodes: etree._Element, name: str, code: str, devices: Sequence[Device]) -> None:
    item = add(nodes, "item", namespace=AST)
    add(item, "ReturnCode", code, namespace=AST)
    add(item, "Name", name, namespace=AST)
    add(item, "NoChange", "false", namespace=AST)
    listed = add(item, "CmDevices", namespace=AST)
    listed.extend(_item_of(device) for device in devices)


def _item_of(device: Device) -> etree._Element:
    """A copy of a form that is filled in: a thousand devices in an answer are many elements to make one by one."""
    item = copy.copy(_FORM if device.ipv6 or not device.ipv4 else _FORM_WITH_IPV4)
    values: tuple[str | int, ...] = (
        *(device.name, device.dir_number, device.device_class, device.model, device.httpd, device.status),
        *(device.status_reason, device.description, device.time_stamp, device.protocol, device.active_load),
        device.download_status,
    )
    *fields, addresses = item
    for element, value in zip(fields, values, strict=True):
        element.text = xml_text(value)
    if len(addresses):
        addresses[0][0].text = xml_text(device.ipv4)
        return item
    for address, kind in ((device.ipv4, "ipv4"), (device.ipv6, "ipv6")):
        if address:
            _add_address(addresses, address, kind)
    return item


def _add_address(addresses: etree._Element, address: str, kind: str) -> None:
    one = add(addresses, "item", namespace=AST)
    add(one, "IP", address, namespace=AST)
    add(one, "IPAddrType", kind, namespace=AST)
    add(one, "Attribute", "Unknown", namespace=AST)


def _form() -> etree._Element:
    form = etree.Element(f"{{{AST}}}item", nsmap={"ns1": AST})
    for name in FIELDS:
        add(form, name, namespace=AST)
    add(form, "IPAddress", namespace=AST)
    return form


def _form_with_ipv4() -> etree._Element:
    form = _form()
    _add_address(form[-1], "", "ipv4")
    return form


def judge_namespace(_asked: Asked, call: SoapCall) -> None:
    """Raises SoapFault for an operation outside the serviceability namespace."""
    if call.namespace != AST:
        raise SoapFault(f"The operation {{{call.namespace}}}{call.operation} is not known", code=CLIENT)


def throttled(asked: Asked) -> Response:
    """The fault of a caller over the rate: switches ris_throttle_text and ris_throttle_status."""
    switches = asked.cluster.switches
    words = RATE_WORDS + switches["ris_throttle_text"]
    return fault_response(SoapFault(words, status=int(switches["ris_throttle_status"])))


def _unavailable(asked: Asked) -> int | None:
    return None if asked.node.services["SOAP -Real-Time Service APIs"].running else 404


_FORM, _FORM_WITH_IPV4 = _form(), _form_with_ipv4()
OPERATIONS = {"selectCmDevice": select_cm_device, "selectCmDeviceExt": select_cm_device_ext}
ANSWERS = tuple(
    Answer(name=operation, interface="ris", call=operation, source="interfaces-http.md 3") for operation in OPERATIONS
)
RIS = SoapSite(
    interface="ris",
    paths=("/realtimeservice2/services/RISService70",),
    role="Standard CCM Admin Users",
    wsdl="ris.xml",
    operations=OPERATIONS,
    unavailable=_unavailable,
    judge_namespace=judge_namespace,
    detail=lambda _fault, _operation: (),
    name_call=lambda call: Call(interface="ris", operation=call.operation),
    throttled=throttled,
)
