"""AXL: the release of a node, and rows of the database by `executeSQLQuery`. Reading only (writes: phones/changes).

A SQL row is a hint, never evidence: services read files, not the database (interfaces-http.md 2.4).
"""

import re
from functools import lru_cache

from lxml import etree

from ucmcert.errors import OutcomeUnknown
from ucmcert.model.node import Release
from ucmcert.ucm.origin import Origin
from ucmcert.ucm.soap import call, child, text_of

PATH = "/axl/"
UNKNOWN_RELEASE = "10.0"  # of a node we know nothing of yet: newer servers take older requests (interfaces-http.md 2.1)
NAMESPACE = "http://www.cisco.com/AXL/API/"
TIMEOUT_S = 30.0
RELEASE = re.compile(r"(\d+)\.(\d+)\.(\d+)\.(\d+)(?:-(\d+)|\((\d+)\))?")
Row = dict[str, str]


async def sql_rows(origin: Origin, statement: str) -> tuple[Row, ...]:
    """The rows of a `select`, column names in lower case, an empty or null value as "".

    Raises Refused UCM-SOAP-001 (SQL error, throttling by words), OutcomeUnknown, UsageError UCM-AUTH-*.
    """
    asked = request(origin, "executeSQLQuery")
    etree.SubElement(asked, "sql").text = statement
    answer = await call(origin, PATH, action(origin, "executeSQLQuery"), asked, TIMEOUT_S)
    return read_rows(answer)


async def node_release(origin: Origin) -> Release:
    """The release of the node that is asked. Raises as `sql_rows`; OutcomeUnknown UCM-AXL-001 for other words."""
    asked = request(origin, "getCCMVersion")
    answer = await call(origin, PATH, action(origin, "getCCMVersion"), asked, TIMEOUT_S)
    said = text_of(child(child(answer, "return"), "componentVersion"), "version")
    release = read_release(said)
    if release is None:
        why = f"it calls its version {said!r}" if said else "it named no version"
        raise OutcomeUnknown("UCM-AXL-001", "the release of the node cannot be read", where=origin.where, why=why)
    return release


def read_rows(answer: etree._Element) -> tuple[Row, ...]:
    """The rows of an `executeSQLQueryResponse`."""
    result = child(answer, "return")
    if result is None:
        return ()
    rows = (row for row in result if isinstance(row.tag, str) and row.tag.rpartition("}")[2] == "row")
    return tuple(
        {_column(cell.tag): (cell.text or "").strip() for cell in row if isinstance(cell.tag, str)} for row in rows
    )


@lru_cache(maxsize=256)  # thousands of rows have the same few columns
def _column(tag: str) -> str:
    return tag.rpartition("}")[2].lower()


def read_release(text: str) -> Release | None:
    """`14.0.1.13900-155` and `14.0.1.13900(155)` alike; None for anything else. Source: interfaces-http.md 2.2."""
    match = RELEASE.fullmatch(text.strip())
    if match is None:
        return None
    major, minor, maintenance, engineering, dashed, bracketed = match.groups()
    return Release(int(major), int(minor), int(maintenance), int(engineering), int(dashed or bracketed or 0))


def request(origin: Origin, operation: str) -> etree._Element:
    """An empty request. Only the operation itself stands in AXL's namespace; its children stand in none."""
    return etree.Element(f"{{{NAMESPACE}{_version(origin)}}}{operation}", nsmap={"ns": NAMESPACE + _version(origin)})


def action(origin: Origin, operation: str) -> str:
    """The SOAPAction of an operation."""
    return f"CUCM:DB ver={_version(origin)} {operation}"


def _version(origin: Origin) -> str:
    """The version we ask in: the node's own, which no server refuses, neither as too new nor as too old."""
    release = origin.node.release
    return f"{release.major}.{release.minor}" if release.major else UNKNOWN_RELEASE
