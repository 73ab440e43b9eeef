# Promise: a lab that is stopped and started finds its phones as they were; one that is killed loses moments only.
from pathlib import Path
from typing import Any

from simulation.virtual_loop import run_virtually
from ucmlab.clock import LoopClock
from ucmlab.cluster.cluster import Cluster
from ucmlab.cluster.opening import open_cluster, view_cluster
from ucmlab.cluster.phones.rows.device import Device
from ucmlab.cluster.phones.rows.memory_file import FILE, read_phones
from ucmlab.cluster.phones.trust import TrustState
from ucmlab.scenarios.schema import PhonesSpec, Scenario
from unit.ucmlab.lab_bench import NOW, scenario, state_folder

FIELDS = (
    *("name", "address", "record", "memory", "lsc", "powered", "slow", "real", "node", "status", "reason"),
    *("changed_at", "before", "lists", "refusal", "messages", "deleted_by_hand"),
)


def of() -> Scenario:
    specs = (
        PhonesSpec(count=20, secure=True, slow_share=0.1),
        PhonesSpec(count=5, mismatched_share=1.0, absent_share=0.4, slow_share=0.0),
    )
    return scenario("five-mixed", phones=specs)


def facts(phone: Device) -> dict[str, Any]:
    return {field: getattr(phone, field) for field in FIELDS}


def run(folder: Path, test: Any, *, at: float = NOW, close: bool = True) -> Any:
    async def inside() -> Any:
        cluster = open_cluster(folder, of(), clock=LoopClock(epoch=at), seed=7, calm=True)
        cluster.start()
        try:
            return await test(cluster)
        finally:
            if close:
                cluster.close()

    return run_virtually(inside())


async def busy(cluster: Cluster) -> list[dict[str, Any]]:
    names = cluster.phones.names()
    cluster.phones.apply_settings(names[0], False)
    cluster.phones.delete_trust(names[1])
    cluster.phones.power(names[2], False)
    cluster.nodes["cucm-pub"].services["Cisco CallManager"].begin("restart")
    await cluster.clock.sleep(60)
    cluster.phones.reset_all()
    await cluster.clock.sleep(1500)
    return [facts(phone) for phone in cluster.phones.phones()]


async def glance(cluster: Cluster) -> list[dict[str, Any]]:
    return [facts(phone) for phone in cluster.phones.phones()]


def test_everything_about_a_phone_survives_a_stop(tmp_path: Path) -> None:
    before = run(state_folder(tmp_path), busy)
    assert before == run(state_folder(tmp_path), glance, at=NOW + 3600)


def test_phones_that_hold_the_same_share_it_again(tmp_path: Path) -> None:
    run(state_folder(tmp_path), glance)

    async def test(cluster: Cluster) -> None:
        settled = [phone for phone in cluster.phones.phones() if phone.line.secure]
        assert len({id(phone.memory) for phone in settled}) == len({phone.memory.config for phone in settled})
        assert 1 == len({id(phone.memory.itl) for phone in settled})

    run(state_folder(tmp_path), test)


def test_a_killed_lab_finds_the_phones_of_a_moment_before(tmp_path: Path) -> None:
    before = run(state_folder(tmp_path), busy, close=False)
    assert before == run(state_folder(tmp_path), glance, at=NOW + 3600)


def test_a_phone_that_was_booting_when_the_lab_stopped_boots_again(tmp_path: Path) -> None:
    async def test(cluster: Cluster) -> None:
        cluster.phones.reset_all()
        await cluster.clock.sleep(20)

    run(state_folder(tmp_path), test)

    async def later(cluster: Cluster) -> int:
        await cluster.clock.sleep(60)
        return sum(cluster.phones.registered_at().values())

    assert 25 - 2 == run(state_folder(tmp_path), later)  # two are absent


def test_a_running_lab_can_be_looked_at(tmp_path: Path) -> None:
    async def test(cluster: Cluster) -> None:
        seen = view_cluster(state_folder(tmp_path), now=NOW).phones
        assert cluster.phones.counts() == seen.counts()
        assert TrustState.TRUSTED in seen.counts()

    run(state_folder(tmp_path), test)


def test_the_file_is_small_and_written_once_a_second_at_most(tmp_path: Path) -> None:
    async def test(cluster: Cluster) -> None:
        path = state_folder(tmp_path) / FILE
        cluster.phones.reset_all()
        written = path.read_bytes()
        await cluster.clock.sleep(0.9)
        assert written == path.read_bytes()
        await cluster.clock.sleep(0.5)
        assert written != path.read_bytes()
        state = read_phones(path.parent)
        assert state is not None
        assert 25 == len(state.rows)
        assert len(state.files) <= 4

    run(state_folder(tmp_path), test)


def test_a_lab_without_phones_writes_no_file(tmp_path: Path) -> None:
    async def inside() -> None:
        folder = state_folder(tmp_path)
        cluster = open_cluster(folder, scenario("single"), clock=LoopClock(epoch=NOW), seed=7, calm=True)
        cluster.start()
        cluster.close()
        assert read_phones(folder) is None
        assert 0 == len(cluster.phones)

    run_virtually(inside())
