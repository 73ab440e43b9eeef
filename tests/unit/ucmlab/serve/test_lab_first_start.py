"""Promise: the trust lists of a lab's first start carry the addresses at which its nodes are reached."""

from collections.abc import Sequence
from ipaddress import IPv4Address
from pathlib import Path

import pytest

from simulation.virtual_loop import run_virtually
from ucmlab.clock import LoopClock
from ucmlab.cluster.cluster import Cluster
from ucmlab.cluster.opening import open_cluster, view_cluster
from ucmlab.cluster.phones.trust import TrustState
from ucmlab.cluster.trust_lists import tlv
from ucmlab.cluster.trust_lists.reading import parse_list
from ucmlab.scenarios.schema import PhonesSpec
from ucmlab.serve.lab import ports_of
from ucmlab.serve.places import Place, PlaceOptions
from ucmlab.serve.run import Run, settle
from unit.ucmlab.lab_bench import NOW, scenario, state_folder

OF = scenario("pair", mixed=True, phones=(PhonesSpec(count=4, secure=True),))
INSTALLED = {"127.77.0.10", "127.77.0.11"}
ELSEWHERE = {"127.77.9.10", "127.77.9.11"}


def at(cluster: Cluster, addresses: Sequence[str], *, block: bool) -> tuple[Place, ...]:
    return tuple(
        Place(node=node.name, address=address, ports={port: port + 21000 * block for port in ports_of(node)})
        for node, address in zip(cluster.nodes.values(), addresses, strict=True)
    )


def listed(cluster: Cluster) -> set[str]:
    """The addresses in the trust lists that the phones hold and the nodes serve."""
    held = [file for phone in cluster.phones.phones() for file in (phone.memory.ctl, phone.memory.itl)]
    served = [file for node in cluster.nodes.values() if node.tftp for file in (node.tftp.ctl, node.tftp.itl)]
    records = [record for file in (*held, *served) if file for record in parse_list(file.data).records]
    return {str(IPv4Address(packed)) for record in records if (packed := record.value(tlv.IP_ADDRESS))}


def started(tmp_path: Path, addresses: Sequence[str], *, block: bool, again: bool = False) -> Cluster:
    folder = state_folder(tmp_path)
    run = Run(
        folder=folder, scenario=OF, seed=7, epoch=NOW, speed=1.0, calm=True, places=PlaceOptions(), ready_file=None
    )

    async def start() -> Cluster:
        clock = LoopClock(epoch=NOW)
        cluster = open_cluster(folder, OF, clock=clock, seed=7, calm=True)
        cluster = settle(cluster, at(cluster, addresses, block=block), run, fresh=not again)
        cluster.start()
        cluster.close()
        return cluster

    folder.mkdir(exist_ok=True)
    return run_virtually(start())


@pytest.mark.parametrize(
    ("addresses", "block", "expected"),
    [
        (sorted(INSTALLED), False, INSTALLED),
        (sorted(ELSEWHERE), False, ELSEWHERE),
        (["127.0.0.1", "127.0.0.1"], True, INSTALLED),
    ],
)
def test_the_first_lists_carry_the_addresses_of_the_nodes(
    addresses: list[str], block: bool, expected: set[str], tmp_path: Path
) -> None:
    cluster = started(tmp_path, addresses, block=block)

    assert expected == {node.address for node in cluster.nodes.values()}
    assert expected == listed(cluster) == listed(view_cluster(state_folder(tmp_path), now=NOW))
    assert {TrustState.TRUSTED: 4} == cluster.phones.counts()
    assert 1 == cluster.memory().starts


def test_a_later_move_leaves_the_lists_to_the_next_start_of_cisco_tftp(tmp_path: Path) -> None:
    started(tmp_path, sorted(INSTALLED), block=False)
    cluster = started(tmp_path, sorted(ELSEWHERE), block=False, again=True)

    assert ELSEWHERE == {node.address for node in cluster.nodes.values()}
    assert INSTALLED == listed(cluster)
