"""Finds a service on a node, whatever its spelling there: checks and plans ask by the rows of the knowledge tables."""

from ucmcert.knowledge.purposes import PURPOSES
from ucmcert.knowledge.services import SERVICES, Service, service_called
from ucmcert.model.cluster import NodeFacts, ServiceStatus


def listed(facts: NodeFacts, service: Service) -> ServiceStatus | None:
    """The state of `service` as the node lists it; None when it does not. Source: interfaces-cli.md 3.4."""
    return next((status for status in facts.services if service_called(status.name) is service), None)


def runs(facts: NodeFacts, key: str) -> bool:
    """Whether the service `key` of the knowledge tables is listed on this node and started."""
    status = listed(facts, SERVICES[key])
    return status is not None and status.runs


def shown_ports(facts: NodeFacts, purpose: str) -> tuple[int, ...]:
    """The ports on which this node must show `purpose` now: () when its service does not run here.

    An EC twin is promised by no port: the client chooses between the two. Source: procedure.md 3.0 X9, 9.
    """
    row = PURPOSES[purpose]
    if row.twin_of or (row.shown_by and not runs(facts, row.shown_by)):
        return ()
    return row.ports
