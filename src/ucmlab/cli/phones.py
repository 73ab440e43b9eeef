"""`ucmlab phones`: what the phones of a lab hold and trust, and what an operator does to them by hand."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import click

from ucmlab.cli.options import json_option, state_option
from ucmlab.cli.output import print_json, table
from ucmlab.clock import LoopClock, wall_epoch
from ucmlab.cluster.opening import view_cluster
from ucmlab.cluster.phone_orders import Act, Order, leave_order
from ucmlab.cluster.phone_report import report_phones
from ucmlab.errors import ScenarioError
from ucmlab.serve.running import tell_running_lab

ROWS_SHOWN = 40
HEAD = ("NAME", "POOL", "MODEL", "REGISTERED ON", "TRUST", "ITL", "CTL", "PAGE", "BY HAND", "LAST STATUS MESSAGE")
SHORT = 8


@click.group("phones", invoke_without_command=True)
@click.option(
    "--state",
    "folder",
    type=click.Path(path_type=Path, file_okay=False, resolve_path=True),
    help="The lab's state folder.",
)
@json_option
@click.option("--rows", type=click.IntRange(min=0), default=ROWS_SHOWN, help="Most phones in the table (all in JSON).")
@click.pass_context
def command(context: click.Context, *, folder: Path | None, as_json: bool, rows: int) -> None:
    """The phones of the cluster and what they trust; counts, then one row a phone."""
    if context.invoked_subcommand is not None:
        return
    if folder is None:
        raise click.UsageError("Missing option '--state'.")
    reports = report_phones(view_cluster(folder, now=wall_epoch()))
    if as_json:
        print_json(reports)
        return
    if not reports:
        click.echo("The lab has no phones.")
        return
    states = [report.trust_state for report in reports]
    counted = ", ".join(f"{state} {states.count(state)}" for state in dict.fromkeys(sorted(states)))
    registered = sum(report.registered_on is not None for report in reports)
    by_hand = sum(report.deleted_by_hand for report in reports)
    click.echo(f"{len(reports)} phones, {registered} registered; {counted}; trust lists deleted by hand: {by_hand}")
    shown = [
        (
            report.name,
            report.pool,
            report.model,
            report.registered_on or "-",
            report.trust_state,
            _short(report.itl_sha1),
            _short(report.ctl_sha1),
            "on" if report.page else "off",
            str(report.deleted_by_hand),
            report.last_status_message or "-",
        )
        for report in reports[:rows]
    ]
    click.echo(table(HEAD, shown))
    if len(reports) > rows:
        click.echo(f"... and {len(reports) - rows} more; --rows shows more, --json all.")


@command.command("delete-trust")
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@state_option
def delete_trust(*, names: Sequence[str], folder: Path) -> None:
    """Delete ITL and CTL at each phone NAME, as somebody who walks to its desk; counted per phone."""
    _order(folder, "delete-trust", _known(folder, names))


@command.command("power")
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@click.argument("power", type=click.Choice(["on", "off"]))
@state_option
def power(*, names: Sequence[str], power: str, folder: Path) -> None:
    """Give or take the power of each phone NAME."""
    _order(folder, "power-on" if power == "on" else "power-off", _known(folder, names))


@command.command("reset")
@click.argument("names", nargs=-1, metavar="[NAME...]")
@click.option("--all", "everybody", is_flag=True, help="All phones of the cluster.")
@state_option
def reset(*, names: Sequence[str], everybody: bool, folder: Path) -> None:
    """Reset each phone NAME, or all of them."""
    if everybody == bool(names):
        raise click.UsageError("Give phone names, or --all.")
    _order(folder, "reset", _known(folder, names))


def _known(folder: Path, names: Sequence[str]) -> tuple[str, ...]:
    """The names as the lab writes them. Raises ScenarioError for a phone that it does not have."""
    phones = view_cluster(folder, now=wall_epoch()).phones
    written = {name.lower(): name for name in phones.names()}
    for name in names:
        if name.lower() not in written:
            next_step = "`ucmlab phones --state DIR` lists them."
            raise ScenarioError(f"there is no phone {name!r}", where="NAME", next_step=next_step)
    return tuple(written[name.lower()] for name in names)


def _order(folder: Path, act: Act, names: tuple[str, ...]) -> None:
    order = leave_order(folder, Order(act=act, names=names))

    async def tell() -> bool:
        return await tell_running_lab(folder, LoopClock(epoch=wall_epoch()), order=order)

    running = asyncio.run(tell())
    whom = f"{len(names)} phones" if len(names) > 1 else names[0] if names else "all phones"
    click.echo(f"{act}: {whom}{'' if running else ', at the next start of the lab'}.")


def _short(fingerprint: str | None) -> str:
    return "-" if fingerprint is None else fingerprint[:SHORT]
