"""Promise: whatever goes wrong at whatever step, a run ends in done or in a named hold, and a resume brings it home.

`make test` tries every seventh pair of step and fault, other ones once than lasting; there are twelve kinds of fault,
and seven has no factor of twelve, so each kind meets each sort of step. `python -m benchmarks.kill_points` tries all.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from simulation.fault_product import explore
from simulation.sampling import every_pair
from simulation.world import Wish

EVERY = 7


@pytest.mark.long
@pytest.mark.parametrize(("lasting", "offset"), [(False, 0), (True, 2)], ids=["once", "lasting"])
def test_every_fault_at_every_step_ends_in_done_or_a_hold_that_a_resume_mends(
    lasting: bool, offset: int, tmp_path: Path, tell: Callable[[str], None]
) -> None:
    pairs = every_pair(EVERY, offset)
    found = explore(tmp_path, "pair", Wish(purposes=("tomcat",)), lasting=lasting, pairs=pairs)
    how = "until removed" if lasting else "once"
    tell(f"fault kinds x steps, two nodes, tomcat, each {how}: {found.tried} tried, {found.held} held, all mended")
    assert () == found.wrong
    assert found.tried > 200 // EVERY
    assert 0 < found.held
