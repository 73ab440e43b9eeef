"""Rules that keep phones from losing every anchor: one type at a time, lists before resets, and proof before the next.

A phone trusts exact leaves. It takes a changed signer by the other signer it holds, or by a TVS it holds; it is lost
when two of CallManager, TVS and ITLRecovery changed before it fetched the lists in between.
Source: phones.md 0, 1.5, 5.2.
"""

from collections.abc import Iterator

from ucmcert.knowledge.purposes import ANCHORS
from ucmcert.lint.list_facts import MOST_CERTIFICATES, open_gaps, predicted_certificates
from ucmcert.lint.phone_world import mixed, publisher_has, tftp_nodes
from ucmcert.lint.rule import Objection, objection, rule
from ucmcert.model.finding import Severity
from ucmcert.model.phone import PROVEN, Proof
from ucmcert.model.plan import NEW_IDENTITY, Plan, Step, StepKind
from ucmcert.plan.facts import renewed_by_others
from ucmcert.plan.rules.asked import Asked

NAMED_AT_MOST = 5


def approved_away(plan: Plan) -> frozenset[str]:
    """Absent phones that the approved plan takes out of the gates by name, because nothing in it can lock them."""
    baselines = (one for one in plan.steps if one.kind is StepKind.PHONES_BASELINE)
    names = (one.detail.get("away", "") for one in baselines)
    return frozenset(name for listed in names for name in listed.split(",") if name)


@rule("UCM-RULE-017", Severity.ERROR, "phones.md 5.2 I3; procedure.md 3.6 rule 1 (on every release)")
def anchors_apart(asked: Asked) -> Iterator[Objection]:
    """CallManager, TVS and ITLRecovery never change together: the gate of one closes before the next is touched."""
    mine = asked.anchor(asked.step)
    if asked.nobody_has_phones or not asked.noticed(asked.step.purpose):
        return
    for purpose in _begun(asked):
        gate = asked.last_gate(asked.blocks.get(purpose, purpose))
        if gate is None:
            yield objection(other=purpose, anchor=mine or asked.step.purpose, step="-")
        elif gate.id not in asked.done or gate.id not in (asked.closed_gates or {gate.id}):
            yield objection(other=purpose, anchor=mine or asked.step.purpose, step=gate.id)


@rule("UCM-RULE-018", Severity.ERROR, "phones.md 5.2 I10, 2.4 (baseline before touching anything)")
def baseline_first(asked: Asked) -> Iterator[Objection]:
    """Nothing that phones notice happens before it was written down who is there and what each holds."""
    if asked.nobody_has_phones or not asked.noticed(asked.step.purpose):
        return
    known = [one for one in asked.window if one.kind is StepKind.PHONES_BASELINE]
    if not known:
        yield objection(step="-")
    for one in known:
        if one.id not in asked.done:
            yield objection(step=one.id)


@rule("UCM-RULE-019", Severity.ERROR, "phones.md 5.2 I8, 1.8 (every TFTP node)")
def lists_before_reset(asked: Asked) -> Iterator[Objection]:
    """Phones are reset only when every TFTP node has shown the lists of this epoch, made anew and signed as planned."""
    looks = [one for one in asked.others(StepKind.LISTS_CHECK, purpose=asked.step.purpose) if _in_pass(asked, one)]
    for other in looks:
        if other.id not in asked.done:
            yield objection(node=other.node, step=other.id)
    shown = {one.node for one in looks}
    for facts in tftp_nodes(asked.cluster):
        if facts.node.name not in shown:
            yield objection(node=facts.node.name, step="-")


