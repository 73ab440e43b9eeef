"""What is wrong with a list or a signed file, as findings: first of the file alone, then beside the cluster."""

from collections.abc import Iterator

from ucmcert.model.cluster import Cluster, NodeFacts
from ucmcert.model.finding import Finding, Severity, worded
from ucmcert.model.trust_list import FILE_OF, ListKind, ListRole
from ucmcert.trust_list.elements import Unknown
from ucmcert.trust_list.files import CERTIFICATES_MAX, LOADABLE_MAX, SignedFile, TrustList
from ucmcert.trust_list.owners import owners, tokens_sign, usual_signers
from ucmcert.trust_list.record import Record
from ucmcert.trust_list.signature import Verdict, verify, verify_signed
from ucmcert.trust_list.truth import contradictions

SIGNERS_MAX = 2
TFTP_SERVICE = "Cisco Tftp"
FORMAT, ROLES, SIGNERS = "phones.md 3.1", "phones.md 1.3", "phones.md 1.3 (version families)"


def unreadable(where: str, trouble: str) -> Finding:
    """The file is none of ours, or broken: UCM-TLV-001."""
    return _finding("UCM-TLV-001", Severity.ERROR, where, FORMAT, trouble=trouble)


def list_findings(found: TrustList, kind: ListKind, where: str) -> tuple[Finding, ...]:
    """What the list itself says against itself. `where` is the file or the node."""
    verdict = verify(found)
    return (
        *_unverified(verdict, where),
        *_named(found.header.filename, FILE_OF[kind], where),
        *_contradicting(found, verdict, where),
        *_too_much(found, where),
        *_unknown_tags((*found.header.unknown, *(one for record in found.records for one in record.unknown)), where),
    )


def signed_findings(file: SignedFile, by: TrustList | None, where: str) -> tuple[Finding, ...]:
    """What is wrong with a signed file, its signer looked for in the list `by`; None means nobody gave one."""
    tags = tuple(_unknown_tags(file.header.unknown, where))
    if by is None:
        return (_finding("UCM-TLV-010", Severity.ERROR, where, "phones.md 3.2"), *tags)
    own = verify(by)
    doubt = () if own.verified else (_finding("UCM-TLV-011", Severity.ERROR, where, FORMAT, trouble=own.reason),)
    return (*_unverified(verify_signed(file, by), where), *doubt, *tags)


def cluster_findings(found: TrustList, kind: ListKind, cluster: Cluster, node: str) -> tuple[Finding, ...]:
    """What the cluster has against the list that `node` serves: strangers, tokens, another signer than usual."""
    facts = cluster.facts(node)
    return (*_strangers(found, cluster, node), *_unusual_signer(found, kind, cluster, facts))


def absent(kind: ListKind, cluster: Cluster, node: str) -> Finding:
    """The node has no such file: an error where phones will ask it for one, otherwise a normal state."""
    facts = cluster.facts(node)
    service = facts.service(TFTP_SERVICE)
    asked = service is not None and service.runs and (kind == "itl" or cluster.mixed_mode is not False)
    if asked:
        return _finding("UCM-TLV-018", Severity.ERROR, node, "phones.md 1.1, 1.2", file=FILE_OF[kind])
    return _finding("UCM-TLV-016", Severity.NOTICE, node, "interfaces-cli.md 4.1, 4.2", file=FILE_OF[kind])


def _unverified(verdict: Verdict, where: str) -> Iterator[Finding]:
    if verdict.code:
        yield worded(verdict.code, Severity.ERROR, where, FORMAT, verdict.values)


def _named(filename: str, expected: str, where: str) -> Iterator[Finding]:
    if filename and filename != expected:
        yield _finding("UCM-TLV-009", Severity.ERROR, where, FORMAT, filename=filename, expected=expected)


def _contradicting(found: TrustList, verdict: Verdict, where: str) -> Iterator[Finding]:
    """Every record that contradicts itself, but for the one the verdict has told already."""
    for one in found.records:
        for trouble in contradictions(one):
            values = {"number": f"{one.number}", "subject": one.subject, "trouble": trouble}
            if verdict.values != values:
                yield worded("UCM-TLV-006", Severity.ERROR, where, FORMAT, values)


def _too_much(found: TrustList, where: str) -> Iterator[Finding]:
    if not found.loadable:
        count = sum(1 for one in found.records if one.certificate)
        sizes = {"length": f"{found.size}", "count": f"{count}"}
        limits = {"most": f"{LOADABLE_MAX}", "certificates": f"{CERTIFICATES_MAX}"}
        yield worded("UCM-TLV-008", Severity.WARNING, where, "phones.md 1.1 [C S4]", {**sizes, **limits})
    signers = sum(1 for one in found.records if one.role == ListRole.SAST)
    if signers > SIGNERS_MAX:
        values = {"count": f"{signers}", "most": f"{SIGNERS_MAX}"}
        yield worded("UCM-TLV-017", Severity.NOTICE, where, "phones.md 3.1 [C S19]", values)


def _unknown_tags(unknown: tuple[Unknown, ...], where: str) -> Iterator[Finding]:
    if unknown:
        tags = ", ".join(f"{tag}" for tag in sorted({one.tag for one in unknown}))
        yield _finding("UCM-TLV-012", Severity.NOTICE, where, "phones.md U12", tags=tags)


def _strangers(found: TrustList, cluster: Cluster, node: str) -> Iterator[Finding]:
    for one in found.records:
        if one.emptied or owners(one, cluster):
            continue
        values = {"number": f"{one.number}", "subject": one.subject or "-"}
        if one.of_a_token:
            yield worded("UCM-TLV-014", Severity.NOTICE, node, FORMAT, values)
        else:
            yield worded("UCM-TLV-013", Severity.ERROR, node, ROLES, {**values, "role": one.role_name})


def _unusual_signer(found: TrustList, kind: ListKind, cluster: Cluster, facts: NodeFacts) -> Iterator[Finding]:
    """Another key than the usual one signed. A stranger's key is told by `_strangers` already, and here once more."""
    signer = verify(found).signer
    release, expected = facts.node.release, usual_signers(facts.node.release)
    if signer is None or _token_may(signer, kind, facts):
        return
    if not {one.purpose for one in owners(signer, cluster)} & set(expected):
        values = {"signer": signer.subject, "release": release.text, "expected": ", ".join(expected)}
        yield worded("UCM-TLV-015", Severity.WARNING, facts.node.name, SIGNERS, values)


def _token_may(signer: Record, kind: ListKind, facts: NodeFacts) -> bool:
    return kind == "ctl" and signer.of_a_token and tokens_sign(facts.node.release)


def _finding(code: str, severity: Severity, where: str, source: str, **values: str) -> Finding:
    return worded(code, severity, where, source, values)
