"""`ucmcert demo`: the whole job on an embedded cluster, started as a user would start it."""

from pathlib import Path

import click

from ucmcert.cli.options import ProgramCommand, output_options


@click.command(cls=ProgramCommand)
@click.option("--speed", type=click.FloatRange(min=1), default=400, show_default=True, help="Faster than real nodes.")
@click.option("--seed", type=int, default=1, show_default=True, help="What the lab draws its chances from.")
@click.option("--keep", is_flag=True, help="Leave the lab's state on disk.")
@click.option("-o", "--output", "folder", type=click.Path(path_type=Path), help="Put everything into this new folder.")
@output_options
def command(*, speed: float, seed: int, keep: bool, folder: Path | None, as_json: bool, lang: str) -> int:
    """Renew tomcat and ipsec on an embedded four-node cluster: inventory, checks, plan, renewal, proof.

    Nothing outside this machine is touched. The evidence pack is kept; its path is the last thing shown.
    """
    from ucmcert.cli.embedded.course import Demonstration, demonstrate
    from ucmcert.cli.printing import Printer
    from ucmcert.cli.session import run

    wanted = Demonstration(speed=speed, seed=seed, keep=keep, folder=folder)
    return run(demonstrate(wanted, Printer(lang=lang, as_json=as_json)))
