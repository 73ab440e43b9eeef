"""Promise: a TVS presents what it loaded, knows what switch U2 lets it know, and keeps that over a stop of the lab."""

import asyncio
import json
from pathlib import Path

import pytest

from simulation.virtual_loop import run_virtually
from ucmlab.clock import LoopClock
from ucmlab.cluster import tvs
from ucmlab.cluster.certificates.records import to_pem
from ucmlab.cluster.cluster import Cluster
from ucmlab.cluster.node import Node
from ucmlab.cluster.opening import open_cluster
from ucmlab.cluster.trust_lists.tlv import distinguished_name
from ucmlab.cluster.tvs_knowledge import SERVICE
from unit.ucmlab.lab_bench import NOW, a_ca, in_lab, renewed, scenario

NOBODY: frozenset[int] = frozenset()
SIGNER = frozenset({0, 3})


def leaf(node: Node, purpose: str) -> str:
    """SHA-256 of a stored identity."""
    stored = node.certificates.identity(purpose)
    assert stored is not None
    return stored.sha256


async def restarted(node: Node, service: str = SERVICE) -> None:
    """Restart a service and wait until it runs; a second later nothing is as young as it is."""
    await asyncio.sleep(1)
    node.service(service).begin("restart")
    async for _ in node.service(service).follow(1.0):
        pass


def knowledge(value: str) -> dict[str, dict[str, str]]:
    return {"switches": {"tvs_knowledge": value}}


@pytest.mark.parametrize(
    ("purpose", "roles"),
    [
        ("CallManager", {0, 3}),
        ("ITLRecovery", {0}),
        ("CAPF", {4}),
        ("TVS", {21}),
        ("tomcat", {7}),
        ("ipsec", set()),
    ],
)
def test_every_identity_has_the_roles_of_its_purpose(purpose: str, roles: set[int]) -> None:
    async def test(cluster: Cluster) -> None:
        wanted = leaf(cluster.publisher, purpose)
        for node in cluster.nodes.values():
            assert roles == tvs.roles_of(cluster, node, wanted)

    in_lab(test, scenario("pair"))


@pytest.mark.parametrize(("value", "roles"), [("no", {0, 3}), ("yes", {0, 1, 3})])
def test_whether_it_vouches_for_the_callmanager_of_tls_is_a_switch(value: str, roles: set[int]) -> None:
    async def test(cluster: Cluster) -> None:
        node = cluster.publisher
        assert roles == tvs.roles_of(cluster, node, leaf(node, "CallManager"))

    in_lab(test, scenario("single", switches={"tvs_vouches_tls": value}))


@pytest.mark.parametrize(
    ("value", "old_before", "new_before", "old_after"),
    [
        ("at-restart", NOBODY, NOBODY, NOBODY),
        ("live", NOBODY, SIGNER, NOBODY),
        ("keeps-old", SIGNER, SIGNER, SIGNER),
    ],
)
def test_when_a_leaf_is_learned_and_forgotten_is_a_switch(
    value: str, old_before: frozenset[int], new_before: frozenset[int], old_after: frozenset[int]
) -> None:
    async def test(cluster: Cluster) -> None:
        pub, sub = cluster.nodes.values()
        old = leaf(pub, "CallManager")
        new = renewed(pub, a_ca(), "CallManager")

        for node in (pub, sub):
            assert (old_before, new_before) == (tvs.roles_of(cluster, node, old), tvs.roles_of(cluster, node, new))
            await restarted(node)
            assert (old_after, SIGNER) == (tvs.roles_of(cluster, node, old), tvs.roles_of(cluster, node, new))

    in_lab(test, scenario("pair", **knowledge(value)))


def test_a_restart_of_one_tvs_teaches_only_that_one() -> None:
    async def test(cluster: Cluster) -> None:
        pub, sub = cluster.nodes.values()
        new = renewed(pub, a_ca(), "CallManager")

        await restarted(sub)

        assert NOBODY == tvs.roles_of(cluster, pub, new)
        assert SIGNER == tvs.roles_of(cluster, sub, new)

    in_lab(test, scenario("pair"))


def test_a_restart_of_another_service_teaches_nothing() -> None:
    async def test(cluster: Cluster) -> None:
        node = cluster.publisher
        new = renewed(node, a_ca(), "CallManager")

        await restarted(node, "Cisco Tftp")

        assert NOBODY == tvs.roles_of(cluster, node, new)

    in_lab(test)