@rule("UCM-RULE-020", Severity.ERROR, "phones.md 5.2 I7, 1.6 (reset only after the last CallManager and CTI restart)")
def restarts_before_reset(asked: Asked) -> Iterator[Objection]:
    """A phone that boots before the last restart of the epoch meets a service it no longer, or not yet, trusts."""
    first = asked.step.detail.get("pass") == "1" and asked.step.purpose == "ITLRecovery"
    for other in asked.others(StepKind.SERVICE_RESTART, *NEW_IDENTITY, purpose=asked.step.purpose):
        later = first and other.kind is StepKind.SERVICE_RESTART and not _first_pass_restart(asked, other)
        if other.id not in asked.done and not later:
            yield objection(step=other.id)


@rule("UCM-RULE-021", Severity.ERROR, "phones.md 2.3, 4.2 (a canary first)")
def canary_first(asked: Asked) -> Iterator[Objection]:
    """The others are reset only when the gate of the canary pool closed, and a second pass only after the first."""
    number = asked.step.detail.get("pass", "1")
    for other in asked.others(StepKind.PHONES_GATE, purpose=asked.step.purpose):
        earlier = int(other.detail.get("pass", "1")) < int(number)
        same = other.detail.get("pass", "1") == number and other.detail.get("wave") == "canary"
        if (earlier or (same and asked.step.detail.get("wave") == "rest")) and other.id not in asked.done:
            yield objection(step=other.id)


@rule("UCM-RULE-022", Severity.ERROR, "phones.md 5.2 I11; procedure.md 3.4 CCM-10, 4.2 Q8")
def backup_between(asked: Asked) -> Iterator[Objection]:
    """A restore from an older backup would bring back keys that phones no longer trust: a new one before the next."""
    begun = {asked.blocks.get(purpose, purpose) for purpose in _begun(asked)}
    for other in asked.window:
        if other.kind is StepKind.BACKUP_FRESH and other.purpose in begun and other.id not in asked.done:
            yield objection(other=other.purpose, step=other.id)


@rule("UCM-RULE-023", Severity.ERROR, "phones.md 2.5, U8; procedure.md U-P11 (phones may reset at each upload)")
def quiet_between_uploads(asked: Asked) -> Iterator[Objection]:
    """Where phones reset by themselves, the next certificate waits until nothing moves any more."""
    uploaded = {(one.node, one.purpose) for one in asked.renewals if one.id in asked.done}
    for other in asked.others(StepKind.PHONES_QUIET):
        if (other.node, other.purpose) in uploaded and other.id not in asked.done:
            yield objection(node=other.node, step=other.id)


@rule("UCM-RULE-024", Severity.ERROR, "phones.md 5.2 I3 (looked at, whoever renewed it)")
def other_anchors_arrived(asked: Asked) -> Iterator[Objection]:
    """What is stored of the other anchor types is what their services show and what every TFTP node's lists hold."""
    mine = asked.anchor(asked.step)
    if asked.nobody_has_phones:
        return
    for gap in open_gaps(asked.cluster, [name for name in ANCHORS if name and name != mine]):
        yield objection(
            purpose=gap.purpose or "-", node=gap.node or gap.where, server=gap.where, holder=gap.holder, state=gap.state
        )


@rule("UCM-RULE-029", Severity.ERROR, "phones.md 5.2 I3 (nobody else's renewal in between)")
def nobody_else_renewed(asked: Asked) -> Iterator[Objection]:
    """Since phones were looked at, nobody else has changed an anchor: who fetched its lists was looked at by nobody."""
    if asked.nobody_has_phones:
        return
    mine = asked.anchor(asked.step)
    for purpose, node in renewed_by_others(asked.plan, asked.cluster, asked.done):
        if purpose != mine:
            yield objection(purpose=purpose, node=node)


@rule("UCM-RULE-025", Severity.ERROR, "phones.md 5.2 I3, I13, 2.4 (holds, or signed off by name)")
def phones_proven(asked: Asked) -> Iterator[Objection]:
    """After an epoch, no further anchor is touched while a phone is open: being registered proves nothing."""
    if not _begun(asked):
        return
    away = approved_away(asked.plan)
    still = [
        one.name
        for one in asked.open_phones
        if one.proof not in PROVEN
        and one.name not in asked.signed
        and not (one.name in away and one.proof is Proof.AWAY)
    ]
    if still:
        more = ", ..." if len(still) > NAMED_AT_MOST else ""
        yield objection(count=str(len(still)), names=", ".join(still[:NAMED_AT_MOST]) + more)


