"""How Control Center writes a service down: state, reason, start time, up time. Source: interfaces-http.md 4.

Assumptions where no source speaks: ReasonCode 0 means nothing to report, the numbers of `REASON_CODES`, a start time
as `Wed Nov 25 03:28:02 2026` in UTC by the node's clock (switch control_center_start_time_form), an up time of -1 s
for a service that does not run, and the groups and types of the static list.
"""

from datetime import UTC, datetime

import msgspec
from lxml import etree

from ucmlab.cluster.node import Node
from ucmlab.cluster.services.service import COMMANDED, NOT_ACTIVATED, STARTED, STARTING, STOPPED, STOPPING, Service
from ucmlab.interfaces.soap import add
from ucmlab.switches import Switches

AST = "http://schemas.cisco.com/ast/soap"
STATUSES = {STARTED: "Started", STOPPED: "Stopped", STARTING: "Starting", STOPPING: "Stopping"}
REASON_CODES = {"": 0, NOT_ACTIVATED: -1068, COMMANDED: -1032}
OTHER_REASON, REFUSED, NO_SUCH_SERVICE = -1019, -1001, -1002
KINDS = ("network", "feature")


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """One item of ServiceInfoList. `up_time_s`: whole seconds, -1 while it does not run."""

    name: str
    status: str
    reason_code: int = 0
    reason: str = ""
    start_time: str = ""
    up_time_s: int = -1


def listed_services(node: Node) -> list[Service]:
    """Feature and network services, by name; the platform's own are not Control Center's business."""
    return sorted((s for s in node.services.values() if s.kind in KINDS), key=lambda service: service.name)


def find_service(node: Node, name: str) -> Service | None:
    """A listed service by its exact name."""
    service = node.services.get(name)
    return service if service is not None and service.kind in KINDS else None


def report(service: Service, node: Node, switches: Switches) -> Report:
    """A service as it stands now."""
    code = REASON_CODES.get(service.reason, OTHER_REASON)
    if service.started_at is None:
        return Report(name=service.name, status=STATUSES[service.state], reason_code=code, reason=service.reason)
    return Report(
        name=service.name,
        status=STATUSES[service.state],
        reason_code=code,
        reason=service.reason,
        start_time=time_text(service.started_at, switches["control_center_start_time_form"]),
        up_time_s=max(0, int(node.now() - service.started_at)),
    )


def unknown(name: str) -> Report:
    """A name the node does not list."""
    return Report(
        name=name, status="Unknown", reason_code=NO_SUCH_SERVICE, reason=f"Service {name} is not known on this node"
    )


def time_text(epoch: float, form: str) -> str:
    """A time in UTC, whole seconds: `ctime` Wed Nov 25 03:28:02 2026, `iso` 2026-11-25T03:28:02Z, or `epoch`."""
    moment = datetime.fromtimestamp(int(epoch), tz=UTC)
    forms = {"ctime": moment.ctime(), "iso": f"{moment:%Y-%m-%dT%H:%M:%SZ}", "epoch": str(int(epoch))}
    return forms[form]


def service_list(operation: str, reports: list[Report], *, reason_code: int = 0, reason: str = "") -> etree._Element:
    """`<operation>Response` with its ServiceInfoList."""
    response = etree.Element(f"{{{AST}}}{operation}Response", nsmap={"ns1": AST})
    returned = add(response, f"{operation}Return", namespace=AST)
    add(returned, "ReturnCode", 0 if reason_code == 0 else 1, namespace=AST)
    add(returned, "ReasonCode", reason_code, namespace=AST)
    add(returned, "ReasonString", reason, namespace=AST)
    listed = add(returned, "ServiceInfoList", namespace=AST)
    for one in reports:
        item = add(listed, "item", namespace=AST)
        add(item, "ServiceName", one.name, namespace=AST)
        add(item, "ServiceStatus", one.status, namespace=AST)
        add(item, "ReasonCode", one.reason_code, namespace=AST)
        add(item, "ReasonCodeString", one.reason, namespace=AST)
        add(item, "StartTime", one.start_time, namespace=AST)
        add(item, "UpTime", one.up_time_s, namespace=AST)
    return response