def test_it_presents_the_leaf_it_loaded_until_it_restarts_and_nothing_while_down() -> None:
    async def test(cluster: Cluster) -> None:
        node = cluster.publisher
        old = leaf(node, "TVS")
        new = node.certificates.regenerate("TVS").sha256
        assert old == tvs.presents(node)

        await restarted(node)
        assert new == tvs.presents(node)

        node.service(SERVICE).begin("stop")
        assert tvs.presents(node) is None

    in_lab(test, scenario("single", version="12.5.1.11900-146"))


def test_a_certificate_is_found_by_serial_and_issuer() -> None:
    async def test(cluster: Cluster) -> None:
        node = cluster.publisher
        stored = node.certificates.identity("CallManager")
        assert stored is not None
        wanted = stored.certificate()
        issuer = distinguished_name(wanted.issuer)

        assert (wanted, SIGNER) == tvs.find(cluster, node, wanted.serial_number, issuer)
        assert (wanted, SIGNER) == tvs.find(cluster, node, wanted.serial_number, issuer.replace(";", "; ").upper())
        assert tvs.find(cluster, node, wanted.serial_number + 1, issuer) is None
        assert tvs.find(cluster, node, wanted.serial_number, "CN=somebody else") is None

    in_lab(test)


def test_a_signer_of_another_cluster_is_known_by_its_entry_in_phone_sast_trust() -> None:
    async def test(cluster: Cluster) -> None:
        node = cluster.publisher
        stranger = a_ca().issuing
        node.certificates.upload_trust("Phone-SAST-trust", to_pem(stranger).encode())
        entry = node.certificates.trust("Phone-SAST-trust")[0]
        assert NOBODY == tvs.roles_of(cluster, node, entry.sha256)

        await restarted(node)

        assert SIGNER == tvs.roles_of(cluster, node, entry.sha256)

    in_lab(test)


def test_a_copy_in_callmanager_trust_does_not_vouch_for_a_replaced_leaf() -> None:
    async def test(cluster: Cluster) -> None:
        node = cluster.publisher
        old = leaf(node, "CallManager")
        assert old in [entry.sha256 for entry in node.certificates.trust("CallManager-trust")]

        renewed(node, a_ca(), "CallManager")
        await restarted(node)

        assert NOBODY == tvs.roles_of(cluster, node, old)

    in_lab(test)


def test_an_im_presence_node_has_no_tvs() -> None:
    async def test(cluster: Cluster) -> None:
        node = cluster.node("imp-pub")
        assert tvs.presents(node) is None
        assert NOBODY == tvs.roles_of(cluster, node, leaf(cluster.publisher, "CallManager"))

    in_lab(test, scenario("five-mixed"))


def in_folder(folder: Path, **changes: object) -> Cluster:
    """Open a lab in a folder, virtual time."""
    return open_cluster(folder, scenario("single", **changes), clock=LoopClock(epoch=NOW), seed=7, calm=True)


@pytest.mark.parametrize("value", ["at-restart", "keeps-old"])
def test_what_it_knows_survives_a_stop_of_the_lab(value: str, tmp_path: Path) -> None:
    async def test() -> None:
        first = in_folder(tmp_path, **knowledge(value))
        first.start()
        old = leaf(first.publisher, "CallManager")
        new = renewed(first.publisher, a_ca(), "CallManager")
        known = [tvs.roles_of(first, first.publisher, sha256) for sha256 in (old, new)]
        first.close()

        again = in_folder(tmp_path)

        assert known == [tvs.roles_of(again, again.publisher, sha256) for sha256 in (old, new)]

    run_virtually(test())


def test_a_state_folder_of_before_tvs_had_a_memory_opens(tmp_path: Path) -> None:
    async def test() -> None:
        in_folder(tmp_path).close()
        path = tmp_path / "nodes" / "cucm-pub.json"
        state = json.loads(path.read_text())
        assert state.pop("tvs")["learned"]
        path.write_text(json.dumps(state))

        again = in_folder(tmp_path)

        assert SIGNER == tvs.roles_of(again, again.publisher, leaf(again.publisher, "CallManager"))

    run_virtually(test())
