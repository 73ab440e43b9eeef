"""The facts an approval rests on. A fresh look that differs voids it: the plan was made for another cluster."""

import hashlib

import msgspec

from ucmcert.knowledge.purposes import ANCHORS, PURPOSES, noticed_by_phones
from ucmcert.lint.phone_world import REUSES
from ucmcert.lint.rule import finding
from ucmcert.model.cluster import Cluster, NodeFacts
from ucmcert.model.finding import Finding, Severity
from ucmcert.model.plan import NEW_IDENTITY, Item, Plan, Step, StepKind
from ucmcert.plan.restarts import running_restarts

UNKNOWN = "unknown"
INTERACTION = "cluster/interaction"
ANCHOR = "anchor/"


def facts_of(cluster: Cluster, items: tuple[Item, ...]) -> dict[str, str]:
    """What the plan was made from, as flat text: nodes, releases, SSO, mode, and per item what is stored and runs."""
    facts = {
        "cluster/nodes": ", ".join(one.node.name for one in cluster.nodes),
        "cluster/sso": _any_sso(cluster),
        "cluster/mode": {None: UNKNOWN, True: "mixed", False: "non-secure"}[cluster.mixed_mode],
    }
    if cluster.phones is not None and any(noticed_by_phones(item.purpose) for item in items):
        facts[INTERACTION] = cluster.phones.interaction
        facts |= {f"{ANCHOR}{key}": sha256 for key, sha256 in anchor_facts(cluster).items()}
    for one in cluster.nodes:
        facts[f"{one.node.name}/role"] = one.node.role.value
        facts[f"{one.node.name}/release"] = one.node.release.text
    for item in items:
        one = cluster.facts(item.node)
        held = one.holding.identity(item.purpose)
        facts[f"{item.purpose}/{item.node}/identity"] = held.sha256 if held else "none"
        facts[f"{item.purpose}/{item.node}/services"] = _services(one, item.purpose)
    return facts


def anchor_facts(cluster: Cluster) -> dict[str, str]:
    """Every certificate that phones go by, as it is stored: a recovery rests on them, a renewal watches them."""
    found = {}
    for one in cluster.nodes:
        for purpose in ANCHORS:
            held = one.holding.identity(purpose)
            if held is not None:
                found[f"{purpose}/{one.node.name}/identity"] = held.sha256
    return found


def renewed_by_others(plan: Plan, cluster: Cluster, done: frozenset[str] | set[str]) -> tuple[tuple[str, str], ...]:
    """(purpose, node) of every anchor that is another one than at planning, and that no verified step has renewed."""
    renewed = {one.purpose for one in plan.steps if one.id in done and one.kind in NEW_IDENTITY}
    renewed |= {REUSES[purpose] for purpose in renewed if purpose in REUSES}
    found = []
    for key, sha256 in anchor_facts(cluster).items():
        purpose, node, _ = key.split("/")
        if purpose not in renewed and plan.facts.get(f"{ANCHOR}{key}", sha256) != sha256:
            found.append((purpose, node))
    return tuple(found)


def digest(value: object) -> str:
    """SHA-256 hex of the canonical JSON of `value`: keys sorted, no blanks."""
    return hashlib.sha256(msgspec.json.encode(value, order="sorted")).hexdigest()


def changed(plan: Plan, cluster: Cluster, done: frozenset[str] = frozenset()) -> tuple[Finding, ...]:
    """What differs between the plan's facts and a fresh look, leaving out what the verified steps `done` changed.

    An ERROR finding per fact: the plan must be made and approved again.
    """
    fresh = facts_of(cluster, tuple(item for item in plan.items if _present(cluster, item.node)))
    if plan.steps and not plan.items:
        fresh |= anchor_facts(cluster)
    ours = _changed_by_us(plan, done)
    if cluster.phones is None:
        ours.add(INTERACTION)  # a quick look does not ask for it; the rules read it before each act
    found = []
    for key in sorted({*plan.facts, *fresh} - ours):
        if key.startswith(ANCHOR):
            continue  # those are watched by a rule, before each act
        was, is_now = plan.facts.get(key, "none"), fresh.get(key, "none")
        if was != is_now:
            found.append(finding("UCM-FACT-001", Severity.ERROR, key, "design.md 4", fact=key, was=was, now=is_now))
    return tuple(found)


def _changed_by_us(plan: Plan, done: frozenset[str]) -> set[str]:
    keys = set()
    for step in plan.steps:
        if step.id not in done:
            continue
        if step.kind in NEW_IDENTITY:
            keys |= {f"{step.purpose}/{name}/identity" for name in (step.node, *_sharing(plan, step))}
        elif step.kind is StepKind.PHONES_INTERACTION:
            keys.add(INTERACTION)
        elif step.kind is StepKind.PERSON:
            keys.add("cluster/sso")
    return keys


def _sharing(plan: Plan, step: Step) -> list[str]:
    """The nodes that live on the multi-server certificate that `step` uploads."""
    return [one.node for one in plan.items if one.purpose == step.purpose and one.shared_from == step.node]


def _present(cluster: Cluster, name: str) -> bool:
    return any(one.node.name == name for one in cluster.nodes)


def _any_sso(cluster: Cluster) -> str:
    told = [one.sso_enabled for one in cluster.nodes]
    if any(told):
        return "on"
    return "off" if cluster.publisher.sso_enabled is False else UNKNOWN


def _services(facts: NodeFacts, purpose: str) -> str:
    names = [name for after in ("trust", "identity") for _, name in running_restarts(facts, purpose, after)]
    return ", ".join(names) if purpose in PURPOSES else ""
