"""What we do to phones through AXL: a parameter, a phone's own page, a reset. Every verb writes once.

A node's answer is a uuid or `true`, which proves nothing: whoever asked looks afterwards. Source: interfaces-http.md 2.
"""

from copy import deepcopy

from lxml import etree

from ucmcert.errors import OutcomeUnknown
from ucmcert.model.phone import INSTALL, Lsc
from ucmcert.ucm.axl import PATH, action, request
from ucmcert.ucm.origin import Origin
from ucmcert.ucm.soap import call, child, children, local, text_of

READ_S = 30.0
WRITE_S = 120.0
ENTERPRISE_NODE, ENTERPRISE_SERVICE = "EnterpriseWideData", "Enterprise Wide"
WEB_ACCESS = "webAccess"
WEB_ACCESS_VALUE = {True: "0", False: "1"}  # 0 enabled, 1 disabled, as in a phone's configuration file [I]


async def set_parameter(origin: Origin, name: str, value: str) -> str:
    """Set one enterprise parameter; the node's words.

    Raises Refused UCM-SOAP-001, OutcomeUnknown UCM-HTTP-001 (throttled, too), UCM-NET-*, UsageError UCM-AUTH-*.
    """
    asked = request(origin, "updateServiceParameter")
    for key, text in (
        ("processNodeName", ENTERPRISE_NODE),
        ("name", name),
        ("service", ENTERPRISE_SERVICE),
        ("value", value),
    ):
        etree.SubElement(asked, key).text = text
    return await _write(origin, "updateServiceParameter", asked)


async def phone_page(origin: Origin, name: str) -> bool | None:
    """Whether the database has the phone's web page on; None when the phone has no setting of its own.

    Raises as `set_phone_page`.
    """
    told = text_of(await _vendor_config(origin, name), WEB_ACCESS)
    return next((on for on, value in WEB_ACCESS_VALUE.items() if value == told), None)


async def set_phone_page(origin: Origin, name: str, *, on: bool) -> str:
    """Switch the web page of one phone, which obeys at its next reset; the node's words.

    The product-specific settings are written as a whole, so they are read first and written back with this one changed.
    Raises as `set_parameter`; OutcomeUnknown UCM-AXL-004 when they cannot be read, and then nothing was written.
    """
    asked = request(origin, "updatePhone")
    etree.SubElement(asked, "name").text = name
    settings = await _vendor_config(origin, name)
    for one in children(settings):
        if local(one) == WEB_ACCESS:
            settings.remove(one)
    etree.SubElement(settings, WEB_ACCESS).text = WEB_ACCESS_VALUE[on]
    asked.append(settings)
    return await _write(origin, "updatePhone", asked)


async def renew_lsc(origin: Origin, name: str, authentication: str) -> str:
    """Have one phone install a new LSC when it boots next, proving itself as `authentication` says; the node's words.

    Raises as `set_parameter`. Source: procedure.md 3.3 CAP-7; names of the fields are general knowledge of AXL [I].
    """
    asked = request(origin, "updatePhone")
    for key, text in (("name", name), ("certificateOperation", INSTALL), ("authenticationMode", authentication)):
        etree.SubElement(asked, key).text = text
    return await _write(origin, "updatePhone", asked)


async def lsc_of(origin: Origin, name: str) -> Lsc | None:
    """What the cluster says of one phone's LSC; None when its answer does not tell. Raises as `set_parameter`."""
    asked = request(origin, "getPhone")
    etree.SubElement(asked, "name").text = name
    tags = etree.SubElement(asked, "returnedTags")
    for tag in ("certificateOperation", "certificateStatus"):
        etree.SubElement(tags, tag)
    answer = await call(origin, PATH, action(origin, "getPhone"), asked, READ_S)
    phone = child(child(answer, "return"), "phone")
    operation, status = text_of(phone, "certificateOperation"), text_of(phone, "certificateStatus")
    return Lsc(operation=operation, status=status) if operation and status else None


async def reset_pool(origin: Origin, pool: str) -> str:
    """Reset every phone of a device pool; the node's words. Raises as `set_parameter`."""
    asked = request(origin, "resetDevicePool")
    etree.SubElement(asked, "name").text = pool
    return await _write(origin, "resetDevicePool", asked)


async def reset_phone(origin: Origin, name: str) -> str:
    """Reset one phone; the node's words. Raises as `set_parameter`."""
    asked = request(origin, "resetPhone")
    etree.SubElement(asked, "name").text = name
    return await _write(origin, "resetPhone", asked)


async def _write(origin: Origin, operation: str, asked: etree._Element) -> str:
    answer = await call(origin, PATH, action(origin, operation), asked, WRITE_S)
    return text_of(answer, "return") or f"{local(answer)} without words"


async def _vendor_config(origin: Origin, name: str) -> etree._Element:
    """The phone's product-specific settings as an element that may be changed and sent back."""
    asked = request(origin, "getPhone")
    etree.SubElement(asked, "name").text = name
    etree.SubElement(etree.SubElement(asked, "returnedTags"), "vendorConfig")
    answer = await call(origin, PATH, action(origin, "getPhone"), asked, READ_S)
    phone = child(child(answer, "return"), "phone")
    if phone is None:
        raise OutcomeUnknown(
            "UCM-AXL-004",
            f"the settings of {name} cannot be read",
            where=origin.where,
            why="the answer holds no phone",
            sent=False,
        )
    settings = etree.Element("vendorConfig")
    for one in children(child(phone, "vendorConfig")):
        settings.append(_without_namespace(deepcopy(one)))
    return settings


def _without_namespace(element: etree._Element) -> etree._Element:
    """AXL's children stand in no namespace (interfaces-http.md 2.1)."""
    for one in element.iter():
        if isinstance(one.tag, str):
            one.tag = etree.QName(one).localname
    etree.cleanup_namespaces(element)
    return element
