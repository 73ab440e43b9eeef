"""Which services of a node restart for a purpose: of those the procedure names, only what is activated and runs."""

from ucmcert.knowledge.services import SERVICES, Restart, Service, restarts, same_service
from ucmcert.model.cluster import NodeFacts, ServiceStatus
from ucmcert.model.node import Release


def running_restarts(facts: NodeFacts, purpose: str, after: str = "identity") -> tuple[tuple[Service, str], ...]:
    """Pairs (service, name as this node spells it), in the order of restart.

    Source: procedure.md 1.2 "engine default", 3.0 ("only if the service runs and is active").
    """
    asked = restarts(purpose, facts.node.role, release_numbers(facts.node.release), after)
    found = [(SERVICES[row.service], status_of(facts, row)) for row in asked]
    return tuple((service, status.name) for service, status in found if status and status.runs)


def status_of(facts: NodeFacts, row: Restart) -> ServiceStatus | None:
    """The state of the service a row speaks of, in whatever spelling the node lists it; None when it does not."""
    names = SERVICES[row.service].names
    for status in facts.services:
        if any(same_service(status.name, name) for name in names):
            return status
    return None


def release_numbers(release: Release) -> tuple[int, ...]:
    """The release as the plain numbers that the knowledge tables compare."""
    return (release.major, release.minor, release.maintenance, release.engineering, release.build)


def service_called(name: str) -> Service | None:
    """The service row of a spelled name, None for a service of no restart set."""
    for row in SERVICES.values():
        if any(same_service(name, one) for one in row.names):
            return row
    return None
