"""`ucmcert demo`: the whole job on an embedded cluster, started as a user would start it; or how to do it wrong."""

from pathlib import Path

import click

from ucmcert.cli.options import ProgramCommand, output_options

PHONES = 100
MOST_PHONES = 1000


@click.command(cls=ProgramCommand)
@click.option(
    "--wrong-order", is_flag=True, help="Instead play the by-hand mistakes that lock phones out, and count them."
)
@click.option(
    "--phones", type=click.IntRange(3, MOST_PHONES), help=f"Phones per cluster of --wrong-order.  [default: {PHONES}]"
)
@click.option("--speed", type=click.FloatRange(min=1), default=400, show_default=True, help="Faster than real nodes.")
@click.option("--seed", type=int, default=1, show_default=True, help="What the lab draws its chances from.")
@click.option("--keep", is_flag=True, help="Leave the lab's state on disk.")
@click.option("-o", "--output", "folder", type=click.Path(path_type=Path), help="Put everything into this new folder.")
@output_options
def command(
    *,
    wrong_order: bool,
    phones: int | None,
    speed: float,
    seed: int,
    keep: bool,
    folder: Path | None,
    as_json: bool,
    lang: str,
) -> int:
    """Renew five purposes on an embedded mixed-mode cluster of five nodes and 500 phones, and lose none of them.

    Inventory, checks, plan, renewal, and at each gate what our evidence proves of the phones beside what is true in
    the lab. Nothing outside this machine is touched. The evidence pack is kept; its path is the last thing shown.
    """
    from ucmcert.cli.embedded.course import Demonstration, demonstrate
    from ucmcert.cli.printing import Printer
    from ucmcert.cli.session import run

    if phones is not None and not wrong_order:
        raise click.UsageError("--phones belongs to --wrong-order; the other demo always has 500.")
    wanted = Demonstration(speed=speed, seed=seed, keep=keep, folder=folder)
    printer = Printer(lang=lang, as_json=as_json)
    if wrong_order:
        from ucmcert.cli.embedded.wrong_order.mistakes import go_wrong

        return run(go_wrong(wanted, phones or PHONES, printer))
    return run(demonstrate(wanted, printer))
