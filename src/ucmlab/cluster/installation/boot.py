"""The services of a node as they stand some days after boot."""

import random

from ucmlab.cluster.certificates.authority import DAY_S
from ucmlab.cluster.certificates.loading import as_loaded
from ucmlab.cluster.certificates.site import Site
from ucmlab.cluster.certificates.stores import CertificatesState
from ucmlab.cluster.services.service import COMMANDED, NOT_ACTIVATED, STARTED, STOPPED, ServiceState
from ucmlab.cluster.services.table import ServiceRow, services_of
from ucmlab.errors import ScenarioError
from ucmlab.scenarios.schema import NodeSpec


def install_services(
    spec: NodeSpec, site: Site, certificates: CertificatesState, *, now: float, draw: random.Random
) -> tuple[ServiceState, ...]:
    """Every service of a node, five to forty days after boot. `now`: true time, epoch seconds.

    Raises: ScenarioError when the scenario names a service that the node does not have.
    """
    booted = now + spec.clock_offset_s - draw.uniform(5.0, 40.0) * DAY_S
    rows = services_of(product=site.product, role=site.role, version=site.version)
    _judge_names(spec, {row.name for row in rows})
    loaded = {
        row.name: as_loaded(certificates.identities[row.name], certificates.trust.get(row.trust_store, ()))
        for row in site.purposes()
        if row.name in certificates.identities
    }
    states = []
    for number, row in enumerate(rows):
        state, reason, activated = _first_state(row, spec, site)
        runs = state == STARTED
        states.append(
            ServiceState(
                name=row.name,
                state=state,
                reason=reason,
                activated=activated,
                started_at=booted + 30.0 + 2.0 * number if runs else None,
                loaded={name: loaded[name] for name in row.loads if runs and name in loaded},
            )
        )
    return tuple(states)


def _judge_names(spec: NodeSpec, known: set[str]) -> None:
    for name in (*spec.stopped, *spec.activated, *spec.deactivated):
        if name not in known:
            next_step = f"Its services are: {', '.join(sorted(known))}."
            raise ScenarioError(f"node {spec.name!r} has no service {name!r}", where="nodes", next_step=next_step)


def _first_state(row: ServiceRow, spec: NodeSpec, site: Site) -> tuple[str, str, bool]:
    activated = (row.activated or row.name in spec.activated) and row.name not in spec.deactivated
    if not activated:
        return STOPPED, NOT_ACTIVATED, False
    if row.name in spec.stopped or (row.publisher_runs and site.role != "publisher"):
        return STOPPED, COMMANDED, True
    return STARTED, "", True
