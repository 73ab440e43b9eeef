"""`ucmcert status`: what a run does or waits for. Reads the ledger only: no lock, no network, no password."""

from pathlib import Path

import click

from ucmcert.cli.exit_codes import DONE, FAILED, HELD, WAITING
from ucmcert.cli.options import ProgramCommand, config_option, output_options

EXIT_CODES = {"done": DONE, "running": DONE, "waiting": WAITING, "held": HELD, "failed": FAILED}


@click.command(cls=ProgramCommand)
@click.argument("run_name", metavar="[RUN]", required=False)
@config_option
@output_options
def command(run_name: str | None, config_file: Path, *, as_json: bool, lang: str) -> int:
    """What RUN (or the newest run) does, or waits for, right now. Safe beside a run that works.

    Exit codes: 0 done or running, 1 stopped half-way, 4 waiting, 5 held.
    """
    from ucmcert.cli.next_command import resume_command, with_config
    from ucmcert.cli.places import open_places
    from ucmcert.cli.ports import SystemClock
    from ucmcert.cli.printing import Printer
    from ucmcert.cli.runs import latest, read_entries, working_process
    from ucmcert.report.json_shapes import run_shape
    from ucmcert.report.pack.layout import safe_name
    from ucmcert.report.pages.status_page import status_blocks
    from ucmcert.report.story import tell

    places = open_places(config_file)
    entries = read_entries(places)
    history = latest(entries, run_name, where=str(places.ledger))
    story = tell(entries, history.run)
    working = working_process(places) is not None and not history.over
    pack = places.evidence / safe_name(history.run)
    printer = Printer(lang=lang, as_json=as_json)
    resume = resume_command(history.run, places.config_file)
    printer.show(status_blocks(story, lang, now=SystemClock().now(), working=working, resume=resume))
    evidence = str(pack) if pack.is_dir() else ""
    shape = with_config(run_shape(story, ledger=str(places.ledger), evidence=evidence, working=working), places)
    printer.result(shape)
    return EXIT_CODES[shape.outcome]
