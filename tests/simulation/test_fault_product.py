"""Promise: whatever goes wrong at whatever step, a run ends in done or in a named hold, and a resume brings it home."""

from collections.abc import Callable
from pathlib import Path

import pytest

from simulation.fault_product import explore
from simulation.world import Wish


@pytest.mark.long
@pytest.mark.parametrize("lasting", [False, True], ids=["once", "lasting"])
def test_every_fault_at_every_step_ends_in_done_or_a_hold_that_a_resume_mends(
    lasting: bool, tmp_path: Path, tell: Callable[[str], None]
) -> None:
    found = explore(tmp_path, "pair", Wish(purposes=("tomcat",)), lasting=lasting)
    how = "until removed" if lasting else "once"
    tell(f"fault kinds x steps, two nodes, tomcat, each {how}: {found.tried} tried, {found.held} held, all mended")
    assert () == found.wrong
    assert found.tried > 150
    assert 0 < found.held
