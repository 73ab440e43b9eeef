"""SOAP envelopes out, SOAP answers in: thin on purpose, safe on hostile bytes, no schema needed.

Status and content type are looked at before anything is parsed, since Tomcat answers in HTML when it refuses. A
DOCTYPE is refused outright: with entities switched off lxml would give an empty text instead of an error (spikes.md 6).
"""

import msgspec
from lxml import etree

from ucmcert.errors import OutcomeUnknown, Refused
from ucmcert.model.ports import HttpAnswer
from ucmcert.ucm.origin import Origin, login_trouble, unclear

ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
UNCLEAR_STATUS = {404, 408, 429, 502, 503, 504}


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """A SOAP fault in the node's own words: `code` is `faultcode`, `words` everything it says, untouched."""

    code: str
    words: str


async def call(origin: Origin, path: str, action: str, request: etree._Element, timeout_s: float) -> etree._Element:
    """Send `request` in an envelope and return the answer's first body element.

    Raises Refused UCM-SOAP-001 (a fault), OutcomeUnknown UCM-HTTP-001, UCM-SOAP-002, UCM-NET-*, UsageError UCM-AUTH-*.
    """
    answer = await origin.http.request(
        "POST",
        path,
        headers={"Content-Type": "text/xml; charset=utf-8", "SOAPAction": f'"{action}"'},
        body=envelope(request),
        timeout_s=timeout_s,
    )
    return read_answer(answer, origin.where, origin.user)


def envelope(request: etree._Element) -> bytes:
    """The bytes of a SOAP 1.1 message that carries `request`."""
    outer = etree.Element(f"{{{ENVELOPE}}}Envelope", nsmap={"soapenv": ENVELOPE})
    etree.SubElement(outer, f"{{{ENVELOPE}}}Header")
    etree.SubElement(outer, f"{{{ENVELOPE}}}Body").append(request)
    return etree.tostring(outer, xml_declaration=True, encoding="UTF-8")


def read_answer(answer: HttpAnswer, where: str, user: str) -> etree._Element:
    """The first element of the SOAP body. Raises as `call` does."""
    trouble = login_trouble(answer, where, user)
    if trouble is not None:
        raise trouble
    if answer.status in UNCLEAR_STATUS or "xml" not in answer.content_type.lower():
        raise unclear(answer, where)
    content = _body(answer.body, where)
    fault = read_fault(content)
    if fault is not None:
        raise Refused(
            "UCM-SOAP-001",
            "the node refused the request",
            where=where,
            why=f"it answered with the fault {fault.code or 'without a code'}",
            next="see its answer",
            answer=fault.words,
        )
    if answer.status != 200:
        raise unclear(answer, where)
    return content


def read_fault(content: etree._Element) -> Fault | None:
    """The fault that `content` is; None when it is an ordinary answer. Source: interfaces-http.md 2.3."""
    if local(content) != "Fault":
        return None
    words = [text_of(content, "faultstring")]
    words += [f"{local(one)}: {one.text.strip()}" for one in _leaves(child(content, "detail")) if one.text]
    return Fault(code=text_of(content, "faultcode"), words="\n".join(line for line in words if line))


def local(element: etree._Element) -> str:
    """The name of `element` without its namespace; "" for a comment or a processing instruction."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def children(element: etree._Element | None) -> list[etree._Element]:
    """The elements inside `element`, comments left out; none for None."""
    return [] if element is None else [one for one in element if isinstance(one.tag, str)]


def child(element: etree._Element | None, name: str) -> etree._Element | None:
    """The first child called `name`, in whatever namespace."""
    return None if element is None else next((one for one in element if local(one) == name), None)


def text_of(element: etree._Element | None, name: str) -> str:
    """The trimmed text of the child called `name`; "" when it is missing, nil or empty."""
    found = child(element, name)
    return (found.text or "").strip() if found is not None else ""


def _leaves(element: etree._Element | None) -> list[etree._Element]:
    if element is None:
        return []
    return [one for one in element.iter() if isinstance(one.tag, str) and not children(one)]


def _body(content: bytes, where: str) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _garbled(where, "it is not XML") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise _garbled(where, "it carries a DOCTYPE, which no SOAP answer may")
    inside = children(child(root, "Body")) if local(root) == "Envelope" else []
    if not inside:
        raise _garbled(where, "it is no SOAP envelope with a body")
    return inside[0]


def _garbled(where: str, why: str) -> OutcomeUnknown:
    return OutcomeUnknown("UCM-SOAP-002", "the node's answer cannot be read", where=where, why=why)
