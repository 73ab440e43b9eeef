"""What a test wants to tell at the end of the run (counts, tables) is printed once; long tests begin first."""

import os
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import settings

settings.register_profile("suite", deadline=None)  # a busy machine must not make a property false
settings.load_profile("suite")


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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every worker begins with its share of the long tests: one that began last would keep the others waiting.

    Each worker is handed one block of the list, in order; who is done takes from the end of another's block.
    """
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    long = [one for one in items if one.get_closest_marker("long")]
    others = iter([one for one in items if one not in set(long)])
    total, ordered = len(items), []
    for worker in range(workers):
        mine = long[worker::workers]
        size = (total - len(ordered)) // (workers - worker)
        ordered += [*mine, *(one for _, one in zip(range(size - len(mine)), others, strict=False))]
    items[:] = [*ordered, *others]
