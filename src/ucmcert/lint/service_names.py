"""Finds a service on a node, whatever its spelling there: checks and plans ask by the names of the knowledge tables."""

from ucmcert.knowledge.services import SERVICES, Service, same_service
from ucmcert.model.cluster import NodeFacts, ServiceStatus


def listed(facts: NodeFacts, service: Service) -> ServiceStatus | None:
    """The state of `service` as the node lists it; None when it does not. Source: interfaces-cli.md 3.4."""
    for status in facts.services:
        if any(same_service(status.name, name) for name in service.names):
            return status
    return None


def service_called(name: str) -> Service | None:
    """The row of a service by any of its spellings; None for a service of no restart set."""
    for row in SERVICES.values():
        if any(same_service(name, one) for one in row.names):
            return row
    return None
