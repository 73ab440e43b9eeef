"""`ucmlab scenario`: the built-in scenarios, and what a scenario file may say."""

from importlib import resources

import click

from ucmlab.cli.options import json_option
from ucmlab.cli.output import print_json, table
from ucmlab.cli.scenario_fields import TABLES, Field, fields_of
from ucmlab.errors import ScenarioError
from ucmlab.scenarios.loader import load_scenario, scenario_names
from ucmlab.switches import SWITCHES


@click.group("scenario")
def command() -> None:
    """Built-in scenarios, and what a scenario file may say."""


@command.command("list")
@json_option
def list_(*, as_json: bool) -> None:
    """The built-in scenarios."""
    found = [load_scenario(name) for name in scenario_names()]
    if as_json:
        print_json([{"name": row.name, "title": row.title, "nodes": len(row.nodes)} for row in found])
    else:
        click.echo(table(("NAME", "NODES", "TITLE"), [(row.name, str(len(row.nodes)), row.title) for row in found]))


@command.command("show")
@click.argument("name")
def show(*, name: str) -> None:
    """The text of the built-in scenario NAME: copy it to make your own."""
    if name not in scenario_names():
        next_step = f"Choose one of: {', '.join(scenario_names())}."
        raise ScenarioError(f"there is no built-in scenario {name!r}", where="NAME", next_step=next_step)
    click.echo((resources.files("ucmlab.scenarios") / f"{name}.toml").read_text(encoding="utf-8").rstrip())


@command.command("schema")
@json_option
def schema(*, as_json: bool) -> None:
    """Every field and every switch of a scenario file."""
    if as_json:
        print_json({"tables": {head: fields_of(head) for head in TABLES}, "switches": SWITCHES})
        return
    for head in TABLES:
        click.echo(f"{head}\n")
        for field in fields_of(head):
            _print_field(field)
        click.echo("")
    click.echo("[switches]: what nobody has published; the safe assumption is the default\n")
    for switch in SWITCHES:
        choices = " | ".join(switch.choices) if switch.choices else "any text"
        click.echo(f"  {switch.name} = {_quoted(switch.default)}")
        click.echo(f"      {switch.meaning}; {choices}. Source: {switch.source}")


def _print_field(field: Field) -> None:
    click.echo(f"  {field.name}: {field.kind}, {'required' if field.default is None else 'default ' + field.default}")
    click.echo(f"      {field.meaning}")


def _quoted(text: str) -> str:
    return f'"{text}"'
