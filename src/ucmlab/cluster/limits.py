"""What a cluster counts against its callers: logins that failed, device queries per minute, and spells of refusal.

Windows are seconds of the cluster. Kept in memory only: a restart forgives.
"""

from collections import Counter
from collections.abc import Hashable

from ucmlab.clock import Clock
from ucmlab.errors import Throttled

LOGIN_FAILURES_MAX = 3
LOCKED_S = 300.0
DEVICE_QUERIES_PER_MINUTE = 15  # parameter "Allowed Device Queries Per Minute", interfaces-http.md 3
MINUTE_S = 60.0


class Limits:
    """Counters that forget by the cluster's clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._failures: Counter[Hashable] = Counter()
        self._device_queries = 0
        self._spells: Counter[str] = Counter()

    def locked(self, who: Hashable) -> bool:
        """Whether an account has failed too often in the last minutes. Source: interfaces-http.md 10."""
        return self._failures[who] >= LOGIN_FAILURES_MAX

    def login_failed(self, who: Hashable) -> None:
        """Count a failed login; it is forgotten after `LOCKED_S`."""
        self._failures[who] += 1
        self._clock.call_later(LOCKED_S, lambda: self._forgive(who))

    def login_succeeded(self, who: Hashable) -> None:
        """Forget an account's failures."""
        self._failures.pop(who, None)

    def count_device_query(self) -> None:
        """Count one RIS query of any application. Raises Throttled over the rate, without counting."""
        if self._device_queries >= DEVICE_QUERIES_PER_MINUTE:
            raise Throttled(MINUTE_S)
        self._device_queries += 1
        self._clock.call_later(MINUTE_S, self._forget_device_query)

    def refuse_for(self, what: str, seconds: float) -> None:
        """Let everybody who asks for `what` be refused for a while."""
        self._spells[what] += 1
        self._clock.call_later(seconds, lambda: self._end_spell(what))

    def judge_spell(self, what: str, retry_after_s: float) -> None:
        """Raises Throttled while a spell of `refuse_for` lasts."""
        if self._spells[what]:
            raise Throttled(retry_after_s)

    def _end_spell(self, what: str) -> None:
        self._spells[what] -= 1

    def _forgive(self, who: Hashable) -> None:
        self._failures[who] = max(0, self._failures[who] - 1)

    def _forget_device_query(self) -> None:
        self._device_queries -= 1
