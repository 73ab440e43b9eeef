"""Writes what `lint --sarif FILE` asks for."""

from pathlib import Path

from ucmcert.authority.durable_file import write_durably
from ucmcert.errors import UsageError
from ucmcert.report.lint_shape import LintJudgement
from ucmcert.report.sarif import sarif


def write_sarif(path: Path, judged: LintJudgement, lang: str) -> None:
    """Write the SARIF log to `path`, whole or not at all. Raises UsageError UCM-ARG-031."""
    try:
        write_durably(path.absolute(), sarif(judged.said, lang))
    except OSError as error:
        raise UsageError(
            "UCM-ARG-031",
            "the SARIF file cannot be written",
            where=f"--sarif {path}",
            why=error.strerror or type(error).__name__,
            next="give a path in a folder of yours",
        ) from error
