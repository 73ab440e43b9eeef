"""Does the chain hold together, from the leaf to a root, with nobody missing and nobody foreign?"""

from collections.abc import Iterator

from ucmcert.lint.case import Upload
from ucmcert.lint.chain import collide, is_root, issued_by, made_by_key, order_chain, way_up
from ucmcert.lint.rule import Objection, objection, rule
from ucmcert.model.certificate import Certificate
from ucmcert.model.finding import Severity

DEEPEST = 4


@rule("UCM-CHAIN-001", Severity.ERROR, "procedure.md 5 E1")
def issuer_missing(case: Upload) -> Iterator[Objection]:
    """The issuer of the leaf is neither among the files nor in the store: only the root came, or another CA's chain."""
    if is_root(case.leaf) or any(issued_by(case.leaf, one) for one in (*case.chain, *case.trust)):
        return
    held = ", ".join(one.common_name or one.subject for one in case.chain) or "-"
    yield objection(missing=case.leaf.issuer, held=held)


@rule("UCM-CHAIN-002", Severity.ERROR, "procedure.md 3.0 X5 (root first), 5 E1")
def root_missing(case: Upload) -> Iterator[Objection]:
    """The leaf's issuer is there, but the way ends before a root."""
    there = (*case.chain, *case.trust)
    if not any(issued_by(case.leaf, one) for one in there):
        return
    try:
        order_chain(case.leaf, there)
    except ValueError as error:
        yield objection(reason=str(error))


@rule("UCM-CHAIN-003", Severity.WARNING, "procedure.md 6 (what is uploaded is trusted from then on)")
def stranger(case: Upload) -> Iterator[Objection]:
    """A certificate that signs nothing here would become trusted for nothing; a second certificate of a CA is none."""
    used = way_up(case.leaf, case.chain)
    for one in case.chain if used else ():
        if one not in used and not any(collide(one, member) for member in used):
            yield objection(name=one.subject)


@rule("UCM-CHAIN-004", Severity.ERROR, "procedure.md 5 E7; RFC 5280 4.2.1.9")
def not_an_authority(case: Upload) -> Iterator[Objection]:
    """A certificate without CA:TRUE cannot sign another one."""
    for one in case.chain:
        if not one.is_ca and any(issued_by(child, one) for child in (case.leaf, *case.chain) if child != one):
            yield objection(name=one.subject)


@rule("UCM-CHAIN-005", Severity.ERROR, "procedure.md 5 E7 (wrong file)")
def leaf_is_authority(case: Upload) -> Iterator[Objection]:
    """The file that stands for the node's identity is a CA certificate: two files were swapped."""
    if case.leaf.is_ca and not case.row.must_be_ca:
        yield objection(name=case.leaf.subject)


@rule("UCM-CHAIN-006", Severity.ERROR, "procedure.md 2.1 CAPF, U-P2")
def leaf_is_no_authority(case: Upload) -> Iterator[Objection]:
    """CAPF issues phone certificates, so it must be a CA with keyCertSign."""
    if case.row.must_be_ca and not (case.leaf.is_ca and "key_cert_sign" in case.leaf.key_usage):
        yield objection(name=case.leaf.subject)


@rule("UCM-CAPF-001", Severity.WARNING, "phones.md 1.6, U11, I9; procedure.md 6.1 (one entry per name)")
def name_of_old_capf(case: Upload) -> Iterator[Objection]:
    """A trust store keeps one certificate per name: the new CAPF would push the old one, and its LSCs, out."""
    old, new = case.current, case.leaf
    if not case.row.must_be_ca or old is None or old.sha256 == new.sha256 or not new.common_name:
        return
    if new.common_name.lower() == old.common_name.lower():
        yield objection(name=new.common_name)


@rule("UCM-CHAIN-007", Severity.UNKNOWN, "procedure.md 6.6, U-P7")
def too_deep(case: Upload) -> Iterator[Objection]:
    """No maximum is documented; four were tested."""
    depth = len(way_up(case.leaf, case.chain))
    if depth > DEEPEST:
        yield objection(depth=str(depth), deepest=str(DEEPEST))


@rule("UCM-CHAIN-009", Severity.NOTICE, "procedure.md 3.0 X5 (each certificate is uploaded once)")
def twice(case: Upload) -> Iterator[Objection]:
    """The same certificate came in two files: nothing breaks, and it is uploaded once."""
    for one in case.repeated:
        yield objection(name=one.subject)


@rule("UCM-CHAIN-010", Severity.WARNING, "procedure.md 6.1, 6.2 (cross-signed intermediates cannot both stay)")
def one_place_for_two(case: Upload) -> Iterator[Objection]:
    """Cross-signed CAs, or two generations under one name: a trust store has one place for them."""
    for at, one in enumerate(case.chain):
        rivals = [other for other in case.chain[at + 1 :] if collide(one, other)]
        if rivals and not any(collide(one, earlier) for earlier in case.chain[:at]):
            yield objection(name=one.common_name or one.subject, count=str(len(rivals) + 1))


@rule("UCM-CHAIN-015", Severity.NOTICE, "procedure.md 5 E1, 6.2 (re-keyed CA with the same name)")
def issuer_with_another_key(case: Upload) -> Iterator[Objection]:
    """Why the issuer counts as missing: a CA of that name is there, from before or after it changed its key."""
    for child, namesake in _namesakes(case):
        if not made_by_key(child, namesake):
            yield objection(name=namesake.subject, child=child.subject, serial=namesake.serial)


@rule("UCM-CHAIN-016", Severity.NOTICE, "procedure.md 5 E1 (subject/issuer); RFC 5280 7.1")
def issuer_spelled_otherwise(case: Upload) -> Iterator[Objection]:
    """Why the issuer counts as missing: its key is the right one, its name is written or encoded in another way."""
    for child, namesake in _namesakes(case):
        if made_by_key(child, namesake):
            yield objection(name=namesake.subject, child=child.subject, issuer=child.issuer)


def _namesakes(case: Upload) -> Iterator[tuple[Certificate, Certificate]]:
    """Pairs (child, CA of the name it asks for) for every child whose issuer is not there."""
    at_hand = {one.sha256: one for one in (*case.chain, *case.trust)}.values()
    for child in (case.leaf, *case.chain):
        if is_root(child) or any(issued_by(child, one) for one in at_hand):
            continue
        for one in at_hand:
            if one.subject.casefold() == child.issuer.casefold() and one != child:
                yield child, one
