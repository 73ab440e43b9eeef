# Promise: every unpublished behaviour is a named switch with a source and a default, and wrong settings are refused.
from pathlib import Path

import pytest

import ucmlab
from ucmlab.errors import ScenarioError
from ucmlab.switches import CERTIFICATE_SWITCHES, SWITCHES, Switches


def test_defaults_stand_until_a_scenario_chooses() -> None:
    assert Switches()["csr_while_pending"] == "replace"
    assert Switches({"csr_while_pending": "refuse"})["csr_while_pending"] == "refuse"


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ScenarioError, match="csr_while_pending"):
        Switches({"csr_when_pending": "refuse"})


def test_an_unknown_value_is_refused_with_the_choices() -> None:
    with pytest.raises(ScenarioError, match="replace, refuse"):
        Switches({"csr_while_pending": "maybe"})


def test_free_text_is_taken_as_it_is() -> None:
    assert Switches({"idle_text": "Bye"})["idle_text"] == "Bye"


def test_every_switch_has_one_name_a_source_and_a_meaning() -> None:
    assert len({switch.name for switch in SWITCHES}) == len(SWITCHES)
    assert all(".md " in switch.source and switch.meaning for switch in SWITCHES)


def test_every_certificate_switch_is_read_somewhere() -> None:
    source = "".join(path.read_text() for path in (Path(ucmlab.__file__).parent / "cluster").rglob("*.py"))
    assert [switch.name for switch in CERTIFICATE_SWITCHES if f'["{switch.name}"]' not in source] == []
