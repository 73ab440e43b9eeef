"""The phone's own web page: 79xx style XML, and the Serviceability pages of 78xx and 88xx.

Off unless its configuration turned it on. Which page shows the checksums of the trust lists, under which names and as
MD5 or SHA1, nobody has published: switches phone_page_*. Element names of the other pages are ours. Source:
interfaces-http.md 9, phones.md 2.4.
"""

from collections.abc import Callable, Mapping, Sequence
from html import escape

from lxml import etree

from ucmlab.cluster.cluster import Cluster
from ucmlab.cluster.phone_models import phone_model
from ucmlab.cluster.phone_report import PhoneReport, report_phone
from ucmlab.errors import RefuseConnection
from ucmlab.interfaces.soap import add
from ucmlab.interfaces.web.messages import Answer, Response, xml_response
from ucmlab.interfaces.web.pages import page

Fields = Sequence[tuple[str, str]]
INTERFACE = "phone-page"
SERVICEABILITY = "/CGI/Java/Serviceability?adapter="
HTML = "<!doctype html><html><head><title>{title}</title></head><body><table>{rows}</table></body></html>"
ROW = "<tr><td>{name}</td><td>{value}</td></tr>"


def answer_page(cluster: Cluster, phone_name: str, path: str) -> Response:
    """What a phone answers to `GET path` (with its query) on port 80.

    404 for a page that its model does not have. Raises: RefuseConnection when the phone has no power or its page is
    off, KeyError for a phone that does not exist.
    """
    phone = report_phone(cluster, phone_name)
    if not phone.page or not phone.powered:
        raise RefuseConnection(phone.name)
    style = phone_model(phone.model).page
    name = path.removeprefix("/") if style == "xml" else path.removeprefix(SERVICEABILITY)
    plain = name.partition("?")[0]
    if style == "serviceability" and not path.startswith(SERVICEABILITY):
        return page(404)
    make = PAGES[style].get(plain)
    if plain == TRUST_PAGES[style] and cluster.switches["phone_page_trust"] == "own-page":
        make = _checksums
    if make is None:
        return page(404)
    fields = make(cluster, phone)
    title = plain.removesuffix("X") if style == "xml" else plain
    if style == "serviceability" and cluster.switches["phone_page_form"] == "html":
        return _html(title, fields)
    return _xml(TITLES.get(title, title), fields)


def _device(_cluster: Cluster, phone: PhoneReport) -> Fields:
    return (
        ("MACAddress", phone.name.removeprefix("SEP")),
        ("HostName", phone.name),
        ("modelNumber", phone.model),
        ("serialNumber", f"LAB{phone.name[-8:]}"),
    )


def _configuration(cluster: Cluster, phone: PhoneReport) -> Fields:
    servers = [(f"TFTPServer{number}", host) for number, host in enumerate(phone.tftp, 1)]
    managers = [
        (f"CallManager{number}", f"{host}{' Active' if host == phone.registered_on else ''}")
        for number, host in enumerate(phone.group, 1)
    ]
    shown = cluster.switches["phone_page_trust"] == "configuration"
    return (
        ("MACAddress", phone.name.removeprefix("SEP")),
        ("HostName", phone.name),
        ("IPAddress", phone.address),
        *servers,
        *managers,
        ("WebAccess", "Enabled"),
        *(_checksums(cluster, phone) if shown else ()),
    )


def _port(_cluster: Cluster, _phone: PhoneReport) -> Fields:
    return (("PortSpeed", "1000"), ("PortDuplex", "Full"))


def _messages(_cluster: Cluster, phone: PhoneReport) -> Fields:
    return tuple(("status", message) for message in phone.status_messages)


def _log(_cluster: Cluster, phone: PhoneReport) -> Fields:
    return tuple(("status", message) for message in phone.status_messages[-1:])


def _checksums(cluster: Cluster, phone: PhoneReport) -> Fields:
    """ITL and CTL as the phone shows them: of the whole file; `Not Installed` without one."""
    switches = cluster.switches
    kind = switches["phone_page_checksum"]
    if kind == "by-model":
        kind = phone_model(phone.model).checksum
    itl, ctl = (phone.itl_sha1, phone.ctl_sha1) if kind == "sha1" else (phone.itl_md5, phone.ctl_md5)
    return (
        (switches["phone_page_ctl_field"], _digits(ctl, switches)),
        (switches["phone_page_itl_field"], _digits(itl, switches)),
    )


def _digits(checksum: str | None, switches: Mapping[str, str]) -> str:
    if checksum is None:
        return "Not Installed"
    if switches["phone_page_digits"] == "lower":
        return checksum
    return "".join(f"{checksum[place : place + 2].upper()} " for place in range(0, len(checksum), 2))


def _xml(title: str, fields: Fields) -> Response:
    root = etree.Element(title)
    for name, value in fields:
        add(root, name, value)
    return xml_response(200, etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _html(title: str, fields: Fields) -> Response:
    rows = "".join(ROW.format(name=escape(name), value=escape(value)) for name, value in fields)
    body = HTML.format(title=escape(title), rows=rows).encode()
    return Response(200, {"Content-Type": "text/html;charset=utf-8"}, body)


Make = Callable[[Cluster, PhoneReport], Fields]
PAGES: dict[str, dict[str, Make]] = {
    "xml": {
        "DeviceInformationX": _device,
        "NetworkConfigurationX": _configuration,
        "PortInformationX": _port,
        "StatusMessagesX": _messages,
        "DeviceLogX": _log,
    },
    "serviceability": {
        "device.statistics.device": _device,
        "device.statistics.configuration": _configuration,
        "device.settings.status.messages": _messages,
        "device.statistics.consolelog": _log,
    },
}
TRUST_PAGES = {"xml": "TrustListX", "serviceability": "device.settings.security.trustlist"}
TITLES = {
    "device.statistics.device": "DeviceInformation",
    "device.statistics.configuration": "NetworkConfiguration",
    "device.settings.status.messages": "StatusMessages",
    "device.statistics.consolelog": "DeviceLog",
    "device.settings.security.trustlist": "TrustList",
}
ANSWERS = tuple(
    Answer(name=name, interface=INTERFACE, call=f"GET {before}{name}", source="interfaces-http.md 9")
    for style, before in (("xml", "/"), ("serviceability", SERVICEABILITY))
    for name in (*PAGES[style], TRUST_PAGES[style])
)
