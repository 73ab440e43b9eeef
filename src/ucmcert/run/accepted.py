"""What a person lets pass: errors of the lint that hurt, but that CUCM itself does not refuse.

Source: design.md 4; procedure.md 2.2 (clientAuth: error with override).
"""

from collections.abc import Iterable, Mapping

import msgspec

from ucmcert.lint.catalogue import every_rule
from ucmcert.model.event import FindingsAccepted
from ucmcert.model.finding import Finding, Severity


def acceptable(code: str) -> bool:
    """Whether this is an error that an operator may accept with a reason. False for a code nobody knows."""
    return any(one.acceptable and one.severity is Severity.ERROR for one in every_rule() if one.code == code)


def weighed(findings: Iterable[Finding], accepted: Mapping[str, FindingsAccepted]) -> tuple[Finding, ...]:
    """`findings`, where accepted errors hold nothing any more; they stay in sight as warnings."""
    return tuple(_weighed(one, accepted) for one in findings)


def _weighed(one: Finding, accepted: Mapping[str, FindingsAccepted]) -> Finding:
    if one.severity is Severity.ERROR and one.code in accepted and acceptable(one.code):
        return msgspec.structs.replace(one, severity=Severity.WARNING)
    return one
