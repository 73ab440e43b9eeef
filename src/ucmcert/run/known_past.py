"""What the ledger knows of the cluster's past: every list it saw or can tell the content of, and every good backup.

A look keeps whole lists. Between two looks of a run the steps tell which certificates were stored by then, so the
records of a list that was checked in between are known too: its checksum stands in the evidence of the check.
"""

from collections.abc import Iterable

import msgspec

from ucmcert.model.cluster import Cluster
from ucmcert.model.event import Entry, Finished, RunStarted, Verified
from ucmcert.model.plan import Step, StepKind
from ucmcert.model.trust_list import ListKind, ListRecord, ListRole, TrustListFacts
from ucmcert.plan.recovery.restore import KnownBackup
from ucmcert.run.history import History, runs
from ucmcert.run.progress import ARRIVALS

LEDGER = "ledger"
CALL, TVS, RECOVERY = "CallManager", "TVS", "ITLRecovery"
Stored = dict[tuple[str, str], str]


class Past(msgspec.Struct, frozen=True, kw_only=True):
    """Lists and backups, oldest first."""

    lists: tuple[TrustListFacts, ...]
    backups: tuple[KnownBackup, ...]


def past_of(entries: Iterable[Entry]) -> Past:
    """Everything of that kind in the ledger `entries`."""
    told = tuple(entries)
    histories = runs(told)
    stored: dict[str, Stored] = {}
    lists: list[TrustListFacts] = []
    backups: list[KnownBackup] = []
    for event in (one.event for one in told):
        if isinstance(event, RunStarted) and event.before is not None:
            lists += _whole(event.before)
            stored[event.run] = _stored(event.before)
        elif isinstance(event, Finished) and event.after is not None:
            lists += _whole(event.after)
        elif isinstance(event, Verified) and event.run in stored:
            history, now = histories[event.run], stored[event.run]
            step = next((one for one in history.plan.steps if one.id == event.step), None)
            if step is None:
                continue
            if step.kind in ARRIVALS:
                _arrive(history, step, now)
            elif step.kind is StepKind.LISTS_CHECK:
                lists += _checked(history, step, event, now)
            elif step.kind is StepKind.BACKUP_FRESH and event.facts.get("file"):
                backups.append(KnownBackup(file=event.facts["file"], at=event.at, identities=frozenset(now.values())))
    return Past(lists=tuple(lists), backups=tuple(backups))


def _whole(cluster: Cluster) -> list[TrustListFacts]:
    return [one for facts in cluster.nodes for one in facts.lists if one.present and one.records]


def _stored(cluster: Cluster) -> Stored:
    return {
        (held.purpose, facts.node.name): held.certificate.sha256
        for facts in cluster.nodes
        for held in facts.holding.identities
    }


def _arrive(history: History, step: Step, now: Stored) -> None:
    for node in history.shown_on(step):
        sha256 = history.new_sha256(node, step.purpose)
        if sha256:
            now[step.purpose, node] = sha256


def _checked(history: History, step: Step, event: Verified, now: Stored) -> list[TrustListFacts]:
    """The lists that the check named by `kind/node`, with the records that decide whom a phone believes."""
    found = []
    every: tuple[ListKind, ...] = ("itl", "ctl")
    for kind in every:
        for name, sha1 in event.facts.items():
            if name.startswith(f"{kind}/") and sha1:
                found.append(_told(history, step, (kind, name.removeprefix(f"{kind}/"), sha1), now))
    return [one for one in found if one.records]


def _told(history: History, step: Step, named: tuple[ListKind, str, str], now: Stored) -> TrustListFacts:
    kind, node, sha1 = named
    before = history.started.before
    home = before.publisher.node.name if kind == "ctl" and before is not None else node
    records = [_record(ListRole.SAST, sha256, CALL) for sha256 in _of(now, CALL, home)]
    records += [_record(ListRole.SAST, sha256, RECOVERY) for sha256 in _of(now, RECOVERY, home) or _any(now, RECOVERY)]
    if kind == "itl":
        records += [_record(ListRole.TVS, sha256, TVS) for sha256 in _any(now, TVS)]
    signer = next((one.serial for one in records if one.subject.startswith(step.detail.get("signer") or " ")), "")
    return TrustListFacts(
        node=node,
        kind=kind,
        present=True,
        told_by=LEDGER,
        sha1=sha1,
        signer_serial=signer,
        verified=True,
        records=tuple(records),
    )


def _record(role: ListRole, sha256: str, purpose: str) -> ListRecord:
    return ListRecord(role=role, subject=purpose, issuer=LEDGER, serial=sha256.upper(), sha256=sha256)


def _of(now: Stored, purpose: str, node: str) -> list[str]:
    found = now.get((purpose, node), "")
    return [found] if found else []


def _any(now: Stored, purpose: str) -> list[str]:
    return list(dict.fromkeys(sha256 for (name, _), sha256 in now.items() if name == purpose))
