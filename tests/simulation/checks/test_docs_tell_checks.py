"""Promise: docs/checks.md has a row for each number of the procedure, with the codes whose sources name it, and all."""

import re
from pathlib import Path
from typing import Any

import pytest

from simulation.checks.rules import ALL_RULES
from ucmcert.lint.rule import Rule
from ucmcert.report.rule_book import rule_book

PAGE = Path(__file__).parents[3] / "docs" / "checks.md"
CODE = re.compile(r"UCM-[A-Z]+-\d{3}")
NUMBER = re.compile(r"\b[PQ]\d{1,2}\b")
OUR_SECTION = re.compile(r"procedure\.md 4\.[12][^;]*")
BEFORE, AFTER = [f"P{number}" for number in range(1, 24)], [f"Q{number}" for number in range(1, 10)]
WINDOW = "UCM-PLAN-013"
CELLS = 5


def rows() -> dict[str, list[str]]:
    """The rows of both tables, by number."""
    lines = (line for line in PAGE.read_text("utf-8").splitlines() if re.match(r"\| [PQ]\d", line))
    cells = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines)
    return {row[0]: row for row in cells}


def numbers_of(source: str) -> set[str]:
    """The numbers a source names: P and Q with all their digits, ranges like Q1-Q5 not among them."""
    return {number for part in OUR_SECTION.findall(source) for number in NUMBER.findall(part)}


def test_every_number_of_the_procedure_has_a_row_in_its_order() -> None:
    assert [*BEFORE, *AFTER] == list(rows())


@pytest.mark.parametrize("rule", ALL_RULES, ids=lambda rule: rule.code)
def test_a_code_stands_in_the_rows_that_its_source_names(rule: Rule[Any]) -> None:
    codes = {number: CODE.findall(row[2]) for number, row in rows().items()}
    assert set() == {number for number in numbers_of(rule.source) if rule.code not in codes[number]}


def test_every_code_of_the_checks_stands_on_the_page_and_each_code_there_exists() -> None:
    told = set(CODE.findall(PAGE.read_text("utf-8")))
    assert set() == {*(rule.code for rule in ALL_RULES), WINDOW} - told
    assert set() == told - set(rule_book("en"))


def test_a_row_without_a_code_says_who_is_asked_or_why_not() -> None:
    said = {number: (len(row), row[3:] != ["-", "-"]) for number, row in rows().items() if not CODE.findall(row[2])}
    assert dict.fromkeys(("P17", "Q6", "Q9"), (CELLS, True)) == said
