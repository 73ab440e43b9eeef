"""Are the names exactly those of the request, and such that peers can use them?"""

import ipaddress
import re
from collections import Counter
from collections.abc import Iterator

from ucmcert.lint.case import Upload
from ucmcert.lint.opened import Field, request_fields, subject_fields
from ucmcert.lint.rule import Objection, objection, rule
from ucmcert.model.finding import Severity

LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
LONGEST_NAME = 253
SUFFIXES_OF_CUCM = ("-ms", "-ec")  # in the first label: a name CUCM made, which no host has (procedure.md 1.1)


def plain_san(san: str) -> str:
    """`san` for comparison: host names have no case, everything else is exact (procedure.md U-P16)."""
    return san.lower() if san.startswith("dns:") else san


def listed(names: set[str]) -> str:
    """Names for a sentence, `-` when there are none."""
    return ", ".join(sorted(names)) or "-"


def added_and_missing(case: Upload) -> tuple[set[str], set[str]]:
    """What the CA added to the names of the CSR, and what it left out; two empty sets when CUCM has no objection."""
    asked = {plain_san(san) for san in case.request.sans}
    given = {plain_san(san) for san in case.leaf.sans}
    return given - asked, asked - given


@rule("UCM-SAN-001", Severity.ERROR, "procedure.md 5 E4")
def other_names(case: Upload) -> Iterator[Objection]:
    """The set of SANs must be the CSR's: CAs like to add the CN or www., and to drop what they cannot validate."""
    added, missing = added_and_missing(case)
    if added or missing:
        yield objection(added=listed(added), missing=listed(missing))


@rule("UCM-SAN-002", Severity.ERROR, "procedure.md 3.0, 5 E9; 3.8 exempts cup-xmpp-s2s")
def wildcard(case: Upload) -> Iterator[Objection]:
    """No wildcard, in no name, except for XMPP federation."""
    names = {name for name in (case.leaf.common_name, *case.leaf.sans) if "*" in name}
    if names and not case.row.wildcard_allowed:
        yield objection(names=listed(names))


@rule("UCM-SAN-003", Severity.UNKNOWN, "procedure.md 4.1 P15 (equal to plan)")
def other_common_name(case: Upload) -> Iterator[Objection]:
    """Peers may name this node by its CN (trunk security profiles); what the upload does about it is not published."""
    if case.leaf.common_name.lower() != case.request.common_name.lower():
        yield objection(certificate=case.leaf.common_name or "-", request=case.request.common_name or "-")


@rule("UCM-SAN-009", Severity.WARNING, "procedure.md 7 (Expressway: SAN must hold the FQDN) [S D7]; RFC 9525 4.1")
def common_name_not_a_san(case: Upload) -> Iterator[Objection]:
    """Peers look at the SAN alone: a host name that only the CN holds is no name any more, and public CAs add it."""
    name = case.leaf.common_name.lower()
    first = name.split(".", 1)[0]
    if "." not in name or "*" in name or not _is_host(name) or first.endswith(SUFFIXES_OF_CUCM):
        return
    if f"dns:{name}" not in {plain_san(san) for san in case.leaf.sans}:
        yield objection(name=case.leaf.common_name)


@rule("UCM-SAN-010", Severity.WARNING, "procedure.md 5 E4 (FQDN only), U-P16; RFC 1123 2.1")
def no_host_name(case: Upload) -> Iterator[Objection]:
    """A DNS entry that is no host name: underscore, blank, final dot, an address, a label too long."""
    names = {san for san in case.leaf.sans if san.startswith("dns:")}
    odd = {san for san in names if not _is_host(san[4:].lower().removeprefix("*."))}
    if odd:
        yield objection(names=listed(odd))


@rule("UCM-SAN-011", Severity.UNKNOWN, "procedure.md U-P16 (duplicates)")
def name_twice(case: Upload) -> Iterator[Objection]:
    """The certificate holds a name more often than the CSR; how CUCM counts is not published."""
    given, asked = (Counter(map(plain_san, one.sans)) for one in (case.leaf, case.request))
    twice = {san for san, count in given.items() if count > max(1, asked[san])}
    if twice:
        yield objection(names=listed(twice))


@rule("UCM-SUB-001", Severity.UNKNOWN, "procedure.md 9 14SU1 [S SG14: only a missing OU is said to be fine]")
def other_subject(case: Upload) -> Iterator[Objection]:
    """The CA rewrote the subject beside the CN. From 14SU1 on a missing OU is fine; the rest is not published."""
    asked, given = _beside_cn(request_fields(case.request.der)), _beside_cn(subject_fields(case.leaf.der))
    missing, added = asked - given, given - asked
    if case.known.has("ou_may_be_missing") is not False:
        missing = {one for one in missing if one[0] != "OU"}
    if missing or added:
        yield objection(added=_fields(added), missing=_fields(missing))


def _is_host(name: str) -> bool:
    """Labels of letters, digits and hyphens; a name of digits and dots is an address."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return len(name) <= LONGEST_NAME and all(LABEL.fullmatch(label) for label in name.split("."))
    return False


def _beside_cn(fields: tuple[Field, ...]) -> set[Field]:
    return {(kind, value) for kind, value in fields if kind != "CN"}


def _fields(fields: set[Field]) -> str:
    return listed({f"{kind}={value}" for kind, value in fields})
