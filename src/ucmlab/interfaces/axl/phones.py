"""AXL: phones listed, shown, and set: their web page through vendorConfig, and what CAPF is to do with their LSC.

The elements of vendorConfig are of the phone's model and any order; the lab knows webAccess (switch axl_web_access).
The elements of CAPF and their values are general product knowledge, not in our sources. Source: interfaces-http.md 2.2,
9; procedure.md 3.3 CAP-7.
"""

from collections.abc import Sequence
from typing import TypeVar

from lxml import etree

from ucmlab.cluster.cluster import Cluster
from ucmlab.cluster.devices import Device, device_named, devices_of
from ucmlab.cluster.phones.memory import MODES, OPERATIONS
from ucmlab.interfaces.axl.messages import (
    answer_to,
    braced,
    chosen,
    criteria_of,
    judge_size,
    judge_write,
    not_found,
    nothing_to_update,
    optional,
    unbraced,
    wanted_tags,
)
from ucmlab.interfaces.soap import CLIENT, SoapCall, SoapFault, add, elements_of, reply, text_of
from ucmlab.interfaces.web.exchange import Result
from ucmlab.interfaces.web.messages import Asked

CRITERIA = ("name", "description", "protocol", "devicePoolName", "securityProfileName")
WEB_ACCESS = {"0": ("0", "1"), "1": ("1", "0"), "Enabled": ("Enabled", "Disabled")}  # on, off by switch
UPDATABLE = ("name", "uuid", "vendorConfig", "certificateOperation", "authenticationMode")

T = TypeVar("T")


async def list_phone(asked: Asked, call: SoapCall) -> Result:
    """Phones whose fields fit every pattern, with the tags asked for. Raises SoapFault over 8 MB."""
    criteria, wanted = criteria_of(call, CRITERIA), wanted_tags(call)
    rows = [_fields(device) for device in devices_of(asked.cluster)]
    found = chosen(asked, call, rows, criteria)
    judge_size(len(found), sum(len(row[name]) + 2 * len(name) + 5 for row in found for name in row if name in wanted))
    response, returned = answer_to(call)
    for row in found:
        element = add(returned, "phone")
        element.set("uuid", braced(row["uuid"]))
        for name in row:
            if name in wanted:
                add(element, name, row[name])
    return Result(reply(response))


async def get_phone(asked: Asked, call: SoapCall) -> Result:
    """One phone by name or uuid, with vendorConfig. Raises SoapFault 5007."""
    device = _asked_for(asked, call)
    if device is None:
        raise not_found(optional(call, "name") or optional(call, "uuid"))
    wanted = wanted_tags(call)
    response, returned = answer_to(call)
    element = add(returned, "phone")
    element.set("uuid", braced(device.uuid))
    for name, value in _fields(device).items():
        if name != "uuid" and (not wanted or name in wanted):
            add(element, name, value)
    if not wanted or "vendorConfig" in wanted:
        on, off = web_access_words(asked.cluster)
        add(add(element, "vendorConfig"), "webAccess", on if device.page_wanted else off)
    return Result(reply(response))


async def update_phone(asked: Asked, call: SoapCall) -> Result:
    """Set webAccess, certificateOperation, authenticationMode of a phone; it obeys the next configuration it accepts.

    The answer is its uuid.

    Raises: Throttled; SoapFault 5003 for no such phone, CLIENT for fields that the lab does not change.
    """
    judge_write(asked, call)
    for name, _ in elements_of(call.element):
        if name not in UPDATABLE:
            raise SoapFault(f"The element {name} is not allowed in updatePhone of this lab", code=CLIENT)
    device = _asked_for(asked, call)
    if device is None:
        raise nothing_to_update(optional(call, "name") or optional(call, "uuid"))
    page = _page_wanted(asked, call)
    operation, mode = _one_of(call, "certificateOperation", OPERATIONS), _one_of(call, "authenticationMode", MODES)
    if page is not None:
        asked.cluster.phones.apply_settings(device.name, page)
    if operation is not None or mode is not None:
        asked.cluster.phones.order_certificate(device.name, operation, mode)
    response, returned = answer_to(call)
    returned.text = braced(device.uuid)
    return Result(reply(response))


def web_access_words(cluster: Cluster) -> tuple[str, str]:
    """The values of webAccess that mean on and off."""
    return WEB_ACCESS[cluster.switches["axl_web_access"]]


def _page_wanted(asked: Asked, call: SoapCall) -> bool | None:
    given: list[etree._Element] = [
        element
        for config in call.children("vendorConfig", qualified=False)
        for name, element in elements_of(config)
        if name == "webAccess"
    ]
    if not given:
        return None
    on, off = web_access_words(asked.cluster)
    word = text_of(given[-1])
    if word not in (on, off):
        raise SoapFault(f"The value {word} is not allowed for webAccess", code=CLIENT)
    return word == on


def _one_of(call: SoapCall, name: str, allowed: Sequence[T]) -> T | None:
    """A child that is one of some words, None when it is not there. Raises SoapFault for anything else."""
    given = call.children(name, qualified=False)
    if not given:
        return None
    found = next((word for word in allowed if word == text_of(given[-1])), None)
    if found is None:
        raise SoapFault(f"The value {text_of(given[-1])} is not allowed for {name}", code=CLIENT)
    return found


def _asked_for(asked: Asked, call: SoapCall) -> Device | None:
    name, uuid = optional(call, "name"), optional(call, "uuid")
    if not name and not uuid:
        raise SoapFault("Give either name or uuid", code=CLIENT)
    return device_named(asked.cluster, name, uuid=unbraced(uuid))


def _fields(device: Device) -> dict[str, str]:
    return {
        "uuid": device.uuid,
        "name": device.name,
        "description": device.description,
        "product": device.model.name,
        "model": device.model.name,
        "class": "Phone",
        "protocol": device.protocol,
        "protocolSide": "User",
        "devicePoolName": device.pool,
        "securityProfileName": f"{device.model.name} - {device.protocol} {device.security} Profile",
        "certificateOperation": device.operation,
        "authenticationMode": device.mode,
        "certificateStatus": device.certificate_status,
    }
