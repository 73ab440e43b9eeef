"""SOAP 1.1 envelopes: hostile bytes in, one operation element out; answers and faults back.

No entity is expanded, nothing is fetched, a DOCTYPE is refused. The operation is the first element of the body;
SOAPAction is not looked at. Source: interfaces-http.md 2, 3, 4.
"""

import re
from collections.abc import Iterator, Sequence

import msgspec
from lxml import etree

from ucmlab.errors import LabError
from ucmlab.interfaces.web.messages import Response, xml_response

ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
CLIENT, SERVER = "soapenv:Client", "soapenv:Server"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class SoapFault(LabError):
    """A SOAP fault in the making: `code` CLIENT or SERVER, `words` for faultstring, `status` of HTTP.

    `axl_code` becomes detail/axlError/axlcode of AXL.
    """

    def __init__(self, words: str, *, code: str = SERVER, status: int = 500, axl_code: int | None = None) -> None:
        super().__init__(words)
        self.words = words
        self.code = code
        self.status = status
        self.axl_code = axl_code


class SoapCall(msgspec.Struct, frozen=True):
    """The operation element of a request."""

    operation: str
    namespace: str
    element: etree._Element

    def children(self, name: str, *, qualified: bool) -> list[etree._Element]:
        """Direct children of a name, in the operation's namespace or in none."""
        return children(self.element, name, self.namespace if qualified else "")


def parse_call(body: bytes) -> SoapCall:
    """The operation of an envelope. Raises SoapFault CLIENT."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise SoapFault("The request is not well-formed XML", code=CLIENT) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise SoapFault("A DOCTYPE is not allowed in a SOAP message", code=CLIENT)
    if root.tag != f"{{{ENVELOPE}}}Envelope":
        raise SoapFault("The request is not a SOAP 1.1 envelope", code=CLIENT)
    bodies = children(root, "Body", ENVELOPE)
    elements = [element for element in bodies[0] if isinstance(element.tag, str)] if bodies else []
    if not elements:
        raise SoapFault("The SOAP body is empty", code=CLIENT)
    name = etree.QName(elements[0])
    return SoapCall(name.localname, name.namespace or "", elements[0])


def children(element: etree._Element, name: str, namespace: str) -> list[etree._Element]:
    """Direct children of a name in a namespace ("" for none)."""
    wanted = f"{{{namespace}}}{name}" if namespace else name
    return [child for child in element if child.tag == wanted]


def elements_of(element: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    """Local name and element of every child element."""
    for child in element:
        if isinstance(child.tag, str):
            yield etree.QName(child).localname, child


def text_of(element: etree._Element) -> str:
    """Text of an element, without blanks around it."""
    return (element.text or "").strip()


def add(parent: etree._Element, name: str, text: str | int | None = None, *, namespace: str = "") -> etree._Element:
    """A new child; characters that XML cannot carry are left out of its text."""
    child = etree.SubElement(parent, f"{{{namespace}}}{name}" if namespace else name)
    if text is not None:
        child.text = xml_text(text)
    return child


def xml_text(value: str | int) -> str:
    """A value as text, without the characters that XML cannot carry."""
    text = str(value)
    return text if text.isascii() and text.isprintable() else _NOT_XML.sub("", text)


def reply(content: etree._Element) -> Response:
    """200 with an envelope around an answer."""
    return _enveloped(200, content)


def fault_response(fault: SoapFault, detail: Sequence[etree._Element] = ()) -> Response:
    """The envelope of a fault; its children are unqualified."""
    element = etree.Element(f"{{{ENVELOPE}}}Fault", nsmap={"soapenv": ENVELOPE})
    add(element, "faultcode", fault.code)
    add(element, "faultstring", fault.words)
    if detail:
        add(element, "detail").extend(detail)
    return _enveloped(fault.status, element)


def _enveloped(status: int, content: etree._Element) -> Response:
    envelope = etree.Element(f"{{{ENVELOPE}}}Envelope", nsmap={"soapenv": ENVELOPE})
    etree.SubElement(envelope, f"{{{ENVELOPE}}}Body").append(content)
    return xml_response(status, etree.tostring(envelope, xml_declaration=True, encoding="UTF-8"))
