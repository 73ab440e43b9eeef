"""`ucmlab log`: every operation the cluster received."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import click
import msgspec

from ucmlab.cli.options import json_option, state_option
from ucmlab.cli.output import moment, print_json, table
from ucmlab.clock import LoopClock, wall_epoch
from ucmlab.cluster.operations import Operation, read_operations
from ucmlab.cluster.state import read_cluster

LOOK_EVERY_S = 0.5
HEAD = ("AT", "NODE", "INTERFACE", "OPERATION", "PURPOSE", "OUTCOME")


@click.command("log")
@state_option
@json_option
@click.option(
    "--follow",
    is_flag=False,
    flag_value="yes",
    default="no",
    type=click.Choice(["yes", "no"]),
    help="Go on printing as operations arrive; with --json one object a line.",
)
def command(*, folder: Path, as_json: bool, follow: str) -> None:
    """Every operation the cluster received, oldest first."""
    read_cluster(folder)
    if follow == "yes":
        asyncio.run(_follow(folder, as_json=as_json))
        return
    operations = read_operations(folder)
    if as_json:
        print_json(operations)
    elif operations:
        click.echo(table(HEAD, map(_row, operations)))
    else:
        click.echo("No operation was received yet.")


async def _follow(folder: Path, *, as_json: bool) -> None:
    clock = LoopClock(epoch=wall_epoch())
    printed = 0
    while True:
        operations = read_operations(folder)
        _print_new(operations[printed:], as_json=as_json)
        printed = len(operations)
        await clock.sleep(LOOK_EVERY_S)


def _print_new(operations: Sequence[Operation], *, as_json: bool) -> None:
    for operation in operations:
        click.echo(msgspec.json.encode(operation).decode() if as_json else "  ".join(_row(operation)))


def _row(operation: Operation) -> tuple[str, ...]:
    return (
        moment(operation.at),
        operation.node,
        operation.interface,
        operation.operation,
        operation.purpose or "-",
        operation.outcome,
    )
