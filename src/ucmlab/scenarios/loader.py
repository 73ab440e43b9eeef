"""Reads a scenario by name or path and judges it: every mistake names its place and what to write instead."""

import re
from collections import Counter
from importlib import resources
from pathlib import Path

import msgspec

from ucmlab.errors import ScenarioError
from ucmlab.faults import number_rules
from ucmlab.scenarios.consumers import DEFAULT_POOL
from ucmlab.scenarios.schema import GROUP_MAX, Scenario, runs_calls
from ucmlab.switches import Switches


def scenario_names() -> tuple[str, ...]:
    """Names of the built-in scenarios."""
    files = resources.files("ucmlab.scenarios").iterdir()
    return tuple(sorted(file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml")))


def load_scenario(name_or_path: str) -> Scenario:
    """A built-in scenario by name, or a TOML file by path. Raises ScenarioError."""
    if name_or_path in scenario_names():
        text = (resources.files("ucmlab.scenarios") / f"{name_or_path}.toml").read_text(encoding="utf-8")
        return parse_scenario(text, where=name_or_path)
    path = Path(name_or_path)
    if not path.is_file():
        known = ", ".join(scenario_names())
        raise ScenarioError("no such scenario", where=name_or_path, next_step=f"Give a TOML file, or one of: {known}.")
    return parse_scenario(path.read_text(encoding="utf-8"), where=name_or_path)


def parse_scenario(text: str, *, where: str) -> Scenario:
    """A scenario from TOML text; `where` names its source in errors. Raises ScenarioError."""
    try:
        scenario = msgspec.toml.decode(text, type=Scenario)
    except msgspec.DecodeError as error:
        next_step = "Compare it with a built-in scenario: `ucmlab scenario show demo`."
        raise ScenarioError(str(error), where=where, next_step=next_step) from error
    Switches(scenario.switches)
    number_rules(scenario.faults)
    _judge_nodes(scenario, where)
    _judge_phones(scenario, where)
    _judge_consumers(scenario, where)
    return scenario


def _judge_nodes(scenario: Scenario, where: str) -> None:
    names = Counter(node.name for node in scenario.nodes)
    twice = [name for name, count in names.items() if count > 1]
    if twice:
        raise ScenarioError(f"node {twice[0]!r} stands twice", where=where, next_step="Give each node its own name.")
    publishers = [node.name for node in scenario.nodes if node.role == "publisher"]
    if len(publishers) != 1 or scenario.nodes[0].role != "publisher":
        next_step = "Put exactly one node with role = 'publisher' first."
        raise ScenarioError(f"{len(publishers)} publishers", where=f"{where}: nodes", next_step=next_step)


def _judge_phones(scenario: Scenario, where: str) -> None:
    callers = [node.name for node in scenario.nodes if runs_calls(node)]
    groups: dict[str, tuple[str, ...]] = {}
    for spec in scenario.phones:
        strange = [name for name in (*spec.group, *spec.tftp) if name not in callers]
        if strange:
            next_step = f"Its CUCM nodes are: {', '.join(callers)}."
            raise ScenarioError(f"no CUCM node {strange[0]!r}", where=f"{where}: phones", next_step=next_step)
        if len(spec.group) > GROUP_MAX or len({*spec.group}) < len(spec.group):
            next_step = f"Name up to {GROUP_MAX} different nodes."
            raise ScenarioError(f"group of pool {spec.pool!r}", where=f"{where}: phones", next_step=next_step)
        if groups.setdefault(spec.pool, spec.group) != spec.group:
            next_step = "Give both tables the same group, or the second one a pool of its own."
            raise ScenarioError(f"two groups for pool {spec.pool!r}", where=f"{where}: phones", next_step=next_step)
        if spec.real > spec.count:
            next_step = f"There are {spec.count} in that table."
            raise ScenarioError(f"{spec.real} real phones", where=f"{where}: phones", next_step=next_step)


def _judge_consumers(scenario: Scenario, where: str) -> None:
    pools = list(dict.fromkeys([DEFAULT_POOL, *(spec.pool for spec in scenario.phones)]))
    for trunk in scenario.trunks:
        if trunk.pool not in pools:
            next_step = f"Its device pools are: {', '.join(pools)}."
            raise ScenarioError(f"no device pool {trunk.pool!r}", where=f"{where}: trunks", next_step=next_step)
        if re.fullmatch(r"SEP[0-9A-F]{12}", trunk.name, re.IGNORECASE):
            next_step = "Name the trunk after the system at its other end."
            raise ScenarioError(f"{trunk.name!r} is a phone's name", where=f"{where}: trunks", next_step=next_step)
    named = {
        "trunks": [trunk.name for trunk in scenario.trunks],
        "remote_clusters": [other.cluster_id for other in scenario.remote_clusters],
        "ldap_hosts": [f"{host.name}:{host.port}" for host in scenario.ldap_hosts],
        "application_servers": [server.name for server in scenario.application_servers],
    }
    for head, names in named.items():
        twice = [name for name, count in Counter(map(str.lower, names)).items() if count > 1]
        if twice:
            next_step = "Give each its own name, or leave one out."
            raise ScenarioError(f"{twice[0]!r} stands twice", where=f"{where}: {head}", next_step=next_step)
