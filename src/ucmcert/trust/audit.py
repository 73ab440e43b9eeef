"""The whole audit: every entry of every store with its one verdict, and what somebody should know about the stores."""

import msgspec

from ucmcert.knowledge.trust_stores import DAY_S
from ucmcert.model.cluster import Cluster
from ucmcert.model.finding import Finding
from ucmcert.trust.entries import Entry, entries_of
from ucmcert.trust.generations import Generations, generations
from ucmcert.trust.known import Known
from ucmcert.trust.may_go import Kept, why_kept
from ucmcert.trust.noise import Mails, mails, may_be_ignored
from ucmcert.trust.remarks import remarks
from ucmcert.trust.replaced import collisions
from ucmcert.trust.uses import Use, issuers, uses_of
from ucmcert.trust.verdict import Reasoned, verdict_of

LSC = "lsc"


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """One entry with its verdict. `kept` is why it stays out of a removal plan, "" when it may go.

    `days_left` counts whole days, negative when it is over; `replaced_by` tells who brings its successor, "" for none.
    """

    entry: Entry
    reasoned: Reasoned
    days_left: int
    expired: bool
    kept: Kept
    mails: Mails
    ignorable: bool
    replaced_by: str = ""


class Audit(msgspec.Struct, frozen=True, kw_only=True):
    """The stores of `cluster` at `observed_at`. `findings` are about the stores, `problems` about what was not read.

    `nodes` are the names of all nodes, publisher first.
    """

    cluster: str
    nodes: tuple[str, ...]
    observed_at: float
    judged: tuple[Judged, ...]
    findings: tuple[Finding, ...]
    problems: tuple[Finding, ...]
    secure_phones: int | None


def audit(cluster: Cluster, known: Known, *, due_days: int) -> Audit:
    """Judge every entry as `cluster` was when it was observed. What is used and has `due_days` or less is told."""
    now = cluster.observed_at
    entries = entries_of(cluster)
    pool = tuple({one.certificate.sha256: one.certificate for one in entries}.values())
    past = generations(cluster, known, pool)
    uses = _with_lsc_chains(uses_of(cluster, known, pool), past, entries)
    met = tuple(collisions(entries, known.incoming))
    replaced = {(one.entry.store, one.entry.certificate.sha256): one.incoming.told_by for one in met if one.replaces}
    judged = []
    for entry in entries:
        reasoned = verdict_of(entry, past, uses, entries, now=now)
        one = entry.certificate
        judged.append(
            Judged(
                entry=entry,
                reasoned=reasoned,
                days_left=int((one.not_after - now) // DAY_S),
                expired=one.not_after <= now,
                kept=why_kept(entry, reasoned, cluster, known),
                mails=mails(one, now),
                ignorable=may_be_ignored(reasoned.verdict),
                replaced_by=replaced.get((entry.store, one.sha256), ""),
            )
        )
    rows = [(one.entry, one.reasoned, one.days_left) for one in judged]
    return Audit(
        cluster=cluster.name,
        nodes=tuple(facts.node.name for facts in cluster.nodes),
        observed_at=now,
        judged=tuple(judged),
        findings=remarks(cluster, rows, met, due_days=due_days),
        problems=tuple(one for facts in cluster.nodes for one in (*facts.holding.unreadable, *facts.problems)),
        secure_phones=known.secure_phones,
    )


def _with_lsc_chains(
    uses: dict[str, tuple[Use, ...]], past: Generations, entries: tuple[Entry, ...]
) -> dict[str, tuple[Use, ...]]:
    """`uses`, and the issuers of every CAPF of now and before: an LSC is verified up to its root."""
    found = dict(uses)
    pool = tuple(one.certificate for one in entries)
    for capf in past.capf.values():
        for one in issuers(capf, pool) if capf is not None else ():
            use = Use(kind=LSC, by=capf.common_name if capf else "")
            found[one.sha256] = tuple(dict.fromkeys((*found.get(one.sha256, ()), use)))
    return found
