"""Are the names exactly those of the request?"""

from collections.abc import Iterator

from ucmcert.lint.case import Upload
from ucmcert.lint.rule import Objection, objection, rule
from ucmcert.model.finding import Severity


def plain_san(san: str) -> str:
    """`san` for comparison: host names have no case, everything else is exact (procedure.md U-P16)."""
    return san.lower() if san.startswith("dns:") else san


@rule("UCM-SAN-001", Severity.ERROR, "procedure.md 5 E4")
def other_names(case: Upload) -> Iterator[Objection]:
    """The set of SANs must be the CSR's: CAs like to add the CN or www., and to drop what they cannot validate."""
    asked = {plain_san(san) for san in case.request.sans}
    given = {plain_san(san) for san in case.leaf.sans}
    if asked != given:
        yield objection(added=_list(given - asked), missing=_list(asked - given))


@rule("UCM-SAN-002", Severity.ERROR, "procedure.md 3.0, 5 E9; 3.8 exempts cup-xmpp-s2s")
def wildcard(case: Upload) -> Iterator[Objection]:
    """No wildcard, in no name, except for XMPP federation."""
    names = [name for name in (case.leaf.common_name, *case.leaf.sans) if "*" in name]
    if names and not case.row.wildcard_allowed:
        yield objection(names=", ".join(names))


@rule("UCM-SAN-003", Severity.UNKNOWN, "procedure.md 4.1 P15 (equal to plan)")
def other_common_name(case: Upload) -> Iterator[Objection]:
    """Peers may name this node by its CN (trunk security profiles); what the upload does about it is not published."""
    if case.leaf.common_name.lower() != case.request.common_name.lower():
        yield objection(certificate=case.leaf.common_name or "-", request=case.request.common_name or "-")


def _list(names: set[str]) -> str:
    return ", ".join(sorted(names)) or "-"
