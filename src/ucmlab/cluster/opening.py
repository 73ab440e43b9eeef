"""Opens a cluster: a new one from a scenario, in memory or in a state folder, or the one a stopped lab left."""

import random
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import msgspec

from ucmlab.clock import Clock, StillClock
from ucmlab.cluster.accounts import new_accounts, write_account_files
from ucmlab.cluster.certificates.authority import write_authority
from ucmlab.cluster.certificates.keys import KeySource
from ucmlab.cluster.cluster import Cluster
from ucmlab.cluster.installation.founding import found_cluster
from ucmlab.cluster.installation.trust_lists import install_trust_lists, lacks_trust_lists
from ucmlab.cluster.node import NodeState
from ucmlab.cluster.phones.rows.memory_file import read_phones
from ucmlab.cluster.state import ClusterState, has_state, read_cluster, write_cluster, write_node
from ucmlab.cluster.world import World
from ucmlab.faults import MISCHIEF, Faults, write_rules
from ucmlab.scenarios.schema import Scenario
from ucmlab.switches import Switches


def build_cluster(
    scenario: Scenario,
    *,
    clock: Clock,
    seed: int,
    keys: Literal["pool", "fresh"] = "pool",
    calm: bool = False,
    ca_folder: Path | None = None,
) -> Cluster:
    """A cluster in memory only; `ca_folder` receives the CA to renew with. `calm` turns the default mischief off."""
    founding = found_cluster(scenario, seed=seed, now=clock.now(), key_policy=keys)
    if ca_folder is not None:
        write_authority(ca_folder, founding.authority)
    faults = _faults(founding.shared, clock, calm=calm, folder=None)
    return Cluster(founding.shared, founding.nodes, _world(founding.shared, clock, faults))


def prepare_state(
    folder: Path, scenario: Scenario, *, seed: int, now: float, keys: Literal["pool", "fresh"] = "pool"
) -> None:
    """Fill an empty state folder: nodes, `ca/` (root.pem, intermediate.pem, intermediate.key), `credentials/`.

    `now`: true time, epoch seconds. cluster.json is written last, so that a half-filled folder is not a state.
    """
    founding = found_cluster(scenario, seed=seed, now=now, key_policy=keys)
    write_authority(folder / "ca", founding.authority)
    write_account_files(folder, new_accounts(seed))
    write_rules(folder, scenario.faults)
    for node in founding.nodes:
        write_node(folder, node)
    write_cluster(folder, founding.shared)


def restore_cluster(folder: Path, *, clock: Clock, calm: bool = False) -> Cluster:
    """The cluster a stopped lab left in `folder`. Raises ScenarioError when there is none."""
    shared, nodes = _read(folder, clock.now())
    shared = msgspec.structs.replace(shared, starts=shared.starts + 1)
    faults = _faults(shared, clock, calm=calm, folder=folder)
    cluster = Cluster(shared, nodes, _world(shared, clock, faults), folder=folder, phones=read_phones(folder))
    for node in cluster.nodes.values():
        node.power_up()
    cluster.save()
    return cluster


def readdress(folder: Path, addresses: Mapping[str, str], *, clock: Clock, calm: bool = False) -> Cluster:
    """A cluster that has never run, with its nodes at other addresses (by host name): its first trust lists carry them.

    To be called instead of going on with the cluster that `open_cluster` gave. Raises ScenarioError as that does.
    """
    shared, nodes = read_cluster(folder)
    for node in nodes:
        moved = msgspec.structs.replace(node, address=addresses.get(node.site.host, node.address), tftp=None)
        write_node(folder, moved)
    write_cluster(folder, msgspec.structs.replace(shared, starts=shared.starts - 1))
    return restore_cluster(folder, clock=clock, calm=calm)


def view_cluster(folder: Path, *, now: float) -> Cluster:
    """What a state folder says at this moment, for reading only; the lab that owns it may be running.

    `now`: true time, epoch seconds. Raises ScenarioError when the folder holds no lab.
    """
    shared, nodes = _read(folder, now)
    clock = StillClock(now)
    faults = _faults(shared, clock, calm=True, folder=folder)
    return Cluster(shared, nodes, _world(shared, clock, faults), phones=read_phones(folder))


def open_cluster(
    folder: Path,
    scenario: Scenario,
    *,
    clock: Clock,
    seed: int,
    keys: Literal["pool", "fresh"] = "pool",
    calm: bool = False,
) -> Cluster:
    """Restore what `folder` holds, whatever scenario and seed say, or prepare it first when it holds nothing."""
    if not has_state(folder):
        prepare_state(folder, scenario, seed=seed, now=clock.now(), keys=keys)
    return restore_cluster(folder, clock=clock, calm=calm)


def _read(folder: Path, now: float) -> tuple[ClusterState, tuple[NodeState, ...]]:
    """What a folder holds; a state older than the trust lists gets those its identities make."""
    shared, nodes = read_cluster(folder)
    if lacks_trust_lists(nodes):
        return install_trust_lists(shared, nodes, now=now, keys=KeySource(seed=shared.seed, policy=shared.key_policy))
    return shared, nodes


def _world(shared: ClusterState, clock: Clock, faults: Faults) -> World:
    return World(
        clock=clock,
        random=random.Random(f"cluster {shared.seed} {shared.starts}"),  # noqa: S311 - repeatable durations
        keys=KeySource(seed=shared.seed, policy=shared.key_policy, spent=shared.keys_spent),
        switches=Switches(shared.scenario.switches),
        faults=faults,
    )


def _faults(shared: ClusterState, clock: Clock, *, calm: bool, folder: Path | None) -> Faults:
    mischief = () if calm or not shared.scenario.mischief else MISCHIEF
    rules = shared.scenario.faults if folder is None else ()
    return Faults(clock, folder=folder, rules=rules, mischief=mischief, seed=shared.seed)
