"""Promise: kill a renewal that phones notice anywhere, resume it, and nothing is done twice and no phone is lost.

`make test` kills it at the first append of each kind about each kind of step that only such plans have;
`python -m benchmarks.phone_crash` kills it at every append, and meets every fault at every such step.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from simulation.fault_product import explore as explore_faults
from simulation.kill_points import explore
from simulation.killing import Moment
from simulation.phones.mixed_pair import (
    NEW_KINDS,
    WISH,
    each_new_kind_once,
    eyes,
    mixed_pair,
    resets_phones,
    some_pairs,
)


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_mixed_cluster_killed_in_its_phone_epochs_ends_as_if_nothing_had_happened(
    moment: Moment, tmp_path: Path, tell: Callable[[str], None]
) -> None:
    found = explore(tmp_path, mixed_pair(), WISH, moment, here=each_new_kind_once(), eyes=eyes)
    tell(f"kill points, mixed cluster with phones, CAPF, CallManager and TVS, right {moment} an append: {found.tried}")
    assert () == found.wrong
    assert found.tried > 2 * len(NEW_KINDS)


@pytest.mark.parametrize("lasting", [False, True], ids=["once", "lasting"])
def test_faults_at_the_steps_that_phones_need_end_in_done_or_a_hold_that_a_resume_mends(
    lasting: bool, tmp_path: Path, tell: Callable[[str], None]
) -> None:
    pairs = some_pairs(6, 4 if lasting else 0)
    found = explore_faults(tmp_path, mixed_pair(), WISH, lasting=lasting, pairs=pairs, eyes=eyes, person=resets_phones)
    how = "until removed" if lasting else "once"
    tell(f"fault kinds x phone steps, mixed cluster, each {how}: {found.tried} tried, {found.held} held, all mended")
    assert () == found.wrong
    assert found.tried > len(NEW_KINDS)
