# Promise: Control Center tells the truth about this node's services, and restarts only what may be restarted here.
import asyncio

import pytest
from lxml import etree

from ucmlab.cluster.cluster import Cluster
from ucmlab.errors import DropConnection
from ucmlab.interfaces.http import Response
from ucmlab.scenarios.schema import NodeSpec
from unit.ucmlab.interfaces.web_bench import AST_NS, CC_PATH, control, control_center, logged, soap, texts
from unit.ucmlab.lab_bench import NOW, in_lab, scenario


def status(*names: str) -> str:
    asked = "".join(f"<n:ServiceStatus>{name}</n:ServiceStatus>" for name in names)
    return f"<n:soapGetServiceStatus>{asked}</n:soapGetServiceStatus>"


def items(response: Response) -> dict[str, dict[str, str]]:
    found = etree.fromstring(response.body).iterfind(".//{*}ServiceInfoList/{*}item")
    rows = [{etree.QName(child).localname: child.text or "" for child in item} for item in found]
    return {row["ServiceName"]: row for row in rows}


def asked(content: str, of=None) -> Response:
    async def once(cluster: Cluster) -> Response:
        return await control_center(cluster, content)

    return in_lab(once, of)


def single(**changes):
    return scenario(nodes=(NodeSpec(name="cucm-pub", role="publisher", **changes),))


def top(response: Response) -> tuple[str, str, str]:
    returned = etree.fromstring(response.body)[0][0][0]
    return tuple(returned.findtext(f"{{{AST_NS}}}{name}") for name in ("ReturnCode", "ReasonCode", "ReasonString"))


def test_all_feature_and_network_services_are_listed_when_none_is_named() -> None:
    async def once(cluster: Cluster) -> None:
        for content in (status(), status(""), "<n:soapGetServiceStatus><n:ServiceStatus/></n:soapGetServiceStatus>"):
            rows = items(await control_center(cluster, content))
            kinds = {cluster.publisher.services[name].kind for name in rows}
            assert {"network", "feature"} == kinds
            assert len(rows) == sum(s.kind != "platform" for s in cluster.publisher.services.values())
            assert sorted(rows) == list(rows)

    in_lab(once)


def test_start_and_up_time_are_on_the_clock_of_the_node() -> None:
    async def once(cluster: Cluster) -> None:
        await control_center(cluster, control("Restart", "Cisco Tftp"))
        await asyncio.sleep(100)
        service = cluster.publisher.services["Cisco Tftp"]
        row = items(await control_center(cluster, status("Cisco Tftp")))["Cisco Tftp"]
        from datetime import UTC, datetime

        expected = datetime.fromtimestamp(int(service.started_at), tz=UTC).ctime()
        assert ("Started", "0", "", expected) == tuple(
            row[name] for name in ("ServiceStatus", "ReasonCode", "ReasonCodeString", "StartTime")
        )
        assert int(cluster.publisher.now() - service.started_at) == int(row["UpTime"])
        assert NOW + 3500 < service.started_at < NOW + 3700

    in_lab(once, single(clock_offset_s=3600.0))


@pytest.mark.parametrize(
    ("form", "text"),
    [("ctime", "Mon Sep 21 14:13:20 2026"), ("iso", "2026-09-21T14:13:20Z"), ("epoch", "1790000000")],
)
def test_control_center_start_time_form(form, text) -> None:
    async def once(cluster: Cluster) -> str:
        cluster.publisher.services["Cisco Tftp"].started_at = NOW + 0.9
        return items(await control_center(cluster, status("Cisco Tftp")))["Cisco Tftp"]["StartTime"]

    assert text == in_lab(once, scenario(switches={"control_center_start_time_form": form}))


def test_a_stopped_service_has_its_reason_and_no_times() -> None:
    rows = items(asked(status(), single(stopped=("Cisco Tftp",))))
    fields = ("ServiceStatus", "ReasonCode", "ReasonCodeString", "StartTime", "UpTime")
    assert ["Stopped", "-1032", "Commanded Out of Service", "", "-1"] == [rows["Cisco Tftp"][name] for name in fields]
    dialer = rows["Cisco WebDialer Web Service"]
    assert ["Stopped", "-1068", "Service Not Activated", "", "-1"] == [dialer[name] for name in fields]


@pytest.mark.parametrize("name", ["Nothing", "cisco tftp", "System SSH"])
def test_a_name_the_node_does_not_list_is_unknown(name) -> None:
    row = items(asked(status(name)))[name]
    assert ("Unknown", "-1002") == (row["ServiceStatus"], row["ReasonCode"])


