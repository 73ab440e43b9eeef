# Promise: every purpose a CA may sign can be renewed on every node that has it, spread or reused as the product does.
import asyncio

import pytest

from ucmlab.cluster.certificates.authority import DAY_S
from ucmlab.cluster.certificates.purposes import usage_of
from ucmlab.cluster.certificates.records import CsrRequest, to_pem
from ucmlab.cluster.cluster import Cluster
from ucmlab.cluster.node import Node
from ucmlab.errors import Refusal, ScenarioError
from unit.ucmlab.lab_bench import NOW, a_ca, in_lab, scenario, sign, trust


def renew(node: Node, purpose: str, *, distribution: str = "this-server", number: int = 1) -> str:
    row = node.site.purpose(purpose)
    csr = node.certificates.generate_csr(purpose, CsrRequest(distribution=distribution))
    ca = a_ca()
    trust(node, ca, row.trust_store)
    usage = usage_of(row, product=node.product, version=node.version)
    leaf = sign(csr, ca, usage=usage, ca=row.signs_certificates, serial=4710 + number, not_before=NOW - number)
    return node.certificates.upload_identity(purpose, [leaf]).sha256


@pytest.mark.parametrize(
    ("host", "purpose"),
    [
        *(("cucm-pub", name) for name in ("tomcat", "tomcat-ECDSA", "ipsec", "CAPF", "TVS")),
        *(("cucm-sub1", name) for name in ("CallManager", "CallManager-ECDSA", "TVS", "tomcat-ECDSA")),
        *(("imp-pub", name) for name in ("tomcat", "cup", "cup-ECDSA", "cup-xmpp", "cup-xmpp-ECDSA")),
        *(("imp-pub", name) for name in ("cup-xmpp-s2s", "cup-xmpp-s2s-ECDSA", "ipsec")),
    ],
)
def test_a_signed_certificate_takes_the_place_of_the_old(host: str, purpose: str) -> None:
    async def once(cluster: Cluster) -> None:
        node = cluster.node(host)
        uploaded = renew(node, purpose)
        stored = node.certificates.identity(purpose)
        assert stored is not None
        assert (uploaded, None) == (stored.sha256, node.certificates.csr(purpose))

    in_lab(once, scenario("demo"))


def test_itl_recovery_is_never_signed_by_a_ca() -> None:
    async def once(cluster: Cluster) -> None:
        held = cluster.publisher.certificates
        with pytest.raises(Refusal) as asked:
            held.generate_csr("ITLRecovery", CsrRequest())
        with pytest.raises(Refusal) as uploaded:
            held.upload_identity("ITLRecovery", [to_pem(a_ca().root).encode()])
        assert ("E8", "E2") == (asked.value.code, uploaded.value.code)

    in_lab(once)


@pytest.mark.parametrize(
    ("purpose", "sharers"),
    [
        ("tomcat", ["cucm-pub", "cucm-sub1", "cucm-sub2", "imp-pub"]),
        ("tomcat-ECDSA", ["cucm-pub", "cucm-sub1", "cucm-sub2", "imp-pub"]),
        ("CallManager", ["cucm-pub", "cucm-sub1", "cucm-sub2"]),
        ("CallManager-ECDSA", ["cucm-pub", "cucm-sub1", "cucm-sub2"]),
    ],
)
def test_a_multi_server_certificate_reaches_all_nodes_that_share_it(purpose: str, sharers: list[str]) -> None:
    async def once(cluster: Cluster) -> list[str]:
        uploaded = renew(cluster.publisher, purpose, distribution="multi-server")
        await asyncio.sleep(60.0)
        held = {node.name: node.certificates.identity(purpose) for node in cluster.nodes.values()}
        return [name for name, stored in held.items() if stored is not None and stored.sha256 == uploaded]

    assert sharers == in_lab(once, scenario("demo"))


