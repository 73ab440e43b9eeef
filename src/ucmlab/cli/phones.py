"""`ucmlab phones`: the phones of the cluster."""

from pathlib import Path

import click

from ucmlab.cli.options import json_option, state_option
from ucmlab.cli.output import print_json
from ucmlab.cluster.state import read_cluster


@click.command("phones")
@state_option
@json_option
def command(*, folder: Path, as_json: bool) -> None:
    """The phones of the cluster and what they trust: none in this version, whose scenarios have no phones."""
    shared, _ = read_cluster(folder)
    if as_json:
        print_json([])
    else:
        click.echo(f"The lab {shared.scenario.name!r} has no phones: this version of ucmlab does not emulate them.")
