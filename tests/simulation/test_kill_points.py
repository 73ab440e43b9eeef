"""Promise: kill a renewal anywhere, resume it, and nothing is asked for, uploaded or restarted twice."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from simulation.kill_points import explore
from simulation.killing import Moment
from simulation.world import Wish
from ucmlab.scenarios.loader import load_scenario


@pytest.mark.parametrize("moment", ["before", "after"])
def test_four_nodes_killed_at_every_append_end_as_if_nothing_had_happened(
    moment: Moment, tmp_path: Path, tell: Callable[[str], None]
) -> None:
    found = explore(tmp_path, "demo", Wish(), moment)
    tell(f"kill points, four nodes, tomcat and ipsec, simulated, right {moment} an append: {found.tried}")
    assert () == found.wrong
    assert found.tried > 200


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_release_without_the_rest_api_survives_the_same(
    moment: Moment, tmp_path: Path, tell: Callable[[str], None]
) -> None:
    of = msgspec.structs.replace(load_scenario("single"), version=load_scenario("legacy").version)
    found = explore(tmp_path, of, Wish(purposes=("ipsec",)), moment)
    tell(f"kill points, one node of 11.5 by SSH only, ipsec, simulated, right {moment} an append: {found.tried}")
    assert () == found.wrong
    assert found.tried > 20