@rule("UCM-RULE-026", Severity.ERROR, "phones.md 5.2 I10; procedure.md 4.1 P7, P8, P10")
def phone_settings_known(asked: Asked) -> Iterator[Objection]:
    """The phones were counted, the rollback parameter is False, the security mode is known."""
    phones = asked.cluster.phones
    if phones is None or phones.problem or not phones.complete:
        yield objection(what="the phones", state="not read" if phones is None else phones.problem or "incomplete")
    elif not asked.nobody_has_phones and phones.rollback is not False:
        state = "unknown" if phones.rollback is None else "True"
        yield objection(what="Prepare Cluster for Rollback to pre 8.0", state=state)
    if asked.cluster.mixed_mode is None:
        yield objection(what="the security mode", state="unknown")


@rule("UCM-RULE-027", Severity.ERROR, "phones.md 5.2 I12, 1.1 (more than 39 are not loaded)")
def list_short_enough(asked: Asked) -> Iterator[Objection]:
    """A list with more certificates than phones load would take every one of them off the cluster."""
    for facts in tftp_nodes(asked.cluster):
        count = predicted_certificates(asked.cluster, facts)
        if count > MOST_CERTIFICATES:
            yield objection(node=facts.node.name, count=str(count), most=str(MOST_CERTIFICATES))


@rule("UCM-RULE-028", Severity.ERROR, "phones.md 1.6, 1.7, 2.1 (ITLRecovery needs two passes)")
def recovery_in_two_passes(asked: Asked) -> Iterator[Objection]:
    """Where ITLRecovery signs, its renewal reaches phones only through a list that the other key signs."""
    cluster = asked.cluster
    if not publisher_has(cluster, "recovery_key_signs") or asked.nobody_has_phones:
        return
    wanted = "ctl" if mixed(cluster) else "itl"
    resets = [one for one in asked.others(StepKind.LIST_RESET) if one.purpose == asked.step.purpose]
    if not resets:
        yield objection(list=wanted, step="-")
    for other in resets:
        if other.id not in asked.done:
            yield objection(list=other.detail.get("list", wanted), step=other.id)


def _begun(asked: Asked) -> list[str]:
    """The other purposes noticed by phones of which a new identity is in place, unless their anchor is the same."""
    mine = asked.anchor(asked.step)
    found = []
    for other in asked.renewals:
        theirs = asked.anchor(other)
        apart = other.purpose != asked.step.purpose and not (mine and mine == theirs)
        if apart and other.id in asked.done and asked.noticed(other.purpose):
            found.append(other.purpose)
    return list(dict.fromkeys(found))


def _in_pass(asked: Asked, look: Step) -> bool:
    """Whether a look at the lists belongs before this reset: in a first pass of ITLRecovery, only its own."""
    first = asked.step.purpose == "ITLRecovery" and asked.step.detail.get("pass") == "1"
    two = any(one.detail.get("pass") == "2" for one in asked.others(StepKind.PHONES_RESET, purpose="ITLRecovery"))
    return not (first and two) or f"/{StepKind.LISTS_CHECK.value}/1/" in look.id


def _first_pass_restart(asked: Asked, restart: Step) -> bool:
    """In mixed mode CallManager and CTIManager restart before the first pass, the rest between the two."""
    two = any(one.detail.get("pass") == "2" for one in asked.others(StepKind.PHONES_RESET, purpose="ITLRecovery"))
    service = restart.detail.get("service", "").lower()
    return not two or service in ("cisco callmanager", "cisco ctimanager")
