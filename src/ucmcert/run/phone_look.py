"""One look at phones: real-time data first, then the own pages of those that can tell more, some at a time.

Source: phones.md 2.4, 4.3 (a throttled answer is never "none registered"); interfaces-http.md 3, 9.
"""

import asyncio
from collections.abc import Sequence

import msgspec

from ucmcert.errors import OutcomeUnknown, Refused
from ucmcert.model.phone import HeldLists, Phone, PhoneState, Sighting
from ucmcert.model.trust_list import TrustListFacts
from ucmcert.run.context import Context
from ucmcert.run.phone_gate import Terms, judged, worth_asking

PAGES_AT_ONCE = 32
NEARLY_ALL = 0.9  # from this share on it is cheaper to ask for everybody


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """What a look told of the phones asked for. `complete` False: who was not seen is unknown, `missing` says why."""

    states: tuple[PhoneState, ...]
    pages: dict[str, bool | None]
    complete: bool
    missing: str


async def look(context: Context, phones: Sequence[Phone], terms: Terms, *, of: int) -> Look:
    """Look at `phones`, `of` how many the cluster has in all. Raises OutcomeUnknown when real-time data is silent."""
    publisher = context.cluster.publisher.node
    names = None if len(phones) >= NEARLY_ALL * of else [one.name for one in phones]
    picture = await context.client.sightings(publisher, names)
    seen = {one.name: one for one in picture.sightings}
    asked = [seen[one.name] for one in phones if worth_asking(one, seen.get(one.name), terms)]
    held = await _held(context, asked)
    return Look(
        states=tuple(
            judged(one, seen.get(one.name), held.get(one.name), terms, complete=picture.complete) for one in phones
        ),
        pages={one.name: sighting.page for one in phones if (sighting := seen.get(one.name)) is not None},
        complete=picture.complete,
        missing=picture.missing,
    )


async def _held(context: Context, asked: Sequence[Sighting]) -> dict[str, HeldLists]:
    """What the phones' own pages show, PAGES_AT_ONCE at a time; a page that does not answer tells nothing."""
    found: dict[str, HeldLists] = {}
    left = iter(asked)

    async def work() -> None:
        for one in left:
            try:
                lists = await context.client.held_lists(one)
            except (OutcomeUnknown, Refused):
                continue
            if lists is not None:
                found[one.name] = lists

    await asyncio.gather(*(work() for _ in range(min(PAGES_AT_ONCE, len(asked)))))
    return found


def checksums(lists: Sequence[TrustListFacts], kind: str) -> frozenset[str]:
    """SHA-1 and MD5 of the lists of `kind`: a phone shows either."""
    return frozenset(told for one in lists if one.kind == kind and one.present for told in (one.sha1, one.md5) if told)
