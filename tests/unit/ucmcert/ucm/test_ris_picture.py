"""Promise: a count of registered devices is told with what is missing from it, and never asked for too often."""

import asyncio

import pytest
from lxml import etree
from scripted_http import ScriptedHttp
from soap_answers import AST, a_node, fault, soap

from ucmcert.errors import OutcomeUnknown
from ucmcert.model.ports import HttpAnswer
from ucmcert.ucm import ris
from ucmcert.ucm.origin import Origin
from ucmcert.ucm.ris import Budget, Picture


class SteppedClock:
    """Time passes only by sleeping."""

    def __init__(self) -> None:
        self.time = 1000.0

    def now(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.time += seconds


def device(name: str, status: str = "Registered", seen_at: int = 10) -> str:
    return f"<n:item><n:Name>{name}</n:Name><n:Status>{status}</n:Status><n:TimeStamp>{seen_at}</n:TimeStamp></n:item>"


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


def asked(answer: HttpAnswer) -> tuple[Picture, ScriptedHttp]:
    scripted = ScriptedHttp(answer)
    origin = Origin(http=scripted, node=a_node(), port=8443, user="app")
    return asyncio.run(ris.devices(origin, Budget(SteppedClock()), device_class="Phone")), scripted


def test_each_device_counts_once_where_it_was_seen_last() -> None:
    picture, _ = asked(
        result(
            node("sub1", device("SEP1", seen_at=10), device("SEP2"), device("SEP3", "UnRegistered", 99)),
            node("sub2", device("SEP1", seen_at=20), device("SEP3", seen_at=5)),
        )
    )
    assert {"sub1": 1, "sub2": 1} == picture.registered()
    assert picture.complete


@pytest.mark.parametrize("code", ["NodeNotResponding", "NotFound", "InternalError", ""])
def test_a_node_that_does_not_report_makes_the_picture_incomplete(code: str) -> None:
    picture, _ = asked(result(node("sub1", device("SEP1")), node("sub2", code=code)))
    assert (("sub2",), False) == (picture.silent_nodes, picture.complete)


def test_a_list_of_the_most_we_ask_for_may_be_cut_short() -> None:
    full = [device(f"SEP{number}") for number in range(ris.MOST_DEVICES)]
    assert asked(result(node("sub1", *full)))[0].cut_short
    assert asked(result(node("sub1", device("SEP1")), total=7))[0].cut_short


def test_the_criteria_stand_in_the_order_of_the_schema() -> None:
    _, scripted = asked(result())
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
