"""The whole horizon of some certificates: days, windows, years and advice, from today to a last day."""

from datetime import date

import msgspec

from ucmcert.horizon.advice import advice, incomplete
from ucmcert.horizon.effort import Year, years
from ucmcert.horizon.events import Event, events
from ucmcert.horizon.held import Held, latest_start
from ucmcert.horizon.windows import UnknownAs, Window, epoch, simulate
from ucmcert.model.finding import Finding, Severity


class Dated(msgspec.Struct, frozen=True, kw_only=True):
    """A certificate and the last day to begin its renewal."""

    held: Held
    latest_start: date


class Scenario(msgspec.Struct, frozen=True, kw_only=True):
    """How it goes on if every CA that nobody named is one kind."""

    windows: tuple[Window, ...]
    years: tuple[Year, ...]


class Horizon(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is known ahead. The two scenarios are alike when every CA is known."""

    today: date
    until: date
    threshold_days: int
    certificates: tuple[Dated, ...]
    events: tuple[Event, ...]
    advice: tuple[Finding, ...]
    if_private: Scenario
    if_public: Scenario

    @property
    def breaking(self) -> tuple[Finding, ...]:
        """What has ended, must begin now, breaks within the threshold, or could not be read."""
        found = (*self.advice, *(one.finding for one in self.events))
        return tuple(one for one in found if one.severity is Severity.ERROR)

    @property
    def sure(self) -> tuple[Window, ...]:
        """The windows that both scenarios have: the same purpose of a cluster, the same night."""
        private = {(one.day, one.cluster, one.purpose) for one in self.if_private.windows}
        return tuple(one for one in self.if_public.windows if (one.day, one.cluster, one.purpose) in private)


def horizon(
    held: tuple[Held, ...], *, today: date, until: date, threshold_days: int, unread: tuple[tuple[str, int], ...] = ()
) -> Horizon:
    """The horizon of `held`. `unread` names clusters of which some things could not be read, and how many."""

    def played(unknown_as: UnknownAs) -> Scenario:
        windows = simulate(held, today=today, until=until, threshold_days=threshold_days, unknown_as=unknown_as)
        return Scenario(windows=windows, years=years(windows, today=today, until=until))

    public = played("public")
    private = played("private") if any(one.signer == "unknown" for one in held) else public
    missing = tuple(incomplete(cluster, count) for cluster, count in unread)
    dated = (Dated(held=one, latest_start=latest_start(one.not_after, one.life_days, threshold_days)) for one in held)
    return Horizon(
        today=today,
        until=until,
        threshold_days=threshold_days,
        certificates=tuple(sorted(dated, key=_urgency)),
        events=events(held, public.windows, private.windows, today=today, until=until, threshold_days=threshold_days),
        advice=(*missing, *advice(held, public.windows, today=today)),
        if_private=private,
        if_public=public,
    )


def _urgency(dated: Dated) -> tuple[date, str, int, str, str]:
    held = dated.held
    return dated.latest_start, held.cluster, epoch(held.purpose), held.purpose, held.node
