"""Promise: a picture of the phones is told with what is missing from it, and never asked for too often."""

import asyncio
import time
from collections.abc import Sequence

import pytest
from lxml import etree
from scripted_http import ScriptedHttp
from soap_answers import AST, a_node, fault, soap

from ucmcert.errors import OutcomeUnknown
from ucmcert.model.phone import Picture, Sighting
from ucmcert.model.ports import HttpAnswer
from ucmcert.ucm import ris
from ucmcert.ucm.origin import Origin
from ucmcert.ucm.phones.realtime import NAMES_A_QUESTION, Questions, by_name, everybody
from ucmcert.ucm.ris import Answer, Budget
from ucmcert.ucm.soap import read_answer


class SteppedClock:
    """Time passes only by sleeping."""

    def __init__(self) -> None:
        self.time = 1000.0

    def now(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.time += seconds


def device(name: str, status: str = "Registered", seen_at: int = 10, more: str = "") -> str:
    return (
        f"<n:item><n:Name>{name}</n:Name>{more}<n:Status>{status}</n:Status>"
        f"<n:TimeStamp>{seen_at}</n:TimeStamp></n:item>"
    )


def node(name: str, *devices: str, code: str = "Ok") -> str:
    return (
        f"<n:item><n:ReturnCode>{code}</n:ReturnCode><n:Name>{name}</n:Name>"
        f"<n:CmDevices>{''.join(devices)}</n:CmDevices></n:item>"
    )


def result(*nodes: str, total: int = 0) -> HttpAnswer:
    return soap(
        f'<n:selectCmDeviceResponse xmlns:n="{AST}"><n:selectCmDeviceReturn><n:SelectCmDeviceResult>'
        f"<n:TotalDevicesFound>{total}</n:TotalDevicesFound><n:CmNodes>{''.join(nodes)}</n:CmNodes>"
        "</n:SelectCmDeviceResult></n:selectCmDeviceReturn></n:selectCmDeviceResponse>"
    )


def asked(answer: HttpAnswer, names: Sequence[str] = ("*",)) -> tuple[Answer, ScriptedHttp]:
    scripted = ScriptedHttp(answer)
    origin = Origin(http=scripted, node=a_node(), port=8443, user="app")
    return asyncio.run(ris.select(origin, names)), scripted


def where(answer: Answer) -> dict[str, tuple[str, bool]]:
    return {one.name: (one.node, one.registered) for one in answer.sightings}


def test_each_phone_counts_once_where_it_was_seen_last() -> None:
    answer, _ = asked(
        result(
            node("sub1", device("SEP1", seen_at=10), device("SEP2"), device("SEP3", "UnRegistered", 99)),
            node("sub2", device("SEP1", seen_at=20), device("SEP3", seen_at=5)),
        )
    )
    assert {"SEP1": ("sub2", True), "SEP2": ("sub1", True), "SEP3": ("sub1", False)} == where(answer)
    assert answer.complete


def test_of_two_reports_of_one_second_the_registered_one_counts() -> None:
    for order in (("UnRegistered", "Registered"), ("Registered", "UnRegistered")):
        answer, _ = asked(result(node("sub1", device("SEP1", order[0])), node("sub2", device("SEP1", order[1]))))
        assert [True] == [one.registered for one in answer.sightings]


@pytest.mark.parametrize("status", ["UnRegistered", "Rejected", "PartiallyRegistered", "Unknown", ""])
def test_only_registered_is_registered(status: str) -> None:
    assert [False] == [one.registered for one in asked(result(node("sub1", device("SEP1", status))))[0].sightings]


def test_a_sighting_tells_page_address_model_and_reason() -> None:
    more = (
        "<n:Model>684</n:Model><n:Httpd>Yes</n:Httpd><n:StatusReason>9</n:StatusReason><n:IPAddress>"
        "<n:item><n:IP>fe80::1</n:IP><n:IPAddrType>ipv6</n:IPAddrType></n:item>"
        "<n:item><n:IP>10.1.2.3</n:IP><n:IPAddrType>ipv4</n:IPAddrType></n:item></n:IPAddress>"
    )
    answer, _ = asked(result(node("sub1", device("SEP1", more=more))))
    expected = Sighting(
        name="SEP1", node="sub1", registered=True, changed_at=10, page=True, address="10.1.2.3", model="684", reason=9
    )
    assert (expected,) == answer.sightings


@pytest.mark.parametrize(("told", "expected"), [("Yes", True), ("No", False), ("Unknown", None), ("", None)])
def test_a_page_is_there_not_there_or_untold(told: str, expected: bool | None) -> None:
    answer, _ = asked(result(node("sub1", device("SEP1", more=f"<n:Httpd>{told}</n:Httpd>"))))
    assert [expected] == [one.page for one in answer.sightings]


@pytest.mark.parametrize("code", ["NodeNotResponding", "InternalError", "InvalidRequest", "InvalidNodeName", ""])
def test_a_node_that_does_not_report_makes_the_picture_incomplete(code: str) -> None:
    answer, _ = asked(result(node("sub1", device("SEP1")), node("sub2", code=code)))
    assert (("sub2",), False) == (answer.silent_nodes, answer.complete)


def test_a_node_that_knows_none_of_the_phones_has_reported() -> None:
    assert asked(result(node("sub1", device("SEP1")), node("pub", code="NotFound")))[0].complete
    assert not asked(result(node("sub1", device("SEP1"), code="NotFound")))[0].complete


def test_a_list_of_the_most_we_ask_for_may_be_cut_short() -> None:
    full = [device(f"SEP{number}") for number in range(ris.MOST_DEVICES)]
    assert asked(result(node("sub1", *full)))[0].cut_short
    assert asked(result(node("sub1", device("SEP1")), total=7))[0].cut_short


def test_the_criteria_stand_in_the_order_of_the_schema_and_name_each_phone() -> None:
    _, scripted = asked(result(), ["SEP1", "SEP2"])
    criteria = etree.fromstring(scripted.asked[0].body)[1][0][1]
    assert [
        "MaxReturnedDevices",
        "DeviceClass",
        "Model",
        "Status",
        "NodeName",
        "SelectBy",
        "SelectItems",
        "Protocol",
        "DownloadStatus",
    ] == [etree.QName(one).localname for one in criteria]
    assert ["SEP1", "SEP2"] == [one.text for one in criteria.iter("{*}Item")]


def test_too_many_questions_are_told_with_their_remedy() -> None:
    with pytest.raises(OutcomeUnknown) as caught:
        asked(fault("AxisFault: Exceeded allowed rate for Reatime information. Current allowed rate 15"))
    assert ("UCM-RIS-001", False) == (caught.value.code, caught.value.sent)
    assert "30 seconds" in caught.value.next


def test_an_answer_without_a_result_is_unknown() -> None:
    with pytest.raises(OutcomeUnknown) as caught:
        asked(soap("<a/>"))
    assert "UCM-RIS-002" == caught.value.code


def test_we_keep_to_our_share_of_the_minute() -> None:
    clock = SteppedClock()

    async def work() -> list[float]:
        budget = Budget(clock)
        times = []
        for _ in range(25):
            await budget.take()
            times.append(clock.now())
        return times

    times = asyncio.run(work())
    assert [1000.0] * 10 + [1060.0] * 10 + [1120.0] * 5 == times


def test_the_minute_of_a_quick_lab_is_as_much_shorter() -> None:
    clock = SteppedClock()

    async def work() -> float:
        budget = Budget(clock, 0.5)
        for _ in range(25):
            await budget.take()
        return clock.now()

    assert 1001.0 == asyncio.run(work())


class Crowd:
    """A cluster with that many reports of each phone, which leaves out what an answer does not hold."""

    def __init__(self, reports: int = 1, silent: tuple[str, ...] = (), throttled: int = 0) -> None:
        self.reports = reports
        self.silent = silent
        self.throttled = throttled
        self.asked: list[Sequence[str]] = []
        self.clock = SteppedClock()

    async def ask(self, names: Sequence[str]) -> Answer:
        self.asked.append(names)
        if self.throttled:
            self.throttled -= 1
            raise OutcomeUnknown("UCM-RIS-001", "too often", where="x", why="others ask too", sent=False)
        listed = min(ris.MOST_DEVICES, len(names) * self.reports)
        seen = tuple(Sighting(name=name, node="sub1", registered=True, changed_at=1) for name in names)
        return Answer(
            sightings=seen[:listed],
            silent_nodes=self.silent if len(self.asked) == 1 else (),
            cut_short=listed >= ris.MOST_DEVICES,
            listed=listed,
        )

    def sweep(self, names: Sequence[str]) -> Picture:
        return asyncio.run(by_name(Questions(self.ask, Budget(self.clock), self.clock), self.clock, names))


FORTY_THOUSAND = [f"SEP{number:012X}" for number in range(40_000)]


def test_forty_thousand_phones_are_asked_for_by_name_within_the_budget() -> None:
    crowd = Crowd()
    picture = crowd.sweep(FORTY_THOUSAND)
    assert (40_000, True, 1000.0) == (len(picture.sightings), picture.complete, picture.observed_at)
    assert (45, NAMES_A_QUESTION) == (len(crowd.asked), max(map(len, crowd.asked)))
    assert 1240.0 == crowd.clock.time


def test_a_full_answer_is_asked_again_in_halves_and_nobody_is_lost() -> None:
    crowd = Crowd(reports=2)
    picture = crowd.sweep(FORTY_THOUSAND[:2000])
    assert (2000, True) == (len(picture.sightings), picture.complete)
    assert [900, 450, 450, 450, 450, 200] == [len(names) for names in crowd.asked]


def test_an_answer_that_is_full_with_one_phone_makes_the_picture_incomplete() -> None:
    picture = Crowd(reports=1000).sweep(["SEP1"])
    assert (False, "the answer may leave out phones") == (picture.complete, picture.missing)


def test_a_silent_node_in_one_piece_makes_the_whole_picture_incomplete() -> None:
    picture = Crowd(silent=("sub2",)).sweep(FORTY_THOUSAND[:1000])
    assert (False, "sub2 did not report") == (picture.complete, picture.missing)


def test_nobody_asked_for_is_a_picture_without_a_question() -> None:
    crowd = Crowd()
    assert ((), True, []) == (crowd.sweep([]).sightings, crowd.sweep([]).complete, crowd.asked)


def test_a_throttled_question_is_asked_again_later_and_later() -> None:
    crowd = Crowd(throttled=3)
    assert crowd.sweep(["SEP1"]).complete
    assert (4, 1000.0 + 30 + 60 + 120) == (len(crowd.asked), crowd.clock.time)


def test_a_cluster_that_stays_throttled_is_unknown_never_empty() -> None:
    crowd = Crowd(throttled=99)
    with pytest.raises(OutcomeUnknown, match="UCM-RIS-001"):
        crowd.sweep(["SEP1"])
    assert 4 == len(crowd.asked)


def test_everybody_at_once_says_when_there_are_more() -> None:
    crowd = Crowd(reports=1000)
    questions = Questions(crowd.ask, Budget(crowd.clock), crowd.clock)
    picture, more = asyncio.run(everybody(questions, crowd.clock))
    assert (False, True) == (picture.complete, more)


def test_forty_thousand_reports_are_read_in_seconds() -> None:
    others = "".join(f"<n:Field{number}>text {number}</n:Field{number}>" for number in range(24))
    more = f"<n:Model>684</n:Model>{others}<n:IPAddress><n:item><n:IP>10.1.2.3</n:IP></n:item></n:IPAddress>"
    answer = result(node("sub1", *(device(f"SEP{number}", more=more) for number in range(1000))))
    began = time.process_time()
    for _ in range(40):
        read = ris.read_answer(read_answer(answer, "x", "app"), "x")
    assert 1000 == len(read.sightings)
    assert time.process_time() - began < 4.0
