# Promise: the fault phones-off takes the phones it names, or a share, from their power for its seconds and no longer.
import asyncio

import pytest

from ucmlab.cluster.cluster import Cluster
from ucmlab.faults import FaultRule
from unit.ucmlab.lab_bench import in_lab
from unit.ucmlab.phone_bench import with_phones


def powered(cluster: Cluster) -> list[bool]:
    return [phone.powered for phone in cluster.phones.phones()]


def counts(rule: FaultRule, *moments: float) -> list[int]:
    """How many phones have power at each moment after the rule came into force, seconds."""

    async def once(cluster: Cluster) -> list[int]:
        cluster.faults.add(rule)
        seen, passed = [], 0.0
        for moment in moments:
            await asyncio.sleep(moment - passed)
            passed = moment
            seen.append(sum(powered(cluster)))
        return seen

    return in_lab(once, with_phones())


def test_a_share_is_off_for_its_seconds() -> None:
    assert [3, 3, 6] == counts(FaultRule(kind="phones-off", share=0.5, seconds=100.0), 0.0, 99.0, 101.0)


def test_a_rule_that_strikes_again_is_off_again() -> None:
    assert [0, 0, 6] == counts(FaultRule(kind="phones-off", share=1.0, seconds=50.0, times=2), 1.0, 75.0, 101.0)


def test_named_phones_are_off_in_any_case_of_letters() -> None:
    async def once(cluster: Cluster) -> list[bool]:
        second = cluster.phones.names()[1]
        cluster.faults.add(FaultRule(kind="phones-off", phones=(second.lower(), "SEP000000000000")))
        return powered(cluster)

    assert [True, False, True, True, True, True] == in_lab(once, with_phones())


def test_two_cuts_end_with_the_longer() -> None:
    async def once(cluster: Cluster) -> list[int]:
        cluster.faults.add(FaultRule(kind="phones-off", share=1.0, seconds=50.0))
        cluster.faults.add(FaultRule(kind="phones-off", share=1.0, seconds=100.0))
        await asyncio.sleep(75.0)
        midway = sum(powered(cluster))
        await asyncio.sleep(50.0)
        return [midway, sum(powered(cluster))]

    assert [0, 6] == in_lab(once, with_phones())


def test_rules_of_the_scenario_strike_at_the_start() -> None:
    rules = (FaultRule(kind="phones-off", share=0.5, seconds=60.0),)

    async def once(cluster: Cluster) -> tuple[int, int]:
        begun = sum(powered(cluster))
        await asyncio.sleep(61.0)
        return begun, sum(powered(cluster))

    assert (3, 6) == in_lab(once, with_phones(faults=rules))


@pytest.mark.parametrize("share", [0.01, 0.5])
def test_the_seed_decides_whom_a_cut_meets(share: float) -> None:
    async def once(cluster: Cluster) -> list[bool]:
        cluster.faults.add(FaultRule(kind="phones-off", share=share))
        return powered(cluster)

    assert in_lab(once, with_phones(), seed=3) == in_lab(once, with_phones(), seed=3)
    assert False in in_lab(once, with_phones(), seed=3)
