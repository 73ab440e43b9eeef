"""Opens the crowd of a cluster: phones new from the scenario, settled and registered, or as a stopped lab left them."""

import hashlib
import random
from collections.abc import Mapping
from pathlib import Path

from ucmlab.cluster.certificates.authority import DAY_S
from ucmlab.cluster.node import Node
from ucmlab.cluster.phones.course.callers import Callers
from ucmlab.cluster.phones.course.times import Durations
from ucmlab.cluster.phones.crowd import Crowd
from ucmlab.cluster.phones.memory import Memory
from ucmlab.cluster.phones.outcomes import Outcomes
from ucmlab.cluster.phones.rows.device import KEEPALIVE_TIMEOUT, NO_REASON, REGISTERED, UNREGISTERED, Device
from ucmlab.cluster.phones.rows.memory_file import CrowdState, PhonesFile, recall, remember
from ucmlab.cluster.phones.rows.population import Newcomer, pools_of, populate
from ucmlab.cluster.phones.rules import rules_of
from ucmlab.cluster.phones.servers import ClusterServers
from ucmlab.cluster.trust_lists.lists import ClusterTrustLists
from ucmlab.cluster.trust_lists.model import Entry, TrustFile
from ucmlab.cluster.trust_lists.records import material
from ucmlab.cluster.world import World
from ucmlab.scenarios.schema import Scenario


def open_crowd(
    nodes: Mapping[str, Node],
    lists: ClusterTrustLists,
    world: World,
    scenario: Scenario,
    *,
    seed: int,
    starts: int,
    memory: CrowdState | None,
    folder: Path | None,
) -> Crowd:
    """The phones of a scenario. `memory`: what a stopped lab left of them; `folder`: where to keep them, if anywhere.

    `starts`: how often this lab has been started, for other durations each time.
    """
    servers = ClusterServers(nodes, lists, world.switches, etoken=scenario.etoken)
    publisher = next(iter(nodes.values()))
    outcomes = Outcomes(servers, rules_of(publisher.version, world.switches))
    newcomers = populate(scenario, seed=seed)
    devices = [newcomer.device for newcomer in newcomers]
    if memory is None:
        _settle_in(newcomers, outcomes, publisher, world, seed=seed)
    else:
        recall(memory, devices)
    file = None
    if folder is not None and devices:
        file = PhonesFile(folder, world.clock, count=len(devices), state=lambda: remember(devices))
    draw = random.Random(f"phone times {seed} {starts}")  # noqa: S311 - repeatable durations
    return Crowd(
        devices,
        pools_of(scenario),
        clock=world.clock,
        outcomes=outcomes,
        callers=Callers(nodes),
        durations=Durations(scenario.phone_times, draw, profile=world.switches["phone_time_profile"]),
        file=file,
    )


def _settle_in(newcomers: list[Newcomer], outcomes: Outcomes, publisher: Node, world: World, *, seed: int) -> None:
    """Let every phone have booted long ago: it holds what its TFTP serves and is registered, or has lost its power."""
    draw = random.Random(f"phones of old {seed}")  # noqa: S311 - a repeatable population
    capf = publisher.certificates.identity("CAPF")
    issuer = "" if capf is None else material(capf.certificate_pem).sha256
    outcomes.look()
    for newcomer in newcomers:
        device = newcomer.device
        device.lsc = issuer if device.line.secure else ""
        device.record = outcomes.shared_record(device.record)
        device.memory = outcomes.shared(device.memory)
        device.memory = outcomes.fetched(device).memory
        device.changed_at = world.clock.now() - draw.uniform(1.0, 5.0) * DAY_S
        registered = outcomes.registered(device)
        device.node, device.refusal = registered.node, registered.refusal
        if newcomer.mismatched:
            _misplace(device, outcomes)
        if registered.node is not None and device.powered:
            device.status, device.reason = REGISTERED, NO_REASON
        elif registered.node is not None:
            device.status, device.reason = UNREGISTERED, KEEPALIVE_TIMEOUT


def _misplace(device: Device, outcomes: Outcomes) -> None:
    """Put the lists of another cluster into a phone, in place of those of this one."""
    memory = device.memory
    device.memory = outcomes.shared(Memory(_foreign(memory.ctl), _foreign(memory.itl), memory.config))


def _foreign(file: TrustFile | None) -> TrustFile | None:
    """A list of the same make from a cluster that this lab is not: only what it means, and checksums of its own."""
    if file is None:
        return None
    entries = tuple(Entry(entry.role, _elsewhere(entry.sha256)) for entry in file.entries)
    data = b"".join(bytes.fromhex(entry.sha256) for entry in entries)
    return TrustFile(file.kind, data, entries, _elsewhere(file.signer), file.built_at - 365 * DAY_S)


def _elsewhere(sha256: str) -> str:
    return hashlib.sha256(f"elsewhere {sha256}".encode()).hexdigest() if sha256 else ""
