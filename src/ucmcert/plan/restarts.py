"""Which services of a node restart for a purpose: of those the procedure names, only what is activated and runs."""

from collections.abc import Iterator

import msgspec

from ucmcert.knowledge.restart_rows import RESTARTS, Restart, RestartSet
from ucmcert.knowledge.services import SERVICES, Service, restarts
from ucmcert.lint.service_names import listed
from ucmcert.model.cluster import NodeFacts

Pair = tuple[Service, str]


def running_restarts(
    facts: NodeFacts, purpose: str, after: str = "identity", restart_set: RestartSet = "union"
) -> tuple[Pair, ...]:
    """Pairs (service, name as this node spells it), in the order of restart.

    Source: procedure.md 1.2 "engine default", 3.0 ("only if the service runs and is active").
    """
    return tuple(pair for _, pair in _running(facts, purpose, after, restart_set))


def running_everywhere(facts: NodeFacts, purpose: str) -> tuple[Pair, ...]:
    """Of `running_restarts`, those a node makes even when its own certificate of `purpose` does not change."""
    return tuple(pair for row, pair in _running(facts, purpose, "identity", "union") if row.everywhere)


def service_by_service(
    nodes: tuple[NodeFacts, ...],
    purpose: str,
    renewed: frozenset[str],
    *,
    restart_set: RestartSet = "union",
    only: tuple[str, ...] = (),
) -> tuple[tuple[NodeFacts, Pair], ...]:
    """Every restart of an epoch, one service after the other through all `nodes`, in the order of the table.

    A service that must restart everywhere does so on each node where it runs, the others on the `renewed` nodes.
    `only` keeps the services of those keys. Source: procedure.md 3.3-3.5 (each step "on all nodes", then the next).
    """
    rows = [(facts, row, pair) for facts in nodes for row, pair in _running(facts, purpose, "identity", restart_set)]
    order = list(dict.fromkeys(pair[0].key for _, _, pair in rows))
    order.sort(key=table_order(purpose).index)
    return tuple(
        (facts, pair)
        for key in order
        for facts, row, pair in rows
        if pair[0].key == key and (row.everywhere or facts.node.name in renewed) and (not only or key in only)
    )


def table_order(purpose: str) -> list[str]:
    """Keys of the services of `purpose` in the order of the table, whatever release or source wants them."""
    return list(dict.fromkeys(row.service for row in RESTARTS if row.purpose == purpose))


def _running(facts: NodeFacts, purpose: str, after: str, restart_set: RestartSet) -> Iterator[tuple[Restart, Pair]]:
    release = msgspec.structs.astuple(facts.node.release)
    for row in restarts(purpose, facts.node.role, release, after, restart_set):
        status = listed(facts, SERVICES[row.service])
        if status is not None and status.runs:
            yield row, (SERVICES[row.service], status.name)
