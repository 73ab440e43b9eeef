"""`ucmcert abandon`: gives up a run that can never go on, and says what it leaves behind on the nodes."""

from pathlib import Path

import click

from ucmcert.cli.options import ProgramCommand, config_option, output_options


@click.command(cls=ProgramCommand)
@click.argument("run_name", metavar="[RUN]", required=False)
@config_option
@click.option("--reason", required=True, help="Why, in your own words; it goes into the ledger.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@output_options
def command(run_name: str | None, config_file: Path, *, reason: str, yes: bool, as_json: bool, lang: str) -> int:
    """Give up RUN, or the one unfinished run. Nothing is changed on the cluster.

    For a run whose CSR or certificate somebody replaced: it cannot go on, and a new one may not start beside it.
    """
    from ucmcert.cli.conduct.abandoning import abandon
    from ucmcert.cli.places import open_places
    from ucmcert.cli.ports import SystemClock
    from ucmcert.cli.printing import Printer

    printer = Printer(lang=lang, as_json=as_json)
    printer.result(abandon(open_places(config_file), run_name, reason, SystemClock(), printer, yes=yes))
    return 0
