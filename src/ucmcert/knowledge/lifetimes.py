"""How long a public CA may make a TLS certificate last, by the day it begins. A private CA is not bound."""

import msgspec

DAY_S = 86_400


class LifetimeLimit(msgspec.Struct, frozen=True, kw_only=True):
    """From `since` (UTC epoch seconds) on, public TLS certificates last at most `days`."""

    since: int
    days: int
    source: str


PUBLIC_LIMITS: tuple[LifetimeLimit, ...] = (
    LifetimeLimit(since=0, days=398, source="procedure.md 8 [I]"),
    LifetimeLimit(since=1_773_532_800, days=200, source="procedure.md 8, 2026-03-15 [S FN74345]"),
    LifetimeLimit(since=1_805_068_800, days=100, source="procedure.md 8, 2027-03-15 [I SC-081v3]"),
    LifetimeLimit(since=1_868_227_200, days=47, source="procedure.md 8, 2029-03-15 [I SC-081v3]"),
)


def public_limit_days(begins: float) -> int:
    """The longest life of a public TLS certificate that begins at `begins`, UTC epoch seconds."""
    return [row.days for row in PUBLIC_LIMITS if row.since <= max(begins, 0)][-1]
