"""`ucmcert csr`: the CSRs that a renewal would make, field by field, and what people must set. Changes nothing."""

from pathlib import Path

import click

from ucmcert.cli.exit_codes import DONE, FINDINGS
from ucmcert.cli.options import ProgramCommand, config_option, output_options


@click.command(cls=ProgramCommand)
@config_option
@click.option("--purpose", "purposes", multiple=True, help="Only this purpose (repeatable), due or not.")
@click.option("--node", "nodes", multiple=True, help="Only this node (repeatable), due or not.")
@output_options
def command(config_file: Path, *, purposes: tuple[str, ...], nodes: tuple[str, ...], as_json: bool, lang: str) -> int:
    """Preview the CSRs of what is due, or of what is named. Changes nothing.

    Each field with where it comes from, and what a person must set on the node first. Exit code 3 when a configured CSR
    cannot come out.
    """
    from ucmcert.cli.planning.csr_looking import look_at_csrs
    from ucmcert.cli.planning.selection import Choice, errors, known_purposes
    from ucmcert.cli.printing import Printer
    from ucmcert.cli.session import open_session, run
    from ucmcert.report.csr_shape import CsrShape
    from ucmcert.report.pages.csr_page import csr_blocks

    choice = Choice(purposes=known_purposes(purposes), nodes=nodes, force=bool(purposes or nodes))

    async def look() -> CsrShape:
        async with open_session(config_file) as session:
            return await look_at_csrs(session, choice)

    shape = run(look())
    printer = Printer(lang=lang, as_json=as_json)
    printer.show(csr_blocks(shape, lang))
    printer.result(shape)
    return FINDINGS if errors(shape.findings) else DONE
