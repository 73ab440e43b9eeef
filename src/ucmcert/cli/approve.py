"""`ucmcert approve`: takes phones out of the gate that waits for them, by name, with a reason and a signature."""

from pathlib import Path

import click

from ucmcert.cli.options import ProgramCommand, config_option, output_options


@click.command(cls=ProgramCommand)
@click.argument("run_name", metavar="[RUN]", required=False)
@config_option
@click.option("--phones", "file", metavar="FILE", help="Phone names, one a line, # for comments; - is standard input.")
@click.option("--reason", default="", help="Why, in your own words; it goes into the ledger.")
@click.option("--by", default="", metavar="NAME", help="Who signs, if not the user of this process.")
@click.option("--list", "only_list", is_flag=True, help="Print the names that may be signed for, and do nothing.")
@output_options
def command(
    run_name: str | None,
    config_file: Path,
    *,
    file: str | None,
    reason: str,
    by: str,
    only_list: bool,
    as_json: bool,
    lang: str,
) -> int:
    """Sign for phones that RUN, or the one unfinished run, waits for.

    Only names that stand open at the gate are taken; then go on with `ucmcert resume`.
    """
    from ucmcert.cli.conduct.signing_off import Signature, list_open, sign_off
    from ucmcert.cli.places import open_places
    from ucmcert.cli.ports import SystemClock
    from ucmcert.cli.printing import Printer

    places, printer = open_places(config_file), Printer(lang=lang, as_json=as_json)
    if only_list:
        printer.result(list_open(places, run_name, printer))
        return 0
    signature = Signature(file=file or "", reason=reason, by=by)
    printer.result(sign_off(places, run_name, signature, SystemClock(), printer))
    return 0
