"""Change windows: when a cut-over may begin, in the local time of a named time zone, whatever its clocks do."""

import math
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import msgspec

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WallTime = Annotated[str, msgspec.Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LOOK_AHEAD_DAYS = 22  # a weekly window can vanish in a change to summer time; two in a row cannot


class Window(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Open on each of `days` from `start` to `end`; an `end` at or before `start` is on the next day."""

    days: tuple[Weekday, ...]
    start: WallTime = msgspec.field(name="from")
    end: WallTime = msgspec.field(name="to")
    timezone: str


def open_at(windows: Iterable[Window], epoch: float) -> bool:
    """Whether any window is open at `epoch` (UTC seconds). No window at all means always open."""
    return left_s(windows, epoch) > 0


def left_s(windows: Iterable[Window], epoch: float) -> float:
    """How long a window stays open from `epoch` on, in seconds: 0 when none is open, infinity without windows."""
    declared = tuple(windows)
    if not declared:
        return math.inf
    openings = (row for one in declared for row in _openings(one, epoch, days_ahead=1))
    return max((closes - epoch for opens, closes in openings if opens <= epoch < closes), default=0.0)


def next_opening(windows: Iterable[Window], epoch: float, *, for_s: float = 0.0) -> float:
    """The first moment at or after `epoch` (UTC seconds) when a window is open, for `for_s` seconds or longer.

    Raises ValueError when none opens within three weeks, which only a window that never exists can do.
    """
    declared = tuple(windows)
    left = left_s(declared, epoch)
    if left > 0 and left >= for_s:
        return epoch
    coming = [
        opens
        for one in declared
        for opens, closes in _openings(one, epoch, LOOK_AHEAD_DAYS)
        if opens > epoch and closes - opens >= for_s
    ]
    if not coming:
        raise ValueError("no change window opens within three weeks")
    return min(coming)


def longest_s(windows: Iterable[Window], epoch: float) -> float | None:
    """How long the longest window of the coming weeks is open, in seconds; None without windows: always open."""
    declared = tuple(windows)
    lengths = [end - begin for one in declared for begin, end in _openings(one, epoch, LOOK_AHEAD_DAYS)]
    return max(lengths, default=0.0) if declared else None


def _openings(window: Window, epoch: float, days_ahead: int) -> Iterator[tuple[float, float]]:
    """The openings that start from two local days before `epoch` on, as UTC seconds.

    An hour that does not exist is read with the offset before the change, an hour that comes twice is read as the
    first: both make a window shorter, never longer. What becomes empty by that is left out.
    """
    zone = ZoneInfo(window.timezone)
    today = datetime.fromtimestamp(epoch, UTC).astimezone(zone).date()
    start, end = time.fromisoformat(window.start), time.fromisoformat(window.end)
    for shift in range(-2, days_ahead + 1):
        day = today + timedelta(days=shift)
        if WEEKDAYS[day.weekday()] not in window.days:
            continue
        opens = _instant(day, start, zone)
        closes = _instant(day if end > start else day + timedelta(days=1), end, zone)
        if opens < closes:
            yield opens, closes


def _instant(day: date, wall: time, zone: ZoneInfo) -> float:
    return datetime.combine(day, wall, zone).timestamp()
