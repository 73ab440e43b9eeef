# Promise: a Cisco Tftp serves what it read at its start, a while after it, and a stopped lab forgets none of it.
from pathlib import Path

import msgspec
import pytest

from simulation.virtual_loop import run_virtually
from ucmlab.clock import LoopClock
from ucmlab.cluster.cluster import Cluster
from ucmlab.cluster.opening import open_cluster, restore_cluster, view_cluster
from ucmlab.cluster.snapshot import snapshot
from ucmlab.cluster.state import read_cluster, write_node
from ucmlab.cluster.trust_lists.model import CCM_TFTP, SAST, TFTP, TVS
from ucmlab.cluster.trust_lists.reading import read_signed
from ucmlab.errors import LabError
from ucmlab.faults import FaultRule
from ucmlab.scenarios.schema import PhonesSpec
from unit.ucmlab.lab_bench import NOW, a_ca, in_lab, renewed, scenario, state_folder

PAIR = scenario("pair")


def new_leaf(node, purpose: str = "CallManager") -> str:
    return node.certificates.regenerate(purpose).sha256


async def restarted(node, *, wait_s: float = 90.0) -> None:
    node.services["Cisco Tftp"].begin("restart")
    await node.clock.sleep(wait_s)


def test_files_follow_an_upload_only_after_a_restart() -> None:
    async def renew(cluster: Cluster) -> None:
        node = cluster.publisher
        before, old = node.tftp.itl, node.tftp.config_signer
        new = renewed(node, a_ca(), "CallManager")
        await cluster.clock.sleep(600)
        assert before is node.tftp.itl
        assert old == node.tftp.config_signer
        await restarted(node)
        assert {new} == node.tftp.itl.holders(TFTP)
        assert new in node.tftp.itl.holders(SAST)
        assert new == node.tftp.config_signer.sha256

    in_lab(renew, PAIR)


@pytest.mark.parametrize(("phones", "rebuild_s"), [(0, 20.0), (4000, 40.0)])
def test_nothing_is_served_from_the_stop_to_the_end_of_the_rebuild(phones: int, rebuild_s: float) -> None:
    async def restart(cluster: Cluster) -> tuple[bool, float, bool]:
        node = cluster.publisher
        service = node.services["Cisco Tftp"]
        service.begin("restart")
        while not service.running:
            assert not node.tftp.serving
            await cluster.clock.sleep(0.1)
        started = cluster.clock.now()
        at_start = node.tftp.serving
        while not node.tftp.serving:
            await cluster.clock.sleep(0.1)
        return at_start, round(cluster.clock.now() - started), node.tftp.itl.built_at >= service.started_at

    of = scenario("pair", phones=(PhonesSpec(count=phones),))
    assert (False, rebuild_s, True) == in_lab(restart, of)


def test_what_counts_is_what_was_stored_when_the_process_started() -> None:
    async def restart(cluster: Cluster) -> bool:
        publisher, subscriber = cluster.nodes.values()
        publisher.services["Cisco Tftp"].begin("restart")
        await cluster.clock.sleep(10)
        late = new_leaf(subscriber, "TVS")
        await cluster.clock.sleep(90)
        early = late in publisher.tftp.itl.holders(TVS)
        await restarted(publisher)
        return early is False and late in publisher.tftp.itl.holders(TVS)

    assert in_lab(restart, PAIR)


def test_a_stopped_service_keeps_its_file_on_the_disk_and_a_deactivated_one_has_none() -> None:
    async def stop(cluster: Cluster) -> tuple[bool, bool, bool, bool]:
        node = cluster.publisher
        node.services["Cisco Tftp"].begin("stop")
        await cluster.clock.sleep(60)
        stopped = node.tftp.serving, node.tftp.itl is not None
        node.services["Cisco Tftp"].begin("deactivate")
        await cluster.clock.sleep(60)
        gone = node.tftp.itl is None
        node.services["Cisco Tftp"].begin("activate")
        await cluster.clock.sleep(90)
        return *stopped, gone, node.tftp.serving and node.tftp.itl is not None

    assert (False, True, True, True) == in_lab(stop, PAIR)


def test_a_start_that_fails_serves_nothing_until_one_succeeds() -> None:
    async def fail(cluster: Cluster) -> tuple[bool, bool]:
        node = cluster.publisher
        cluster.faults.add(FaultRule(kind="service-fails", node=node.name, operation="Cisco Tftp"))
        await restarted(node, wait_s=300.0)
        failed = node.tftp.serving
        cluster.faults.clear()
        node.services["Cisco Tftp"].begin("start")
        await cluster.clock.sleep(90)
        return failed, node.tftp.serving

    assert (False, True) == in_lab(fail, PAIR)


def test_a_node_that_is_down_serves_nothing() -> None:
    async def look(cluster: Cluster) -> tuple[bool, bool]:
        cluster.publisher.down = True
        down = cluster.publisher.tftp.serving
        cluster.publisher.down = False
        return down, cluster.publisher.tftp.serving

    assert (False, True) == in_lab(look, PAIR)


