"""`ucmlab fault`: faults injected by rule into a lab, running or not."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import click

from ucmlab.cli.options import json_option, state_option
from ucmlab.cli.output import print_json, table
from ucmlab.clock import LoopClock, wall_epoch
from ucmlab.cluster.state import read_cluster
from ucmlab.errors import ScenarioError
from ucmlab.faults import FAULT_KINDS, FaultRule, number_rules, read_rules, read_strikes, write_rules
from ucmlab.serve.running import tell_running_lab

KINDS_HELP = "\b\nKinds, where they strike and what a caller sees:\n" + "\n".join(
    f"  {kind.name:<18} {kind.where}: {kind.effect}" for kind in FAULT_KINDS
)


@click.group("fault")
def command() -> None:
    """Faults injected by rule. A running lab takes them up before the command returns."""


@command.command("add", epilog=KINDS_HELP)
@click.argument("kind", type=click.Choice([kind.name for kind in FAULT_KINDS]), metavar="KIND")
@state_option
@click.option("--node", default="", help="Only at this node: host name, FQDN or address.")
@click.option("--interface", default="", help="Only here: rest, axl, ris, control-center, web, ssh, tftp, tvs.")
@click.option("--operation", default="", help="Only for this operation, or this service (service-fails).")
@click.option("--purpose", default="", help="Only for this certificate purpose: tomcat, ipsec ...")
@click.option("--times", type=click.IntRange(min=0), default=1, help="How often it strikes; 0: until removed.")
@click.option(
    "--seconds", type=click.FloatRange(min=0), default=10.0, help="Length of a delay, throttling or power cut."
)
@click.option("--share", type=click.FloatRange(min=0, max=1), default=0.0, help="Share of all phones (phones-off).")
@click.option("--phone", "phones", multiple=True, help="Device name (phones-off); may be repeated.")
@click.option("--id", "name", default="", help="A name to remove it by (else f1, f2 ...).")
def add(
    *,
    kind: str,
    folder: Path,
    node: str,
    interface: str,
    operation: str,
    purpose: str,
    times: int,
    seconds: float,
    share: float,
    phones: tuple[str, ...],
    name: str,
) -> None:
    """Add a fault of KIND. Selectors left out match everything."""
    rule = FaultRule(
        kind=kind,
        id=name,
        node=_host_name(folder, node),
        interface=interface,
        operation=operation,
        purpose=purpose,
        times=times,
        seconds=seconds,
        share=share,
        phones=phones,
    )
    if kind == "phones-off" and not phones and not share:
        next_step = "Give --share or --phone."
        raise ScenarioError("nobody is without power", where="--share", next_step=next_step)
    rules = read_rules(folder)
    if name in [known.id for known in rules] and name:
        next_step = "Choose another --id, or remove that fault first."
        raise ScenarioError(f"there is a fault {name!r} already", where="--id", next_step=next_step)
    numbered = number_rules([*rules, rule], spent=read_strikes(folder))
    running = _put_in_force(folder, numbered)
    click.echo(f"{numbered[-1].id}: {kind} is in force{'' if running else ' from the next start of the lab on'}.")


@command.command("list")
@state_option
@json_option
def list_(*, folder: Path, as_json: bool) -> None:
    """The faults of a lab and how often each has struck."""
    read_cluster(folder)
    rules, strikes = read_rules(folder), read_strikes(folder)
    if as_json:
        print_json([{**_fields(rule), "struck": strikes.get(rule.id, 0)} for rule in rules])
    elif rules:
        rows = [
            (rule.id, rule.kind, *_selectors(rule), _left(rule, strikes.get(rule.id, 0)), f"{rule.seconds:g}")
            for rule in rules
        ]
        click.echo(table(("ID", "KIND", "NODE", "INTERFACE", "OPERATION", "PURPOSE", "STRUCK", "SECONDS"), rows))
    else:
        click.echo("No fault is injected.")


@command.command("remove")
@click.argument("name", metavar="ID")
@state_option
def remove(*, name: str, folder: Path) -> None:
    """Remove the fault ID."""
    read_cluster(folder)
    rules = read_rules(folder)
    kept = [rule for rule in rules if rule.id != name]
    if len(kept) == len(rules):
        known = ", ".join(rule.id for rule in rules) or "none"
        raise ScenarioError(f"there is no fault {name!r}", where="ID", next_step=f"Faults of this lab: {known}.")
    _put_in_force(folder, kept)
    click.echo(f"{name} is removed.")


@command.command("clear")
@state_option
def clear(*, folder: Path) -> None:
    """Remove every injected fault; the lab's own mischief stays."""
    read_cluster(folder)
    _put_in_force(folder, ())
    click.echo("No fault is injected any more.")


def _put_in_force(folder: Path, rules: Sequence[FaultRule]) -> bool:
    write_rules(folder, rules)

    async def tell() -> bool:
        return await tell_running_lab(folder, LoopClock(epoch=wall_epoch()))

    return asyncio.run(tell())


def _host_name(folder: Path, wanted: str) -> str:
    """The host name by which rules select a node. Raises ScenarioError for a node that the lab does not have."""
    _, nodes = read_cluster(folder)
    if not wanted:
        return ""
    for node in nodes:
        if wanted.lower() in (node.site.host.lower(), node.site.fqdn.lower(), node.address):
            return node.site.host
    known = ", ".join(node.site.host for node in nodes)
    raise ScenarioError(f"there is no node {wanted!r}", where="--node", next_step=f"Nodes of this lab: {known}.")


def _fields(rule: FaultRule) -> dict[str, object]:
    return {name: getattr(rule, name) for name in rule.__struct_fields__}


def _selectors(rule: FaultRule) -> tuple[str, ...]:
    return tuple(selector or "any" for selector in (rule.node, rule.interface, rule.operation, rule.purpose))


def _left(rule: FaultRule, struck: int) -> str:
    if rule.kind == "node-down":
        return "-"
    return f"{struck} of {rule.times or 'any'}"
