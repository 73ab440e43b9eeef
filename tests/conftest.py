"""What a test wants to tell at the end of the run (counts, tables) is printed once, from every worker."""

from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Print a line in the summary of the whole run."""

    def say(text: str) -> None:
        record_property("told", text)

    return say


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """The lines that tests told, in order of their tests' names."""
    told = [
        (report.nodeid, text)
        for reports in terminalreporter.stats.values()
        for report in reports
        for name, text in getattr(report, "user_properties", ())
        if name == "told" and getattr(report, "when", "") == "call"
    ]
    if told:
        terminalreporter.section("told by tests")
        for _, text in sorted(told):
            terminalreporter.write_line(text)
