"""`ucmcert check`: is the cluster fit for the renewal of what is due, or of what is named?"""

from pathlib import Path

import click

from ucmcert.cli.exit_codes import DONE, FINDINGS
from ucmcert.cli.options import ProgramCommand, config_option, output_options, selection_options


@click.command(cls=ProgramCommand)
@config_option
@selection_options
@output_options
def command(
    config_file: Path, *, purposes: tuple[str, ...], nodes: tuple[str, ...], force: bool, as_json: bool, lang: str
) -> int:
    """Pre-checks for what is due, or for what is named. Changes nothing.

    Exit code 3 when an error stands against the renewal.
    """
    from ucmcert.cli.planning.looking import look_and_judge
    from ucmcert.cli.planning.selection import Choice, errors, known_purposes
    from ucmcert.cli.printing import Printer
    from ucmcert.cli.session import open_session, run
    from ucmcert.model.finding import Finding
    from ucmcert.report.json_shapes import findings_shape
    from ucmcert.report.pages.findings import findings_blocks

    choice = Choice(purposes=known_purposes(purposes), nodes=nodes, force=force)

    async def look() -> tuple[str, tuple[Finding, ...]]:
        async with open_session(config_file) as session:
            cluster, judged = await look_and_judge(session, choice)
            return cluster.name, judged.findings

    name, findings = run(look())
    printer = Printer(lang=lang, as_json=as_json)
    printer.show(findings_blocks(findings, lang))
    printer.result(findings_shape(name, findings))
    return FINDINGS if errors(findings) else DONE
