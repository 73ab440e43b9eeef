"""Promise: for every error of the catalogue, what we predict is what the node answers; a refusal changes nothing."""

from collections.abc import Callable
from pathlib import Path

import pytest

from simulation.upload_catalogue.catalogue import ACCEPTED, ERRORS, cases_of
from simulation.upload_catalogue.page import HEAD, section, told
from simulation.upload_catalogue.playing import objections, play
from simulation.upload_catalogue.predicting import REFUSED, TABLE
from simulation.upload_catalogue.stricter_cases import CASES, STRICTER
from ucmcert.knowledge.upload_errors import UPLOAD_ERRORS

PAGE = Path(__file__).parents[3] / "docs" / "upload-catalogue.md"
LEAST = {ACCEPTED: 10}
LEFT_TO_CUCM = ("UCM-UP-002", "UCM-KEY-005", "UCM-CHAIN-007", "UCM-TIME-002", "UCM-SAN-003")


@pytest.mark.parametrize("error", ERRORS)
def test_every_prediction_is_what_the_node_answers(error: str, tell: Callable[[str], None]) -> None:
    cases = cases_of(error)
    rows = tuple(play(case) for case in cases)
    wrong = [said for case, row in zip(cases, rows, strict=True) for said in objections(case, row)]
    assert [] == wrong
    tell(told(error, rows))
    assert section(error, rows) in PAGE.read_text("utf-8"), "the page is made anew by simulation.upload_catalogue"


def test_where_we_are_stricter_than_the_lab_is_known_case_by_case(tell: Callable[[str], None]) -> None:
    rows = tuple(map(play, CASES))
    assert [(REFUSED, case.codes, ACCEPTED) for case in CASES] == [
        (row.predicted, row.codes, row.answered) for row in rows
    ]
    tell(told(STRICTER, rows))
    assert section(STRICTER, rows) in PAGE.read_text("utf-8"), "the page is made anew by simulation.upload_catalogue"


def test_the_page_has_its_head_and_every_table_once() -> None:
    text = PAGE.read_text("utf-8")
    assert text.startswith(HEAD)
    assert [len(ERRORS) + 1] * 2 == [text.count("\n## "), text.count("\n|---|")]


def test_every_error_has_cases_enough_and_no_two_are_alike() -> None:
    assert {row.id for row in UPLOAD_ERRORS} - {"E2/E3"} == set(ERRORS) - {ACCEPTED}
    for error in ERRORS:
        cases = cases_of(error)
        assert len({(one.name, one.scenario.version) for one in cases}) == len(cases) >= LEAST.get(error, 5)


def test_only_what_nobody_can_know_is_left_to_cucm() -> None:
    left = {case.codes for error in ERRORS for case in cases_of(error) if case.left_open}
    assert {(code,) for code in LEFT_TO_CUCM} == left


def test_what_foresees_an_error_is_listed_with_its_words() -> None:
    listed = {row.id: set(row.codes) for row in UPLOAD_ERRORS}
    strays = {
        (error, code)
        for error in set(ERRORS) - {ACCEPTED}
        for case in cases_of(error)
        if not set(case.codes) & listed[error]
        for code in case.codes
        if not case.left_open and code != TABLE
    }
    assert set() == strays
