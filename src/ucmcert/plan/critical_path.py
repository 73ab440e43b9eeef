"""How long a plan takes when everything that may run side by side does: the longest way through its needs."""

from collections.abc import Iterable

from ucmcert.model.plan import Step


def finish_times_s(steps: Iterable[Step]) -> dict[str, int]:
    """Earliest end of each step in seconds from the start. `steps` stand in an order where needs come first.

    A need outside `steps` counts as done at the start.
    """
    ends: dict[str, int] = {}
    for step in steps:
        start = max((ends.get(need, 0) for need in step.needs), default=0)
        ends[step.id] = start + step.estimate_s
    return ends


def makespan_s(steps: Iterable[Step]) -> int:
    """Seconds until the last of `steps` ends."""
    return max(finish_times_s(steps).values(), default=0)


def critical_path(steps: tuple[Step, ...]) -> tuple[str, ...]:
    """Ids of the steps that decide the makespan, first to last."""
    ends = finish_times_s(steps)
    by_id = {step.id: step for step in steps}
    if not ends:
        return ()
    here = max(ends, key=lambda step_id: ends[step_id])
    path = [here]
    while by_id[here].needs:
        known = [need for need in by_id[here].needs if need in ends]
        if not known:
            break
        here = max(known, key=lambda step_id: ends[step_id])
        path.append(here)
    return tuple(reversed(path))
