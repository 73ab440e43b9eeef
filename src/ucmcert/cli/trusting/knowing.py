"""What the ledger and the configuration know of certificates: earlier generations, renewals on their way, anchors."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from ucmcert.cli.places import Places
from ucmcert.config.load import read_trust
from ucmcert.knowledge.purposes import PURPOSES
from ucmcert.model.certificate import Certificate, read_certificates_pem
from ucmcert.model.cluster import Cluster
from ucmcert.model.event import Entry, Finished, RunStarted
from ucmcert.plan.select import select
from ucmcert.run.history import History, runs
from ucmcert.trust import Former, Incoming, Known

CA_FILES = ("root.pem", "intermediate.pem")


def known_of(places: Places, cluster: Cluster, entries: Iterable[Entry], *, secure_phones: int | None) -> Known:
    """Everything known of that kind. Raises UsageError UCM-CONFIG-005 when an anchor cannot be read."""
    told = tuple(entries)
    histories = tuple(runs(told).values())
    left = tuple(one for one in histories if not one.over)
    anchors = read_trust(places.config, places.config_file).anchors
    return Known(
        former=tuple(_former(told, histories)),
        incoming=(*_issued(left), *_of_local_ca(places, cluster)),
        anchors=frozenset(hashlib.sha256(der).hexdigest() for der in anchors),
        unfinished=tuple(one.run for one in left),
        secure_phones=secure_phones,
    )


def _former(entries: tuple[Entry, ...], histories: tuple[History, ...]) -> Iterator[Former]:
    """Every identity of every inventory a run kept, everything that was renewed, and everything that was issued."""
    for event in (one.event for one in entries):
        before = event.before if isinstance(event, RunStarted) else event.after if isinstance(event, Finished) else None
        for facts in before.nodes if before is not None and event is not None else ():
            for held in facts.holding.identities:
                yield _generation(held.certificate, held.purpose, facts.node.name, event.run if event else "")
    for history in histories:
        for item in history.plan.items:
            if item.old_sha256:
                yield Former(sha256=item.old_sha256, purpose=item.purpose, node=item.node, run=history.run)
        for step_id, issued in history.issued.items():
            step = history.plan.step(step_id)
            yield _generation(issued.leaf, step.purpose, step.node, history.run)


def _generation(certificate: Certificate, purpose: str, node: str, run: str) -> Former:
    return Former(sha256=certificate.sha256, purpose=purpose, node=node, run=run, certificate=certificate)


def _issued(left: tuple[History, ...]) -> Iterator[Incoming]:
    """What the CA answered to runs that are not finished: on its way, or on some nodes already."""
    for history in left:
        for step_id, issued in history.issued.items():
            purpose = history.plan.step(step_id).purpose
            yield Incoming(certificate=issued.leaf, purpose=purpose, stores=(), told_by=history.run)
            stores = PURPOSES[purpose].stores if purpose in PURPOSES else ()
            for one in issued.chain:
                yield Incoming(certificate=one, purpose=purpose, stores=stores, told_by=history.run)


def _of_local_ca(places: Places, cluster: Cluster) -> Iterator[Incoming]:
    """What the CA in a folder would bring for what is due; of other CAs nothing is known before they sign."""
    authority = places.config.authority
    if authority is None or authority.kind != "local":
        return
    due = select(cluster, now=cluster.observed_at, threshold_days=places.config.renew.threshold_days)
    purposes = tuple(dict.fromkeys(item.purpose for item in due if PURPOSES[item.purpose].ca_signed))
    for one in _certificates(Path(authority.folder)):
        for purpose in purposes:
            yield Incoming(
                certificate=one, purpose=purpose, stores=PURPOSES[purpose].stores, told_by=f"CA {authority.folder}"
            )


def _certificates(folder: Path) -> tuple[Certificate, ...]:
    """The CA's own certificates; none when they cannot be read: `renew` tells that better."""
    found: list[Certificate] = []
    for name in CA_FILES:
        try:
            found += read_certificates_pem((folder / name).read_bytes())
        except (OSError, ValueError):
            continue
    return tuple(found)
