"""A finding: one thing somebody should know, with its stable code, its reason and the next action."""

from enum import StrEnum

import msgspec

from ucmcert.knowledge.words import words


class Severity(StrEnum):
    """ERROR stops a run (CUCM would refuse, or a gate is closed); WARNING works but hurts; UNKNOWN is unpublished."""

    ERROR = "error"
    WARNING = "warning"
    UNKNOWN = "unknown"
    NOTICE = "notice"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """`code` is stable (`UCM-SAN-001`) and keys the words in both languages; `values` fill its placeholders."""

    code: str
    severity: Severity
    where: str
    what: str
    why: str
    next: str
    source: str
    values: dict[str, str] = {}


def worded(code: str, severity: Severity, where: str, source: str, values: dict[str, str]) -> Finding:
    """A finding with the English words of `code`; the other languages follow from the same code and values.

    Raises KeyError for an unknown code, or when `values` lacks a placeholder.
    """
    said = words(code, "en", values)
    return Finding(
        code=code,
        severity=severity,
        where=where,
        what=said.what,
        why=said.why,
        next=said.next,
        source=source,
        values=values,
    )