def test_a_restart_begins_at_once_and_ends_later() -> None:
    async def restart(cluster: Cluster) -> None:
        service = cluster.publisher.services["Cisco Tftp"]
        before = service.started_at
        response = await control_center(cluster, control("Restart", "Cisco Tftp", node="cucm-pub"))
        assert ("0", "0", "") == top(response)
        assert "Starting" == items(response)["Cisco Tftp"]["ServiceStatus"]
        assert NOW == cluster.clock.now()
        await asyncio.sleep(1)
        assert "Stopping" == items(await control_center(cluster, status("Cisco Tftp")))["Cisco Tftp"]["ServiceStatus"]
        await asyncio.sleep(60)
        assert "Started" == items(await control_center(cluster, status("Cisco Tftp")))["Cisco Tftp"]["ServiceStatus"]
        assert service.started_at > before
        assert ("control-center", "restart", "Cisco Tftp", "ok") == logged(cluster)[0]

    in_lab(restart)


def test_stop_and_start_are_theirs() -> None:
    async def both(cluster: Cluster) -> None:
        stopped = await control_center(cluster, control("Stop", "Cisco Tftp"))
        assert "Stopping" == items(stopped)["Cisco Tftp"]["ServiceStatus"]
        await asyncio.sleep(60)
        row = items(await control_center(cluster, status("Cisco Tftp")))["Cisco Tftp"]
        assert ("Stopped", "Commanded Out of Service") == (row["ServiceStatus"], row["ReasonCodeString"])
        started = await control_center(cluster, control("Start", "Cisco Tftp"))
        assert "Starting" == items(started)["Cisco Tftp"]["ServiceStatus"]
        await asyncio.sleep(60)
        assert cluster.publisher.services["Cisco Tftp"].running
        again = await control_center(cluster, control("Start", "Cisco Tftp"))
        assert "Started" == items(again)["Cisco Tftp"]["ServiceStatus"]
        operations = [operation for _, operation, purpose, _ in logged(cluster) if purpose]
        assert ["stop", "start", "start"] == operations

    in_lab(both)


@pytest.mark.parametrize("kind", ["Restart", "Stop", "Start"])
@pytest.mark.parametrize("name", ["Cisco Tomcat", "Cisco HAProxy"])
@pytest.mark.parametrize("how", ["accept", "fault"])
def test_tomcat_and_haproxy_are_refused_in_a_reply(kind, name, how) -> None:
    async def refuse(cluster: Cluster) -> None:
        response = await control_center(cluster, control(kind, name))
        words = f"Service {name} cannot be controlled from Control Center"
        assert (200, ("1", "-1001", words)) == (response.status, top(response))
        row = items(response)[name]
        assert ("Started", "-1001", words) == (row["ServiceStatus"], row["ReasonCode"], row["ReasonCodeString"])
        assert cluster.publisher.services[name].running
        assert [("control-center", kind.lower(), name, f"refused: {words}")] == logged(cluster)

    in_lab(refuse, scenario(switches={"network_service_control": how}))


def test_the_other_services_of_a_list_are_restarted() -> None:
    async def mixed(cluster: Cluster) -> None:
        response = await control_center(cluster, control("Restart", "Cisco Tftp", "Cisco Tomcat", "Cisco Tftp"))
        assert ["Cisco Tftp", "Cisco Tomcat"] == list(items(response))
        assert not cluster.publisher.services["Cisco Tftp"].running
        assert [("Cisco Tftp", "ok"), ("Cisco Tomcat", "refused")] == [
            (purpose, outcome.partition(":")[0]) for _, _, purpose, outcome in logged(cluster)
        ]

    in_lab(mixed)


def test_a_service_that_is_not_activated_is_refused() -> None:
    async def refuse(cluster: Cluster) -> None:
        name = "Cisco WebDialer Web Service"
        response = await control_center(cluster, control("Start", name))
        assert ("1", "-1068", "Service Not Activated") == top(response)
        assert "Stopped" == items(response)[name]["ServiceStatus"]
        assert "refused: Service Not Activated" == logged(cluster)[0][-1]

    in_lab(refuse)


def test_an_unknown_service_is_refused() -> None:
    response = asked(control("Restart", "Nothing"))
    assert ("1", "-1002", "Service Nothing is not known on this node") == top(response)
    assert "Unknown" == items(response)["Nothing"]["ServiceStatus"]


def test_another_node_is_not_reached_from_here() -> None:
    async def refuse(cluster: Cluster) -> None:
        response = await control_center(cluster, control("Restart", "Cisco Tftp", node="cucm-sub1"))
        assert "Node cucm-sub1 is not this server" == top(response)[2]
        assert all(node.services["Cisco Tftp"].running for node in list(cluster.nodes.values())[:2])
        response = await control_center(
            cluster, control("Restart", "Cisco Tftp", node="cucm-sub1"), node=cluster.node("cucm-sub1")
        )
        assert "0" == top(response)[0]

    in_lab(refuse, scenario("demo"))


@pytest.mark.parametrize(
    ("how", "running"), [("accept", False), ("reason", True), ("fault", True)], ids=["accept", "reason", "fault"]
)
def test_network_service_control(how, running) -> None:
    async def knock(cluster: Cluster) -> None:
        response = await control_center(cluster, control("Restart", "Cisco DRF Local", "Cisco Tftp"))
        words = "Service Cisco DRF Local is a network service and cannot be controlled"
        assert running == cluster.publisher.services["Cisco DRF Local"].running
        assert (how == "fault") == cluster.publisher.services["Cisco Tftp"].running
        if how == "fault":
            assert (500, [words]) == (response.status, texts(response, "faultstring"))
            assert {f"refused: {words}"} == {outcome for *_, outcome in logged(cluster)}
        else:
            assert (200, words if how == "reason" else "") == (response.status, top(response)[2])

    in_lab(knock, scenario(switches={"network_service_control": how}))


