"""What a person lets pass: errors of the lint that hurt, but that CUCM itself does not refuse.

Source: design.md 4; procedure.md 2.2 (clientAuth: error with override).
"""

from collections.abc import Iterable, Mapping

import msgspec

from ucmcert.lint.catalogue import may_accept
from ucmcert.model.event import FindingsAccepted
from ucmcert.model.finding import Finding, Severity


def weighed(findings: Iterable[Finding], accepted: Mapping[str, FindingsAccepted]) -> tuple[Finding, ...]:
    """`findings`, where accepted errors hold nothing any more; they stay in sight as warnings."""
    return tuple(_weighed(one, accepted) for one in findings)


def _weighed(one: Finding, accepted: Mapping[str, FindingsAccepted]) -> Finding:
    if one.severity is Severity.ERROR and one.code in accepted and may_accept(one.code):
        return msgspec.structs.replace(one, severity=Severity.WARNING)
    return one
