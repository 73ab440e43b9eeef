"""What every part of a cluster is given from outside, once, at its birth."""

import random

import msgspec

from ucmlab.clock import Clock
from ucmlab.cluster.certificates.keys import KeySource
from ucmlab.faults import Faults
from ucmlab.switches import Switches


class World(msgspec.Struct, frozen=True, kw_only=True):
    """Time, chance, keys, unknowns and faults. One of each per cluster, never a module's own."""

    clock: Clock
    random: random.Random
    keys: KeySource
    switches: Switches
    faults: Faults

    def serial(self) -> int:
        """A certificate serial number of 127 bits."""
        return self.random.getrandbits(126) | 1 << 126
