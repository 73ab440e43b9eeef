"""What a renewal on its way would do to entries of the same name: replace them, or be left out because they are newer.

Source: procedure.md 6.1 (equal common name or equal DN is a collision), 6.2 (the later start of validity wins), U-P6.
"""

from collections.abc import Iterable, Iterator

import msgspec

from ucmcert.trust.entries import Entry
from ucmcert.trust.known import Incoming


class Collision(msgspec.Struct, frozen=True, kw_only=True):
    """`incoming` meets `entry`. `replaces` False: the entry stays and what comes is silently not stored.

    `other_key`: what the old key signed is not verified by the new certificate.
    """

    entry: Entry
    incoming: Incoming
    replaces: bool
    other_key: bool


def collisions(entries: Iterable[Entry], incoming: Iterable[Incoming]) -> Iterator[Collision]:
    """Every meeting of a coming certificate with an entry of its name in a store it goes to, each once."""
    every = tuple(entries)
    met: set[tuple[str, str, str]] = set()
    for arriving in incoming:
        new = arriving.certificate
        for entry in every:
            old = entry.certificate
            key = (entry.store, old.sha256, new.sha256)
            same_name = old.subject == new.subject or (new.common_name and old.common_name == new.common_name)
            if entry.store not in arriving.stores or not same_name or old.sha256 == new.sha256 or key in met:
                continue
            met.add(key)
            yield Collision(
                entry=entry,
                incoming=arriving,
                replaces=new.not_before > old.not_before,
                other_key=old.spki_sha256 != new.spki_sha256,
            )
