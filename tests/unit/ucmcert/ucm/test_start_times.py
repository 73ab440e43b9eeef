"""Promise: a start time is told only when it is certain; a doubtful zone or clock never looks like a restart."""

import asyncio
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from scripted_http import ScriptedHttp
from soap_answers import AST, a_node, service, services

from factory.certificates import NOW
from ucmcert.errors import OutcomeUnknown
from ucmcert.model.cluster import ServiceStatus
from ucmcert.model.ports import HttpAnswer
from ucmcert.ucm import control_center
from ucmcert.ucm.control_center import Started, started_at
from ucmcert.ucm.origin import Origin
from ucmcert.ucm.start_times import StartTimes

START = NOW - 5_000
TOMCAT = ServiceStatus(name="Cisco Tomcat", state="started")


def told(start_time: str = "", up_time_s: int | None = None, *, name: str = "Cisco Tomcat") -> Started:
    return Started(name=name, status="Started", start_time=start_time, up_time_s=up_time_s)


def ctime(epoch: float) -> str:
    return datetime.fromtimestamp(epoch, UTC).strftime("%a %b %d %H:%M:%S %Y")


def form(epoch: float, pattern: str) -> str:
    return datetime.fromtimestamp(epoch, UTC).strftime(pattern)


@pytest.mark.parametrize("zone_h", [0, 2, -8, 5.5, 13, -11.75])
def test_a_local_time_is_placed_exactly_by_the_up_time(zone_h: float) -> None:
    assert START == started_at(told(ctime(START + zone_h * 3600), 5_003), NOW + 1.7)


@pytest.mark.parametrize(
    "text",
    [
        form(START + 7200, "%Y-%m-%d %H:%M:%S"),
        form(START + 7200, "%Y-%m-%dT%H:%M:%S.123"),
        form(START + 7200, "%a %b %d %H:%M:%S CEST %Y"),
        form(START + 7200, "%a %b %d %H:%M:%S +02 %Y"),
        form(START + 7200, "%m/%d/%Y %H:%M:%S"),
        form(START + 7200, "%d %b %Y %H:%M:%S"),
    ],
)
def test_known_forms_of_local_time_are_read(text: str) -> None:
    assert START == started_at(told(text, 5_000), float(NOW))


@pytest.mark.parametrize(
    "text",
    [
        str(START),
        f"{START}000",
        form(START, "%Y-%m-%dT%H:%M:%SZ"),
        form(START, "%Y-%m-%d %H:%M:%S UTC"),
        form(START, "%a %b %d %H:%M:%S UTC %Y"),
        form(START, "%a %b %d %H:%M:%S GMT %Y"),
        form(START + 7200, "%Y-%m-%dT%H:%M:%S+0200"),
        form(START + 7200, "%a %b %d %H:%M:%S +0200 %Y"),
    ],
)
def test_a_time_with_its_zone_needs_no_clock(text: str) -> None:
    assert START == started_at(told(text), None)


@pytest.mark.parametrize(
    ("service_told", "node_utc"),
    [
        (told(), float(NOW)),
        (told(ctime(START)), float(NOW)),
        (told(ctime(START), 5_000), None),
        (told("soon"), float(NOW)),
        (told(form(START, "%m/%d/%Y %I:%M:%S PM UTC")), float(NOW)),
    ],
    ids=["nothing", "no zone", "no clock", "no time", "half a day"],
)
def test_what_would_be_a_guess_is_not_told(service_told: Started, node_utc: float | None) -> None:
    assert None is started_at(service_told, node_utc)


@pytest.mark.parametrize("up_time_s", [83, 5_000_000, 5_400])
def test_two_times_that_contradict_each_other_tell_nothing(up_time_s: int) -> None:
    assert None is started_at(told(ctime(START), up_time_s), float(NOW))


def test_an_up_time_alone_counts_from_the_node_s_clock() -> None:
    assert START == started_at(told("", 5_000), float(NOW))


@given(st.text(max_size=40), st.integers(0, 10**12), st.floats(0, 4e9))
def test_any_text_gives_a_time_or_nothing(text: str, up_time_s: int, node_utc: float) -> None:
    found = started_at(told(text, up_time_s), node_utc)
    assert found is None or isinstance(found, float | int)


