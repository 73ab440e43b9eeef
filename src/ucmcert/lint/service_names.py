"""Finds a service on a node, whatever its spelling there: checks and plans ask by the rows of the knowledge tables."""

from ucmcert.knowledge.services import Service, service_called
from ucmcert.model.cluster import NodeFacts, ServiceStatus


def listed(facts: NodeFacts, service: Service) -> ServiceStatus | None:
    """The state of `service` as the node lists it; None when it does not. Source: interfaces-cli.md 3.4."""
    return next((status for status in facts.services if service_called(status.name) is service), None)
