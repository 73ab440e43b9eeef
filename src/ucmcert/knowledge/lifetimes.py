"""How long a certificate may live, when that changes, and what a public CA stops doing: days with their sources."""

from datetime import UTC, date, datetime
from typing import Literal

import msgspec

from ucmcert.knowledge.purposes import PURPOSES
from ucmcert.knowledge.versions import has

Precision = Literal["day", "month", "quarter"]


class PublicLimit(msgspec.Struct, frozen=True, kw_only=True):
    """From the day `since` on a public CA issues for `days` at most, and trusts a validation of names that long."""

    since: date
    days: int
    validation_days: int
    source: str


class Milestone(msgspec.Struct, frozen=True, kw_only=True):
    """A day that changes something. Where only a month or a quarter is published, `day` is where the careful begin."""

    day: date
    precision: Precision
    source: str


PUBLIC_LIMITS: tuple[PublicLimit, ...] = (
    PublicLimit(since=date(2020, 9, 1), days=398, validation_days=398, source="procedure.md 8 (398 until 2026-03-14)"),
    PublicLimit(since=date(2026, 3, 15), days=200, validation_days=200, source="procedure.md 8 [S FN74345]"),
    PublicLimit(
        since=date(2027, 3, 15),
        days=100,
        validation_days=100,
        source="procedure.md 8 [S FN74345 the figure; I SC-081v3 the day]",
    ),
    PublicLimit(since=date(2029, 3, 15), days=47, validation_days=10, source="procedure.md 8 [I SC-081v3]"),
)

# Public CAs stop to put clientAuth into a server certificate before Chrome asks for it; each CA has a day of its own.
CLIENT_AUTH_STOPS = Milestone(
    day=date(2026, 5, 1), precision="month", source="procedure.md 2.2 [S FN74345, text of rev 1.1]"
)
CLIENT_AUTH_CHROME = Milestone(day=date(2027, 3, 1), precision="month", source="procedure.md 2.2 [S FN74345 rev 1.2]")
SPLIT_RELEASE = Milestone(
    day=date(2026, 12, 31),
    precision="quarter",
    source="procedure.md 2.2 [S FN74345], announced for Q4CY26",
)

# Purposes by which a node is a TLS client too (procedure.md 2.2 [S FN74345]); their EC twins do the same work [I].
CLIENT_TOO = frozenset(
    {"tomcat", "CallManager", "TVS", "ipsec", "cup", "cup-xmpp-s2s"}
    | {"tomcat-ECDSA", "CallManager-ECDSA", "cup-ECDSA", "cup-xmpp-s2s-ECDSA"}
)
CLIENT_TOO_SOURCE = "procedure.md 2.2 [S FN74345]; EC twins [I]"

PRIVATE_ONLY_SOURCE = "procedure.md 2.1 (a public CA will not sign CAPF) [I]"
PRIVATE_ADVISED = frozenset({"CallManager", "CallManager-ECDSA", "TVS", "CAPF", "ipsec"})
PRIVATE_ADVISED_SOURCE = "procedure.md 8, last paragraph [I]"

# Renew when a third of the life is left, and no later than the threshold: at 47 days 30 days before the end would be
# after 17 days already (assumption: the usual rule of automatic renewal; procedure.md 8 has no figure of Cisco's).
LEFT_SHARE = 3
THRESHOLD_DAYS = 30
# Renewals of one purpose that fall into one week share a night (assumption).
GATHER_DAYS = 7
# A life below this is shown as it is, and its renewals are counted with this many days (assumption).
SHORTEST_DAYS = 7


def public_limit(day: date) -> PublicLimit:
    """The limit for what a public CA issues on `day`; the first known one for the days before it."""
    return next((row for row in reversed(PUBLIC_LIMITS) if row.since <= day), PUBLIC_LIMITS[0])


def public_limit_days(begins: float) -> int:
    """The longest life of a public TLS certificate that begins at `begins`, UTC epoch seconds."""
    return public_limit(datetime.fromtimestamp(max(begins, 0), UTC).date()).days


def private_only(purpose: str) -> bool:
    """Whether no public CA will sign `purpose`: it must be a CA itself (procedure.md 2.1 [I])."""
    return purpose in PURPOSES and PURPOSES[purpose].must_be_ca


def can_split(release: tuple[int, ...]) -> bool:
    """Whether a node of `release` takes a server and a client certificate apart; () is not known and cannot."""
    return bool(release) and has("split_client_certificate", release)
