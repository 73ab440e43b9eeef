"""How long a run waits, and how often it looks."""

import msgspec


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """All in seconds of our clock.

    `patience_s`: how long something may stay unclear before the run holds.  `settle_s`: how long an answered or lost
    act may take to show.  `repeat_s`: the same for a lost act that does no harm when it happens twice.  `restart_s`:
    how long a service may be on its way (interfaces-cli.md 3.3: 600 s are seen).
    """

    patience_s: float = 900.0
    settle_s: float = 120.0
    repeat_s: float = 10.0
    restart_s: float = 900.0
    poll_first_s: float = 0.2
    poll_last_s: float = 5.0
    attempts: int = 3
