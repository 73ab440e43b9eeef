"""Promise: the lab's page lists every unknown about uploads and every refusal, with its words and whose they are."""

import inspect
from pathlib import Path
from typing import Any

import pytest

from ucmlab.cluster.certificates import refusals
from ucmlab.cluster.certificates.purposes import PURPOSES
from ucmlab.errors import Refusal
from ucmlab.switches import CERTIFICATE_SWITCHES, Switch, Switches

PAGE = (Path(__file__).parents[2] / "docs" / "lab.md").read_text("utf-8")
UNKNOWNS = [one for one in CERTIFICATE_SWITCHES if one.source.startswith("procedure.md")]
SAMPLES: dict[str, Any] = {
    "purpose": PURPOSES[0],
    "detail": "...",
    "what": "orgunit",
    "name": "tomcat-trust/x.pem",
    "refusal": refusals.key_differs(),
    "switches": Switches({"mismatch_words": "could-not-be-uploaded"}),
}


def table(heading: str) -> list[list[str]]:
    section = PAGE.partition(heading + "\n")[2].partition("\n#")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ") and "`" in line]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def every_refusal() -> list[Refusal]:
    made = [one for _, one in inspect.getmembers(refusals, inspect.isfunction) if one.__module__ == refusals.__name__]
    return [one(**{name: SAMPLES[name] for name in inspect.signature(one).parameters}) for one in made]


def row(switch: Switch) -> list[str]:
    values = [f"**{value}**" if value == switch.default else value for value in switch.choices]
    return [switch.source.removeprefix("procedure.md "), f"`{switch.name}`", ", ".join(values), switch.meaning]


@pytest.mark.parametrize("switch", UNKNOWNS, ids=lambda switch: switch.name)
def test_an_unknown_about_uploads_has_its_row(switch: Switch) -> None:
    assert row(switch) in table("### What nobody has published about certificates")


def test_the_table_of_unknowns_has_no_other_rows() -> None:
    assert len(UNKNOWNS) == len(table("### What nobody has published about certificates"))


@pytest.mark.parametrize("number", ["U-P1", "U-P2", "U-P3", "U-P5", "U-P6", "U-P7", "U-P14", "U-P16", "U-P17", "U-P18"])
def test_every_question_of_the_reference_about_uploads_is_a_switch(number: str) -> None:
    assert number in {switch.source.removeprefix("procedure.md ") for switch in UNKNOWNS}


def test_every_refusal_stands_there_with_its_words_and_whose_they_are() -> None:
    expected = {(one.code, f"`{one.words}`", "ours" if one.invented else "Cisco's") for one in every_refusal()}
    assert expected == {(code, words, whose) for code, words, whose, _ in table("### What an upload is refused with")}
