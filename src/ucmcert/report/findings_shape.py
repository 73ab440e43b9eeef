"""The JSON of commands that judge: `check` and `lint`. Apart from the other shapes, since a lint must begin at once."""

import msgspec

from ucmcert.model.finding import Finding, Severity

VERSION = 1


class FindingsShape(msgspec.Struct, frozen=True, kw_only=True):
    """`check` and `lint`. `outcome` is `findings` as soon as one finding is an error, else `done`."""

    version: int = VERSION
    outcome: str
    subject: str
    counts: dict[str, int]
    findings: tuple[Finding, ...]


def findings_shape(subject: str, findings: tuple[Finding, ...]) -> FindingsShape:
    """The findings about `subject` (a cluster for `check`, a purpose for `lint`)."""
    return FindingsShape(
        outcome="findings" if any(one.severity is Severity.ERROR for one in findings) else "done",
        subject=subject,
        counts={one.value: sum(found.severity is one for found in findings) for one in Severity},
        findings=findings,
    )
