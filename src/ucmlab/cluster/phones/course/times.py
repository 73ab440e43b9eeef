"""How long a phone takes for what it does, drawn from the seed. Seconds of the cluster. Source: phones.md 4."""

import math
import random

from ucmlab.scenarios.schema import PhoneTimes

P95 = 1.6448536  # standard deviations from the median to the 95th percentile
PROFILES = {"assumed": 1.0, "slow": 2.0, "fast": 0.5}
MOST_PATIENT = 5.0  # a phone that is not taken asks less and less often, up to this many times `retry_s`


class Durations:
    """Draws of one crowd. `profile`: switch phone_time_profile."""

    def __init__(self, times: PhoneTimes, draw: random.Random, *, profile: str) -> None:
        self.times = times
        self._draw = draw
        self._factor = PROFILES[profile]
        self._median = math.log(times.boot_median_s)
        self._spread = max(0.0, math.log(times.boot_p95_s / times.boot_median_s)) / P95

    def boot_s(self, *, slow: bool) -> float:
        """From power or reset to the first question to a TFTP server."""
        times = self.times
        if slow:
            return self._factor * self._draw.uniform(times.boot_cap_s, max(times.boot_cap_s, times.slow_boot_cap_s))
        return self._factor * min(times.boot_cap_s, self._draw.lognormvariate(self._median, self._spread))

    def in_call(self, share: float) -> bool:
        """Whether a reset meets the phone in a call."""
        return share > 0 and self._draw.random() < share

    def call_s(self) -> float:
        """What is left of a call."""
        return self._draw.expovariate(1.0 / self.times.call_s)

    def retry_s(self, attempts: int) -> float:
        """Wait before the next attempt to register, after so many in vain."""
        return self.times.retry_s * min(MOST_PATIENT, 1.0 + attempts) * self._draw.uniform(0.8, 1.2)

    def notice_s(self, protocol: str) -> float:
        """Until one side sees that the other has gone without a word."""
        loss_s = self.times.sccp_loss_s if protocol == "SCCP" else self.times.sip_loss_s
        return loss_s * self._draw.uniform(0.4, 1.0)

    def reconnect_s(self) -> float:
        """Until a phone whose connection was closed tries another node."""
        return self._draw.uniform(0.5, 3.0)

    def fail_back_s(self) -> float:
        """Until a phone returns to a better node that is back."""
        return self.times.fail_back_s * self._draw.uniform(1.0, 1.5)
