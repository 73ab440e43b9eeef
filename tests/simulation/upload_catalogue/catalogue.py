"""Every case, by error, in the order of the catalogue (procedure.md 5)."""

from simulation.upload_catalogue import (
    accepted_cases,
    chain_cases,
    door_cases,
    file_cases,
    key_cases,
    name_cases,
    request_cases,
    time_cases,
)
from simulation.upload_catalogue.case import Case

ACCEPTED = "accepted"
ERRORS = (*(f"E{number}" for number in range(1, 13)), ACCEPTED)
ROOMS = (
    chain_cases,
    request_cases,
    name_cases,
    time_cases,
    file_cases,
    key_cases,
    door_cases,
    accepted_cases,
)


def cases_of(error: str) -> tuple[Case, ...]:
    """The cases of one error, or those CUCM accepts."""
    return tuple(case for room in ROOMS for case in room.CASES if case.error == error)
