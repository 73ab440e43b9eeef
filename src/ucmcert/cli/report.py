"""`ucmcert report`: shows a run, writes its evidence pack again, verifies a pack offline."""

from pathlib import Path

import click

from ucmcert.cli.exit_codes import DONE, FAILED
from ucmcert.cli.options import ProgramCommand, config_option, output_options

PACK = click.Path(path_type=Path, exists=True)


@click.group(invoke_without_command=True)
@click.option("--verify", "pack", metavar="PACK", type=PACK, help="The same as `report verify PACK`.")
@click.pass_context
def command(ctx: click.Context, pack: Path | None) -> int | None:
    """The evidence of a run: show it, write its pack again, verify a pack."""
    if pack is not None:
        return int(ctx.invoke(verify, pack=pack, as_json=False, lang="en"))
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())
    return None


@command.command(cls=ProgramCommand)
@click.argument("run_name", metavar="[RUN]", required=False)
@config_option
@click.option("--complete", is_flag=True, help="With every step and its evidence.")
@output_options
def show(run_name: str | None, config_file: Path, *, complete: bool, as_json: bool, lang: str) -> int:
    """The summary of RUN, or of the newest run, for a change ticket."""
    from ucmcert.cli.places import open_places
    from ucmcert.cli.printing import Printer
    from ucmcert.cli.runs import latest, read_entries, working_process
    from ucmcert.report.json_shapes import run_shape
    from ucmcert.report.pages.summary_page import summary_blocks
    from ucmcert.report.story import tell

    places = open_places(config_file)
    entries = read_entries(places)
    history = latest(entries, run_name, where=str(places.ledger))
    story = tell(entries, history.run)
    printer = Printer(lang=lang, as_json=as_json)
    printer.show(summary_blocks(story, lang, complete=complete))
    working = working_process(places) is not None and not history.over
    printer.result(run_shape(story, ledger=str(places.ledger), evidence="", working=working))
    return DONE


@command.command(cls=ProgramCommand)
@click.argument("run_name", metavar="[RUN]", required=False)
@config_option
@click.option("-o", "--output", "folder", type=click.Path(path_type=Path), help="Into this folder.")
@output_options
def write(run_name: str | None, config_file: Path, *, folder: Path | None, as_json: bool, lang: str) -> int:
    """Write the evidence pack of RUN, or of the newest run, again from the ledger."""
    from ucmcert.cli.places import open_places
    from ucmcert.cli.printing import Printer
    from ucmcert.cli.runs import latest, read_entries
    from ucmcert.cli.words import speaker
    from ucmcert.report.pack.write import write_pack
    from ucmcert.report.paper.blocks import paragraph

    places = open_places(config_file)
    entries = read_entries(places)
    history = latest(entries, run_name, where=str(places.ledger))
    pack = write_pack(folder or places.evidence, entries, history.run, lang=lang)
    printer = Printer(lang=lang, as_json=as_json)
    printer.show([paragraph(speaker(lang)("run.evidence"), " ", str(pack))])
    printer.result({"version": 1, "outcome": "done", "run": history.run, "evidence": str(pack)})
    return DONE


@command.command(cls=ProgramCommand)
@click.argument("pack", metavar="PACK", type=PACK)
@output_options
def verify(pack: Path, *, as_json: bool, lang: str) -> int:
    """Verify PACK, a folder or a zip. Needs no network, no ledger and no configuration.

    Exit code 1 when it is broken.
    """
    import msgspec

    from ucmcert.cli.printing import Printer
    from ucmcert.report.pack.verify import verify_pack
    from ucmcert.report.pages.verify_page import verify_blocks

    verdict = verify_pack(pack)
    printer = Printer(lang=lang, as_json=as_json)
    printer.show(verify_blocks(verdict, lang))
    outcome = "done" if verdict.intact else "failed"
    printer.result({"version": 1, "outcome": outcome, "intact": verdict.intact, **msgspec.structs.asdict(verdict)})
    return DONE if verdict.intact else FAILED
