"""soapDoControlServices: start, stop and restart of this node's own services. Source: interfaces-http.md 4.

Cisco Tomcat and Cisco HAProxy are refused (200, a reason, nothing changed); network services follow the switch
network_service_control; the reply to what takes long follows long_restart_reply, and a refusal is told at once.
"""

from collections.abc import Sequence

import msgspec
from lxml import etree

from ucmlab.cluster.database_tables import processnode_name
from ucmlab.cluster.services.service import STOPPING, Service
from ucmlab.errors import DropConnection, Refusal
from ucmlab.interfaces.service_report import AST, REASON_CODES, REFUSED, Report, find_service, report, service_list
from ucmlab.interfaces.service_report import unknown as unknown_service
from ucmlab.interfaces.soap import CLIENT, SoapCall, SoapFault, children, reply, text_of
from ucmlab.interfaces.web.exchange import Call, Result
from ucmlab.interfaces.web.messages import Asked

OPERATION = "soapDoControlServices"
ACTIONS = {"Start": "start", "Stop": "stop", "Restart": "restart"}
BY_CLI_ONLY = ("Cisco Tomcat", "Cisco HAProxy")
REPLY_LOST_S = 3600.0


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """A ControlServiceRequest, as it was sent."""

    node_name: str
    control_type: str
    services: tuple[str, ...]


def read_order(call: SoapCall) -> Order:
    """The request's parts; missing ones are empty."""
    requests = call.children("ControlServiceRequest", qualified=True)
    request = requests[0] if requests else etree.Element("none")
    lists = children(request, "ServiceList", AST)
    items = [text_of(item) for one in lists for item in children(one, "item", AST)]
    return Order(
        node_name=_first_text(request, "NodeName"),
        control_type=_first_text(request, "ControlType"),
        services=tuple(dict.fromkeys(item for item in items if item)),
    )


def name_control(call: SoapCall) -> Call:
    """`restart`, `start` or `stop` of each service, for faults and log."""
    order = read_order(call)
    operation = ACTIONS.get(order.control_type, OPERATION)
    return Call(interface="control-center", operation=operation, purposes=order.services or ("",))


async def control_services(asked: Asked, call: SoapCall) -> Result:
    """Begin what is asked of each service and report. Raises: SoapFault, DropConnection (switch long_restart_reply)."""
    order = read_order(call)
    if order.control_type not in ACTIONS:
        raise SoapFault(f"Invalid value {order.control_type} for ControlType", code=CLIENT)
    if not order.services:
        raise SoapFault("ServiceList has no item", code=CLIENT)
    action = ACTIONS[order.control_type]
    refusals = {name: words for name in order.services if (words := _refusal(asked, order, name))}
    begun: list[Service] = []
    for name in order.services:
        service = find_service(asked.node, name)
        if service is None or name in refusals:
            continue
        try:
            service.begin(action)
            begun.append(service)
        except Refusal as refusal:
            refusals[name] = refusal.words
    if not refusals:
        await _wait(asked, begun)
    reports = [_report_after(asked, name, action, refusals.get(name, "")) for name in order.services]
    return _result(reports, refusals)


def _refusal(asked: Asked, order: Order, name: str) -> str:
    """Why this service is not controlled at all; "" when it may be. Raises SoapFault (network_service_control)."""
    node = asked.node
    own = (node.name.lower(), node.fqdn.lower(), node.address, processnode_name(asked.cluster, node).lower())
    if order.node_name and order.node_name.lower() not in own:
        return f"Node {order.node_name} is not this server"
    service = find_service(node, name)
    if service is None:
        return f"Service {name} is not known on this node"
    if name in BY_CLI_ONLY:
        return f"Service {name} cannot be controlled from Control Center"
    how = asked.cluster.switches["network_service_control"]
    if service.kind != "network" or how == "accept":
        return ""
    words = f"Service {name} is a network service and cannot be controlled"
    if how == "fault":
        raise SoapFault(words)
    return words


async def _wait(asked: Asked, begun: Sequence[Service]) -> None:
    how = asked.cluster.switches["long_restart_reply"]
    if how == "at-once":
        return
    if how == "timeout":
        await asked.cluster.clock.sleep(REPLY_LOST_S)
        raise DropConnection(asked.node.name, applied=True)
    for service in begun:
        async for _state in service.follow():
            pass


def _report_after(asked: Asked, name: str, action: str, refused: str) -> Report:
    service = find_service(asked.node, name)
    if service is None:
        return unknown_service(name)
    now = report(service, asked.node, asked.cluster.switches)
    if refused:
        return msgspec.structs.replace(now, reason_code=REASON_CODES.get(refused, REFUSED), reason=refused)
    if service.state == STOPPING and action != "stop":
        return msgspec.structs.replace(now, status="Starting")  # the reply of a restart looks ahead
    return now


def _result(reports: list[Report], refusals: dict[str, str]) -> Result:
    if not refusals:
        return Result(reply(service_list(OPERATION, reports)))
    first = next(one for one in reports if one.name in refusals)
    response = service_list(OPERATION, reports, reason_code=first.reason_code, reason=first.reason)
    outcomes = {name: f"refused: {words}" for name, words in refusals.items()}
    return Result(reply(response), outcomes=outcomes)


def _first_text(element: etree._Element, name: str) -> str:
    found = children(element, name, AST)
    return text_of(found[0]) if found else ""