def test_the_generation_grows_with_every_change_of_what_is_served() -> None:
    async def look(cluster: Cluster) -> list[int]:
        node = cluster.publisher
        seen = [node.tftp.generation, node.tftp.generation]
        node.down = True
        seen.append(node.tftp.generation)
        node.down = False
        seen.append(node.tftp.generation)
        await restarted(node)
        seen.append(node.tftp.generation)
        cluster.trust_lists.update_ctl()
        seen.append(node.tftp.generation)
        return seen

    seen = in_lab(look, scenario("pair", mixed=True))
    assert seen[0] == seen[1]
    assert sorted(set(seen)) == seen[1:]


def test_a_signed_file_is_signed_by_the_loaded_callmanager_and_is_the_same_until_a_rebuild() -> None:
    async def sign(cluster: Cluster) -> None:
        node = cluster.publisher
        first = node.tftp.signed("SEP001122334455.cnf.xml.sgn", b"<device/>")
        new = renewed(node, a_ca(), "CallManager")
        assert first == node.tftp.signed("SEP001122334455.cnf.xml.sgn", b"<device/>")
        await restarted(node)
        after = read_signed(node.tftp.signed("SEP001122334455.cnf.xml.sgn", b"<device/>"))
        stored = node.certificates.identity("CallManager")
        assert new == stored.sha256
        assert after.signed_by(stored.certificate())
        assert not read_signed(first).signed_by(stored.certificate())

    in_lab(sign, PAIR)


def test_configurations_are_signed_with_sha512_when_the_parameter_says_so() -> None:
    async def sign(cluster: Cluster) -> int:
        return read_signed(cluster.publisher.tftp.signed("a.cnf.xml.sgn", b"")).part(8).number

    assert 1 == in_lab(sign, PAIR)
    assert 3 == in_lab(sign, scenario("pair", parameters={"TFTPFileSignatureAlgorithm": "SHA-512"}))


def test_a_service_that_was_never_activated_cannot_sign() -> None:
    nodes = (PAIR.nodes[0], msgspec.structs.replace(PAIR.nodes[1], deactivated=("Cisco Tftp",)))

    async def sign(cluster: Cluster) -> None:
        node = list(cluster.nodes.values())[1]
        assert (None, None, False) == (node.tftp.itl, node.tftp.ctl_on_disk, node.tftp.serving)
        with pytest.raises(LabError, match="not loaded"):
            node.tftp.signed("a.cnf.xml.sgn", b"")

    in_lab(sign, scenario("pair", nodes=nodes, mixed=True))


def test_from_14su3_phones_are_offered_the_ctl_only_while_its_provider_runs() -> None:
    async def stop(cluster: Cluster) -> tuple[bool, bool]:
        node = cluster.publisher
        node.services["Cisco CTL Provider"].begin("stop")
        await cluster.clock.sleep(60)
        return node.tftp.ctl is not None, node.tftp.ctl_on_disk is not None

    assert (False, True) == in_lab(stop, scenario("pair", mixed=True))
    assert (True, True) == in_lab(stop, scenario("pair", mixed=True, version="12.5.1.11900-146"))


# --- switch tftp_rebuild


def test_a_hot_tftp_rebuilds_without_a_restart_and_serves_meanwhile() -> None:
    async def renew(cluster: Cluster) -> None:
        publisher, subscriber = cluster.nodes.values()
        new = new_leaf(subscriber, "TVS")
        await cluster.clock.sleep(5)
        assert publisher.tftp.serving
        assert new not in publisher.tftp.itl.holders(TVS)
        second = new_leaf(publisher)
        await cluster.clock.sleep(60)
        for node in (publisher, subscriber):
            assert new in node.tftp.itl.holders(TVS)
        assert {second} == publisher.tftp.itl.holders(TFTP)
        assert second == publisher.tftp.config_signer.sha256

    in_lab(renew, scenario("pair", switches={"tftp_rebuild": "hot"}))


def test_a_hot_tftp_notices_what_changed_during_its_rebuild() -> None:
    async def renew(cluster: Cluster) -> bool:
        node = cluster.publisher
        node.services["Cisco Tftp"].begin("restart")
        await cluster.clock.sleep(20)
        new = new_leaf(node)
        await cluster.clock.sleep(120)
        return {new} == node.tftp.itl.holders(TFTP)

    assert in_lab(renew, scenario("pair", switches={"tftp_rebuild": "hot"}))


def test_a_hot_tftp_follows_the_mode_of_the_cluster() -> None:
    async def move(cluster: Cluster) -> tuple[int, int]:
        cluster.trust_lists.set_mixed(True)
        await cluster.clock.sleep(60)
        itl = cluster.publisher.tftp.itl
        return len(itl.holders(CCM_TFTP)), len(itl.holders(TFTP))

    assert (1, 0) == in_lab(move, scenario("pair", switches={"tftp_rebuild": "hot"}))
    assert (0, 1) == in_lab(move, PAIR)


# --- what survives