def test_a_regenerated_itl_recovery_of_the_publisher_is_everybodys() -> None:
    async def once(cluster: Cluster) -> set[str]:
        cluster.publisher.certificates.regenerate("ITLRecovery")
        await asyncio.sleep(60.0)
        held = [node.certificates.identity("ITLRecovery") for node in cluster.nodes.values()]
        return {stored.sha256 for stored in held if stored is not None}

    assert 1 == len(in_lab(once, scenario("pair")))
    assert 2 == len(in_lab(once, scenario("legacy")))


@pytest.mark.parametrize(("switch", "kept"), [("replaces", 0), ("keeps", 1)])
def test_a_renewed_capf_meets_the_trust_entry_of_its_name(switch: str, kept: int) -> None:
    async def once(cluster: Cluster) -> None:
        held = cluster.publisher.certificates
        old = held.identity("CAPF")
        assert old is not None
        new = renew(cluster.publisher, "CAPF")
        await asyncio.sleep(60.0)
        for node, store in (
            (cluster.publisher, "CAPF-trust"),
            (cluster.publisher, "CallManager-trust"),
            (cluster.node("cucm-sub1"), "CallManager-trust"),
        ):
            entries = [entry.sha256 for entry in node.certificates.trust(store)]
            assert (kept, 1) == (entries.count(old.sha256), entries.count(new))

    in_lab(once, scenario("pair", switches={"capf_same_name": switch}))


REUSED = scenario("demo", reuse_tomcat=True)


def identities(cluster: Cluster, purpose: str) -> set[str]:
    held = [node.certificates.identity(purpose) for node in cluster.nodes.values() if node.product == "cucm"]
    return {stored.sha256 for stored in held if stored is not None}


def test_a_cluster_may_reuse_its_tomcat_certificate_for_callmanager() -> None:
    async def once(cluster: Cluster) -> None:
        stored = cluster.publisher.certificates.identity("tomcat")
        assert stored is not None
        assert stored.multi_server
        assert {stored.sha256} == identities(cluster, "tomcat") == identities(cluster, "CallManager")
        names = stored.certificate().subject.rfc4514_string()
        assert "CN=cucm-pub-ms.lab.example" in names
        shown = cluster.publisher.tls_certificate(5061)
        assert shown is not None
        assert stored.sha256 == shown.sha256

    in_lab(once, REUSED)


def test_a_reused_tomcat_renews_callmanager_with_it_until_callmanager_gets_its_own() -> None:
    async def once(cluster: Cluster) -> None:
        uploaded = renew(cluster.publisher, "tomcat", distribution="multi-server")
        await asyncio.sleep(60.0)
        assert {uploaded} == identities(cluster, "tomcat") == identities(cluster, "CallManager")
        own = renew(cluster.publisher, "CallManager", distribution="multi-server", number=2)
        await asyncio.sleep(60.0)
        again = renew(cluster.publisher, "tomcat", distribution="multi-server", number=3)
        await asyncio.sleep(60.0)
        assert ({again}, {own}) == (identities(cluster, "tomcat"), identities(cluster, "CallManager"))

    in_lab(once, REUSED)


def test_a_multi_server_identity_of_the_scenario_is_one_on_all_nodes_and_names_them_all() -> None:
    async def once(cluster: Cluster) -> None:
        assert len(identities(cluster, "CallManager")) == 1
        assert len(identities(cluster, "ipsec")) == 3

    in_lab(once, scenario("demo", ca_signed=("CallManager", "ipsec"), multi_server=("CallManager",)))


@pytest.mark.parametrize("wrong", [{"version": "12.5.1.11900-146"}, {"ca_signed": ("ipsec",)}])
def test_what_cannot_be_reused_is_told(wrong: dict[str, object]) -> None:
    with pytest.raises(ScenarioError, match=r"cannot be (reused|multi-server)"):
        in_lab(lambda _: asyncio.sleep(DAY_S), scenario("pair", reuse_tomcat=True, **wrong))
