"""The AXL application: its operations, its login role, and what it does while it does not run.

Only the operation element stands in the version's namespace, its children in none. Source: interfaces-http.md 2.
"""

import re

from ucmlab.cluster.releases import release_tuple
from ucmlab.interfaces.axl.messages import axl_detail
from ucmlab.interfaces.axl.parameters import update_service_parameter
from ucmlab.interfaces.axl.phones import get_phone, list_phone, update_phone
from ucmlab.interfaces.axl.reading import execute_sql_query, get_ccm_version, list_process_node
from ucmlab.interfaces.axl.resets import (
    apply_phone,
    do_device_reset,
    reset_call_manager_group,
    reset_device_pool,
    reset_phone,
    restart_phone,
)
from ucmlab.interfaces.soap import CLIENT, SoapCall, SoapFault
from ucmlab.interfaces.soap_site import SoapSite
from ucmlab.interfaces.web.exchange import Call
from ucmlab.interfaces.web.messages import Answer, Asked
from ucmlab.interfaces.web.pages import page

API = "http://www.cisco.com/AXL/API/"
_VERSION = re.compile(r"\d{1,3}\.\d{1,3}", re.ASCII)


def judge_namespace(asked: Asked, call: SoapCall) -> None:
    """Raises SoapFault for a namespace of no release, of a newer one, or of an older one if the switch refuses it."""
    version = call.namespace.removeprefix(API)
    if not call.namespace.startswith(API) or not _VERSION.fullmatch(version):
        raise SoapFault(f"The namespace {call.namespace} is not one of AXL", code=CLIENT)
    asked_for, own = release_tuple(version), release_tuple(asked.node.version)[:2]
    older_refused = asked.cluster.switches["axl_older_namespace"] == "refuse"
    if asked_for > own or (asked_for < own and older_refused):
        raise SoapFault(f"The AXL version {version} is not supported", code=CLIENT)


def _unavailable(asked: Asked) -> int | None:
    services = asked.node.services
    if "Cisco AXL Web Service" not in services or not services["Cisco AXL Web Service"].running:
        return 404
    container = services.get("Cisco AXL Tomcat")
    return 503 if container is not None and not container.running else None


OPERATIONS = {
    "executeSQLQuery": execute_sql_query,
    "getCCMVersion": get_ccm_version,
    "listProcessNode": list_process_node,
    "listPhone": list_phone,
    "getPhone": get_phone,
    "updatePhone": update_phone,
    "doDeviceReset": do_device_reset,
    "resetPhone": reset_phone,
    "restartPhone": restart_phone,
    "applyPhone": apply_phone,
    "resetDevicePool": reset_device_pool,
    "resetCallManagerGroup": reset_call_manager_group,
    "updateServiceParameter": update_service_parameter,
}
ANSWERS = tuple(
    Answer(name=operation, interface="axl", call=operation, source="interfaces-http.md 2.2") for operation in OPERATIONS
)
AXL = SoapSite(
    interface="axl",
    paths=("/axl/",),
    role="Standard AXL API Access",
    wsdl="axl.xml",
    operations=OPERATIONS,
    unavailable=_unavailable,
    judge_namespace=judge_namespace,
    detail=axl_detail,
    name_call=lambda call: Call(interface="axl", operation=call.operation),
    throttled=lambda _asked: page(503),
)
