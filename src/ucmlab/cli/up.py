"""`ucmlab up`: start a lab and serve it in the foreground."""

import asyncio
import sys
import traceback
from pathlib import Path
from typing import Literal

import click

from ucmlab.cli.options import state_option
from ucmlab.cli.output import table
from ucmlab.clock import wall_epoch
from ucmlab.scenarios.loader import load_scenario
from ucmlab.serve.places import PlaceOptions
from ucmlab.serve.run import Run, Started, serve
from ucmlab.serve.running import claim_folder

DEFAULT_SCENARIO = "demo"


@click.command("up")
@click.option("--scenario", metavar="NAME|FILE", help=f"Built-in name or TOML file (a new lab: {DEFAULT_SCENARIO}).")
@state_option
@click.option(
    "--ready-file",
    type=click.Path(path_type=Path, dir_okay=False, resolve_path=True),
    help="Written as JSON once every listener answers.",
)
@click.option("--speed", type=click.FloatRange(min=0.01), default=1.0, help="Nodes work K times faster.", metavar="K")
@click.option("--seed", type=int, help="Passwords, durations and mischief follow from it (a new lab: 1).")
@click.option("--calm", is_flag=True, help="No mischief of its own: no late answers, no lost connections.")
@click.option(
    "--ports",
    type=click.Choice(["auto", "real", "block"]),
    default="auto",
    help="real: 22, 443, 8443 on an address per node. block: one address, other numbers. auto: real if possible.",
)
@click.option("--address-base", default="", metavar="ADDRESS", help="First node's address; the others follow.")
@click.option("--port-base", type=click.IntRange(1024, 65000), help="First port of a block.")
@click.option(
    "--listen-anywhere", is_flag=True, help="Allow addresses that other machines can reach. Read the warning."
)
def command(
    *,
    scenario: str | None,
    folder: Path,
    ready_file: Path | None,
    speed: float,
    seed: int | None,
    calm: bool,
    ports: Literal["auto", "real", "block"],
    address_base: str,
    port_base: int | None,
    listen_anywhere: bool,
) -> None:
    """Start a lab in the foreground and serve it until Ctrl-C or SIGTERM.

    The state folder keeps everything: started again in it, the lab goes on where it stopped, even after kill -9.
    """
    if ready_file is not None:
        ready_file.unlink(missing_ok=True)
    if listen_anywhere:
        _warn_of_the_world()
    run = Run(
        folder=folder,
        scenario=None if scenario is None else load_scenario(scenario),
        seed=seed,
        epoch=wall_epoch(),
        speed=speed,
        calm=calm,
        places=PlaceOptions(mode=ports, address_base=address_base, port_base=port_base or 0, anywhere=listen_anywhere),
        ready_file=ready_file,
    )
    with claim_folder(folder):
        asyncio.run(serve(run, lambda: load_scenario(DEFAULT_SCENARIO), announce=announce, complain=complain))
    click.echo("Stopped; the state is saved.")


def announce(started: Started) -> None:
    """Tell the operator what runs, and how to reach it."""
    ready = started.ready
    verb = "New lab" if started.fresh else "Lab restored"
    click.echo(f"{verb}: {started.cluster.scenario.title} (scenario {ready.cluster})")
    if started.moved:
        click.echo("The addresses of the last start were not free; the lab has moved.", err=True)
    rows = [
        (card.name, card.role, card.version, card.address, " ".join(f"{name}={n}" for name, n in card.ports.items()))
        for card in ready.nodes
    ]
    click.echo(table(("NODE", "ROLE", "VERSION", "ADDRESS", "PORTS"), rows, indent="  "))
    mischief = "a little, repeatable with the seed (--calm turns it off)" if started.misbehaves else "none"
    users = ", ".join(f"{name} = {login.user}" for name, login in ready.credentials.items())
    facts = (
        ("seed", str(ready.seed)),
        ("mischief", mischief),
        ("speed", f"{ready.speed:g} times"),
        ("accounts", f"{users}; passwords in {Path(ready.state) / 'credentials'}"),
        ("signing CA", ready.ca),
        ("state", ready.state),
        ("configuration", ready.config),
        ("phone pages", _page_words(ready.phone_page_port)),
    )
    for name, value in facts:
        click.echo(f"  {name:<14} {value}")
    click.echo("Serving; stop with Ctrl-C.")
    sys.stdout.flush()


def _page_words(port: int) -> str:
    return f"port {port} on the address of each phone" if port else "none: the scenario has no phones"


def complain(what: str, error: BaseException) -> None:
    """Show a mistake of the lab itself, which must not stop it."""
    click.echo(f"ucmlab: {what}: {error}", err=True)
    if not isinstance(error, OSError):
        traceback.print_exception(error, file=sys.stderr)


def _warn_of_the_world() -> None:
    lines = (
        "WARNING: --listen-anywhere lets other machines reach this lab.",
        "Its keys are public and its passwords follow from the seed: whoever reaches it can log in.",
        "Use it on an isolated network only.",
    )
    width = max(map(len, lines))
    click.echo("\n".join(("*" * width, *lines, "*" * width)), err=True)
