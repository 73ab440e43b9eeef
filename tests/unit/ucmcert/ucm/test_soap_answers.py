"""Promise: a SOAP answer is read only when it is one; refusals keep the node's words, everything else is unknown."""

import asyncio

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from scripted_http import ScriptedHttp
from soap_answers import HTML, XML, a_node, fault, http, rows, soap

from ucmcert.errors import OutcomeUnknown, Refused, UcmcertError, UsageError
from ucmcert.model.node import Release
from ucmcert.model.ports import HttpAnswer
from ucmcert.ucm import axl
from ucmcert.ucm.origin import Origin
from ucmcert.ucm.soap import read_answer

WHERE = "https cucm-pub.lab.example:8443"


def origin(*answers: HttpAnswer | Exception) -> tuple[Origin, ScriptedHttp]:
    scripted = ScriptedHttp(*answers)
    return Origin(http=scripted, node=a_node(), port=8443, user="axluser"), scripted


def read(answer: HttpAnswer) -> etree._Element:
    return read_answer(answer, WHERE, "axluser")


def trouble(answer: HttpAnswer) -> UcmcertError:
    with pytest.raises(UcmcertError) as caught:
        read(answer)
    return caught.value


def test_the_first_element_of_the_body_is_the_answer() -> None:
    assert "x" == read(soap("<!-- c --><a>x</a><b/>")).text


def test_a_fault_keeps_every_word_of_the_node() -> None:
    detail = "<axlError><axlcode>5007</axlcode><axlmessage>Item not valid</axlmessage></axlError>"
    error = trouble(fault("The specified item was not found", detail=detail))
    assert isinstance(error, Refused)
    assert "The specified item was not found\naxlcode: 5007\naxlmessage: Item not valid" == error.answer


@pytest.mark.parametrize(("status", "code"), [(401, "UCM-AUTH-001"), (403, "UCM-AUTH-002")])
def test_a_refused_account_is_named_and_its_html_is_not_parsed(status: int, code: str) -> None:
    error = trouble(http("<html>&broken</html>", status, HTML))
    assert isinstance(error, UsageError)
    assert code == error.code
    assert "axluser" in error.what


@pytest.mark.parametrize(
    "answer",
    [
        http("<html><h1>Starting</h1></html>", 200, HTML),
        http("<html>404</html>", 404, HTML),
        http("", 503, HTML),
        http(soap("<a/>").body, 503),
        http(soap("<a/>").body, 500),
        http("", 302, ""),
    ],
    ids=["html", "404", "503", "throttled", "500 without fault", "redirect"],
)
def test_what_is_not_the_application_s_answer_is_unknown(answer: HttpAnswer) -> None:
    error = trouble(answer)
    assert isinstance(error, OutcomeUnknown)
    assert ("UCM-HTTP-001", True) == (error.code, error.sent)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<a/>",
        b"not xml",
        soap("").body,
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + soap("<a>&x;</a>").body[38:],
        b"<!DOCTYPE a>" + soap("<a/>").body[38:],
        soap("<a>" * 5000 + "</a>" * 5000).body,
        soap("<a>&undefined;</a>").body,
    ],
    ids=["empty", "no envelope", "text", "empty body", "external entity", "doctype", "deep", "entity"],
)
def test_unreadable_xml_is_unknown(body: bytes) -> None:
    error = trouble(http(body))
    assert isinstance(error, OutcomeUnknown)
    assert "UCM-SOAP-002" == error.code


def test_an_external_entity_is_refused_for_its_doctype() -> None:
    body = b'<!DOCTYPE a [<!ENTITY x "y">]>' + soap("<a>&x;</a>").body[38:]
    assert "DOCTYPE" in trouble(http(body)).why


@given(st.binary(max_size=300), st.sampled_from([200, 500, 302]), st.sampled_from([XML, HTML, ""]))
def test_arbitrary_bytes_raise_only_our_errors(body: bytes, status: int, content_type: str) -> None:
    with pytest.raises(UcmcertError):
        read(http(body, status, content_type))


@given(st.text(max_size=200))
def test_arbitrary_text_inside_an_envelope_raises_only_our_errors(inside: str) -> None:
    try:
        read(http(soap("").body.replace(b"Body><", b"Body>" + inside.encode("utf-8", "replace") + b"<")))
    except UcmcertError:
        return


def test_a_query_is_asked_as_axl_wants_it() -> None:
    asked, scripted = origin(rows({"Name": " cucm-pub ", "empty": ""}, {"Name": "b", "empty": "x"}))
    found = asyncio.run(axl.sql_rows(asked, "select name from processnode where a<'&'"))
    assert ({"name": "cucm-pub", "empty": ""}, {"name": "b", "empty": "x"}) == found
    sent = scripted.asked[0]
    assert ("POST", "/axl/", '"CUCM:DB ver=14.0 executeSQLQuery"') == (
        sent.method,
        sent.path,
        sent.headers["SOAPAction"],
    )
    operation = etree.fromstring(sent.body)[1][0]
    assert "{http://www.cisco.com/AXL/API/14.0}executeSQLQuery" == operation.tag
    assert [("sql", "select name from processnode where a<'&'")] == [(one.tag, one.text) for one in operation]


@pytest.mark.parametrize(("release", "version"), [(Release(10, 5, 2, 10000, 5), "10.5"), (Release(0, 0, 0, 0), "10.0")])
def test_a_query_is_asked_in_the_version_of_the_node(release: Release, version: str) -> None:
    asked, scripted = origin(rows())
    older = msgspec.structs.replace(asked, node=msgspec.structs.replace(asked.node, release=release))
    asyncio.run(axl.sql_rows(older, "select 1"))
    assert f'"CUCM:DB ver={version} executeSQLQuery"' == scripted.asked[0].headers["SOAPAction"]


def test_no_rows_are_no_rows() -> None:
    assert () == asyncio.run(axl.sql_rows(origin(rows())[0], "select 1"))


def test_a_refused_query_is_a_refusal() -> None:
    with pytest.raises(Refused) as caught:
        asyncio.run(axl.sql_rows(origin(fault("A syntax error has occurred."))[0], "selekt"))
    assert "A syntax error has occurred." == caught.value.answer


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("14.0.1.13900(155)", Release(14, 0, 1, 13900, 155)),
        ("14.0.1.10000-20", Release(14, 0, 1, 10000, 20)),
        (" 12.5.1.16065-1 ", Release(12, 5, 1, 16065, 1)),
        ("15.0.1.12900", Release(15, 0, 1, 12900, 0)),
        ("14.0.1", None),
        ("", None),
        ("14.0.1.13900(155) beta", None),
    ],
)
def test_releases_are_read_in_both_spellings(text: str, expected: Release | None) -> None:
    assert expected == axl.read_release(text)


def version(text: str) -> HttpAnswer:
    inside = f"<return><componentVersion><version>{text}</version></componentVersion></return>"
    return soap(f'<n:getCCMVersionResponse xmlns:n="http://x">{inside}</n:getCCMVersionResponse>')


def test_a_node_tells_its_release() -> None:
    told = asyncio.run(axl.node_release(origin(version("14.0.1.13900(155)"))[0]))
    assert Release(14, 0, 1, 13900, 155) == told


@pytest.mark.parametrize("answer", [version("soon"), soap("<a/>")])
def test_a_release_in_other_words_is_unknown(answer: HttpAnswer) -> None:
    with pytest.raises(OutcomeUnknown) as caught:
        asyncio.run(axl.node_release(origin(answer)[0]))
    assert "UCM-AXL-001" == caught.value.code
