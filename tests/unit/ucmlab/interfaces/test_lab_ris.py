# Promise: RIS tells per node which devices are there, and shares one rate limit among all who ask.
import asyncio

import pytest
from lxml import etree

from ucmlab.cluster.cluster import Cluster
from ucmlab.faults import FaultRule
from ucmlab.interfaces.http import Response
from ucmlab.interfaces.ris import OPERATIONS, selection
from ucmlab.interfaces.ris_devices import ORDER, Criteria, Device, selected
from ucmlab.scenarios.schema import PhonesSpec
from unit.ucmlab.interfaces.web_bench import logged, ris, texts
from unit.ucmlab.lab_bench import in_lab, scenario
from unit.ucmlab.phone_bench import BOOTED_S, with_phones

DEFAULTS = {
    "MaxReturnedDevices": "1000",
    "DeviceClass": "Phone",
    "Model": "255",
    "Status": "Any",
    "NodeName": "",
    "SelectBy": "Name",
    "SelectItems": "<n:item><n:Item>*</n:Item></n:item>",
    "Protocol": "Any",
    "DownloadStatus": "Any",
}


def query(operation: str = "selectCmDevice", order=ORDER, **changes: str) -> str:
    parts = DEFAULTS | changes
    criteria = "".join(f"<n:{name}>{parts[name]}</n:{name}>" for name in order)
    return f"<n:{operation}><n:StateInfo/><n:CmSelectionCriteria>{criteria}</n:CmSelectionCriteria></n:{operation}>"


def asked(content: str, of=None, before=None) -> Response:
    async def once(cluster: Cluster) -> Response:
        if before is not None:
            before(cluster)
        return await ris(cluster, content)

    return in_lab(once, of)


def criteria(**changes) -> Criteria:
    values = {
        "most": 1000,
        "device_class": "Phone",
        "model": 255,
        "status": "Any",
        "node_name": "",
        "select_by": "Name",
        "items": ("*",),
        "protocol": "Any",
        "download_status": "Any",
    }
    return Criteria(**(values | changes))


PHONE = Device(
    name="SEP001122334455", model=622, dir_number="1001", ipv4="192.0.2.7", time_stamp=1790000000, description="Desk"
)


@pytest.mark.parametrize("operation", ["selectCmDevice", "selectCmDeviceExt"])
def test_every_cucm_node_is_an_item(operation) -> None:
    response = asked(query(operation), scenario("demo", phones=()))
    answer = etree.fromstring(response.body)[0][0]
    assert "{http://schemas.cisco.com/ast/soap}selectCmDeviceResponse" == answer.tag
    assert ["Ok"] * 3 == texts(response, "ReturnCode")
    assert [f"cucm-{name}.lab.example" for name in ("pub", "sub1", "sub2")] == texts(response, "Name")
    assert (["0"], [""]) == (texts(response, "TotalDevicesFound"), texts(response, "StateInfo"))


@pytest.mark.parametrize("why", ["down", "stopped"])
def test_a_silent_node_says_so(why) -> None:
    def silence(cluster: Cluster) -> None:
        node = cluster.node("cucm-sub1")
        if why == "down":
            node.down = True
        else:
            node.services["Cisco RIS Data Collector"].begin("stop")

    assert ["Ok", "NodeNotResponding", "Ok"] == texts(asked(query(), scenario("demo"), silence), "ReturnCode")


@pytest.mark.parametrize("name", ["cucm-sub1", "CUCM-SUB1.lab.example"])
def test_one_node_may_be_asked_for(name) -> None:
    assert ["cucm-sub1.lab.example"] == texts(asked(query(NodeName=name), scenario("demo")), "Name")


def test_an_unknown_node_is_an_invalid_name() -> None:
    response = asked(query(NodeName="imp-pub"), scenario("demo"))
    assert (["InvalidNodeName"], ["imp-pub"]) == (texts(response, "ReturnCode"), texts(response, "Name"))


def test_the_rate_is_shared_by_all_and_forgotten_after_a_minute() -> None:
    async def hurry(cluster: Cluster) -> tuple[list[int], Response, int]:
        nodes = list(cluster.nodes.values())[:3]
        fast = [(await ris(cluster, query(), node=nodes[turn % 3])).status for turn in range(15)]
        late = await ris(cluster, query("selectCmDeviceExt"))
        assert ("ris", "selectCmDeviceExt", "", "throttled") == logged(cluster)[-1]
        await asyncio.sleep(61)
        return fast, late, (await ris(cluster, query())).status

    fast, late, later = in_lab(hurry, scenario("demo"))
    assert ([200] * 15, 500, 200) == (fast, late.status, later)
    words = "AxisFault: Exceeded allowed rate for Reatime information. Allowed rate per minute: 15"
    assert ([words], ["soapenv:Server"]) == (texts(late, "faultstring"), texts(late, "faultcode"))


