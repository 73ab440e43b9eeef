"""Names put into one line, few enough to read: the whole list stands in the ledger."""

from collections.abc import Iterable

NAMES_TOLD = 5


def names_told(names: Iterable[str]) -> str:
    """The first names in order, and how many more there are."""
    every = sorted(names)
    shown = ", ".join(every[:NAMES_TOLD])
    return shown if len(every) <= NAMES_TOLD else f"{shown} and {len(every) - NAMES_TOLD} more"
