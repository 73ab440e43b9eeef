"""Promise: every pre- and post-check speaks when the lab is in the state it is about, there and nowhere else.

And of a calm office none of them speaks, but for what a person is always asked.
"""

from pathlib import Path

import pytest

from simulation.checks.after_table import AFTER
from simulation.checks.before_table import BEFORE
from simulation.checks.looking import Said, said_after, said_before
from simulation.checks.rules import ALL_RULES
from simulation.checks.trip import CLUSTER, PUB, Trip

STANDING: dict[tuple[str, ...], tuple[str, ...]] = {
    ("ipsec",): (),
    ("tomcat",): (),
    ("CAPF",): ("UCM-CHECK-033",),  # who uses LSCs is a question to a person
    ("CallManager",): ("UCM-CHECK-035",),  # who shares trust is another one
    ("TVS",): (),
}


def places(said: Said, code: str) -> set[str]:
    return {where for what, where in said if what == code}


def others(said: Said, code: str) -> set[str]:
    return {what for what, _ in said} - {code}


@pytest.mark.parametrize("trip", BEFORE, ids=lambda trip: trip.code)
def test_a_pre_check_speaks_where_its_state_is(trip: Trip, tmp_path: Path) -> None:
    said = said_before(trip, tmp_path)
    assert set(trip.where) == places(said, trip.code)
    assert {*trip.beside, *STANDING[trip.purposes]} - {trip.code} == others(said, trip.code) - reused(trip)


def reused(trip: Trip) -> set[str]:
    """Where tomcat stands for CallManager, what is asked about CallManager is asked about it."""
    return {"UCM-CHECK-035"} if trip.scenario.get("reuse_tomcat") else set()


@pytest.mark.parametrize("purposes", STANDING, ids=lambda purposes: purposes[0])
def test_a_calm_office_trips_no_pre_check(purposes: tuple[str, ...], tmp_path: Path) -> None:
    calm = Trip(code="-", where=(), purposes=purposes)
    assert {(code, CLUSTER) for code in STANDING[purposes]} == said_before(calm, tmp_path)


@pytest.mark.parametrize("trip", AFTER, ids=lambda trip: trip.code)
def test_a_post_check_speaks_where_its_state_is(trip: Trip, tmp_path: Path) -> None:
    said = said_after(trip, tmp_path)
    assert set(trip.where) == places(said, trip.code)
    assert set(trip.beside) == others(said, trip.code)


@pytest.mark.parametrize("purposes", sorted({trip.purposes for trip in AFTER}), ids=lambda purposes: purposes[0])
def test_a_finished_run_that_nobody_disturbs_trips_no_post_check(purposes: tuple[str, ...], tmp_path: Path) -> None:
    calm = Trip(code="-", where=(), purposes=purposes)
    backed_up_by_the_run = purposes == ("CallManager",)
    assert (set() if backed_up_by_the_run else {("UCM-AFTER-006", PUB)}) == said_after(calm, tmp_path)


def test_every_rule_has_one_row() -> None:
    assert sorted(rule.code for rule in ALL_RULES) == sorted(trip.code for trip in (*BEFORE, *AFTER))