def joined(
    answered: tuple[Started, ...] | None, node_utc: float | None = float(NOW), times: StartTimes | None = None
) -> ServiceStatus:
    return (times or StartTimes()).join("cucm-pub", (TOMCAT,), answered, node_utc)[0]


def start(status: ServiceStatus) -> tuple[float | None, bool]:
    return status.started_at, status.start_told


def test_a_told_start_is_joined_whatever_the_case_of_the_name() -> None:
    assert (START, True) == start(joined((told(ctime(START), 5_000, name="cisco TOMCAT"),)))


def test_another_spelling_of_the_same_service_is_found() -> None:
    listed = (ServiceStatus(name="Cisco DRF Master", state="started"),)
    answered = (told(str(START), name="Cisco DRF Primary"),)
    assert START == StartTimes().join("n", listed, answered, None)[0].started_at


def test_no_answer_means_later() -> None:
    assert (None, True) == start(joined(None))


def test_an_answer_that_never_lists_the_service_means_never() -> None:
    assert (None, False) == start(joined((told(str(START), name="Cisco Tftp"),)))


def test_a_service_listed_without_times_means_never_unless_it_is_starting() -> None:
    assert (None, False) == start(joined((told(),)))
    starting = Started(name="Cisco Tomcat", status="Starting")
    assert (None, True) == start(joined((starting,)))


def test_a_time_that_only_lacks_the_clock_means_later() -> None:
    assert (None, True) == start(joined((told(ctime(START), 5_000),), None))


def test_a_service_that_told_once_is_waited_for() -> None:
    times = StartTimes()
    joined((told(str(START)),), times=times)
    assert (None, True) == start(joined((told(str(START), name="Cisco Tftp"),), times=times))


def test_a_jitter_of_the_up_time_is_the_same_start_and_a_restart_is_not() -> None:
    times = StartTimes()
    assert START == joined((told("", 5_000),), times=times).started_at
    assert START == joined((told("", 5_000),), NOW + 3.5, times=times).started_at
    assert NOW - 20 == joined((told("", 20),), times=times).started_at


def asked(answer: HttpAnswer) -> tuple[tuple[Started, ...], ScriptedHttp]:
    scripted = ScriptedHttp(answer)
    origin = Origin(http=scripted, node=a_node(), port=8443, user="app")
    return asyncio.run(control_center.services(origin)), scripted


def test_all_services_are_asked_for_at_once() -> None:
    found, scripted = asked(services(service("Cisco Tftp", ctime(START), 5_000), service("Cisco Tomcat")))
    assert ("Cisco Tftp", ctime(START), 5_000) == (found[0].name, found[0].start_time, found[0].up_time_s)
    assert ("Cisco Tomcat", "", None) == (found[1].name, found[1].start_time, found[1].up_time_s)
    operation = etree.fromstring(scripted.asked[0].body)[1][0]
    assert [f"{{{AST}}}soapGetServiceStatus", f"{{{AST}}}ServiceStatus"] == [one.tag for one in operation.iter()]
    assert "/controlcenterservice2/services/ControlCenterServices" == scripted.asked[0].path


@pytest.mark.parametrize("up", ["-1", "abc", "1.5", "9" * 40])
def test_an_up_time_that_is_no_number_of_seconds_is_none(up: str) -> None:
    found, _ = asked(services(service("Cisco Tftp", "x", up)))  # type: ignore[arg-type]
    assert None is found[0].up_time_s


def test_an_empty_list_is_no_answer() -> None:
    with pytest.raises(OutcomeUnknown) as caught:
        asked(services(code=1, reason="Service Manager is not running"))
    assert ("UCM-CC-001", "Service Manager is not running") == (caught.value.code, caught.value.why)


def test_a_restart_names_the_node_and_gives_its_words() -> None:
    scripted = ScriptedHttp(services(service("Cisco Tftp", status="Starting")))
    origin = Origin(http=scripted, node=a_node(), port=8443, user="app")
    assert "Cisco Tftp[Starting]" == asyncio.run(control_center.restart(origin, "Cisco Tftp"))
    body = scripted.asked[0].body.decode()
    assert "<soap:NodeName>cucm-pub</soap:NodeName><soap:ControlType>Restart</soap:ControlType>" in body
    assert "<soap:ServiceList><soap:item>Cisco Tftp</soap:item></soap:ServiceList>" in body
