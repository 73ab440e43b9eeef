"""One code explained: what `lint --explain` shows and the reference page lists."""

import msgspec

from ucmcert.report.findings_shape import VERSION


class Explained(msgspec.Struct, frozen=True, kw_only=True):
    """One code. `severity` is "" where it depends on what was found, `source` "" where the finding itself tells it.

    Placeholders of the words stand in square brackets.
    """

    code: str
    severity: str
    what: str
    why: str
    next: str
    source: str


class ExplainShape(Explained, frozen=True, kw_only=True):
    """`lint --explain`: one code."""

    version: int = VERSION
    outcome: str = "done"


def explain_shape(one: Explained) -> ExplainShape:
    """The JSON of it."""
    return ExplainShape(**msgspec.structs.asdict(one))
