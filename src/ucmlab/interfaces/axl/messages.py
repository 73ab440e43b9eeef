"""How AXL's messages are read and written: children in no namespace, uuids in braces, faults with axlcode.

Source: interfaces-http.md 2.1 to 2.3.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from lxml import etree

from ucmlab.interfaces.like import like
from ucmlab.interfaces.soap import CLIENT, SoapCall, SoapFault, add, elements_of, text_of
from ucmlab.interfaces.web.messages import Asked

READ_BYTES_MAX = 8 * 1024 * 1024
ITEM_NOT_VALID = 5007
NOT_FOUND_FOR_UPDATE = 5003
WRITES, RETRY_WRITE_S = "AXL writes", 5.0
UNSPECIFIED = -1  # axlcode of a fault for which no source gives a number


def axl_detail(fault: SoapFault, operation: str) -> Sequence[etree._Element]:
    """detail/axlError of a fault. Source: interfaces-http.md 2.3."""
    error = etree.Element("axlError")
    add(error, "axlcode", UNSPECIFIED if fault.axl_code is None else fault.axl_code)
    add(error, "axlmessage", fault.words)
    add(error, "request", operation)
    return (error,)


def answer_to(call: SoapCall) -> tuple[etree._Element, etree._Element]:
    """The response element in the namespace asked in, and its empty `return`."""
    response = etree.Element(f"{{{call.namespace}}}{call.operation}Response", nsmap={"ns": call.namespace})
    return response, add(response, "return")


def optional(call: SoapCall, name: str) -> str:
    """Text of a child, "" when it is not there."""
    found = call.children(name, qualified=False)
    return text_of(found[0]) if found else ""


def required(call: SoapCall, name: str) -> str:
    """Text of a child. Raises SoapFault when it is missing or empty."""
    text = optional(call, name)
    if not text:
        raise SoapFault(f"The element {name} is missing", code=CLIENT)
    return text


def whole_number(call: SoapCall, name: str) -> int | None:
    """A child that is a number, None when it is not there. Raises SoapFault for anything else."""
    text = optional(call, name)
    if not text:
        return None
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII):
        raise SoapFault(f"The value {text} is not allowed for {name}", code=CLIENT)
    return int(text)


def braced(uuid: str) -> str:
    """A primary key as AXL writes it."""
    return f"{{{uuid.upper()}}}"


def unbraced(uuid: str) -> str:
    """A primary key as the database has it."""
    return uuid.strip("{} ").lower()


def not_found(name: str) -> SoapFault:
    """5007, for what is read or reset."""
    return SoapFault(f"Item not valid: The specified {name} was not found", axl_code=ITEM_NOT_VALID)


def nothing_to_update(name: str) -> SoapFault:
    """5003, for what is updated."""
    return SoapFault(f"The specified {name} was not found", axl_code=NOT_FOUND_FOR_UPDATE)


def criteria_of(call: SoapCall, allowed: Collection[str]) -> dict[str, str]:
    """The patterns of searchCriteria by name. Raises SoapFault for a missing or unknown element."""
    given = call.children("searchCriteria", qualified=False)
    if not given:
        raise SoapFault("The element searchCriteria is missing", code=CLIENT)
    found = {name: text_of(element) for name, element in elements_of(given[0])}
    for name in found:
        if name not in allowed:
            raise SoapFault(f"The element {name} is not allowed in searchCriteria", code=CLIENT)
    return found


def wanted_tags(call: SoapCall) -> set[str]:
    """Names of the elements that returnedTags asks for."""
    return {name for element in call.children("returnedTags", qualified=False) for name, _ in elements_of(element)}


def chosen(
    asked: Asked, call: SoapCall, rows: Iterable[Mapping[str, str]], criteria: Mapping[str, str]
) -> list[Mapping[str, str]]:
    """The rows that fit every pattern, cut to a page where switch axl_paging honours skip and first."""
    found = [row for row in rows if all(like(pattern, row[name]) for name, pattern in criteria.items())]
    if asked.cluster.switches["axl_paging"] == "honoured":
        skip, first = whole_number(call, "skip"), whole_number(call, "first")
        found = found[skip or 0 :][: len(found) if first is None else first]
    return found


def judge_size(rows: int, size: int) -> None:
    """Raises SoapFault for a read over 8 MB, with a suggestion. `size` in characters."""
    if size > READ_BYTES_MAX:
        fewer = max(1, rows * READ_BYTES_MAX // size)
        words = f"Query request too large. Total rows matched: {rows} rows. "
        raise SoapFault(f"{words}Suggested row fetch: less than {fewer} rows")


def judge_write(asked: Asked, call: SoapCall) -> None:
    """Raises Throttled while the transaction queue of the database is full (fault axl-write-throttle): HTTP 503.

    Source: interfaces-http.md 2.3.
    """
    limits = asked.cluster.limits
    rule = asked.cluster.faults.strikes("axl-write-throttle", asked.node.name, "axl", call.operation)
    if rule is not None:
        limits.refuse_for(WRITES, rule.seconds)
    limits.judge_spell(WRITES, RETRY_WRITE_S)
