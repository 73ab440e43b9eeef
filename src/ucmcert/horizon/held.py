"""One certificate as the calendar sees it: who holds it, who signed it, how long it lasts, when its renewal begins."""

from datetime import UTC, date, datetime, timedelta
from typing import Literal

import msgspec

from ucmcert.knowledge.lifetimes import LEFT_SHARE

Signer = Literal["public", "private", "self-signed", "unknown"]


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """One identity certificate of one node. Days are UTC days; it ends in the course of `not_after`.

    `release` is () when nobody told it. `ca_until` is the last day of the CA certificate that issued it, None when that
    is not known. Nodes that share one certificate have the same `sha256`, "" where none was told.
    """

    cluster: str
    node: str
    role: str
    purpose: str
    issuer: str
    signer: Signer
    not_before: date
    not_after: date
    release: tuple[int, ...] = ()
    sha256: str = ""
    ca_until: date | None = None

    @property
    def life_days(self) -> int:
        """From its first to its last day, 1 at least."""
        return max(1, (self.not_after - self.not_before).days)

    @property
    def maybe_public(self) -> bool:
        """A public CA signed it, or one of which nobody said what it is."""
        return self.signer in ("public", "unknown")


def latest_start(end: date, life_days: int, threshold_days: int) -> date:
    """The last day to begin the renewal of what lives `life_days` and ends on `end`.

    The threshold, or a third of the life before the end if that is less; a day before the end at least.
    """
    return end - timedelta(days=max(1, min(threshold_days, -(-life_days // LEFT_SHARE))))


def day_of(epoch_s: float) -> date:
    """The UTC day of an epoch second; the last or first day there is when no calendar has it."""
    try:
        return datetime.fromtimestamp(epoch_s, UTC).date()
    except (OverflowError, ValueError, OSError):
        return date.max if epoch_s > 0 else date.min


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """CAs that a person called public or private, by a part of the issuer's name, whatever its case."""

    public: tuple[str, ...] = ()
    private: tuple[str, ...] = ()

    def signer(self, subject: str, issuer: str) -> Signer:
        """Who signed a certificate of `subject`. Nobody named, or named as both, is `unknown`: no name is guessed."""
        if subject and subject == issuer:
            return "self-signed"
        public, private = (any(_in(name, issuer) for name in names) for names in (self.public, self.private))
        if public == private:
            return "unknown"
        return "public" if public else "private"

    def unmet(self, issuers: tuple[str, ...]) -> tuple[str, ...]:
        """The names that are in none of `issuers`: spelt wrong, probably."""
        return tuple(name for name in (*self.public, *self.private) if not any(_in(name, one) for one in issuers))


def _in(name: str, issuer: str) -> bool:
    return name.casefold() in issuer.casefold()
