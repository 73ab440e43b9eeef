"""The look of `recover`: cluster, phones, and every list that the ledger or a kept file knows."""

from collections.abc import Iterable
from pathlib import Path

import msgspec

from ucmcert.cli.session import Session
from ucmcert.discover import look_phone_by_phone
from ucmcert.errors import UsageError
from ucmcert.model.cluster import Cluster
from ucmcert.model.event import Entry
from ucmcert.model.trust_list import FILE_OF, ListKind, TrustListFacts
from ucmcert.plan.recovery import Verdict, judge_phones
from ucmcert.run.holders import holders_of
from ucmcert.run.known_past import past_of
from ucmcert.trust_list import decode, facts_of

MOST_BYTES = 262_144


class Looked(msgspec.Struct, frozen=True, kw_only=True):
    """The cluster as it is now, and the verdict on its phones."""

    cluster: Cluster
    verdict: Verdict


async def look_and_judge(session: Session, entries: Iterable[Entry], kept: Iterable[TrustListFacts]) -> Looked:
    """Look at everything once and judge it. Raises what asking the publisher for its nodes raises."""
    cluster, seen = await look_phone_by_phone(session.client, await session.look(), clock=session.clock)
    past = past_of(entries)
    verdict = judge_phones(cluster, holders_of(seen), (*past.lists, *kept), backups=past.backups)
    return Looked(cluster=cluster, verdict=verdict)


def read_kept(files: Iterable[Path]) -> tuple[TrustListFacts, ...]:
    """ITL and CTL files that somebody kept. Raises UsageError UCM-RECOVER-101 for what is none."""
    return tuple(_read(path) for path in files)


def _read(path: Path) -> TrustListFacts:
    try:
        with path.open("rb") as handle:
            data = handle.read(MOST_BYTES)
        name = decode(data).header.filename
    except (OSError, ValueError) as error:
        raise UsageError(
            "UCM-RECOVER-101",
            "this is no trust list",
            where=str(path),
            why=getattr(error, "strerror", None) or str(error),
            next="give an ITLFile.tlv or a CTLFile.tlv as TFTP served it; `ucmcert inspect` says what a file is",
        ) from error
    kind: ListKind = "ctl" if name == FILE_OF["ctl"] else "itl"
    return facts_of("", kind, data, str(path))
