"""What SIGKILL looks like from inside a process: nothing it does from that moment on reaches the ledger."""

from typing import Literal

Moment = Literal["before", "after"]
"""Of an append. "before": the act it would report has happened, the append has not. "after": it is on disk."""


class Killed(BaseException):
    """Nobody catches it, nobody writes another word."""
