# Promise: only a plain SOAP 1.1 envelope is read; nothing in it is expanded or fetched.
import pytest
from lxml import etree

from ucmlab.interfaces.soap import CLIENT, SoapFault, add, fault_response, parse_call

NS = "http://schemas.xmlsoap.org/soap/envelope/"


def envelope(content: str, head: str = "") -> bytes:
    return f'{head}<s:Envelope xmlns:s="{NS}"><s:Header/><s:Body>{content}</s:Body></s:Envelope>'.encode()


def words_of(body: bytes) -> str:
    with pytest.raises(SoapFault) as fault:
        parse_call(body)
    assert (CLIENT, 500) == (fault.value.code, fault.value.status)
    return fault.value.words


def test_the_operation_is_the_first_element_of_the_body() -> None:
    call = parse_call(envelope('<!-- a --> text <a:op xmlns:a="urn:a"><x>1</x></a:op><other/>'))
    assert ("op", "urn:a") == (call.operation, call.namespace)
    assert 1 == len(call.children("x", qualified=False))
    assert [] == call.children("x", qualified=True)


@pytest.mark.parametrize("body", [b"", b"no xml", b"<a>", b"\xff\xfe\x00", "<é/>".encode("latin-1"), b"<a>&lol;</a>"])
def test_what_is_not_xml_is_refused(body) -> None:
    assert "The request is not well-formed XML" == words_of(body)


@pytest.mark.parametrize(
    "head",
    [
        "<!DOCTYPE x>",
        '<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd">',
        '<!DOCTYPE x [<!ENTITY a "b">]>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x [<!ENTITY % a "<!-- b -->"> %a;]>',
    ],
)
def test_a_doctype_is_refused(head) -> None:
    assert "A DOCTYPE is not allowed in a SOAP message" == words_of(envelope("<op/>", head))


def test_a_doctype_in_another_encoding_is_refused_too() -> None:
    text = '<?xml version="1.0" encoding="UTF-16"?>' + envelope("<op/>", '<!DOCTYPE x [<!ENTITY a "b">]>').decode()
    assert "A DOCTYPE is not allowed in a SOAP message" == words_of(text.encode("utf-16"))


def test_entities_that_multiply_are_refused_quickly() -> None:
    lines = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    refused = words_of(envelope("<op>&a11;</op>", f'<!DOCTYPE x [<!ENTITY a0 "lol">{lines}]>'))
    assert refused in ("A DOCTYPE is not allowed in a SOAP message", "The request is not well-formed XML")


def test_an_entity_in_an_attribute_is_refused() -> None:
    refused = words_of(envelope('<op a="&a;"/>', '<!DOCTYPE x [<!ENTITY a "b">]>'))
    assert "A DOCTYPE is not allowed in a SOAP message" == refused


@pytest.mark.parametrize(
    "body", [b"<a/>", envelope("").replace(NS.encode(), b"http://www.w3.org/2003/05/soap-envelope")]
)
def test_another_envelope_is_refused(body) -> None:
    assert "The request is not a SOAP 1.1 envelope" == words_of(body)


@pytest.mark.parametrize("body", [envelope(""), envelope("text"), f'<s:Envelope xmlns:s="{NS}"/>'.encode()])
def test_an_empty_body_is_refused(body) -> None:
    assert "The SOAP body is empty" == words_of(body)


def test_a_depth_beyond_reason_is_refused() -> None:
    assert "The request is not well-formed XML" == words_of(envelope("<a>" * 5000 + "</a>" * 5000))


def test_a_fault_has_unqualified_children() -> None:
    response = fault_response(SoapFault("no <b>", code=CLIENT), [etree.Element("axlError")])
    fault = etree.fromstring(response.body)[0][0]
    assert (500, f"{{{NS}}}Fault") == (response.status, fault.tag)
    assert ["faultcode", "faultstring", "detail"] == [child.tag for child in fault]
    assert ("soapenv:Client", "no <b>") == (fault[0].text, fault[1].text)


def test_characters_that_xml_cannot_carry_are_left_out() -> None:
    assert "ab\tc\U0001f600" == add(etree.Element("a"), "b", "a\x00b\tc\x1f\ud800\ufffe\U0001f600").text
