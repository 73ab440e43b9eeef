"""The horizon as JSON for programs: days are `YYYY-MM-DD`, texts English. docs/json.md documents it."""

from datetime import date

import msgspec

from ucmcert.horizon.build import Dated, Horizon
from ucmcert.horizon.effort import Year, by_hand_min, certificates, with_ucmcert_min
from ucmcert.horizon.events import Event
from ucmcert.horizon.windows import Window, epoch
from ucmcert.knowledge.effort import BY_HAND, WITH_UCMCERT, Effort
from ucmcert.knowledge.versions import release_text
from ucmcert.model.finding import Finding
from ucmcert.report.json_shapes import VERSION


class CertificateDays(msgspec.Struct, frozen=True, kw_only=True):
    """One certificate of one node. `release` is "" and `ca_until` null when they are not known."""

    cluster: str
    node: str
    role: str
    release: str
    purpose: str
    issuer: str
    signer: str
    not_before: date
    not_after: date
    life_days: int
    latest_start: date
    ca_until: date | None


class WindowShape(msgspec.Struct, frozen=True, kw_only=True):
    """One night for one purpose. `when` is `both`, or the kind of unknown CA (`private`, `public`) it depends on.

    `until` is the first end of what it makes and `life_days` the shortest life if an unknown CA is public;
    `until_if_private` the same end if it is private. The two are one where every CA is known.
    """

    day: date
    cluster: str
    purpose: str
    number: int
    when: str
    nodes: tuple[str, ...]
    certificates: int
    life_days: int
    until: date
    until_if_private: date
    resets_phones: bool
    by_hand_min: int
    with_ucmcert_min: int


class YearShape(msgspec.Struct, frozen=True, kw_only=True):
    """One year in both scenarios, alike when every CA is known."""

    year: int
    if_private: Year
    if_public: Year


class Assumption(msgspec.Struct, frozen=True, kw_only=True):
    """One row of minutes, `by` `hand` or `ucmcert`, for each `per`, of `which` renewals."""

    by: str
    key: str
    minutes: int
    per: str
    which: str
    source: str


class HorizonShape(msgspec.Struct, frozen=True, kw_only=True):
    """`horizon`. `outcome` is `findings` when something breaks within the threshold, else `done`."""

    version: int = VERSION
    outcome: str
    today: date
    until: date
    threshold_days: int
    certificates: tuple[CertificateDays, ...]
    events: tuple[Event, ...]
    windows: tuple[WindowShape, ...]
    years: tuple[YearShape, ...]
    advice: tuple[Finding, ...]
    assumptions: tuple[Assumption, ...]
    ics: str
    csv: str


def horizon_shape(seen: Horizon, *, ics: str = "", csv: str = "") -> HorizonShape:
    """`seen` as JSON. `ics` and `csv` are the files written, "" for none."""
    pairs = zip(seen.if_private.years, seen.if_public.years, strict=True)
    return HorizonShape(
        outcome="findings" if seen.breaking else "done",
        today=seen.today,
        until=seen.until,
        threshold_days=seen.threshold_days,
        certificates=tuple(_certificate(one) for one in seen.certificates),
        events=seen.events,
        windows=windows(seen),
        years=tuple(YearShape(year=one.year, if_private=one, if_public=other) for one, other in pairs),
        advice=seen.advice,
        assumptions=(*_assumed("hand", BY_HAND), *_assumed("ucmcert", WITH_UCMCERT)),
        ics=ics,
        csv=csv,
    )


def windows(seen: Horizon) -> tuple[WindowShape, ...]:
    """The windows of both scenarios, by day; one that both have stands once, as it is if unknown CAs are public."""
    sure = {_key(one) for one in seen.sure}
    ends = {_key(one): _first_end(one) for one in seen.if_private.windows}
    public = [
        _window(one, "both" if _key(one) in sure else "public", ends.get(_key(one))) for one in seen.if_public.windows
    ]
    private = [_window(one, "private") for one in seen.if_private.windows if _key(one) not in sure]
    return tuple(sorted([*public, *private], key=lambda one: (one.day, one.cluster, epoch(one.purpose), one.when)))


def _key(window: Window) -> tuple[date, str, str]:
    return window.day, window.cluster, window.purpose


def _first_end(window: Window) -> date:
    return min(one.until for one in window.renewed)


def _window(window: Window, when: str, if_private: date | None = None) -> WindowShape:
    """`if_private` is its first end if an unknown CA is private, None where that makes no other end."""
    return WindowShape(
        day=window.day,
        cluster=window.cluster,
        purpose=window.purpose,
        number=window.number,
        when=when,
        nodes=tuple(sorted({one.held.node for one in window.renewed})),
        certificates=len(certificates(window)),
        life_days=min(one.life_days for one in window.renewed),
        until=_first_end(window),
        until_if_private=if_private or _first_end(window),
        resets_phones=window.resets_phones,
        by_hand_min=by_hand_min(window),
        with_ucmcert_min=with_ucmcert_min(window),
    )


def _certificate(dated: Dated) -> CertificateDays:
    held = dated.held
    return CertificateDays(
        cluster=held.cluster,
        node=held.node,
        role=held.role,
        release=release_text(held.release),
        purpose=held.purpose,
        issuer=held.issuer,
        signer=held.signer,
        not_before=held.not_before,
        not_after=held.not_after,
        life_days=held.life_days,
        latest_start=dated.latest_start,
        ca_until=held.ca_until,
    )


def _assumed(by: str, rows: tuple[Effort, ...]) -> tuple[Assumption, ...]:
    return tuple(
        Assumption(by=by, key=row.key, minutes=row.minutes, per=row.per, which=row.which, source=row.source)
        for row in rows
    )
