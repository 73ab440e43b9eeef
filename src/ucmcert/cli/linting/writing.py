"""Writes what `lint --sarif FILE` asks for."""

from pathlib import Path

import msgspec

from ucmcert.authority.durable_file import write_durably
from ucmcert.errors import UsageError
from ucmcert.report.lint_shape import LintJudgement
from ucmcert.report.sarif import sarif


def write_sarif(path: Path, judged: LintJudgement, lang: str) -> None:
    """Write the SARIF log to `path`, whole or not at all. Raises UsageError UCM-ARG-031."""
    said = tuple(msgspec.structs.replace(one, file=_from_here(one.file)) for one in judged.said)
    try:
        write_durably(path.absolute(), sarif(said, lang))
    except OSError as error:
        raise UsageError(
            "UCM-ARG-031",
            "the SARIF file cannot be written",
            where=f"--sarif {path}",
            why=error.strerror or type(error).__name__,
            next="give a path in a folder of yours",
        ) from error


def _from_here(file: str) -> str:
    """Relative to where the program runs, when the file lies below: that is what code scanning can link."""
    here = Path.cwd()
    return str(Path(file).relative_to(here)) if file and Path(file).is_relative_to(here) else file
