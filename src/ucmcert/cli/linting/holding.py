"""Judges what a node holds, or files against it: its waiting CSR, its identity, and its own trust store."""

import msgspec

from ucmcert.authority.pair_finding import pair_finding
from ucmcert.cli.linting.judging import judge_files, judge_pair, put_together, told
from ucmcert.cli.linting.pairing import Pair, chain_of, pair_up
from ucmcert.cli.linting.reading import Asked, Found, Read
from ucmcert.cli.linting.unasked import unasked
from ucmcert.knowledge.purposes import PURPOSES
from ucmcert.lint.case import Known
from ucmcert.lint.node_known import known_of, leaves_of
from ucmcert.lint.upload import lint_trust, lint_upload
from ucmcert.model.certificate import Certificate
from ucmcert.model.cluster import Cluster, NodeFacts
from ucmcert.model.finding import Finding
from ucmcert.report.lint_shape import LintJudgement, Located, Missing
from ucmcert.ucm.rest_answers import offers_rest

UNREAD = ("certificates", "release")


def judge_node(cluster: Cluster, facts: NodeFacts, purpose: str, given: Read | None, *, now: float) -> LintJudgement:
    """What the node holds for `purpose`; with `given` files, those as the answer to its CSR. `now` is our UTC epoch.

    Dates are judged by the clock of the node, as the node will.
    """
    unread = (*facts.holding.unreadable, *(one for one in facts.problems if one.values.get("fact") in UNREAD))
    node_now = now + (facts.clock_offset_s or 0)
    known = known_of(cluster, facts, purpose, transport="rest" if offers_rest(facts.node) else "cli")
    if given is None:
        judged = _held(facts, purpose, known, node_now)
    else:
        judged = _answer(facts, purpose, given, known, node_now)
    said = tuple(Located(finding=one, file="") for one in unread)
    return msgspec.structs.replace(judged, said=(*said, *judged.said))


def _held(facts: NodeFacts, purpose: str, known: Known, now: float) -> LintJudgement:
    """The identity against the node's own trust store. A CSR that waits is told: its answer is not here."""
    node = facts.node.name
    request, identity = facts.holding.request(purpose), facts.holding.identity(purpose)
    waits: tuple[Finding, ...] = ()
    missing: tuple[Missing, ...] = ()
    if request is not None and (identity is None or identity.spki_sha256 != request.spki_sha256):
        values = {"purpose": purpose, "node": node, "subject": request.subject, "key": request.key}
        waits = (pair_finding("UCM-PAIR-010", node, **values),)
        missing = (Missing(what="certificate", file=_name(facts, purpose), name=request.subject),)
    if identity is None:
        gone = pair_finding("UCM-PAIR-012", node, node=node, purpose=purpose)
        return _only((*waits, gone), missing)
    leaf = Found(certificate=identity, file=_name(facts, purpose))
    pair = Pair(asked=None, leaf=leaf, chain=chain_of(leaf, _store(facts, purpose)))
    trust = facts.holding.trusts(PURPOSES[purpose].trust)
    findings = lint_upload(
        unasked(identity, purpose),
        identity,
        tuple(one.certificate for one in pair.chain),
        purpose=purpose,
        now=now,
        trust=trust,
        known=known,
    )
    return _joined(_only(waits, missing), _without_files(told(pair, purpose, findings)))


def _answer(facts: NodeFacts, purpose: str, given: Read, known: Known, now: float) -> LintJudgement:
    """Files as the answer to the CSR that waits on the node, which is the strongest a lint can say."""
    request = facts.holding.request(purpose)
    if request is None:
        none = pair_finding("UCM-PAIR-009", facts.node.name, node=facts.node.name, purpose=purpose)
        return _joined(_only((none,)), judge_files(given, purpose, now=now))
    waiting = Asked(request=request, file=_name(facts, purpose))
    others = (one for one in given.asked if one.request.spki_sha256 != request.spki_sha256)
    read = msgspec.structs.replace(given, asked=(waiting, *others))
    paired = pair_up(read, ca_wanted=PURPOSES[purpose].must_be_ca)
    judged = tuple(
        _on_node(facts, purpose, pair, known, now)
        if pair.asked == waiting
        else judge_pair(pair, None, now=now, several=True)
        for pair in paired.pairs
    )
    whole = put_together(read, paired, judged)
    in_files = (msgspec.structs.replace(one, file="" if one.file == waiting.file else one.file) for one in whole.said)
    return msgspec.structs.replace(whole, said=tuple(in_files))


def _on_node(facts: NodeFacts, purpose: str, pair: Pair, known: Known, now: float) -> LintJudgement:
    """The upload as it would be: first what the chain does to every store it goes to, then the identity."""
    stored = _store(facts, purpose)
    held = {one.certificate.sha256 for one in stored}
    whole = chain_of(pair.leaf, (*pair.chain, *stored))
    chain = tuple(one.certificate for one in whole)
    came = tuple(one for one in whole if one.certificate.sha256 not in held)
    findings: tuple[Finding, ...] = ()
    for store in PURPOSES[purpose].stores:
        trust = facts.holding.trusts(store)
        new = tuple(one.certificate for one in came if one.certificate not in trust)
        findings += tuple(_goes_first(facts, f"{store}-trust", one) for one in new)
        findings += lint_trust(new, purpose=purpose, now=now, trust=trust, store=store, leaves=leaves_of(facts, store))
    strangers = tuple(one.certificate for one in pair.chain if one not in whole)
    findings += lint_upload(
        pair.asked.request if pair.asked else unasked(pair.leaf.certificate, purpose),
        pair.leaf.certificate,
        (*chain, *strangers),
        purpose=purpose,
        now=now,
        trust=tuple(one.certificate for one in (*stored, *came)),
        current=facts.holding.identity(purpose),
        known=known,
    )
    return told(msgspec.structs.replace(pair, chain=whole), purpose, findings)


def _store(facts: NodeFacts, purpose: str) -> tuple[Found, ...]:
    store = PURPOSES[purpose].trust
    trusted = facts.holding.trusts(store)
    return tuple(Found(certificate=one, file=f"{store}-trust {facts.node.name}") for one in trusted)


def _goes_first(facts: NodeFacts, store: str, one: Certificate) -> Finding:
    name = one.common_name or one.subject
    return pair_finding("UCM-PAIR-011", facts.node.name, name=name, store=store, node=facts.node.name)


def _name(facts: NodeFacts, purpose: str) -> str:
    return f"{purpose} {facts.node.name}"


def _only(findings: tuple[Finding, ...], missing: tuple[Missing, ...] = ()) -> LintJudgement:
    return LintJudgement(missing=missing, said=tuple(Located(finding=one, file="") for one in findings))


def _without_files(judged: LintJudgement) -> LintJudgement:
    """What a node holds lies in no file of ours."""
    return msgspec.structs.replace(judged, said=tuple(msgspec.structs.replace(one, file="") for one in judged.said))


def _joined(first: LintJudgement, then: LintJudgement) -> LintJudgement:
    return LintJudgement(
        pairs=(*first.pairs, *then.pairs), missing=(*first.missing, *then.missing), said=(*first.said, *then.said)
    )
