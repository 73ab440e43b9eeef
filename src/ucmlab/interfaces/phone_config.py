"""The XML configuration that Cisco Tftp serves a phone, and how a phone reads it back.

Names of elements are those that phones are known to read; what stands in them is what the lab knows of a phone: its
CallManager group, whose nodes are its TVS servers too, security, web access and what it is to have done by CAPF (the
element `certificateOperation` is the lab's own: no source shows where that stands). Source: phones.md 1.1.
"""

from collections.abc import Sequence
from typing import TypeVar

import msgspec
from lxml import etree

from ucmlab.cluster.phones.memory import BY_NULL_STRING, MODES, NOTHING_PENDING, OPERATIONS, Mode, Operation
from ucmlab.interfaces.soap import add

WEB_ON, WEB_OFF = "0", "1"
NON_SECURE, ENCRYPTED = "1", "3"
TLS, TCP = "3", "1"
SIP_PORTS = (("sipPort", "5060"), ("securedSipPort", "5061"))
SCCP_PORTS = (("ethernetPhonePort", "2000"), ("securedEthernetPhonePort", "2443"))
TVS_PORT, CAPF_PORT = "2445", "3804"

T = TypeVar("T")


class Server(msgspec.Struct, frozen=True, kw_only=True):
    """A node of a CallManager group: its name on the Server page, and its address."""

    name: str
    address: str


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in a configuration. `group` by priority.

    `capf`: its node's name on the Server page, "" where the cluster runs none.
    """

    device: str
    protocol: str
    pool: str
    group: tuple[Server, ...]
    secure: bool
    page: bool
    operation: Operation = NOTHING_PENDING
    mode: Mode = BY_NULL_STRING
    capf: str = ""


class BadConfig(ValueError):
    """A configuration that a phone cannot read."""


def write_config(settings: Settings) -> bytes:
    """The file SEP<MAC>.cnf.xml."""
    root = etree.Element("device")
    add(root, "deviceProtocol", settings.protocol)
    _add_pool(root, settings)
    tvs = add(add(root, "TVS"), "members")
    for priority, server in enumerate(settings.group):
        member = _member(tvs, priority)
        add(member, "port", TVS_PORT)
        add(member, "address", server.address)
    add(add(root, "vendorConfig"), "webAccess", WEB_ON if settings.page else WEB_OFF)
    add(root, "deviceSecurityMode", ENCRYPTED if settings.secure else NON_SECURE)
    add(root, "transportLayerProtocol", TLS if settings.secure else TCP)
    add(root, "capfAuthMode", MODES.index(settings.mode))
    add(root, "certificateOperation", OPERATIONS.index(settings.operation))
    if settings.capf:
        capf = add(add(root, "capfList"), "capf")
        add(capf, "phonePort", CAPF_PORT)
        add(capf, "processNodeName", settings.capf)
    add(add(root, "sipProfile"), "phoneLabel", settings.device)
    return _text(root)


def write_default(group: Sequence[Server], models: Sequence[tuple[str, int]]) -> bytes:
    """The file XMLDefault.cnf.xml. `models`: name and number of each phone model that may register by itself."""
    root = etree.Element("Default")
    _add_group(root, "Default", group, (*SCCP_PORTS, *SIP_PORTS))
    for name, number in models:
        add(root, f"loadInformation{number}", None).set("model", name)
    return _text(root)


def read_config(data: bytes) -> Settings:
    """What a phone understands of its configuration. Raises BadConfig."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise BadConfig(str(error)) from error
    managers = root.iterfind("devicePool/callManagerGroup/members/member/callManager/processNodeName")
    names = [name.text or "" for name in managers]
    addresses = [address.text or "" for address in root.iterfind("TVS/members/member/address")]
    if len(names) != len(addresses):
        raise BadConfig(f"{len(names)} CallManager nodes, but {len(addresses)} TVS servers")
    return Settings(
        device=root.findtext("sipProfile/phoneLabel", ""),
        protocol=root.findtext("deviceProtocol", ""),
        pool=root.findtext("devicePool/name", ""),
        group=tuple(Server(name=name, address=address) for name, address in zip(names, addresses, strict=True)),
        secure=root.findtext("deviceSecurityMode") == ENCRYPTED,
        page=root.findtext("vendorConfig/webAccess") == WEB_ON,
        operation=_numbered(root, "certificateOperation", OPERATIONS, NOTHING_PENDING),
        mode=_numbered(root, "capfAuthMode", MODES, BY_NULL_STRING),
        capf=root.findtext("capfList/capf/processNodeName", ""),
    )


def _numbered(root: etree._Element, name: str, values: Sequence[T], default: T) -> T:
    """The value of a number in the file, the default where there is none. Raises BadConfig."""
    by_number = dict(zip(map(str, range(len(values))), values, strict=True))
    text = root.findtext(name)
    if text is None:
        return default
    if text not in by_number:
        raise BadConfig(f"{name} cannot be {text!r}")
    return by_number[text]


def _add_pool(root: etree._Element, settings: Settings) -> None:
    pool = add(root, "devicePool")
    add(pool, "name", settings.pool)
    _add_group(pool, settings.pool, settings.group, SCCP_PORTS if settings.protocol == "SCCP" else SIP_PORTS)


def _add_group(parent: etree._Element, name: str, servers: Sequence[Server], ports: Sequence[tuple[str, str]]) -> None:
    group = add(parent, "callManagerGroup")
    add(group, "name", name)
    members = add(group, "members")
    for priority, server in enumerate(servers):
        manager = add(_member(members, priority), "callManager")
        add(manager, "name", f"CM_{server.name}")
        listed = add(manager, "ports")
        for port, number in ports:
            add(listed, port, number)
        add(manager, "processNodeName", server.name)


def _member(parent: etree._Element, priority: int) -> etree._Element:
    member = add(parent, "member")
    member.set("priority", str(priority))
    return member


def _text(root: etree._Element) -> bytes:
    text: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return text
