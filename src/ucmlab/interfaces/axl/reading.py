"""AXL for reading: SQL, the release, and the nodes of the cluster. Source: interfaces-http.md 2.2, 2.3."""

import copy
import re
from collections.abc import Sequence

from lxml import etree

from ucmlab.cluster.database import Cells, query
from ucmlab.cluster.database_tables import NODE_ROLES, NODE_USAGES
from ucmlab.errors import SqlError
from ucmlab.interfaces.axl.messages import (
    answer_to,
    braced,
    chosen,
    criteria_of,
    judge_size,
    not_found,
    optional,
    required,
    wanted_tags,
)
from ucmlab.interfaces.soap import SERVER, SoapCall, SoapFault, add, reply, xml_text
from ucmlab.interfaces.web.exchange import Result
from ucmlab.interfaces.web.messages import Asked

_COLUMN = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)
_NODE_SQL = (
    "select pkid, name, description, mac, ipv6name, tknodeusage, fklbmhubgroup, tkprocessnoderole "
    "from processnode order by nodeid"
)


async def execute_sql_query(asked: Asked, call: SoapCall) -> Result:
    """Rows of one SELECT, one child per column. Raises: SoapFault with Informix's code, or over 8 MB."""
    columns, rows = read_rows(asked, required(call, "sql"))
    names = [_column_name(column) for column in columns]
    judge_size(len(rows), sum(len(cell or "") for row in rows for cell in row))
    response, returned = answer_to(call)
    _add_rows(returned, names, rows)
    return Result(reply(response))


async def get_ccm_version(asked: Asked, call: SoapCall) -> Result:
    """Release of this node, or of the one named. Raises: SoapFault 5007 for a node that is not known."""
    name = optional(call, "processNodeName")
    try:
        node = asked.cluster.node(name) if name else asked.node
    except KeyError as error:
        raise not_found(name) from error
    response, returned = answer_to(call)
    style = asked.cluster.switches["axl_version_text"]
    add(add(returned, "componentVersion"), "version", version_text(node.version, style))
    return Result(reply(response))


async def list_process_node(asked: Asked, call: SoapCall) -> Result:
    """Nodes of the Server page, EnterpriseWideData included, with the tags asked for."""
    criteria, wanted = criteria_of(call, ("name", "description", "processNodeRole")), wanted_tags(call)
    columns, found = read_rows(asked, _NODE_SQL)
    rows = [_process_node(dict(zip(columns, row, strict=True))) for row in found]
    response, returned = answer_to(call)
    for row in chosen(asked, call, rows, criteria):
        element = add(returned, "processNode")
        element.set("uuid", braced(row["uuid"]))
        for name in row:
            if name in wanted:
                add(element, name, row[name])
    return Result(reply(response))


def version_text(version: str, style: str) -> str:
    """`14.0.1.13900-155` as getCCMVersion writes it: `14.0.1.13900(155)`, or as it is (switch axl_version_text)."""
    if style == "dotted":
        return version
    release, _, build = version.partition("-")
    return f"{release}({build})"


def read_rows(asked: Asked, sql: str) -> tuple[tuple[str, ...], list[Cells]]:
    """Columns and rows of one SELECT. Raises SoapFault with Informix's code."""
    try:
        return query(asked.cluster, asked.node, sql)
    except SqlError as error:
        raise SoapFault(error.words, code=SERVER, axl_code=error.code) from error


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


def _add_rows(returned: etree._Element, names: Sequence[str], rows: Sequence[Cells]) -> None:
    """Copies of a form that is filled in: thousands of rows are many elements to make one by one."""
    form = etree.Element("row")
    for name in names:
        add(form, name)
    for row in rows:
        element = copy.copy(form)
        for child, cell in zip(element, row, strict=True):
            if cell is not None:
                child.text = xml_text(cell)
        returned.append(element)


def _column_name(column: str) -> str:
    """A column as an XML name: an expression such as `count(*)` keeps its first word, as Informix names it."""
    found = _COLUMN.search(column)
    return found.group() if found else "expression"
