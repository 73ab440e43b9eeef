"""Renewals played forward to a day: which night renews what, and for how long the CA can sign on that night."""

from datetime import date, timedelta
from typing import Literal

import msgspec

from ucmcert.horizon.held import Held, Signer, latest_start
from ucmcert.knowledge.lifetimes import GATHER_DAYS, SHORTEST_DAYS, public_limit
from ucmcert.knowledge.purposes import PURPOSES, noticed_by_phones

UnknownAs = Literal["public", "private"]
Nights = dict[date, str]
ONE_DAY = timedelta(days=1)
LAST_EPOCH = 99


class Renewed(msgspec.Struct, frozen=True, kw_only=True):
    """What one night makes of `held`: a certificate of `life_days` that ends on `until`, issued that day.

    `ca_until` is set when the CA itself ends too early for a whole life: it must be replaced before.
    """

    held: Held
    life_days: int
    until: date
    ca_until: date | None = None


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """One purpose of one cluster, renewed in one night. `number` counts its windows from 1."""

    day: date
    cluster: str
    purpose: str
    number: int
    renewed: tuple[Renewed, ...]

    @property
    def resets_phones(self) -> bool:
        """Whether phones are reset: once for each purpose they trust (procedure.md 8)."""
        return noticed_by_phones(self.purpose)


class _Standing(msgspec.Struct, frozen=True, kw_only=True):
    """Where the play stands for one certificate: `life_days` is what its CA gave last."""

    held: Held
    start: date
    ca_until: date | None


def simulate(
    held: tuple[Held, ...], *, today: date, until: date, threshold_days: int, unknown_as: UnknownAs
) -> tuple[Window, ...]:
    """Every window from `today` to `until`, both included, by day. A CA of which nobody said what it is counts as told.

    No certificate is without a successor in time, but for what has ended or ends before the night it can have.
    CallManager, TVS and ITLRecovery never share a night of a cluster (procedure.md 3.6 rules 1 and 5).
    """
    windows: list[Window] = []
    for cluster in sorted({one.cluster for one in held}):
        own = tuple(one for one in held if one.cluster == cluster)
        windows += _cluster(own, today=today, until=until, threshold_days=threshold_days, unknown_as=unknown_as)
    return tuple(sorted(windows, key=lambda one: (one.day, one.cluster, epoch(one.purpose), one.purpose)))


def life_on(day: date, life_days: int, signer: Signer, unknown_as: UnknownAs) -> int:
    """Days that a certificate issued on `day` lives whose predecessor lived `life_days`: as long, if its CA still may.

    Source: procedure.md 8 (public: by the table; private and self-signed: not bound).
    """
    wanted = max(life_days, SHORTEST_DAYS)
    public = signer == "public" or (signer == "unknown" and unknown_as == "public")
    return min(wanted, public_limit(day).days) if public else wanted


def epoch(purpose: str) -> int:
    """The place of `purpose` in the order of one run; what nobody knows comes last."""
    return PURPOSES[purpose].epoch if purpose in PURPOSES else LAST_EPOCH


def _cluster(
    held: tuple[Held, ...], *, today: date, until: date, threshold_days: int, unknown_as: UnknownAs
) -> list[Window]:
    standing: dict[str, list[_Standing]] = {}
    for one in held:
        start = latest_start(one.not_after, one.life_days, threshold_days)
        standing.setdefault(one.purpose, []).append(_Standing(held=one, start=start, ca_until=one.ca_until))
    last = dict.fromkeys(standing, today - ONE_DAY)
    numbers = dict.fromkeys(standing, 0)
    nights: Nights = {}
    windows: list[Window] = []
    while standing:
        purpose = min(standing, key=lambda name: (_first(standing[name]), epoch(name), name))
        first = last[purpose] + ONE_DAY
        day = _free_night(purpose, max(first, _first(standing[purpose])), first, nights)
        if day > until:
            del standing[purpose]
            continue
        due = [one for one in standing[purpose] if one.start <= day + timedelta(days=GATHER_DAYS)]
        later = [one for one in standing[purpose] if one not in due]
        renewed = tuple(_renew(one, day, threshold_days, unknown_as) for one in due)
        standing[purpose] = [*later, *(_after(one, was, threshold_days) for one, was in zip(renewed, due, strict=True))]
        last[purpose], numbers[purpose] = day, numbers[purpose] + 1
        nights[day] = _anchor(purpose) or nights.get(day, "")
        found = Window(day=day, cluster=held[0].cluster, purpose=purpose, number=numbers[purpose], renewed=renewed)
        windows.append(found)
    return windows


def _first(standing: list[_Standing]) -> date:
    return min(one.start for one in standing)


def _free_night(purpose: str, wanted: date, first: date, nights: Nights) -> date:
    """The night nearest before `wanted`, not before `first`, that no other anchor has; else the next one after it."""
    anchor = _anchor(purpose)
    if not anchor:
        return wanted
    day = wanted
    while nights.get(day, "") not in ("", anchor) and day > first:
        day -= ONE_DAY
    while nights.get(day, "") not in ("", anchor):
        day += ONE_DAY
    return day


def _anchor(purpose: str) -> str:
    return PURPOSES[purpose].anchor if purpose in PURPOSES else ""


def _renew(standing: _Standing, day: date, threshold_days: int, unknown_as: UnknownAs) -> Renewed:
    held, ca_until = standing.held, standing.ca_until
    life_days = life_on(day, held.life_days, held.signer, unknown_as)
    if ca_until is None or _plus(day, life_days) <= ca_until:
        return Renewed(held=held, life_days=life_days, until=_plus(day, life_days))
    left = (ca_until - day).days
    if left > max(threshold_days, SHORTEST_DAYS):
        life_days = left
    return Renewed(held=held, life_days=life_days, until=_plus(day, life_days), ca_until=ca_until)


def _plus(day: date, days: int) -> date:
    """That many days later, or the last day there is: some certificates end in the year 9999."""
    return date.max if days >= (date.max - day).days else day + timedelta(days=days)


def _after(renewed: Renewed, was: _Standing, threshold_days: int) -> _Standing:
    """Where it stands then; a CA that was too near its end has been replaced by one of which no end is known."""
    return _Standing(
        held=was.held,
        start=latest_start(renewed.until, renewed.life_days, threshold_days),
        ca_until=None if renewed.ca_until else was.ca_until,
    )
