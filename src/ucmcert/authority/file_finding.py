"""A finding about one returned file, with its words from the catalogue."""

from ucmcert.model.finding import Finding, Severity, worded

SOURCE = "design.md 4, hand-over by files"
MILD = {"UCM-FILE-006": Severity.WARNING, "UCM-FILE-011": Severity.WARNING, "UCM-FILE-012": Severity.NOTICE}


def file_finding(code: str, file: str, **values: str) -> Finding:
    """The finding `code` about `file`: an error, unless the code is one of the mild ones."""
    return worded(code, MILD.get(code, Severity.ERROR), file, SOURCE, {"file": file, **values})
