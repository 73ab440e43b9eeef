"""Which certificate answers which CSR, and which issuers are its chain: by key and signature, by names last of all."""

from collections import Counter
from collections.abc import Iterable, Iterator

import msgspec
from cryptography.exceptions import UnsupportedAlgorithm

from ucmcert.authority.file_finding import file_finding
from ucmcert.authority.pair_finding import pair_finding
from ucmcert.cli.linting.reading import Asked, Found, Read
from ucmcert.lint.chain import is_root, issued_by, order_chain
from ucmcert.model.certificate import Certificate
from ucmcert.model.finding import Finding


class Pair(msgspec.Struct, frozen=True, kw_only=True):
    """A certificate with the CSR it answers, None when none was given. `chain`: issuer first, strangers last."""

    asked: Asked | None
    leaf: Found
    chain: tuple[Found, ...]


class Paired(msgspec.Struct, frozen=True, kw_only=True):
    """What belongs together. `unanswered` are CSRs without a certificate."""

    pairs: tuple[Pair, ...]
    unanswered: tuple[Asked, ...]
    findings: tuple[Finding, ...]


def pair_up(read: Read, *, ca_wanted: bool = False) -> Paired:
    """Sort what was read. Pure. `ca_wanted`: the purpose is one whose own certificate is a CA (CAPF)."""
    issuers = {one.certificate.issuer for one in read.found if not one.certificate.self_issued}
    answers, older, findings = _by_key(read, issuers)
    answering = {one.certificate.sha256 for one in (*answers.values(), *older)}
    rest = [one for one in read.found if one.certificate.sha256 not in answering]
    ends = [one for one in rest if one.certificate.subject not in issuers]
    open_requests = [one for one in read.asked if one.request.der not in answers]
    for asked, leaf in _by_names(open_requests, ends, alone=len(read.asked) == 1):
        answers[asked.request.der] = leaf
    paired = {one.certificate.sha256 for one in answers.values()}
    lonely = [one for one in ends if one.certificate.sha256 not in paired and (_is_leaf(one) or ca_wanted)]
    if read.asked:
        findings += [_about("UCM-PAIR-002", one) for one in lonely if _is_leaf(one)]
        lonely = []
    leaves = paired | {one.certificate.sha256 for one in lonely}
    strangers = {one.certificate.sha256 for one in ends if _is_leaf(one)}
    issuing = tuple(one for one in rest if one.certificate.sha256 not in leaves | strangers)
    whole = len(leaves) == 1
    pairs = tuple(
        Pair(asked=asked, leaf=leaf, chain=chain_of(leaf, issuing, strangers_too=whole))
        for asked, leaf in (
            *((one, answers[one.request.der]) for one in read.asked if one.request.der in answers),
            *((None, one) for one in lonely),
        )
    )
    unanswered = tuple(one for one in read.asked if one.request.der not in answers)
    findings += [
        pair_finding("UCM-PAIR-001", one.file, file=one.file, subject=one.request.subject) for one in unanswered
    ]
    needed = {one.certificate.sha256 for pair in pairs for one in pair.chain}
    if pairs:
        findings += [_about("UCM-PAIR-003", one) for one in issuing if one.certificate.sha256 not in needed]
    elif issuing and not read.asked:
        only = file_finding("UCM-FILE-015", ", ".join(dict.fromkeys(one.file for one in issuing)))
        findings.append(msgspec.structs.replace(only, where=issuing[0].file))
    return Paired(pairs=pairs, unanswered=unanswered, findings=tuple(findings))


def chain_of(leaf: Found, issuing: tuple[Found, ...], *, strangers_too: bool = False) -> tuple[Found, ...]:
    """The issuers of `leaf` in order, as far as they are there; then the others, where no other pair can need them."""
    by_sha = {one.certificate.sha256: one for one in issuing}
    candidates = tuple(one.certificate for one in issuing)
    try:
        chain = order_chain(leaf.certificate, candidates)
    except (ValueError, UnsupportedAlgorithm):
        chain = _as_far_as_it_goes(leaf.certificate, candidates)
    used = {one.sha256 for one in chain}
    others = (one for one in issuing if one.certificate.sha256 not in used) if strangers_too else ()
    return (*(by_sha[one.sha256] for one in chain), *others)


