"""A finding about an evidence pack, with its words from the catalogue."""

from ucmcert.model.finding import Finding, Severity, worded

SOURCE = "docs/evidence.md"
MILD = {"UCM-PACK-015": Severity.NOTICE, "UCM-PACK-016": Severity.NOTICE}


def pack_finding(code: str, where: str, **values: str) -> Finding:
    """The finding `code` about `where` (a file, or an entry of the ledger): an error, unless the code is a mild one."""
    return worded(code, MILD.get(code, Severity.ERROR), where, SOURCE, {"where": where, **values})
