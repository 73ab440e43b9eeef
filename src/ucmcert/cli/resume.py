"""`ucmcert resume`: goes on with a run after a wait, a hold, a stop or a crash."""

from pathlib import Path

import click

from ucmcert.cli.options import ProgramCommand, acceptance_options, config_option, output_options


@click.command(cls=ProgramCommand)
@click.argument("run_name", metavar="[RUN]", required=False)
@config_option
@click.option("--yes", is_flag=True, help="Accepted for scripts: the plan was approved when the run began.")
@click.option("--wait", is_flag=True, help="Sleep until the change window opens.")
@acceptance_options
@output_options
def command(
    run_name: str | None,
    config_file: Path,
    *,
    yes: bool,  # noqa: ARG001 - a script may give it to renew and resume alike
    wait: bool,
    accepted: tuple[str, ...],
    reason: str,
    as_json: bool,
    lang: str,
) -> int:
    """Go on with RUN, or with the one unfinished run. Nothing that already shows is repeated.

    Exit codes: 0 done, 1 failed, 4 waiting, 5 held by a safety rule.
    """
    from ucmcert.cli.conduct.accepting import acceptance
    from ucmcert.cli.conduct.renewing import resume
    from ucmcert.cli.printing import Printer
    from ucmcert.cli.session import open_session, run

    printer = Printer(lang=lang, as_json=as_json)
    passing = acceptance(accepted, reason)

    async def work() -> int:
        async with open_session(config_file) as session:
            told = await resume(session, run_name, printer, wait=wait, accepted=passing)
            printer.result(told.shape)
            return told.exit_code

    return run(work())
