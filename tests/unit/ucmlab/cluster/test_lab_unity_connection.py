# Promise: a pair of Unity Connection nodes is a cluster of its own, with its own services, certificates and refusals.
import asyncio

import pytest

from ucmlab.cluster.certificates.records import CsrRequest
from ucmlab.cluster.cluster import Cluster
from ucmlab.errors import ScenarioError
from ucmlab.scenarios.schema import NodeSpec
from unit.ucmlab.interfaces.platform_cli.cli_bench import output
from unit.ucmlab.lab_bench import a_ca, in_lab, scenario, sign, trust

PAIR = (
    NodeSpec(name="cuc-pub", role="publisher", product="unity-connection"),
    NodeSpec(name="cuc-sub", role="subscriber", product="unity-connection"),
)
UNITY = scenario("pair", nodes=PAIR)


def test_its_certificates_are_three() -> None:
    async def once(cluster: Cluster) -> set[str]:
        assert ("tomcat-trust", "ipsec-trust") == cluster.publisher.certificates.trust_stores()
        return {stored.purpose for node in cluster.nodes.values() for stored in node.certificates.identities()}

    assert {"tomcat", "tomcat-ECDSA", "ipsec"} == in_lab(once, UNITY)


def test_its_csr_always_asks_for_key_encipherment() -> None:
    async def once(cluster: Cluster) -> bool:
        request = cluster.publisher.certificates.generate_csr("tomcat", CsrRequest()).request()
        return next(e.value for e in request.extensions if e.oid._name == "keyUsage").key_encipherment

    assert in_lab(once, UNITY)


def test_its_six_services_load_tomcat_when_they_restart() -> None:
    async def once(cluster: Cluster) -> set[str]:
        node, ca = cluster.publisher, a_ca()
        csr = node.certificates.generate_csr("tomcat", CsrRequest(distribution="multi-server"))
        trust(node, ca)
        uploaded = node.certificates.upload_identity("tomcat", [sign(csr, ca)]).sha256
        await asyncio.sleep(60.0)
        assert uploaded == cluster.node("cuc-sub").certificates.identity("tomcat").sha256
        for service in node.services.values():
            if service.running:
                service.begin("restart")
        await asyncio.sleep(300.0)
        return {name for name, identity in node.loaded("tomcat").items() if identity.sha256 == uploaded}

    expected = {"Cisco Tomcat", "Connection Conversation Manager", "Connection IMAP Server", "Connection Jetty"}
    assert expected | {"Connection SMTP Server"} <= in_lab(once, UNITY)


def test_its_rows_in_show_network_cluster_say_connection() -> None:
    rows = output("show network cluster", of=UNITY).splitlines()
    assert rows[0].startswith(
        "127.77.0.11 cuc-sub.lab.example cuc-sub Subscriber connection DBSub authenticated using TCP"
    )
    assert "127.77.0.10 cuc-pub.lab.example cuc-pub Publisher connection DBPub authenticated" == rows[1]


def test_its_service_list_has_no_callmanager() -> None:
    listed = output("utils service list", of=UNITY)
    assert "Connection Conversation Manager[STARTED]" in listed
    assert "CallManager" not in listed
    assert "GroupName: Unity Connection Services" in output("show tech ccm_service", of=UNITY)


@pytest.mark.parametrize(
    "nodes",
    [
        (PAIR[0], NodeSpec(name="cucm-sub1", role="subscriber")),
        (*PAIR, NodeSpec(name="cuc-third", role="subscriber", product="unity-connection")),
        (*PAIR, NodeSpec(name="imp-1", role="im-presence")),
    ],
)
def test_it_has_no_strangers_and_no_third_node(nodes: tuple[NodeSpec, ...]) -> None:
    with pytest.raises(ScenarioError, match="no cluster of Unity Connection"):
        in_lab(lambda _: asyncio.sleep(1.0), scenario("pair", nodes=nodes))
