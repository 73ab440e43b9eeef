"""How long a run waits, and how often it looks."""

import msgspec

SHORTEST_GATE_S = 60.0
SHORTEST_SETTLE_S = 3.0
SHORTEST_LOOK_S = 1.0  # nodes and phones tell their times in whole seconds


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """All in seconds of our clock.

    `patience_s`: how long something may stay unclear before the run holds.  `settle_s`: how long an answered or lost
    act may take to show.  `repeat_s`: the same for a lost act that does no harm when it happens twice.  `restart_s`:
    how long a service may be on its way (interfaces-cli.md 3.3: 600 s are seen).  `spread_s`: how long a multi-server
    certificate may travel (nodes catch up every 1800 s, procedure.md 6.4).  `backup_s`: how long a backup of ours
    may take.  `phones_s`: how long phones may stay unproven after their reset before a person is asked;
    `first_look_s` and `look_s`: when a gate looks for the first time, and how often then; `quiet_s`: how long no phone
    may have changed its status for automatic resets to be over.  `pace`: how many times faster than real ones phones
    and nodes are; only a lab has another than 1.
    """

    patience_s: float = 900.0
    settle_s: float = 120.0
    repeat_s: float = 10.0
    restart_s: float = 900.0
    spread_s: float = 2100.0
    poll_first_s: float = 0.2
    poll_last_s: float = 5.0
    attempts: int = 3
    backup_s: float = 7200.0
    phones_s: float = 5400.0
    first_look_s: float = 60.0
    look_s: float = 20.0
    quiet_s: float = 60.0
    pace: float = 1.0


def at_pace(limits: Limits, pace: float) -> Limits:
    """`limits` where phones, and the time an act takes to show, are `pace` times faster; no less than a lab needs."""
    return msgspec.structs.replace(
        limits,
        settle_s=max(min(SHORTEST_SETTLE_S, limits.settle_s), limits.settle_s / pace),
        phones_s=max(SHORTEST_GATE_S, limits.phones_s / pace),
        first_look_s=max(SHORTEST_LOOK_S, limits.first_look_s / pace),
        look_s=max(SHORTEST_LOOK_S, limits.look_s / pace),
        quiet_s=max(SHORTEST_LOOK_S, limits.quiet_s / pace),
        pace=pace,
    )