def test_long_restart_reply_at_the_end() -> None:
    async def wait(cluster: Cluster) -> None:
        response = await control_center(cluster, control("Restart", "Cisco CallManager"))
        assert 30 < cluster.clock.now() - NOW < 90
        assert "Started" == items(response)["Cisco CallManager"]["ServiceStatus"]
        assert NOW == cluster.log.operations()[0].at

    in_lab(wait, scenario(switches={"long_restart_reply": "at-end"}))


def test_long_restart_reply_never() -> None:
    async def wait(cluster: Cluster) -> None:
        with pytest.raises(DropConnection) as dropped:
            await control_center(cluster, control("Restart", "Cisco CallManager"))
        assert dropped.value.applied
        assert 3600 == cluster.clock.now() - NOW
        assert cluster.publisher.services["Cisco CallManager"].started_at > NOW
        assert [("restart", "dropped: applied")] == [row[1::2] for row in logged(cluster)]

    in_lab(wait, scenario(switches={"long_restart_reply": "timeout"}))


@pytest.mark.parametrize("how", ["at-end", "timeout"])
def test_a_restart_goes_on_when_the_caller_hangs_up(how) -> None:
    async def hang_up(cluster: Cluster) -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(5):
                await control_center(cluster, control("Restart", "Cisco CallManager"))
        await asyncio.sleep(120)
        service = cluster.publisher.services["Cisco CallManager"]
        assert service.running
        assert service.started_at > NOW
        assert [("restart", "dropped: applied")] == [row[1::2] for row in logged(cluster)]

    in_lab(hang_up, scenario(switches={"long_restart_reply": how}))


@pytest.mark.parametrize("how", ["at-end", "timeout"])
def test_a_refusal_does_not_keep_one_waiting(how) -> None:
    async def refuse(cluster: Cluster) -> float:
        await control_center(cluster, control("Restart", "Cisco Tftp", "Cisco Tomcat"))
        assert ["ok", "refused"] == [outcome.partition(":")[0] for *_, outcome in logged(cluster)]
        return cluster.clock.now()

    assert NOW == in_lab(refuse, scenario(switches={"long_restart_reply": how}))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (control("Reboot", "Cisco Tftp"), "Invalid value Reboot for ControlType"),
        (control("restart", "Cisco Tftp"), "Invalid value restart for ControlType"),
        (control("Restart"), "ServiceList has no item"),
        (control("Restart", ""), "ServiceList has no item"),
        ("<n:soapDoControlServices/>", "Invalid value  for ControlType"),
        (control("Restart", "Cisco Tftp").replace("n:item", "item"), "ServiceList has no item"),
        ("<n:soapDoServiceDeployment/>", "The operation soapDoServiceDeployment is not known"),
        ("<soapGetServiceStatus/>", "The operation {}soapGetServiceStatus is not known"),
    ],
)
def test_orders_outside_the_schema_are_faults(content, words) -> None:
    response = asked(content)
    assert (500, [words]) == (response.status, texts(response, "faultstring"))


def test_the_static_list_describes_every_service() -> None:
    response = asked("<n:soapGetStaticServiceList/>", scenario("demo"))
    rows = list(etree.fromstring(response.body).iter("{*}item"))
    by_name = {row.findtext("{*}ServiceName"): row for row in rows}
    assert "true" == by_name["Cisco Tftp"].findtext("{*}Deployable")
    assert "Service" == by_name["Cisco Tftp"].findtext("{*}ServiceType")
    tomcat = by_name["Cisco Tomcat"]
    assert ("false", "Common") == (tomcat.findtext("{*}Deployable"), tomcat.findtext("{*}ProductID"))
    assert ["Cisco HAProxy"] == [service.text for service in tomcat.iter("{*}Service")]
    assert "System SSH" not in by_name


def test_the_product_information_names_release_and_publisher() -> None:
    async def once(cluster: Cluster) -> Response:
        content = "<n:getProductInformationList><n:ServiceInfo/></n:getProductInformationList>"
        return await control_center(cluster, content, node=cluster.node("imp-pub"))

    response = in_lab(once, scenario("demo"))
    assert ["14.0.1.13900-155"] == texts(response, "ActiveServerVersion")
    assert ["cucm-pub.lab.example"] == texts(response, "PrimaryNode")
    assert ["IMP"] == texts(response, "ShortName")
    assert "Cisco XCP Router" in texts(response, "ServiceName")


def test_the_extended_address_answers_alike() -> None:
    async def once(cluster: Cluster) -> int:
        return (await soap(cluster, CC_PATH + "Ex", AST_NS, status("Cisco Tftp"))).status

    assert 200 == in_lab(once)
