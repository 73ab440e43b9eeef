"""The state folder: which file holds what, written all at once on every change, read when a lab starts again.

cluster.json         facts of the whole cluster, seed, database rows
nodes/<name>.json    one node, with its private keys
operations.jsonl     the operation log
faults.json, faults-used.json   injected faults
credentials/, ca/    for a client
"""

from pathlib import Path
from typing import Literal

import msgspec

from ucmlab.atomic_file import write_atomically
from ucmlab.cluster.drs import DrsState
from ucmlab.cluster.node import NodeState
from ucmlab.cluster.power_cuts import PowerCut
from ucmlab.cluster.replication import Carried
from ucmlab.cluster.trust_lists.lists import TrustListsState
from ucmlab.errors import ScenarioError
from ucmlab.scenarios.schema import Scenario, Sso


class ClusterState(msgspec.Struct, frozen=True, kw_only=True):
    """What of a cluster survives a stop of the lab, apart from its nodes."""

    format: Literal[1] = 1
    scenario: Scenario
    seed: int
    starts: int
    key_policy: Literal["pool", "fresh"]
    keys_spent: int
    sso: Sso
    sso_off_on: tuple[str, ...]
    parameters: dict[str, str]
    drs: DrsState
    database: tuple[Carried, ...]
    automatic_reset_since: float | None = None
    power_cuts: tuple[PowerCut, ...] = ()
    trust_lists: TrustListsState = TrustListsState()


def has_state(folder: Path) -> bool:
    """Whether a lab has been started in this folder before."""
    return (folder / "cluster.json").exists()


def write_cluster(folder: Path, state: ClusterState) -> None:
    """Replace cluster.json."""
    write_atomically(folder / "cluster.json", msgspec.json.encode(state))


def write_node(folder: Path, state: NodeState) -> None:
    """Replace one node's file."""
    write_atomically(folder / "nodes" / f"{state.site.host}.json", msgspec.json.encode(state))


def read_cluster(folder: Path) -> tuple[ClusterState, tuple[NodeState, ...]]:
    """Everything a stopped lab left. Raises ScenarioError when the folder is empty or of another format."""
    try:
        state = msgspec.json.decode((folder / "cluster.json").read_bytes(), type=ClusterState)
        nodes = tuple(_read_node(folder, node.name) for node in state.scenario.nodes)
    except (OSError, msgspec.DecodeError) as error:
        next_step = "Start the lab in an empty folder, or in one that `ucmlab up` has filled."
        raise ScenarioError(f"no lab can be restored: {error}", where=str(folder), next_step=next_step) from error
    return state, nodes


def _read_node(folder: Path, name: str) -> NodeState:
    return msgspec.json.decode((folder / "nodes" / f"{name}.json").read_bytes(), type=NodeState)
