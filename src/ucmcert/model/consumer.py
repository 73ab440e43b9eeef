"""External consumers as facts: who they are, how we know of them, and what they showed when we looked."""

from typing import Literal

import msgspec

from ucmcert.model.certificate import Certificate


class Consumer(msgspec.Struct, frozen=True, kw_only=True):
    """One system outside the cluster. `how`: found in the cluster's database, or told by the configuration.

    `shown` is what its TLS port showed, None when nobody looked or nothing came: then `problem` says why. `trusted` is
    what its own trust store holds, None when nobody looked or it could not be read: then `unread` says why.
    """

    kind: str
    name: str
    how: Literal["found", "told"]
    address: str = ""
    port: int = 0
    shown: Certificate | None = None
    problem: str = ""
    trusted: tuple[Certificate, ...] | None = None
    unread: str = ""


class ConsumersFacts(msgspec.Struct, frozen=True, kw_only=True):
    """All that is known of them at one moment. `unread` are the database questions without an answer, and why."""

    known: tuple[Consumer, ...] = ()
    unread: dict[str, str] = {}

    def of(self, kind: str) -> tuple[Consumer, ...]:
        """Those of one kind, by name."""
        return tuple(sorted((one for one in self.known if one.kind == kind), key=lambda one: one.name))
