"""Which services of a node restart for a purpose: of those the procedure names, only what is activated and runs."""

import msgspec

from ucmcert.knowledge.services import SERVICES, Service, restarts
from ucmcert.lint.service_names import listed
from ucmcert.model.cluster import NodeFacts


def running_restarts(facts: NodeFacts, purpose: str, after: str = "identity") -> tuple[tuple[Service, str], ...]:
    """Pairs (service, name as this node spells it), in the order of restart.

    Source: procedure.md 1.2 "engine default", 3.0 ("only if the service runs and is active").
    """
    asked = restarts(purpose, facts.node.role, msgspec.structs.astuple(facts.node.release), after)
    found = [(SERVICES[row.service], listed(facts, SERVICES[row.service])) for row in asked]
    return tuple((service, status.name) for service, status in found if status and status.runs)