def test_the_throttling_fault_follows_its_switches() -> None:
    async def hurry(cluster: Cluster) -> Response:
        for _ in range(15):
            await ris(cluster, query())
        return await ris(cluster, query())

    response = in_lab(hurry, scenario(switches={"ris_throttle_status": "503", "ris_throttle_text": " !"}))
    assert 503 == response.status
    assert ["AxisFault: Exceeded allowed rate for Reatime information !"] == texts(response, "faultstring")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("<n:selectCmDevice/>", "CmSelectionCriteria is missing"),
        ("<n:selectCmDevice><CmSelectionCriteria/></n:selectCmDevice>", "CmSelectionCriteria is missing"),
        (query(order=tuple(reversed(ORDER))), "Unexpected subelement in CmSelectionCriteria"),
        (query(order=(*ORDER, "Protocol")), "Unexpected subelement in CmSelectionCriteria"),
        (query().replace("n:Model", "n:Modell"), "Unexpected subelement in CmSelectionCriteria"),
        (query().replace("n:Model>", "Model>"), "Unexpected subelement in CmSelectionCriteria"),
        (query(Status="Alive"), "Invalid value Alive for Status"),
        (query(DeviceClass="Fridge"), "Invalid value Fridge for DeviceClass"),
        (query(SelectBy="Colour"), "Invalid value Colour for SelectBy"),
        (query(Protocol="HTTP"), "Invalid value HTTP for Protocol"),
        (query(DownloadStatus="Done"), "Invalid value Done for DownloadStatus"),
        (query(MaxReturnedDevices="many"), "Invalid value many for MaxReturnedDevices"),
        (query(MaxReturnedDevices="-1"), "Invalid value -1 for MaxReturnedDevices"),
        (query(Model="٣"), "Invalid value ٣ for Model"),
        (query(SelectItems=""), "SelectItems has no item"),
        (query(SelectItems="<n:item><n:Item/></n:item>"), "SelectItems has no item"),
        (query(order=("Model",)), "SelectItems has no item"),
        ("<n:selectCtiItem/>", "The operation selectCtiItem is not known"),
        ("<selectCmDevice xmlns='urn:x'/>", "The operation {urn:x}selectCmDevice is not known"),
    ],
)
def test_criteria_outside_the_schema_are_refused(content, words) -> None:
    response = asked(content)
    assert (500, [words], ["soapenv:Client"]) == (
        response.status,
        texts(response, "faultstring"),
        texts(response, "faultcode"),
    )


def test_criteria_have_defaults() -> None:
    assert 200 == asked(query(order=("SelectItems",))).status


@pytest.mark.parametrize(
    ("changes", "wildcards", "found"),
    [
        ({}, True, True),
        ({}, False, False),
        ({"items": ("sep0011*", "x")}, True, True),
        ({"items": ("SEP0011*",)}, False, False),
        ({"items": ("sep001122334455",)}, False, True),
        ({"items": ("[S]EP*",)}, True, False),
        ({"model": 622}, True, True),
        ({"model": 621}, True, False),
        ({"status": "Rejected"}, True, False),
        ({"protocol": "SCCP"}, True, False),
        ({"device_class": "Gateway"}, True, False),
        ({"device_class": "Any"}, True, True),
        ({"download_status": "Failed"}, True, False),
        ({"select_by": "DirNumber", "items": ("100*",)}, True, True),
        ({"select_by": "IPV4Address", "items": ("192.0.2.7",)}, False, True),
        ({"select_by": "IPV6Address", "items": ("192.0.2.7",)}, False, False),
        ({"select_by": "Description", "items": ("desk",)}, False, True),
    ],
)
def test_a_device_is_selected_by_all_criteria(changes, wildcards, found) -> None:
    assert ([PHONE] if found else []) == selected([PHONE], criteria(**changes), wildcards=wildcards)


def shown(of: Criteria, count: int, *, silent: str = "") -> etree._Element:
    async def once(cluster: Cluster) -> etree._Element:
        if silent:
            cluster.node(silent).services["Cisco RIS Data Collector"].begin("stop")
        devices = [Device(name=f"SEP{n:012d}", ipv4="192.0.2.9", ipv6="2001:db8::1") for n in range(count)]
        return selection(cluster, of, wildcards=True, source=lambda _cluster, _node: devices)

    return in_lab(once, scenario("demo"))


