# Promise: a path is answered by its application or by Tomcat's page, and a node that does not listen says nothing.
import asyncio

import pytest

from ucmlab.cluster.cluster import Cluster
from ucmlab.errors import DropConnection, NodeDown, RefuseConnection
from unit.ucmlab.interfaces.web_bench import AXL_PATH, BASE, CC_PATH, RIS_PATH, ask, axl, is_page, logged, login, rest
from unit.ucmlab.lab_bench import in_lab, scenario


@pytest.mark.parametrize("port", [443, 8443])
def test_both_web_ports_answer(port) -> None:
    async def both(cluster: Cluster) -> list[int]:
        return [
            (await rest(cluster, "GET", "snapshot/server", port=port)).status,
            (await axl(cluster, "<n:getCCMVersion/>", port=port)).status,
        ]

    assert [200, 200] == in_lab(both)


def test_another_port_is_refused() -> None:
    async def knock(cluster: Cluster) -> None:
        with pytest.raises(RefuseConnection):
            await ask(cluster, "GET", "/", port=5061)

    in_lab(knock)


def test_an_unknown_path_is_a_page_and_leaves_no_line() -> None:
    async def knock(cluster: Cluster) -> None:
        for path in ("/", "/axl", "/platformcom/api/v1/certmgr", "/realtimeservice2/services/Other"):
            assert is_page(await ask(cluster, "GET", path), 404)
        assert [] == logged(cluster)

    in_lab(knock)


@pytest.mark.parametrize(
    ("path", "kind"),
    [(BASE + "csr", "platform"), (AXL_PATH, "application"), (RIS_PATH, "application"), (CC_PATH, "application")],
)
def test_a_wrong_method_is_a_page_that_names_the_right_one(path, kind) -> None:
    async def knock(cluster: Cluster) -> None:
        response = await ask(cluster, "PUT", path, headers=login(cluster, kind))
        assert is_page(response, 405)
        assert "POST" == response.headers["Allow"]

    in_lab(knock)


def test_uds_answers_without_a_login() -> None:
    async def knock(cluster: Cluster) -> None:
        version = await ask(cluster, "GET", "/cucm-uds/version")
        assert b'<versionInformation version="14.0.1.13900">' in version.body
        servers = await ask(cluster, "GET", "/cucm-uds/servers")
        names = [f"<server>{name}.lab.example</server>" for name in ("cucm-pub", "cucm-sub1", "cucm-sub2")]
        assert "".join(names).encode() in servers.body
        assert is_page(await ask(cluster, "POST", "/cucm-uds/version"), 405)
        assert is_page(await ask(cluster, "GET", "/cucm-uds/version", node=cluster.node("imp-pub")), 404)
        assert [("web", "uds-version", "", "ok"), ("web", "uds-servers", "", "ok")] == logged(cluster)

    in_lab(knock, scenario("demo"))


def test_a_node_that_is_down_is_silent() -> None:
    async def knock(cluster: Cluster) -> None:
        cluster.publisher.down = True
        with pytest.raises(NodeDown):
            await rest(cluster, "GET", "snapshot/server")

    in_lab(knock)


def test_tomcat_refuses_while_it_restarts_and_answers_afterwards() -> None:
    async def restart(cluster: Cluster) -> int:
        cluster.publisher.services["Cisco Tomcat"].begin("restart")
        with pytest.raises(RefuseConnection):
            await rest(cluster, "GET", "snapshot/server")
        await asyncio.sleep(300)
        return (await rest(cluster, "GET", "snapshot/server")).status

    assert 200 == in_lab(restart)


async def until_starting(cluster: Cluster) -> None:
    node = cluster.publisher
    node.services["Cisco Tomcat"].begin("restart")
    while not node.listening(8443) or node.web_ready():
        await asyncio.sleep(1)


@pytest.mark.parametrize(("how", "fault"), [("refused", RefuseConnection), ("reset", DropConnection)])
def test_the_connection_breaks_while_applications_load(how, fault) -> None:
    async def knock(cluster: Cluster) -> None:
        await until_starting(cluster)
        with pytest.raises(fault) as broken:
            await rest(cluster, "POST", "csr", {"service": "tomcat", "distribution": "this-server", "commonName": "a"})
        assert not getattr(broken.value, "applied", False)
        assert [] == cluster.publisher.certificates.csrs()
        assert [] == logged(cluster)

    in_lab(knock, scenario(switches={"rest_during_tomcat": how}))


@pytest.mark.parametrize(("how", "status"), [("503", 503), ("html", 404)])
def test_a_page_answers_while_applications_load(how, status) -> None:
    async def knock(cluster: Cluster) -> None:
        await until_starting(cluster)
        assert is_page(await rest(cluster, "GET", "snapshot/server"), status)
        assert is_page(await axl(cluster, "<n:getCCMVersion/>"), status)

    in_lab(knock, scenario(switches={"rest_during_tomcat": how}))


@pytest.mark.parametrize(
    ("service", "path", "status"),
    [
        ("Platform Communication Web Service", BASE + "snapshot/server", 404),
        ("Cisco AXL Web Service", AXL_PATH, 404),
        ("Cisco AXL Tomcat", AXL_PATH, 503),
        ("Cisco UDS Tomcat", "/cucm-uds/version", 503),
        ("SOAP -Real-Time Service APIs", RIS_PATH, 404),
    ],
)
def test_an_application_whose_service_is_stopped_is_a_page(service, path, status) -> None:
    async def knock(cluster: Cluster) -> None:
        assert not is_page(await ask(cluster, "GET", path), status)
        cluster.publisher.services[service].begin("stop")
        assert is_page(await ask(cluster, "GET", path), status)

    in_lab(knock)


def test_im_and_presence_has_the_certificate_api_and_no_axl() -> None:
    async def knock(cluster: Cluster) -> None:
        node = cluster.node("imp-pub")
        assert 200 == (await rest(cluster, "GET", "snapshot/server", node=node)).status
        assert is_page(await axl(cluster, "<n:getCCMVersion/>", node=node), 404)

    in_lab(knock, scenario("demo"))


def test_tomcat_that_stops_in_mid_request_cuts_the_connection() -> None:
    async def stop_meanwhile(cluster: Cluster) -> None:
        from ucmlab.faults import FaultRule

        cluster.faults.add(FaultRule(kind="delay", interface="rest", seconds=60.0))
        body = {"service": "tomcat", "distribution": "this-server", "commonName": "a"}
        request = asyncio.create_task(rest(cluster, "POST", "csr", body))
        await asyncio.sleep(30)
        cluster.publisher.services["Cisco Tomcat"].begin("stop")
        with pytest.raises(DropConnection) as broken:
            await request
        assert not broken.value.applied
        assert [] == cluster.publisher.certificates.csrs()
        assert [("rest", "csr", "tomcat", "dropped: not applied")] == logged(cluster)

    in_lab(stop_meanwhile)
