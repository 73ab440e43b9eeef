"""`ucmcert recover`: who lost trust, what still helps, and with a yes that help; for the rest the list to visit."""

from pathlib import Path

import click

from ucmcert.cli.options import ProgramCommand, config_option, output_options


@click.command(cls=ProgramCommand)
@config_option
@click.option("--run", "go", is_flag=True, help="Carry out the way that helps most, after a yes.")
@click.option("--yes", is_flag=True, help="Do not ask: the plan is approved.")
@click.option("--approve", "plan_hash", metavar="DIGEST", default="", help="Approve this very plan.")
@click.option(
    "--list", "kept", metavar="FILE", type=click.Path(path_type=Path), multiple=True, help="An old ITL or CTL file."
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write the phones to this CSV file.")
@output_options
def command(
    config_file: Path,
    *,
    go: bool,
    yes: bool,
    plan_hash: str,
    kept: tuple[Path, ...],
    output: Path | None,
    as_json: bool,
    lang: str,
) -> int:
    """Which phones have lost trust, and what can still help them.

    Exit codes: 0 nobody is lost, 3 somebody is, 4 a run waits; with --run as `renew`.
    """
    from ucmcert.cli.printing import Printer
    from ucmcert.cli.recovering.carrying import Asked, recover
    from ucmcert.cli.session import open_session, run

    if (yes or plan_hash) and not go:
        raise click.UsageError("--yes and --approve go with --run")
    asked = Asked(run=go, yes=yes, plan_hash=plan_hash, kept=kept, output=output)
    printer = Printer(lang=lang, as_json=as_json)

    async def work() -> int:
        async with open_session(config_file) as session:
            told = await recover(session, asked, printer)
            printer.result(told.shape)
            return told.exit_code

    return run(work())
