"""A finding about the files that were given and how they belong together, with its words from the catalogue."""

from ucmcert.model.finding import Finding, Severity, worded

SOURCE = "procedure.md 3.0 X4, X5, X7"
MILD = {
    "UCM-PAIR-002": Severity.WARNING,
    "UCM-PAIR-003": Severity.NOTICE,
    "UCM-PAIR-004": Severity.WARNING,
    "UCM-PAIR-005": Severity.NOTICE,
    "UCM-PAIR-006": Severity.NOTICE,
    "UCM-PAIR-010": Severity.NOTICE,
    "UCM-PAIR-011": Severity.NOTICE,
}


def pair_finding(code: str, where: str, **values: str) -> Finding:
    """The finding `code` about `where`: an error, unless the code is one of the mild ones."""
    return worded(code, MILD.get(code, Severity.ERROR), where, SOURCE, values)
