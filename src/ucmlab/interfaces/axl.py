"""AXL: SQL for reading, release, nodes, and the refusals of a cluster without phones.

Only the operation element stands in the version's namespace, its children in none. Source: interfaces-http.md 2.
"""

import re
from collections.abc import Sequence

from lxml import etree

from ucmlab.cluster.database import Cells, query
from ucmlab.cluster.database_tables import NODE_ROLES, NODE_USAGES
from ucmlab.cluster.releases import release_tuple
from ucmlab.errors import SqlError
from ucmlab.interfaces.like import like
from ucmlab.interfaces.soap import CLIENT, SERVER, SoapCall, SoapFault, add, elements_of, reply, text_of
from ucmlab.interfaces.soap_site import SoapSite
from ucmlab.interfaces.web.exchange import Call, Result
from ucmlab.interfaces.web.messages import Answer, Asked
from ucmlab.interfaces.web.pages import page

API = "http://www.cisco.com/AXL/API/"
READ_BYTES_MAX = 8 * 1024 * 1024
RESET_TYPES = ("Reset", "Restart", "Apply Configuration", "Generate PRT", "Extended Config Pull")
ITEM_NOT_VALID = 5007
UNSPECIFIED = -1  # axlcode of a fault for which no source gives a number
_COLUMN = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)
_VERSION = re.compile(r"\d{1,3}\.\d{1,3}", re.ASCII)
_NODE_SQL = (
    "select pkid, name, description, mac, ipv6name, tknodeusage, fklbmhubgroup, tkprocessnoderole "
    "from processnode order by nodeid"
)


