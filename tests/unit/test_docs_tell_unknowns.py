"""Promise: the lab's page lists every unknown about phones, with its values and its default, as the lab has them.

The last cell of a row, what a careful client does, is written by hand; all others are compared with the switches.
"""

from pathlib import Path

import pytest

from ucmlab.switches import PHONE_SWITCHES, SWITCHES, Switch

PAGE = Path(__file__).parents[2] / "docs" / "lab.md"
HEADING = "### What nobody has published about phones"
NUMBERS = {f"U{number}" for number in range(1, 17)}
UNKNOWNS = tuple(one for one in SWITCHES if one in PHONE_SWITCHES or one.source.startswith("phones.md U"))


def told() -> dict[str, list[str]]:
    """The rows of the table, by switch name: the cells of each."""
    section = PAGE.read_text("utf-8").partition(HEADING + "\n")[2].partition("\n#")[0]
    lines = (line for line in section.splitlines() if line.startswith("| ") and "`" in line)
    rows = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines)
    return {cells[1].strip("`"): cells for cells in rows}


def expected(switch: Switch) -> list[str]:
    """The cells of a switch that its row must begin with; the default is the one in bold."""
    values = [f"**{value}**" if value == switch.default else value for value in switch.choices]
    return [switch.source.removeprefix("phones.md "), f"`{switch.name}`", ", ".join(values), switch.meaning]


def test_the_table_lists_exactly_the_unknowns_of_the_lab() -> None:
    assert {one.name for one in UNKNOWNS} == set(told())


@pytest.mark.parametrize("switch", UNKNOWNS, ids=lambda switch: switch.name)
def test_a_row_tells_number_values_default_and_question_as_the_switch_does(switch: Switch) -> None:
    assert expected(switch) == told()[switch.name][:4]


@pytest.mark.parametrize("switch", UNKNOWNS, ids=lambda switch: switch.name)
def test_a_row_says_what_a_careful_client_does(switch: Switch) -> None:
    cells = told()[switch.name]
    assert (5, True) == (len(cells), len(cells[-1]) > 20)


def test_every_number_of_the_reference_has_a_row() -> None:
    assert NUMBERS <= {cells[0] for cells in told().values()}
