"""`ucmcert horizon`: what comes until 2029, for this cluster or for inventory files of many. Changes nothing."""

from datetime import datetime
from pathlib import Path

import click

from ucmcert.cli.exit_codes import DONE, FINDINGS
from ucmcert.cli.options import ProgramCommand, config_option, output_options

FILE = click.Path(path_type=Path)


@click.command(cls=ProgramCommand)
@click.argument("files", metavar="[FILE...]", nargs=-1, type=FILE)
@config_option
@click.option(
    "--until", type=click.DateTime(["%Y-%m-%d"]), default="2029-12-31", metavar="DAY", help="The last day. [2029-12-31]"
)
@click.option(
    "--threshold", type=click.IntRange(0, 3650), default=30, metavar="DAYS", help="Begin so early before an end. [30]"
)
@click.option("--public-ca", multiple=True, metavar="NAME", help="Part of the name of a public CA (repeatable).")
@click.option("--private-ca", multiple=True, metavar="NAME", help="The same of a private CA.")
@click.option("--ics", type=FILE, help="Write a calendar.")
@click.option("--csv", "csv_file", type=FILE, help="Write a table.")
@output_options
def command(
    files: tuple[Path, ...],
    config_file: Path,
    *,
    until: datetime,
    threshold: int,
    public_ca: tuple[str, ...],
    private_ca: tuple[str, ...],
    ics: Path | None,
    csv_file: Path | None,
    as_json: bool,
    lang: str,
) -> int:
    """Expiries, limits and windows ahead, for this cluster or for FILEs.

    FILE is the output of `scan --json`, or a CSV as in docs/horizon.md. Exit code 3 when something breaks soon.
    """
    from ucmcert.cli.foreseeing.asking import look_ahead, written
    from ucmcert.cli.ports import SystemClock
    from ucmcert.cli.printing import Printer
    from ucmcert.horizon.held import Named
    from ucmcert.report.horizon.icalendar import icalendar
    from ucmcert.report.horizon.page import horizon_blocks
    from ucmcert.report.horizon.shape import horizon_shape
    from ucmcert.report.horizon.spreadsheet import csv_text

    now = SystemClock().now()
    named = Named(public=public_ca, private=private_ca)
    seen = look_ahead(files, config_file, named=named, now=now, until=until.date(), threshold_days=threshold)
    calendar = written(ics, icalendar(seen, lang, now=now)) if ics else ""
    table = written(csv_file, csv_text(seen, lang)) if csv_file else ""
    printer = Printer(lang=lang, as_json=as_json)
    if as_json:  # one of the two: over a fleet each takes its seconds
        printer.result(horizon_shape(seen, ics=calendar, csv=table))
    else:
        printer.show(horizon_blocks(seen, lang))
    return FINDINGS if seen.breaking else DONE
