"""The exact command that goes on with a run, from any folder. Needs no network."""

import shlex
from pathlib import Path

import msgspec

from ucmcert.cli.places import Places
from ucmcert.report.json_shapes import RunShape


def resume_command(run: str, config_file: Path) -> str:
    """The exact command that goes on with `run`."""
    return f"ucmcert resume {shlex.quote(run)} --config {shlex.quote(str(config_file))}"


def with_config(shape: RunShape, places: Places) -> RunShape:
    """`shape` with a command to go on that names the configuration, so that it works from any folder."""
    command = resume_command(shape.run, places.config_file) if shape.resume else ""
    return msgspec.structs.replace(shape, resume=command)


def abandon_command(run: str, config_file: Path) -> str:
    """The exact command that gives `run` up."""
    return f'ucmcert abandon {shlex.quote(run)} --reason "..." --config {shlex.quote(str(config_file))}'
