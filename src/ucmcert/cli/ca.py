"""`ucmcert ca`: what a CA does to requests, and for which purposes it can be used. Reads files, asks nobody."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ucmcert.cli.exit_codes import DONE, FINDINGS
from ucmcert.cli.options import ProgramCommand, output_options

if TYPE_CHECKING:
    from ucmcert.lint.authority_profile.profile import Kind

FILE = click.Path(path_type=Path)


@click.command(cls=ProgramCommand)
@click.argument("files", metavar="[CSR CERT [CHAIN...]]", nargs=-1, type=FILE)
@click.option("--description", metavar="FILE", type=FILE, help="AD CS template, Vault role or ACME directory.")
@click.option("--kind", type=click.Choice(["adcs", "vault", "acme"]), help="What the description is, if not obvious.")
@click.option("--answer", metavar="CSR CERT", nargs=2, type=FILE, multiple=True, help="One more answer (repeatable).")
@click.option("--release", default="14", show_default=True, help="Release of the nodes: 12.5, 14, 15SU3 ...")
@output_options
def command(
    files: tuple[Path, ...],
    *,
    description: Path | None,
    kind: "Kind | None",
    answer: tuple[tuple[Path, Path], ...],
    release: str,
    as_json: bool,
    lang: str,
) -> int:
    """What does your CA do to requests, and for which purposes can it be used?

    Learns it from CERT, its answer to CSR, from a description, or from all of them. Exit code 3 when tomcat, ipsec,
    CAPF, CallManager or TVS cannot come from it.
    """
    from ucmcert.cli.handed.ca_files import Answered, learn, read_release
    from ucmcert.cli.planning.selection import errors
    from ucmcert.cli.printing import Printer
    from ucmcert.lint.authority_profile.usable import lacks_seed, usable_for
    from ucmcert.report.authority_shape import ca_shape
    from ucmcert.report.pages.ca_page import ca_blocks

    if len(files) == 1 or not (files or description or answer):
        raise click.UsageError("give a CSR and the certificate that your CA made of it, or --description FILE")
    if kind and description is None:
        raise click.UsageError("--kind says what a --description is; there is none")
    numbers = read_release(release)
    first = (Answered(csr=files[0], cert=files[1], chain=files[2:]),) if files else ()
    more = tuple(Answered(csr=csr, cert=cert, chain=files[2:]) for csr, cert in answer)
    learned = learn((*first, *more), description, kind)
    verdicts = usable_for(learned.profile, numbers) if learned.profile else ()
    printer = Printer(lang=lang, as_json=as_json)
    printer.show(ca_blocks(learned.profile, verdicts, learned.findings, lang))
    shape = ca_shape(learned.profile, verdicts, learned.findings, release=numbers)
    printer.result(shape)
    return FINDINGS if lacks_seed(verdicts) or errors(learned.findings) else DONE
