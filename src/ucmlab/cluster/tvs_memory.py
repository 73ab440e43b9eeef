"""What a Trust Verification Service keeps in its head since it started, as frozen data. Source: phones.md 1.4, U2."""

import msgspec


class TvsMemory(msgspec.Struct, frozen=True, kw_only=True):
    """`learned`: SHA-256 hex of every certificate the database held at the start; `kept`: roles by certificate PEM of
    identities seen at this start or an earlier one, filled under switch tvs_knowledge `keeps-old` only.

    `started_at`: the start of the service that this belongs to, node clock, epoch seconds; None before the first look.
    """

    started_at: float | None = None
    learned: frozenset[str] = frozenset()
    kept: dict[str, tuple[int, ...]] = {}
