"""Backups that would bring back the identities which lost phones still know (a DRS restore is a person's act)."""

from collections.abc import Iterable, Sequence

import msgspec

from ucmcert.model.cluster import Cluster
from ucmcert.model.trust_list import ListRole
from ucmcert.plan.recovery.fates import Holder, KnownLists

ANCHORS = (ListRole.SAST, ListRole.TVS)


class KnownBackup(msgspec.Struct, frozen=True, kw_only=True):
    """A backup that succeeded, when (our UTC epoch), and SHA-256 of the identities that were stored at that time."""

    file: str
    at: float
    identities: frozenset[str]


class Restore(msgspec.Struct, frozen=True, kw_only=True):
    """A backup, and the phones that would believe the cluster again once it is restored."""

    file: str
    at: float
    phones: tuple[str, ...]


def restores(
    cluster: Cluster, hard: Sequence[Holder], known: KnownLists, backups: Iterable[KnownBackup]
) -> tuple[Restore, ...]:
    """The newest backup for each set of phones it would help. A phone is helped when the backup holds an identity that
    its ITL trusts as signer or as TVS and that is not stored any more. Source: phones.md 1.7 HARD.
    """
    stored = {held.certificate.sha256 for facts in cluster.nodes for held in facts.holding.identities}
    found: dict[tuple[str, ...], Restore] = {}
    for one in sorted(backups, key=lambda one: one.at):
        helped = tuple(sorted(phone.name for phone in hard if one.identities & (_anchors(phone, known) - stored)))
        if helped:
            found[helped] = Restore(file=one.file, at=one.at, phones=helped)
    return tuple(sorted(found.values(), key=lambda one: (-len(one.phones), -one.at)))


def _anchors(phone: Holder, known: KnownLists) -> frozenset[str]:
    lists = [known[told] for told in (phone.itl, phone.ctl) if told in known]
    return frozenset(
        record.sha256 for one in lists for record in one.records if record.role in ANCHORS and record.sha256
    )
