"""Promise: kill a renewal anywhere, resume it, and nothing is asked for, uploaded or restarted twice.

`make test` tries every ninth append of four nodes, other ones before than after; `python -m benchmarks.kill_points`
tries them all, and `make crash` does so with real processes.
"""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from simulation.kill_points import explore
from simulation.killing import Moment
from simulation.sampling import every_append
from simulation.world import Wish
from ucmlab.scenarios.loader import load_scenario

EVERY = 9


@pytest.mark.long
@pytest.mark.parametrize(("moment", "offset"), [("before", 0), ("after", 4)])
def test_four_nodes_killed_at_any_append_end_as_if_nothing_had_happened(
    moment: Moment, offset: int, tmp_path: Path, tell: Callable[[str], None]
) -> None:
    found = explore(tmp_path, "demo", Wish(), moment, here=every_append(EVERY, offset))
    tell(f"kill points, four nodes, tomcat and ipsec, simulated, right {moment} an append: {found.tried}")
    assert () == found.wrong
    assert found.tried > 200 // EVERY


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_release_without_the_rest_api_survives_the_same(
    moment: Moment, tmp_path: Path, tell: Callable[[str], None]
) -> None:
    of = msgspec.structs.replace(load_scenario("single"), version=load_scenario("legacy").version)
    found = explore(tmp_path, of, Wish(purposes=("ipsec",)), moment)
    tell(f"kill points, one node of 11.5 by SSH only, ipsec, simulated, right {moment} an append: {found.tried}")
    assert () == found.wrong
    assert found.tried > 20
