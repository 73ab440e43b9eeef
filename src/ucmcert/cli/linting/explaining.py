"""What `lint --explain CODE` says, and what when nobody knows the code."""

import difflib

from ucmcert.errors import UsageError
from ucmcert.report.explained import Explained
from ucmcert.report.rule_book import rule_book


def explained(code: str, lang: str) -> Explained:
    """The code's meaning in `lang`, its case not minded. Raises UsageError UCM-ARG-030 naming codes like it."""
    book = rule_book(lang)
    known = book.get(code.strip().upper())
    if known is not None:
        return known
    near = difflib.get_close_matches(code.strip().upper(), book, n=3, cutoff=0.6)
    areas = ", ".join(dict.fromkeys("-".join(one.split("-")[:2]) for one in book))
    raise UsageError(
        "UCM-ARG-030",
        f"there is no code {code}",
        where=f"--explain {code}",
        why=f"codes begin with {areas}",
        next=f"did you mean {', '.join(near)}?" if near else "copy the code from the finding",
    )