def test_a_device_may_appear_under_several_nodes_and_a_silent_node_shows_none() -> None:
    answer = shown(criteria(), 2, silent="cucm-sub1")
    assert ["4"] == [element.text for element in answer.iter("{*}TotalDevicesFound")]
    assert [2, 0, 2] == [len(element) for element in answer.iter("{*}CmDevices")]


def test_the_list_is_cut_without_a_sign() -> None:
    answer = shown(criteria(most=3), 2)
    assert [2, 1, 0] == [len(element) for element in answer.iter("{*}CmDevices")]
    assert ["3"] == [element.text for element in answer.iter("{*}TotalDevicesFound")]


def test_a_device_carries_its_addresses() -> None:
    answer = shown(criteria(), 1)
    addresses = next(answer.iter("{*}IPAddress"))
    assert [["192.0.2.9", "ipv4", "Unknown"], ["2001:db8::1", "ipv6", "Unknown"]] == [
        [field.text for field in item] for item in addresses
    ]


def test_more_than_a_thousand_cannot_be_asked_for() -> None:
    from ucmlab.interfaces.ris_devices import read_criteria

    element = etree.fromstring(
        '<n:c xmlns:n="urn:n"><n:MaxReturnedDevices>2000</n:MaxReturnedDevices>'
        "<n:SelectItems><n:item><n:Item>*</n:Item></n:item></n:SelectItems></n:c>"
    )
    assert 1000 == read_criteria(element, "urn:n").most


def test_phones_stand_under_the_node_they_registered_with() -> None:
    async def once(cluster: Cluster) -> Response:
        await asyncio.sleep(BOOTED_S)
        return await ris(cluster, query())

    lines = (
        PhonesSpec(count=2, page_share=1.0, slow_share=0.0),
        PhonesSpec(count=1, model="CP-7962", protocol="SCCP", group=("cucm-sub1",), page_share=0.0, slow_share=0.0),
    )
    nodes = etree.fromstring(in_lab(once, with_phones(*lines)).body).findall(".//{*}CmNodes/{*}item")
    names = ("Name", "Model", "Httpd", "Status", "StatusReason", "Protocol", "Description")
    found = [
        [node.findtext("{*}Name"), *(device.findtext("{*}" + name) for name in names)]
        for node in nodes
        for device in node.findall("{*}CmDevices/{*}item")
    ]
    pub, sub = "cucm-pub.lab.example", "cucm-sub1.lab.example"
    assert [
        [pub, "SEP0077AA000001", "684", "Yes", "Registered", "0", "SIP", "Phone 000001"],
        [pub, "SEP0077AA000002", "684", "Yes", "Registered", "0", "SIP", "Phone 000002"],
        [sub, "SEP0077AA000003", "404", "No", "Registered", "0", "SCCP", "Phone 000003"],
    ] == found


def test_named_phones_are_found_in_any_case_and_order_and_strangers_are_left_out() -> None:
    items = "".join(
        f"<n:item><n:Item>{name}</n:Item></n:item>"
        for name in ("sep0077aa000005", "SEP0077AA000002", "SEP000000000000", "SEP0077AA000002")
    )

    async def once(cluster: Cluster) -> list[list[str]]:
        answers = [await ris(cluster, query(operation, SelectItems=items)) for operation in OPERATIONS]
        found = [etree.fromstring(answer.body).findall(".//{*}CmDevices/{*}item/{*}Name") for answer in answers]
        return [[name.text for name in names] for names in found]

    assert [["SEP0077AA000002", "SEP0077AA000005"]] * 2 == in_lab(once, with_phones())


def test_a_list_is_as_new_as_the_phones() -> None:
    async def once(cluster: Cluster) -> list[list[str]]:
        await asyncio.sleep(BOOTED_S)
        before = texts(await ris(cluster, query(Status="UnRegistered")), "Status")
        cluster.phones.power(cluster.phones.names()[0], False)
        await asyncio.sleep(BOOTED_S)
        return [before, texts(await ris(cluster, query(Status="UnRegistered")), "Status")]

    assert [[], ["UnRegistered"]] == in_lab(once, with_phones())


def test_somebody_else_may_use_up_the_rate() -> None:
    async def once(cluster: Cluster) -> list[int]:
        cluster.faults.add(FaultRule(kind="ris-throttle", seconds=90.0))
        statuses = [(await ris(cluster, query())).status]
        await asyncio.sleep(80.0)
        statuses.append((await ris(cluster, query())).status)
        await asyncio.sleep(11.0)
        return [*statuses, (await ris(cluster, query())).status]

    assert [500, 500, 200] == in_lab(once)
