"""Which change makes the names agree: beside UCM-SAN-001, a notice for each kind of difference (procedure.md 5 E4)."""

import ipaddress
from collections.abc import Iterator

from ucmcert.lint.case import Upload
from ucmcert.lint.name_rules import added_and_missing, listed
from ucmcert.lint.rule import Objection, objection, rule
from ucmcert.model.finding import Severity


@rule("UCM-SAN-004", Severity.NOTICE, "procedure.md 5 E4 (or without `-ms`)")
def common_name_added(case: Upload) -> Iterator[Objection]:
    """The CA put the CN among the names, as public CAs must: `-ms` is in no SAN of CUCM's."""
    if _of_common_name(case):
        yield objection(name=listed(_of_common_name(case)))


@rule("UCM-SAN-005", Severity.NOTICE, "procedure.md 5 E4 (new CSR without the parent domain)")
def parent_domain_missing(case: Upload) -> Iterator[Objection]:
    """The CA left out the parent domain: it validates hosts, not the domain."""
    if _parent_domain(case):
        yield objection(name=listed(_parent_domain(case)))


@rule("UCM-SAN-006", Severity.NOTICE, "procedure.md 5 E4, E4 fix trap [S D1, SG14]")
def names_added(case: Upload) -> Iterator[Objection]:
    """The CA added names of its own: its template must not, or CUCM must ask for them, which has side effects."""
    added, _ = added_and_missing(case)
    own = added - _of_common_name(case) - {one for one, _ in _respelled(case)}
    if own:
        yield objection(names=listed(own))


@rule("UCM-SAN-007", Severity.NOTICE, "procedure.md 5 E4 (CA issues the exact set)")
def names_missing(case: Upload) -> Iterator[Objection]:
    """The CA left out names that it could not validate, or its template knows one name only."""
    _, missing = added_and_missing(case)
    left_out = missing - _parent_domain(case) - {other for _, other in _respelled(case)}
    if left_out:
        yield objection(names=listed(left_out))


@rule("UCM-SAN-008", Severity.UNKNOWN, "procedure.md U-P16 (final dot, IDN, type of a name)")
def names_respelled(case: Upload) -> Iterator[Objection]:
    """The same names in another spelling or of another type; how CUCM compares them is not published."""
    pairs = {f"{given} / {asked}" for given, asked in _respelled(case)}
    if pairs:
        yield objection(pairs=listed(pairs))


def _of_common_name(case: Upload) -> set[str]:
    names = (case.leaf.common_name, case.request.common_name)
    added, _ = added_and_missing(case)
    return {f"dns:{name.lower()}" for name in names if name} & added


def _parent_domain(case: Upload) -> set[str]:
    """The missing name that is the domain of the node, or of the other names when nobody told the node's."""
    _, missing = added_and_missing(case)
    if case.known.domain:
        return missing & {f"dns:{case.known.domain.lower()}"}
    hosts = [san[4:].lower() for san in case.request.sans if san.startswith("dns:")]
    return {one for one in missing if any(host.endswith(f".{one[4:]}") for host in hosts) and one.startswith("dns:")}


def _respelled(case: Upload) -> set[tuple[str, str]]:
    added, missing = added_and_missing(case)
    return {(given, asked) for given in added for asked in missing if _bare(given) == _bare(asked)}


def _bare(san: str) -> str:
    """The name alone: without its type and final dot, an address in its shortest form, IDN in ASCII."""
    name = san.split(":", 1)[1].lower().rstrip(".")
    try:
        return ipaddress.ip_address(name).compressed
    except ValueError:
        pass
    try:
        return name.encode("idna").decode()
    except UnicodeError:
        return name
