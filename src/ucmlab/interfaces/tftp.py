"""The files of Cisco Tftp by name, the same over HTTP 6970, HTTPS 6971 and UDP 69.

A request for a phone's own trust list is answered with the node's list, whichever phone asks. A name that ends in
`.sgn` is the file without that ending, signed. While the service builds its files it is busy. Source: phones.md 1.1,
interfaces-http.md 6.
"""

import re
from collections.abc import Callable
from enum import Enum

import msgspec

from ucmlab.cluster.cluster import Cluster
from ucmlab.cluster.database_tables import processnode_name
from ucmlab.cluster.node import Node
from ucmlab.cluster.phone_models import MODELS
from ucmlab.cluster.trust_lists.lists import capf_active
from ucmlab.errors import NodeDown, RefuseConnection, Throttled
from ucmlab.interfaces.phone_config import Server, Settings, write_config, write_default
from ucmlab.interfaces.web.messages import Answer, Request, Response
from ucmlab.interfaces.web.pages import page, wrong_method

INTERFACE = "tftp"
SERVICE = "Cisco Tftp"
SIGNED = ".sgn"
CACHE_LIST = "ConfigFileCacheList.txt"
DEFAULT = "XMLDefault.cnf.xml"
GROUP_MAX = 3
_OWN_LIST = re.compile(r"(CTL|ITL)(?:SEP[0-9A-F]{12}|File)\.tlv", re.ASCII)
_OWN_CONFIG = re.compile(r"(SEP[0-9A-F]{12})\.cnf\.xml", re.ASCII)


class Fetched(Enum):
    """What became of a request."""

    FOUND = "found"
    MISSING = "missing"
    BUSY = "busy"


class File(msgspec.Struct, frozen=True):
    """An answer; `data` is None unless the file was found."""

    outcome: Fetched
    data: bytes | None = None


async def fetch(cluster: Cluster, node: Node, name: str) -> File:
    """A file as `node` serves it now, with whatever faults are injected for interface `tftp`.

    Raises: NodeDown, RefuseConnection, DropConnection.
    """
    if node.down:
        raise NodeDown(node.name)
    if not node.runs(SERVICE):
        raise RefuseConnection(node.name)
    name = name.lstrip("/")
    try:
        await cluster.faults.before(node.name, INTERFACE, name)
    except Throttled:
        found = File(Fetched.BUSY)
    else:
        found = _found(cluster, node, name)
    outcome = "ok" if found.data is not None else f"refused: {found.outcome.value}"
    cluster.log.append(cluster.clock.now(), node.name, interface=INTERFACE, operation=name[:80], outcome=outcome)
    if found.data is None:
        return found
    return File(Fetched.FOUND, await cluster.faults.after(node.name, INTERFACE, name, answer=found.data))


async def answer_tftp_http(cluster: Cluster, node: Node, request: Request) -> Response:
    """The same over HTTP: 200, 404, or 503 while busy. Raises as `fetch` does."""
    if request.method not in ("GET", "HEAD"):
        return wrong_method("GET, HEAD")
    found = await fetch(cluster, node, request.path)
    if found.data is None:
        return page(503 if found.outcome is Fetched.BUSY else 404)
    return Response(200, {"Content-Type": "application/octet-stream"}, found.data)


def file_of(cluster: Cluster, node: Node, name: str) -> bytes | None:
    """A file by its exact name, None when there is no such file. Needs: a node whose Cisco Tftp serves."""
    if name.endswith(SIGNED):
        payload = _unsigned(cluster, node, name.removesuffix(SIGNED))
        return None if payload is None or node.tftp is None else node.tftp.signed(name, payload)
    return _trust_list(node, name) or _unsigned(cluster, node, name)


def _found(cluster: Cluster, node: Node, name: str) -> File:
    if node.tftp is None or not node.tftp.serving:
        return File(Fetched.BUSY)
    data = file_of(cluster, node, name)
    return File(Fetched.MISSING) if data is None else File(Fetched.FOUND, data)


def _trust_list(node: Node, name: str) -> bytes | None:
    asked = _OWN_LIST.fullmatch(name)
    if asked is None or node.tftp is None:
        return None
    file = node.tftp.ctl if asked[1] == "CTL" else node.tftp.itl
    return None if file is None else file.data


def _unsigned(cluster: Cluster, node: Node, name: str) -> bytes | None:
    make = _SHARED.get(name)
    if make is not None:
        return make(cluster, node)
    asked = _OWN_CONFIG.fullmatch(name)
    return None if asked is None else _phone_config(cluster, asked[1])


def _phone_config(cluster: Cluster, name: str) -> bytes | None:
    try:
        phone = cluster.phones.phone(name)
    except KeyError:
        return None
    capf = processnode_name(cluster, cluster.publisher) if capf_active(cluster.publisher) else ""
    return write_config(
        Settings(
            device=phone.name,
            protocol=phone.protocol,
            pool=phone.pool,
            group=tuple(_server(cluster, cluster.nodes[host]) for host in phone.record.group),
            secure=phone.record.secure and cluster.security_mode == 1,
            page=phone.record.page,
            operation=phone.record.operation,
            mode=phone.record.mode,
            capf=capf,
        )
    )


def _default_config(cluster: Cluster, _node: Node) -> bytes:
    callers = [node for node in cluster.nodes.values() if node.product == "cucm"][:GROUP_MAX]
    models = [(model.name, model.number) for model in MODELS.values()]
    return write_default([_server(cluster, node) for node in callers], models)


def _cache_list(cluster: Cluster, node: Node) -> bytes:
    """One line a file: its name and white space. What else stands in a line is not published."""
    names = [name for name in LISTS if _trust_list(node, name) is not None]
    names += [DEFAULT, *(f"{name}.cnf.xml{SIGNED}" for name in cluster.phones.names())]
    return "".join(f"{name}\t\n" for name in names).encode()


def _server(cluster: Cluster, node: Node) -> Server:
    return Server(name=processnode_name(cluster, node), address=node.address)


LISTS = ("CTLFile.tlv", "ITLFile.tlv")
_SHARED: dict[str, Callable[[Cluster, Node], bytes]] = {DEFAULT: _default_config, CACHE_LIST: _cache_list}
ANSWERS = tuple(
    Answer(name=name, interface=INTERFACE, call=f"GET /{name}", source="interfaces-http.md 6")
    for name in ("CTLSEP<MAC>.tlv", "ITLSEP<MAC>.tlv", *LISTS, "SEP<MAC>.cnf.xml", DEFAULT, CACHE_LIST)
)
