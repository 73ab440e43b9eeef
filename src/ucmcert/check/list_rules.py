"""Are the trust lists fit for a renewal: verified, signed as the release signs, and is everything stored in them?

Source: procedure.md 4.1 P6, P9, P11; phones.md 5.2 I3, I12.
"""

from collections.abc import Iterator

from ucmcert.check.cases import Before
from ucmcert.check.phone_rules import noticed
from ucmcert.knowledge.purposes import ANCHORS, PURPOSES
from ucmcert.lint.list_facts import ABSENT, MOST_CERTIFICATES, OTHER, Gap, list_gaps, open_gaps, predicted_certificates
from ucmcert.lint.phone_world import etoken_ctl, mixed, other_signer, reused, signer, tftp_nodes
from ucmcert.lint.rule import Objection, objection, rule
from ucmcert.model.cluster import Cluster
from ucmcert.model.finding import Severity
from ucmcert.model.trust_list import ListKind, ListRole, TrustListFacts

LATE = (ABSENT, OTHER)


@rule("UCM-CHECK-037", Severity.ERROR, "procedure.md 4.1 P6, P9 [S D2 bad ITL]")
def list_not_good(case: Before) -> Iterator[Objection]:
    """A list that is not there, cannot be read or does not verify is believed by no phone."""
    if not noticed(case):
        return
    kinds: tuple[ListKind, ...] = ("itl", "ctl") if mixed(case.cluster) else ("itl",)
    for facts in tftp_nodes(case.cluster):
        for kind in kinds:
            for gap in list_gaps(case.cluster, facts, kind, ()):
                yield objection(where=facts.node.name, list=kind.upper(), state=gap.state)


@rule("UCM-CHECK-038", Severity.ERROR, "procedure.md 4.1 P9; phones.md 1.3, 1.5 (localkey)")
def itl_signed_by_another(case: Before) -> Iterator[Objection]:
    """Somebody had the ITL signed by the other key and did not finish, or the list is foreign."""
    if not noticed(case):
        return
    for facts in tftp_nodes(case.cluster):
        listed = facts.trust_list("itl")
        if listed is not None and listed.present and not _signed_by(case.cluster, listed, signer(case.cluster)):
            yield objection(where=facts.node.name, signer=listed.signer_subject or "-", expected=signer(case.cluster))


@rule("UCM-CHECK-039", Severity.WARNING, "procedure.md 4.1 P6; phones.md 1.6, 1.7")
def ctl_signed_by_another(case: Before) -> Iterator[Objection]:
    """Normal after an upgrade from below 12.0; the next update changes the signer, which phones take by their ITL."""
    if not noticed(case) or not mixed(case.cluster) or etoken_ctl(case.cluster):
        return
    for facts in tftp_nodes(case.cluster):
        listed = facts.trust_list("ctl")
        if listed is not None and listed.present and not _signed_by(case.cluster, listed, signer(case.cluster)):
            yield objection(where=facts.node.name, signer=listed.signer_subject or "-", expected=signer(case.cluster))


@rule("UCM-CHECK-040", Severity.ERROR, "procedure.md 4.1 P11; phones.md 5.2 I3")
def epoch_left_open(case: Before) -> Iterator[Objection]:
    """Somebody renewed an anchor and did not carry it to lists, services and phones: a second one would lock them out.

    Renewing that very anchor alone is the way out, so it is not held.
    """
    if not noticed(case):
        return
    late = _late(case.cluster)
    opened = {PURPOSES[gap.purpose].anchor for gap in late}
    reuse = reused(case.cluster)
    ours = {PURPOSES[reuse.get(item.purpose, item.purpose)].anchor for item in case.items}
    phones_only = {one for one in ours if one} | ({"CAPF"} if any(i.purpose == "CAPF" for i in case.items) else set())
    if opened and opened != phones_only:
        yield from (_told(gap) for gap in late)


@rule("UCM-CHECK-041", Severity.WARNING, "phones.md 5.2 I3, 1.5 (TFTP restarted)")
def epoch_left_open_by_others(case: Before) -> Iterator[Objection]:
    """This run touches no anchor, but it may restart TFTP, which then hands out what somebody else left half done."""
    if not noticed(case) and any(facts.lists for facts in case.cluster.nodes):
        yield from (_told(gap) for gap in _late(case.cluster) if gap.holder in ("itl", "ctl"))


@rule("UCM-CHECK-042", Severity.ERROR, "procedure.md 4.1 P9; phones.md 5.2 I12, 1.1 [S SBD14]")
def list_too_long(case: Before) -> Iterator[Objection]:
    """Phones load no list with more certificates, and do not register without one."""
    if not noticed(case):
        return
    for facts in tftp_nodes(case.cluster):
        count = predicted_certificates(case.cluster, facts)
        if count > MOST_CERTIFICATES:
            yield objection(where=facts.node.name, count=str(count), most=str(MOST_CERTIFICATES))


def _late(cluster: Cluster) -> list[Gap]:
    """What is stored of the anchors and has not arrived, as far as it could be read."""
    return [gap for gap in open_gaps(cluster, [name for name in ANCHORS if name]) if gap.state in LATE]


def _told(gap: Gap) -> Objection:
    return objection(where=gap.where, purpose=gap.purpose, node=gap.node, holder=gap.holder, state=gap.state)


def _signed_by(cluster: Cluster, listed: TrustListFacts, purpose: str) -> bool:
    """Whether a certificate of `purpose`, of today or of before, signed the list. An unread one is told elsewhere."""
    if not listed.signer_serial and not listed.signer_subject:
        return True
    stored = {held.sha256 for facts in cluster.nodes if (held := facts.holding.identity(purpose))}
    if listed.signer_sha256 in stored:
        return True
    other = {held.sha256 for facts in cluster.nodes if (held := facts.holding.identity(other_signer(cluster)))}
    if listed.signer_sha256 in other:
        return False
    recovery = "itlrecovery" in listed.signer_subject.lower()
    leaf = any(
        one.subject == listed.signer_subject and one.role in (ListRole.TFTP, ListRole.CCM_TFTP, ListRole.CCM)
        for one in listed.records
    )
    return recovery if purpose == "ITLRecovery" else leaf and not recovery