def _by_key(read: Read, issuers: set[str]) -> tuple[dict[bytes, Found], list[Found], list[Finding]]:
    """The newest certificate with the key of each CSR, those that are older, and a finding about each choice.

    A CA that issued something here answers no CSR, unless it has its names too (CAPF). Names decide only where one key
    has several CSRs.
    """
    asking = Counter(one.request.spki_sha256 for one in read.asked)
    carrying: dict[str, list[Found]] = {}
    for one in read.found:
        if one.certificate.spki_sha256 in asking and (
            one.certificate.subject not in issuers or any(_answers(asked, one.certificate) for asked in read.asked)
        ):
            carrying.setdefault(one.certificate.spki_sha256, []).append(one)
    answers: dict[bytes, Found] = {}
    older: list[Found] = []
    findings: list[Finding] = []
    for asked in sorted(read.asked, key=lambda one: not _has_its_names(one, carrying)):
        spki = asked.request.spki_sha256
        named = [one for one in carrying.get(spki, ()) if _same_names(asked, one.certificate)]
        same_key = sorted(named if asking[spki] > 1 and named else carrying.get(spki, ()), key=_newest_last)
        if not same_key:
            continue
        leaf = answers[asked.request.der] = same_key[-1]
        older += same_key[:-1]
        used = {one.certificate.sha256 for one in same_key}
        carrying[spki] = [one for one in carrying[spki] if one.certificate.sha256 not in used]
        if len(same_key) > 1:
            others = ", ".join(one.file for one in same_key[:-1])
            findings.append(file_finding("UCM-FILE-011", leaf.file, subject=leaf.certificate.subject, others=others))
    return answers, older, findings


def _answers(asked: Asked, certificate: Certificate) -> bool:
    return asked.request.spki_sha256 == certificate.spki_sha256 and _same_names(asked, certificate)


def _has_its_names(asked: Asked, carrying: dict[str, list[Found]]) -> bool:
    return any(_same_names(asked, one.certificate) for one in carrying.get(asked.request.spki_sha256, ()))


def _by_names(asked: list[Asked], ends: list[Found], *, alone: bool) -> Iterator[tuple[Asked, Found]]:
    """CSRs whose key nobody carries, with a certificate of their names: of an older CSR, most likely. Both are judged.

    Where only one CSR was given (`alone`), any node's certificate is meant to answer it.
    """
    free = list(ends)
    for one in asked:
        named = [leaf for leaf in free if _same_names(one, leaf.certificate)]
        meant = named or ([leaf for leaf in free if _is_leaf(leaf)] if alone else [])
        if meant:
            free.remove(meant[0])
            yield one, meant[0]


def _as_far_as_it_goes(leaf: Certificate, candidates: Iterable[Certificate]) -> tuple[Certificate, ...]:
    chain: list[Certificate] = []
    left = [one for one in candidates if one.sha256 != leaf.sha256]
    child: Certificate | None = leaf
    while child is not None and not _safely_root(child):
        parent = next((one for one in left if _safely_issued(child, one)), None)
        if parent is not None:
            left.remove(parent)
            chain.append(parent)
        child = parent
    return tuple(chain)


def _safely_issued(child: Certificate, parent: Certificate) -> bool:
    try:
        return issued_by(child, parent)
    except UnsupportedAlgorithm:
        return False


def _safely_root(certificate: Certificate) -> bool:
    try:
        return is_root(certificate)
    except UnsupportedAlgorithm:
        return False


def _is_leaf(one: Found) -> bool:
    return not one.certificate.is_ca


def _same_names(asked: Asked, certificate: Certificate) -> bool:
    request = asked.request
    if request.sans and certificate.sans:
        return sorted(request.sans) == sorted(certificate.sans)
    return bool(request.common_name) and request.common_name.lower() == certificate.common_name.lower()


def _newest_last(one: Found) -> tuple[int, int, str]:
    return one.certificate.not_before, one.certificate.not_after, one.certificate.sha256


def _about(code: str, one: Found) -> Finding:
    return pair_finding(code, one.file, file=one.file, subject=one.certificate.subject)
