"""Joins what a node's service list says with what Control Center knows of start times, and remembers who told one.

A service whose start is not known now is waited for; one whose start the node never tells is not (ServiceStatus).
"""

import msgspec

from ucmcert.knowledge.services import service_called
from ucmcert.model.cluster import ServiceStatus
from ucmcert.ucm.control_center import Started, started_at, tells_exactly

SAME_START_S = 5.0  # an UpTime is told in whole seconds and read over a network: closer than this is the same start


class StartTimes:
    """What was told of the services of every node, in this process."""

    def __init__(self) -> None:
        self._told: dict[tuple[str, str], float] = {}

    def join(
        self,
        node_name: str,
        listed: tuple[ServiceStatus, ...],
        answered: tuple[Started, ...] | None,
        node_utc: float | None,
    ) -> tuple[ServiceStatus, ...]:
        """`listed` with start times. `answered` is None when Control Center did not answer, as while Tomcat restarts.

        `node_utc` is the node's clock at the moment of that answer, None when it could not be read.
        """
        return tuple(self._with_start(node_name, one, answered, node_utc) for one in listed)

    def _with_start(
        self, node_name: str, status: ServiceStatus, answered: tuple[Started, ...] | None, node_utc: float | None
    ) -> ServiceStatus:
        if answered is None:
            return msgspec.structs.replace(status, started_at=None, start_told=True)
        key = (node_name, status.name.lower())
        found = _find(answered, status.name)
        start = started_at(found, node_utc) if found else None
        if start is None:
            waits = key in self._told or _may_tell_later(found, node_utc)
            return msgspec.structs.replace(status, started_at=None, start_told=waits)
        before = self._told.get(key)
        if before is not None and found is not None and not tells_exactly(found) and abs(start - before) < SAME_START_S:
            start = before
        self._told[key] = start
        return msgspec.structs.replace(status, started_at=start, start_told=True)


def _may_tell_later(found: Started | None, node_utc: float | None) -> bool:
    """Whether a start time that cannot be read now may be readable at another look."""
    if found is None:
        return False
    if not found.told:
        return found.status.lower() in ("starting", "stopping")
    return node_utc is None


def _find(answered: tuple[Started, ...], name: str) -> Started | None:
    """The service of that name; the two interfaces may spell it differently (interfaces-http.md 4)."""
    exact = next((one for one in answered if one.name.lower() == name.lower()), None)
    known = service_called(name)
    if exact is not None or known is None:
        return exact
    return next((one for one in answered if service_called(one.name) is known), None)
