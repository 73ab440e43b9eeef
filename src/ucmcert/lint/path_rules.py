"""May each CA of the way sign what stands below it? What makes any verifier drop a chain that looks complete."""

from collections.abc import Iterator

from cryptography import x509

from ucmcert.lint.case import Upload
from ucmcert.lint.chain import way_up
from ucmcert.lint.name_rules import plain_san
from ucmcert.lint.opened import extension, path_length
from ucmcert.lint.rule import Objection, objection, rule
from ucmcert.model.certificate import Certificate
from ucmcert.model.finding import Severity


@rule("UCM-CHAIN-008", Severity.ERROR, "procedure.md 2.1 CAPF, U-P2; RFC 5280 4.2.1.9")
def no_room_for_capf(case: Upload) -> Iterator[Objection]:
    """CAPF is a CA below its issuers: each of them must allow as many CAs below itself as there are."""
    if case.row.must_be_ca:
        yield from _without_room(case, first=1)


@rule("UCM-CHAIN-011", Severity.ERROR, "procedure.md 5 E1 (the chain is built); RFC 5280 4.2.1.9")
def no_room_below(case: Upload) -> Iterator[Objection]:
    """A CA signed another one although its path length leaves no room for that."""
    if not case.row.must_be_ca:
        yield from _without_room(case, first=0)


@rule("UCM-CHAIN-012", Severity.ERROR, "procedure.md 5 E1 (the chain is built); RFC 5280 4.2.1.3")
def may_not_sign(case: Upload) -> Iterator[Objection]:
    """A CA whose key usage says what the key is for, and not that it signs certificates."""
    for one in way_up(case.leaf, case.chain):
        if one.key_usage and "key_cert_sign" not in one.key_usage:
            yield objection(name=one.subject, usage=", ".join(one.key_usage))


@rule("UCM-CHAIN-013", Severity.ERROR, "procedure.md 5 E1 (AKI/SKI)")
def other_key_identifier(case: Upload) -> Iterator[Objection]:
    """A certificate that names, by key identifier, another issuer than the one whose key made it."""
    way = way_up(case.leaf, case.chain)
    for child, parent in zip((case.leaf, *way), way, strict=False):
        asks, has = _asks_for(child), _key_identifier(parent)
        if asks and has and asks != has:
            yield objection(name=child.subject, issuer=parent.subject, asks=asks.hex()[:16], has=has.hex()[:16])


@rule("UCM-CHAIN-014", Severity.ERROR, "RFC 5280 4.2.1.10 (every verifier obeys)")
def name_not_allowed(case: Upload) -> Iterator[Objection]:
    """A CA that is bound to some domains signed a host name outside of them."""
    for one in way_up(case.leaf, case.chain):
        bounds = extension(one.der, x509.NameConstraints)
        if bounds is None:
            continue
        names = sorted(san[4:] for san in map(plain_san, case.leaf.sans) if san.startswith("dns:"))
        outside = [name for name in names if not _allowed(name, bounds)]
        if outside:
            yield objection(name=one.subject, outside=", ".join(outside))


def _without_room(case: Upload, first: int) -> Iterator[Objection]:
    """`first` is how many CAs stand below the leaf's issuer; self-issued ones do not count, says RFC 5280."""
    below = first
    for one in way_up(case.leaf, case.chain):
        allowed = path_length(one.der)
        if allowed is not None and allowed < below:
            yield objection(name=one.subject, allowed=str(allowed), needed=str(below))
        below += not one.self_issued


def _asks_for(child: Certificate) -> bytes | None:
    found = extension(child.der, x509.AuthorityKeyIdentifier)
    return found.key_identifier if found else None


def _key_identifier(parent: Certificate) -> bytes | None:
    found = extension(parent.der, x509.SubjectKeyIdentifier)
    return found.digest if found else None


def _allowed(name: str, bounds: x509.NameConstraints) -> bool:
    inside = _domains(bounds.permitted_subtrees)
    outside = _domains(bounds.excluded_subtrees)
    return (not inside or any(_below(name, one) for one in inside)) and not any(_below(name, one) for one in outside)


def _domains(subtrees: list[x509.GeneralName] | None) -> list[str]:
    return [str(one.value).lower() for one in subtrees or () if isinstance(one, x509.DNSName)]


def _below(name: str, domain: str) -> bool:
    bare = domain.removeprefix(".")
    return not bare or name.endswith(f".{bare}") or (name == bare and not domain.startswith("."))
