"""Promise: what is done to phones goes out once, in AXL's own form, and keeps every setting it does not mean."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from lxml import etree
from scripted_http import ScriptedHttp
from soap_answers import HTML, a_node, fault, http, soap

from ucmcert.errors import OutcomeUnknown, Refused
from ucmcert.model.phone import Lsc
from ucmcert.model.ports import HttpAnswer
from ucmcert.ucm.origin import Origin
from ucmcert.ucm.phones import changes

AXL = "http://www.cisco.com/AXL/API/14.0"
Verb = Callable[[Origin], Awaitable[str]]


def done(operation: str, inside: str = "<return>{8D5A}</return>") -> HttpAnswer:
    return soap(f'<ns:{operation}Response xmlns:ns="{AXL}">{inside}</ns:{operation}Response>')


def sent(verb: Verb, *answers: HttpAnswer | Exception) -> tuple[str, ScriptedHttp]:
    scripted = ScriptedHttp(*answers)
    origin = Origin(http=scripted, node=a_node(), port=8443, user="app")
    return asyncio.run(verb(origin)), scripted  # type: ignore[arg-type]


def body(scripted: ScriptedHttp, at: int = 0) -> str:
    return etree.tostring(etree.fromstring(scripted.asked[at].body)[1][0]).decode()


@pytest.mark.parametrize(
    ("verb", "operation", "inside"),
    [
        (lambda origin: changes.reset_pool(origin, "Paris & co"), "resetDevicePool", "<name>Paris &amp; co</name>"),
        (lambda origin: changes.reset_phone(origin, "SEP1"), "resetPhone", "<name>SEP1</name>"),
        (
            lambda origin: changes.renew_lsc(origin, "SEP1", "By Null String"),
            "updatePhone",
            (
                "<name>SEP1</name><certificateOperation>Install/Upgrade</certificateOperation>"
                "<authenticationMode>By Null String</authenticationMode>"
            ),
        ),
        (
            lambda origin: changes.set_parameter(origin, "PhoneInteraction", "manual"),
            "updateServiceParameter",
            (
                "<processNodeName>EnterpriseWideData</processNodeName><name>PhoneInteraction</name>"
                "<service>Enterprise Wide</service><value>manual</value>"
            ),
        ),
    ],
)
def test_a_change_is_one_request_in_the_form_of_axl(verb: Verb, operation: str, inside: str) -> None:
    words, scripted = sent(verb, done(operation))
    assert ("{8D5A}", 1) == (words, len(scripted.asked))
    assert f'"CUCM:DB ver=14.0 {operation}"' == scripted.asked[0].headers["SOAPAction"]
    assert f"{operation}" in body(scripted)
    assert inside in body(scripted)


@pytest.mark.parametrize(("on", "value"), [(True, "0"), (False, "1")])
def test_a_phone_s_page_is_switched_and_its_other_settings_are_kept(on: bool, value: str) -> None:
    settings = (
        f'<return><phone xmlns:n="{AXL}"><vendorConfig><sshAccess>1</sshAccess><n:webAccess>2</n:webAccess>'
        "<display><days>1,7</days></display></vendorConfig></phone></return>"
    )
    words, scripted = sent(
        lambda origin: changes.set_phone_page(origin, "SEP1", on=on), done("getPhone", settings), done("updatePhone")
    )
    assert ("{8D5A}", 2) == (words, len(scripted.asked))
    assert (
        "<name>SEP1</name><vendorConfig><sshAccess>1</sshAccess><display><days>1,7</days></display>"
        f"<webAccess>{value}</webAccess></vendorConfig>"
    ) in body(scripted, 1)


def test_settings_that_cannot_be_read_are_not_written() -> None:
    for answer in (done("getPhone", "<return/>"), fault("Item not valid: The specified Phone was not found")):
        scripted = ScriptedHttp(answer)
        origin = Origin(http=scripted, node=a_node(), port=8443, user="app")
        with pytest.raises((OutcomeUnknown, Refused)):
            asyncio.run(changes.set_phone_page(origin, "SEP1", on=True))
        assert 1 == len(scripted.asked)


@pytest.mark.parametrize(
    "answer",
    [http("busy", 503, HTML), OutcomeUnknown("UCM-NET-003", "no", where="x", why="no")],
    ids=["throttled", "lost"],
)
def test_a_change_whose_answer_is_lost_is_unknown_and_not_repeated(answer: HttpAnswer | Exception) -> None:
    scripted = ScriptedHttp(answer)
    origin = Origin(http=scripted, node=a_node(), port=8443, user="app")
    with pytest.raises(OutcomeUnknown):
        asyncio.run(changes.reset_pool(origin, "Paris"))
    assert 1 == len(scripted.asked)


def test_a_fault_is_a_refusal_in_the_node_s_words() -> None:
    with pytest.raises(Refused) as caught:
        sent(lambda origin: changes.reset_phone(origin, "SEP1"), fault("Item not valid: SEP1"))
    assert "Item not valid: SEP1" == caught.value.answer


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (
            (
                "<certificateOperation>Install/Upgrade</certificateOperation>"
                "<certificateStatus>Operation Pending</certificateStatus>"
            ),
            Lsc(operation="Install/Upgrade", status="Operation Pending"),
        ),
        ("<certificateOperation>No Pending Operation</certificateOperation>", None),
        ("<certificateStatus>None</certificateStatus>", None),
        ("", None),
    ],
)
def test_a_phone_s_own_entry_tells_of_its_lsc_or_it_tells_nothing(told: str, expected: Lsc | None) -> None:
    scripted = ScriptedHttp(done("getPhone", f"<return><phone>{told}</phone></return>"))
    origin = Origin(http=scripted, node=a_node(), port=8443, user="app")
    assert expected == asyncio.run(changes.lsc_of(origin, "SEP1"))  # type: ignore[arg-type]
    assert "<returnedTags><certificateOperation/><certificateStatus/></returnedTags>" in body(scripted)