async def execute_sql_query(asked: Asked, call: SoapCall) -> Result:
    """Rows of one SELECT, one child per column. Raises: SoapFault with Informix's code, or over 8 MB."""
    columns, rows = _query(asked, _required(call, "sql"))
    names = [_column_name(column) for column in columns]
    size = sum(len(cell or "") for row in rows for cell in row)
    if size > READ_BYTES_MAX:
        fewer = max(1, len(rows) * READ_BYTES_MAX // size)
        words = f"Query request too large. Total rows matched: {len(rows)} rows. "
        raise SoapFault(f"{words}Suggested row fetch: less than {fewer} rows")
    response, returned = _answer_to(call)
    for row in rows:
        element = add(returned, "row")
        for name, cell in zip(names, row, strict=True):
            add(element, name, cell)
    return Result(reply(response))


async def get_ccm_version(asked: Asked, call: SoapCall) -> Result:
    """Release of this node, or of the one named. Raises: SoapFault 5007 for a node that is not known."""
    name = _optional(call, "processNodeName")
    try:
        node = asked.cluster.node(name) if name else asked.node
    except KeyError as error:
        raise _not_found(name) from error
    response, returned = _answer_to(call)
    style = asked.cluster.switches["axl_version_text"]
    add(add(returned, "componentVersion"), "version", version_text(node.version, style))
    return Result(reply(response))


async def list_process_node(asked: Asked, call: SoapCall) -> Result:
    """Nodes of the Server page, EnterpriseWideData included, with the tags asked for."""
    criteria = _criteria(call)
    wanted = {name for element in call.children("returnedTags", qualified=False) for name, _ in elements_of(element)}
    rows = [_process_node(dict(zip(columns, row, strict=True))) for columns, row in _processnode_rows(asked)]
    found = [row for row in rows if all(like(pattern, row[name]) for name, pattern in criteria.items())]
    if asked.cluster.switches["axl_paging"] == "honoured":
        skip, first = _whole_number(call, "skip"), _whole_number(call, "first")
        found = found[skip or 0 :][: len(found) if first is None else first]
    response, returned = _answer_to(call)
    for row in found:
        element = add(returned, "processNode")
        element.set("uuid", f"{{{row['uuid'].upper()}}}")
        for name in row:
            if name in wanted:
                add(element, name, row[name])
    return Result(reply(response))


async def do_device_reset(_asked: Asked, call: SoapCall) -> Result:
    """Always a refusal: what is asked is wrong, or there is no such device, since this lab has no phones yet."""
    name = _required(call, "deviceName")
    kind, hard = _optional(call, "deviceResetType"), _optional(call, "isHardReset")
    if bool(kind) == bool(hard):
        raise SoapFault("Give either isHardReset or deviceResetType", code=CLIENT)
    if kind and kind not in RESET_TYPES:
        raise SoapFault(f"The value {kind} is not allowed for deviceResetType", code=CLIENT)
    if hard and hard not in ("true", "false", "1", "0"):
        raise SoapFault(f"The value {hard} is not allowed for isHardReset", code=CLIENT)
    raise _not_found(name)


def version_text(version: str, style: str) -> str:
    """`14.0.1.13900-155` as getCCMVersion writes it: `14.0.1.13900(155)`, or as it is (switch axl_version_text)."""
    if style == "dotted":
        return version
    release, _, build = version.partition("-")
    return f"{release}({build})"


def judge_namespace(asked: Asked, call: SoapCall) -> None:
    """Raises SoapFault for a namespace of no release, of a newer one, or of an older one if the switch refuses it."""
    version = call.namespace.removeprefix(API)
    if not call.namespace.startswith(API) or not _VERSION.fullmatch(version):
        raise SoapFault(f"The namespace {call.namespace} is not one of AXL", code=CLIENT)
    asked_for, own = release_tuple(version), release_tuple(asked.node.version)[:2]
    older_refused = asked.cluster.switches["axl_older_namespace"] == "refuse"
    if asked_for > own or (asked_for < own and older_refused):
        raise SoapFault(f"The AXL version {version} is not supported", code=CLIENT)


def axl_detail(fault: SoapFault, operation: str) -> Sequence[etree._Element]:
    """detail/axlError of a fault. Source: interfaces-http.md 2.3."""
    error = etree.Element("axlError")
    add(error, "axlcode", UNSPECIFIED if fault.axl_code is None else fault.axl_code)
    add(error, "axlmessage", fault.words)
    add(error, "request", operation)
    return (error,)


def _unavailable(asked: Asked) -> int | None:
    services = asked.node.services
    if "Cisco AXL Web Service" not in services or not services["Cisco AXL Web Service"].running:
        return 404
    container = services.get("Cisco AXL Tomcat")
    return 503 if container is not None and not container.running else None


def _query(asked: Asked, sql: str) -> tuple[tuple[str, ...], list[Cells]]:
    try:
        return query(asked.cluster, asked.node, sql)
    except SqlError as error:
        raise SoapFault(error.words, code=SERVER, axl_code=error.code) from error


def _processnode_rows(asked: Asked) -> list[tuple[tuple[str, ...], Cells]]:
    columns, rows = _query(asked, _NODE_SQL)
    return [(columns, row) for row in rows]


def _process_node(row: dict[str, str | None]) -> dict[str, str]:
    return {
        "uuid": row["pkid"] or "",
        "name": row["name"] or "",
        "description": row["description"] or "",
        "mac": row["mac"] or "",
        "ipv6Name": row["ipv6name"] or "",
        "nodeUsage": NODE_USAGES[int(row["tknodeusage"] or 0)],
        "lbmHubGroup": row["fklbmhubgroup"] or "",
        "processNodeRole": NODE_ROLES[int(row["tkprocessnoderole"] or 0)],
    }


def _criteria(call: SoapCall) -> dict[str, str]:
    given = call.children("searchCriteria", qualified=False)
    if not given:
        raise SoapFault("The element searchCriteria is missing", code=CLIENT)
    found = {name: text_of(element) for name, element in elements_of(given[0])}
    for name in found:
        if name not in ("name", "description", "processNodeRole"):
            raise SoapFault(f"The element {name} is not allowed in searchCriteria", code=CLIENT)
    return found


def _answer_to(call: SoapCall) -> tuple[etree._Element, etree._Element]:
    response = etree.Element(f"{{{call.namespace}}}{call.operation}Response", nsmap={"ns": call.namespace})
    return response, add(response, "return")


def _optional(call: SoapCall, name: str) -> str:
    found = call.children(name, qualified=False)
    return text_of(found[0]) if found else ""


def _required(call: SoapCall, name: str) -> str:
    text = _optional(call, name)
    if not text:
        raise SoapFault(f"The element {name} is missing", code=CLIENT)
    return text


def _whole_number(call: SoapCall, name: str) -> int | None:
    text = _optional(call, name)
    if not text:
        return None
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII):
        raise SoapFault(f"The value {text} is not allowed for {name}", code=CLIENT)
    return int(text)


def _column_name(column: str) -> str:
    """A column as an XML name: an expression such as `count(*)` keeps its first word, as Informix names it."""
    found = _COLUMN.search(column)
    return found.group() if found else "expression"


def _not_found(name: str) -> SoapFault:
    return SoapFault(f"Item not valid: The specified {name} was not found", axl_code=ITEM_NOT_VALID)


OPERATIONS = {
    "executeSQLQuery": execute_sql_query,
    "getCCMVersion": get_ccm_version,
    "listProcessNode": list_process_node,
    "doDeviceReset": do_device_reset,
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
