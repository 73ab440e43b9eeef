# Promise: a service serves what it loaded at its start, takes its time, and fails when a fault says so.
import pytest

from ucmlab.cluster.cluster import Cluster
from ucmlab.cluster.services.table import services_of
from ucmlab.errors import Refusal
from ucmlab.faults import FaultRule
from unit.ucmlab.lab_bench import a_ca, in_lab, renewed, scenario


async def settle(service) -> list[str]:
    return [state async for state in service.follow()]


def test_a_tomcat_restart_closes_the_ports_and_then_serves_the_new_certificate() -> None:
    async def restart(cluster: Cluster) -> None:
        node = cluster.publisher
        tomcat = node.service("cisco tomcat")
        began = tomcat.started_at
        new = renewed(node, a_ca())
        tomcat.begin("restart")
        assert not node.listening(8443)
        assert node.tls_certificate(443) is None
        states = await settle(tomcat)
        assert list(dict.fromkeys(states)) == ["STOPPING", "STARTING", "STARTED"]
        assert tomcat.started_at > began
        assert {port: identity.sha256 for port, identity in node.served("tomcat").items()} == {443: new, 8443: new}
        assert node.tls_certificate(443).chain_pem.count("BEGIN") == 2

    in_lab(restart)


def test_web_applications_answer_later_than_tomcat_is_started() -> None:
    async def restart(cluster: Cluster) -> tuple[bool, bool]:
        node = cluster.publisher
        node.service("Cisco Tomcat").begin("restart")
        await settle(node.service("Cisco Tomcat"))
        early = node.web_ready()
        await cluster.clock.sleep(30)
        return early, node.web_ready()

    assert in_lab(restart) == (False, True)


def test_haproxy_restarts_with_tomcat_from_14() -> None:
    async def restart(cluster: Cluster) -> tuple[str, list[str]]:
        node = cluster.publisher
        node.service("Cisco Tomcat").begin("restart")
        return node.service("Cisco HAProxy").state, list(node.services)

    state, _ = in_lab(restart)
    assert state == "STOPPING"
    with pytest.raises(Refusal):
        in_lab(restart, scenario("legacy"))


def test_a_certificate_uploaded_while_a_service_starts_is_not_loaded() -> None:
    async def restart(cluster: Cluster) -> bool:
        node = cluster.publisher
        tomcat = node.service("Cisco Tomcat")
        tomcat.begin("restart")
        while tomcat.state != "STARTING":
            await cluster.clock.sleep(1)
        new = renewed(node, a_ca())
        uploaded_at = node.now()
        await settle(tomcat)
        return node.served("tomcat")[443].sha256 == new or tomcat.started_at > uploaded_at

    assert in_lab(restart) is False


def test_a_service_that_fails_to_start_stops_with_a_reason_and_starts_the_next_time() -> None:
    async def restart(cluster: Cluster) -> list[tuple[str, str]]:
        cluster.faults.add(FaultRule(kind="service-fails", operation="Cisco DRF Local"))
        local = cluster.publisher.service("Cisco DRF Local")
        seen = []
        for action in ("restart", "start"):
            local.begin(action)
            await settle(local)
            seen.append((local.state, local.reason))
        return seen

    assert in_lab(restart) == [("STOPPED", "Component is not running"), ("STARTED", "")]


def test_drf_master_runs_on_the_publisher_only() -> None:
    async def states(cluster: Cluster) -> list[tuple[str, str]]:
        services = [node.services["Cisco DRF Master"] for node in cluster.nodes.values()]
        return [(service.state, service.reason) for service in services]

    assert in_lab(states, scenario("pair")) == [("STARTED", ""), ("STOPPED", "Commanded Out of Service")]


def test_a_service_that_is_not_activated_refuses_a_restart() -> None:
    async def restart(cluster: Cluster) -> str:
        with pytest.raises(Refusal) as refused:
            cluster.publisher.service("Cisco WebDialer Web Service").begin("restart")
        return refused.value.words

    assert in_lab(restart) == "Service Not Activated"


def test_activation_starts_a_service_and_deactivation_stops_it() -> None:
    async def switch(cluster: Cluster) -> list[tuple[str, str]]:
        dialer = cluster.publisher.service("Cisco WebDialer Web Service")
        seen = []
        for action in ("activate", "deactivate"):
            dialer.begin(action)
            await settle(dialer)
            seen.append((dialer.state, dialer.reason))
        return seen

    assert in_lab(switch) == [("STARTED", ""), ("STOPPED", "Service Not Activated")]


def test_an_unknown_service_is_named_in_the_refusal() -> None:
    async def ask(cluster: Cluster) -> str:
        with pytest.raises(Refusal) as refused:
            cluster.publisher.service("Cisco Tomcatt")
        return refused.value.words

    assert in_lab(ask) == "Service Cisco Tomcatt not found"


def test_start_times_are_told_by_the_clock_of_the_node() -> None:
    spec = scenario("single").nodes[0]
    ahead = type(spec)(name=spec.name, role=spec.role, clock_offset_s=3600.0)

    async def restart(cluster: Cluster) -> float:
        local = cluster.publisher.service("Cisco DRF Local")
        local.begin("restart")
        await settle(local)
        return local.started_at - cluster.clock.now()

    assert 3500 < in_lab(restart, scenario("single", nodes=(ahead,))) < 3600


def test_a_backup_dies_with_its_master() -> None:
    async def run(cluster: Cluster) -> list[str]:
        cluster.drs.start("a.tar", duration_s=500)
        await cluster.clock.sleep(600)
        cluster.drs.start("b.tar", duration_s=500)
        cluster.publisher.service("Cisco DRF Master").begin("restart")
        return [backup.result for backup in cluster.drs.history[-2:]]

    assert in_lab(run) == ["SUCCESS", "ERROR"]


def test_a_second_backup_waits_for_the_first() -> None:
    async def run(cluster: Cluster) -> str:
        cluster.drs.start("a.tar", duration_s=500)
        with pytest.raises(Refusal) as refused:
            cluster.drs.start("b.tar", duration_s=500)
        return refused.value.code

    assert in_lab(run) == "DRS-BUSY"


def test_ecdsa_is_served_only_when_the_ciphers_are_on() -> None:
    async def look(cluster: Cluster) -> bool:
        return cluster.publisher.tls_certificate(443, key_type="ec") is not None

    assert in_lab(look) is False
    assert in_lab(look, scenario("single", switches={"https_ciphers": "rsa-and-ec"})) is True


def test_names_are_unique_and_followers_are_known() -> None:
    for product, role in (("cucm", "publisher"), ("cucm", "subscriber"), ("imp", "im-presence")):
        rows = services_of(product=product, role=role, version="14.0.1.13900-155")
        names = [row.name for row in rows]
        assert len(set(names)) == len(names)
        assert all(row.follows in ("", *names) for row in rows)
