"""Scenarios with a few phones, quick to boot, for tests of what shows and moves them."""

from typing import Any

from ucmlab.cluster.cluster import Cluster
from ucmlab.scenarios.schema import PhonesSpec, PhoneTimes, Scenario
from unit.ucmlab.lab_bench import scenario

QUICK = PhoneTimes(boot_median_s=20.0, boot_p95_s=30.0, boot_cap_s=40.0, slow_boot_cap_s=50.0, tftp_rebuild_s=5.0)
BOOTED_S = 400.0  # long enough for a reset of all phones of these scenarios


def with_phones(*lines: PhonesSpec, name: str = "pair", **changes: Any) -> Scenario:
    """A built-in scenario with phones: by default six SIP phones, half of them with a web page."""
    return scenario(name, phones=lines or (PhonesSpec(count=6, slow_share=0.0),), phone_times=QUICK, **changes)


def registered(cluster: Cluster) -> list[str]:
    """Names of the registered phones."""
    return [phone.name for phone in cluster.phones.phones() if phone.registered]


def reset_since(cluster: Cluster, moment: float) -> list[str]:
    """Names of the phones that are registered and have registered after a moment (true epoch seconds)."""
    return [phone.name for phone in cluster.phones.phones() if phone.registered and phone.changed_at > moment]
