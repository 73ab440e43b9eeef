"""`ucmcert lint`: would CUCM take this certificate for this CSR? Reads files, asks nobody, keeps nothing."""

from pathlib import Path

import click

from ucmcert.cli.exit_codes import DONE, FINDINGS
from ucmcert.cli.options import ProgramCommand, output_options

FILE = click.Path(path_type=Path)


@click.command(cls=ProgramCommand)
@click.argument("csr", metavar="CSR", type=FILE)
@click.argument("cert", metavar="CERT", type=FILE)
@click.argument("chain", metavar="[CHAIN...]", nargs=-1, type=FILE)
@click.option("--purpose", default="tomcat", show_default=True, help="What the certificate is for.")
@output_options
def command(csr: Path, cert: Path, chain: tuple[Path, ...], *, purpose: str, as_json: bool, lang: str) -> int:
    """Would CUCM accept CERT, with its CHAIN, as the answer to CSR?

    PEM, DER and PKCS#7 are all read; a file with a private key is refused. Exit code 3 when CUCM would refuse.
    """
    from ucmcert.cli.handed.files import read_files
    from ucmcert.cli.planning.selection import errors, known_purposes
    from ucmcert.cli.ports import SystemClock
    from ucmcert.cli.printing import Printer
    from ucmcert.lint.upload import lint_answer
    from ucmcert.report.json_shapes import findings_shape
    from ucmcert.report.pages.findings import findings_blocks

    (name,) = known_purposes((purpose,))
    given = read_files(csr, cert, chain)
    findings = given.findings
    if given.request and given.leaf:
        findings += lint_answer(given.request, given.leaf, given.chain, purpose=name, now=SystemClock().now())
    printer = Printer(lang=lang, as_json=as_json)
    printer.show(findings_blocks(findings, lang))
    printer.result(findings_shape(name, findings))
    return FINDINGS if errors(findings) else DONE
