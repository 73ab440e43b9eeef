"""How patient the demo is: a lab that is K times faster than real nodes is waited for K times less."""

import msgspec

from ucmcert.run.limits import Limits, at_pace

SHORTEST_S = 60.0


def limits_at(speed: float) -> Limits:
    """How long to wait for nodes that are `speed` times faster than real ones, but never less than a lab needs."""
    usual = Limits()
    quick = msgspec.structs.replace(
        usual,
        patience_s=max(SHORTEST_S, usual.patience_s / speed),
        restart_s=max(SHORTEST_S, usual.restart_s / speed),
        poll_last_s=max(usual.poll_first_s, usual.poll_last_s / speed),
        backup_s=max(SHORTEST_S, usual.backup_s / speed),
    )
    return at_pace(quick, speed)
