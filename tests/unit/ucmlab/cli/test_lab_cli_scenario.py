"""Promise: a scenario file can be written from what the program prints, without reading its source."""

import json

import pytest
from click.testing import CliRunner

from ucmlab.cli import main
from ucmlab.cli.scenario_fields import MEANINGS, TABLES, fields_of
from ucmlab.scenarios.loader import parse_scenario, scenario_names
from ucmlab.switches import SWITCHES


@pytest.mark.parametrize("head", TABLES)
def test_every_field_has_a_meaning_and_every_meaning_a_field(head: str) -> None:
    assert list(TABLES[head].__struct_fields__) == list(MEANINGS[head])
    assert list(MEANINGS[head]) == [field.name for field in fields_of(head)]


def test_the_schema_names_every_switch_with_its_choices_and_source() -> None:
    printed = CliRunner().invoke(main, ["scenario", "schema"], catch_exceptions=False).output

    for switch in SWITCHES:
        assert f'{switch.name} = "{switch.default}"' in printed
        assert switch.meaning in printed
        assert switch.source in printed
        assert " | ".join(switch.choices) in printed


def test_the_schema_speaks_json() -> None:
    printed = CliRunner().invoke(main, ["scenario", "schema", "--json"], catch_exceptions=False).output

    assert set(TABLES) == set(json.loads(printed)["tables"])


@pytest.mark.parametrize("name", scenario_names())
def test_a_shown_scenario_is_a_scenario(name: str) -> None:
    printed = CliRunner().invoke(main, ["scenario", "show", name], catch_exceptions=False).output

    assert name == parse_scenario(printed, where="shown").name


def test_the_list_names_all() -> None:
    printed = CliRunner().invoke(main, ["scenario", "list", "--json"], catch_exceptions=False).output

    assert list(scenario_names()) == [row["name"] for row in json.loads(printed)]
