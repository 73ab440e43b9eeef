"""`ucmcert submit`: takes in what the CA sent back, whatever its form, and goes on with the run."""

from pathlib import Path

import click

from ucmcert.cli.options import ProgramCommand, config_option, output_options


@click.command(cls=ProgramCommand)
@click.argument("folders", metavar="FOLDER...", nargs=-1, required=True, type=click.Path(path_type=Path))
@config_option
@click.option("--no-resume", is_flag=True, help="Take the answers in, and leave the run where it is.")
@click.option("--wait", is_flag=True, help="Sleep until the change window opens.")
@output_options
def command(
    folders: tuple[Path, ...], config_file: Path, *, no_resume: bool, wait: bool, as_json: bool, lang: str
) -> int:
    """Hand in what the CA returned: folders, zips or single files, sorted by content, never by name.

    Then the run goes on, as with `resume`. Exit codes: 3 nothing could be used, 4 answers are still missing.
    """
    import msgspec

    from ucmcert.cli.conduct.renewing import resume
    from ucmcert.cli.handed.intake import exit_code, hand_in, hand_over_folder, shape, submitted_blocks
    from ucmcert.cli.places import open_places
    from ucmcert.cli.ports import SystemClock
    from ucmcert.cli.printing import Printer
    from ucmcert.cli.runs import entries_if_any, unfinished

    places = open_places(config_file)
    folder = hand_over_folder(places)
    printer = Printer(lang=lang, as_json=as_json)
    entries = entries_if_any(places)
    taken = hand_in(folder, folders, places.config, entries, now=SystemClock().now())
    printer.show(submitted_blocks(taken, lang))
    runs = unfinished(entries)
    if no_resume or not taken.accepted or not runs:
        printer.result(shape(taken))
        return exit_code(taken)

    from ucmcert.cli.session import open_session, run

    async def work() -> int:
        async with open_session(config_file) as session:
            told = await resume(session, None, printer, wait=wait)
            printer.result(msgspec.structs.replace(shape(taken), outcome=told.shape.outcome, run=told.shape))
            return told.exit_code

    return run(work())