def reopened(folder: Path, look, *, epoch: float = NOW + 1000.0):
    """Run `look` with the cluster that stands in a folder."""

    async def run():
        cluster = restore_cluster(folder, clock=LoopClock(epoch=epoch), calm=True)
        cluster.start()
        try:
            return await look(cluster)
        finally:
            cluster.close()

    return run_virtually(run())


def opened(folder: Path, look, of=PAIR):
    """Run `look` with a new cluster in a folder."""

    async def run():
        cluster = open_cluster(folder, of, clock=LoopClock(epoch=NOW), seed=7, calm=True)
        cluster.start()
        try:
            return await look(cluster)
        finally:
            cluster.close()

    return run_virtually(run())


def test_files_survive_a_stop_of_the_lab(tmp_path: Path) -> None:
    async def change(cluster: Cluster):
        cluster.trust_lists.reset_itl_localkey()
        cluster.trust_lists.update_ctl()
        return [(node.tftp.itl, node.tftp.ctl, node.tftp.config_signer) for node in cluster.nodes.values()]

    async def look(cluster: Cluster):
        return [(node.tftp.itl, node.tftp.ctl, node.tftp.config_signer) for node in cluster.nodes.values()]

    folder = state_folder(tmp_path)
    assert opened(folder, change, scenario("pair", mixed=True)) == reopened(folder, look)


def test_a_lab_killed_in_a_rebuild_ends_it_at_its_next_start(tmp_path: Path) -> None:
    async def begin(cluster: Cluster) -> tuple[str, bool]:
        node = cluster.publisher
        new = new_leaf(node)
        node.services["Cisco Tftp"].begin("restart")
        await cluster.clock.sleep(22)
        assert node.services["Cisco Tftp"].running
        return new, node.tftp.serving

    async def look(cluster: Cluster) -> tuple[bool, str]:
        node = cluster.publisher
        early = node.tftp.serving
        await cluster.clock.sleep(60)
        assert node.tftp.serving
        return early, node.tftp.config_signer.sha256

    folder = state_folder(tmp_path)
    new, serving = opened(folder, begin)
    assert (False, (False, new)) == (serving, reopened(folder, look))


def test_a_state_folder_older_than_the_lists_gets_them(tmp_path: Path) -> None:
    async def nothing(cluster: Cluster) -> None:
        pass

    async def look(cluster: Cluster) -> list[bool]:
        return [node.tftp.itl is not None and node.tftp.ctl is not None for node in cluster.nodes.values()]

    folder = state_folder(tmp_path)
    opened(folder, nothing, scenario("pair", mixed=True))
    for node in read_cluster(folder)[1]:
        write_node(folder, msgspec.structs.replace(node, tftp=None))
    view = view_cluster(folder, now=NOW)
    assert view.publisher.tftp.itl is not None
    assert [True, True] == reopened(folder, look)


def test_inspection_shows_checksums_signer_and_entries_of_every_node() -> None:
    async def look(cluster: Cluster):
        node = cluster.publisher
        shown = {row["name"]: row["tftp"] for row in snapshot(cluster)["nodes"]}
        assert shown["imp-pub"] is None
        held = shown[node.name]
        itl = node.tftp.itl
        assert (itl.md5, itl.sha1, itl.signer, len(itl.data)) == tuple(
            held["itl"][key] for key in ("md5", "sha1", "signer", "length")
        )
        assert [(entry.role, entry.sha256) for entry in node.tftp.ctl.entries] == [
            (row["role"], row["sha256"]) for row in held["ctl"]["entries"]
        ]
        assert node.tftp.config_signer.sha256 == held["config_signer"]
        assert (True, True) == (held["serving"], held["ctl_offered"])
        assert b"PRIVATE" not in msgspec.json.encode(shown)

    in_lab(look, scenario("five-mixed"))


@pytest.mark.parametrize(("switch", "same"), [("always", False), ("on-change", True)])
def test_a_start_that_finds_nothing_new_writes_a_list_or_not_by_switch(switch: str, same: bool) -> None:
    async def restart(cluster: Cluster) -> None:
        node = cluster.publisher
        before, begun = node.tftp.itl, cluster.clock.now()
        await restarted(node)
        assert same == (before.data == node.tftp.itl.data)
        assert same == (before.built_at == node.tftp.itl.built_at)
        assert before.entries == node.tftp.itl.entries
        assert begun < node.tftp.rebuilt_at < cluster.clock.now()
        new = new_leaf(node, "TVS")
        await restarted(node)
        assert before.data != node.tftp.itl.data
        assert new in node.tftp.itl.holders(TVS)

    in_lab(restart, scenario("pair", switches={"list_rewritten": switch}))


def test_a_signer_that_changes_writes_the_list_anew() -> None:
    async def restart(cluster: Cluster) -> None:
        node = cluster.publisher
        before = node.tftp.itl
        cluster.trust_lists.reset_itl_localkey()
        reset = node.tftp.itl
        assert before.signer != reset.signer
        await restarted(node)
        assert (before.signer, before.entries) == (node.tftp.itl.signer, node.tftp.itl.entries)
        assert node.tftp.itl.data not in (before.data, reset.data)

    in_lab(restart, scenario("pair", switches={"list_rewritten": "on-change"}))
