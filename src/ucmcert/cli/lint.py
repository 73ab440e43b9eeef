"""`ucmcert lint`: would CUCM take this certificate for this CSR? Reads files, or asks a node; changes nothing."""

import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ucmcert.cli.exit_codes import DONE, FINDINGS
from ucmcert.cli.options import ProgramCommand, config_option, output_options

if TYPE_CHECKING:
    from ucmcert.report.lint_shape import LintJudgement

FILE = click.Path(path_type=Path)


@click.command(cls=ProgramCommand)
@click.argument("files", metavar="CSR CERT [CHAIN...] | FOLDER", nargs=-1, type=FILE)
@click.option("--purpose", help="What it is for; else what the CSR tells, else tomcat.")
@click.option("--node", help="Judge what this node holds, or FILES as the answer to its CSR.")
@click.option("--sarif", "sarif_file", metavar="FILE", type=FILE, help="Write the findings as SARIF 2.1.0 too.")
@click.option("--explain", "code", metavar="CODE", help="Say what a code means and what to do about it.")
@config_option
@output_options
def command(
    files: tuple[Path, ...],
    config_file: Path,
    *,
    purpose: str | None,
    node: str | None,
    sarif_file: Path | None,
    code: str | None,
    as_json: bool,
    lang: str,
) -> int:
    """Would CUCM accept CERT, with its CHAIN, as the answer to CSR?

    Files, folders and zips are sorted by content: PEM, DER, PKCS#7. A file with a private key is refused. Exit code 3
    when CUCM would refuse.
    """
    from ucmcert.cli.planning.names import errors, known_purposes
    from ucmcert.cli.printing import Printer
    from ucmcert.report.explained import explain_shape
    from ucmcert.report.lint_shape import lint_shape
    from ucmcert.report.pages.lint_page import explained_blocks, lint_blocks

    printer = Printer(lang=lang, as_json=as_json)
    if code is not None:
        from ucmcert.cli.linting.explaining import explained

        known = explained(code, lang)
        printer.show(explained_blocks(known, lang))
        printer.result(explain_shape(known))
        return DONE
    (name,) = known_purposes((purpose,)) if purpose else (None,)
    with warnings.catch_warnings(action="ignore"):  # the X.509 library grumbles on stderr; findings say what matters
        judged = _judged(files, node, name, config_file)
    if sarif_file is not None:
        from ucmcert.cli.linting.writing import write_sarif

        write_sarif(sarif_file, judged, lang)
    printer.show(lint_blocks(judged, lang))
    printer.result(lint_shape(judged, name or "tomcat"))
    return FINDINGS if errors(judged.findings) else DONE


def _judged(files: tuple[Path, ...], node: str | None, purpose: str | None, config_file: Path) -> "LintJudgement":
    from ucmcert.cli.ports import SystemClock

    now = SystemClock().now()
    if node is not None:
        from ucmcert.cli.linting.asking import lint_node

        if purpose is None:
            raise click.UsageError("--node needs --purpose: a node holds certificates for many purposes")
        return lint_node(config_file, node, purpose, files, now=now)
    if not files:
        raise click.UsageError("give a CSR and a certificate, a folder or a zip with them, or --node and --purpose")

    from ucmcert.cli.linting.judging import judge_files
    from ucmcert.cli.linting.reading import read_all

    return judge_files(read_all(files), purpose, now=now)
