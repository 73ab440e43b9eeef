"""`ucmcert inspect`: what a phone would trust. Reads a file, or asks a node for it; changes nothing anywhere."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ucmcert.cli.exit_codes import DONE, FINDINGS
from ucmcert.cli.options import ProgramCommand, config_option, output_options

if TYPE_CHECKING:
    from ucmcert.report.inspected import FileKind


@click.command(cls=ProgramCommand)
@click.argument("kind", metavar="itl|ctl|sgn", type=click.Choice(["itl", "ctl", "sgn"]))
@click.argument("what", metavar="FILE|NODE")
@click.option("--by", metavar="LIST", type=click.Path(path_type=Path), help="ITL or CTL file that verifies a .sgn.")
@config_option
@output_options
def command(kind: "FileKind", what: str, config_file: Path, *, by: Path | None, as_json: bool, lang: str) -> int:
    """Who is trusted for what in an ITL or CTL, and who signed it.

    A FILE is judged by itself. From a NODE of the configured cluster the list is fetched, and compared with what
    all nodes store. Exit code 3 when it does not verify or match.
    """
    from ucmcert.cli.inspecting.asking import inspect_node
    from ucmcert.cli.inspecting.reading import inspect_list, inspect_signed
    from ucmcert.cli.ports import SystemClock
    from ucmcert.cli.printing import Printer
    from ucmcert.report.pages.trust_list_page import trust_list_blocks

    if kind == "sgn":
        seen = inspect_signed(Path(what), by)
    elif by is not None:
        raise click.UsageError("--by verifies a .sgn; a list is verified with its own records")
    elif Path(what).exists() or _looks_like_a_path(what):
        seen = inspect_list(kind, Path(what))
    else:
        seen = inspect_node(kind, what, config_file)
    printer = Printer(lang=lang, as_json=as_json)
    printer.show(trust_list_blocks(seen, lang, now=SystemClock().now()))
    printer.result(seen)
    return FINDINGS if seen.outcome == "findings" else DONE


def _looks_like_a_path(what: str) -> bool:
    return "/" in what or "\\" in what or what.lower().endswith((".tlv", ".sgn"))
