"""Times and durations for people. Times are UTC and say so; no clock is read here."""

import math
from datetime import UTC, datetime

from ucmcert.report.words import Say

MINUTE_S, HOUR_S, DAY_S = 60, 3_600, 86_400


def stamp(epoch_s: float) -> str:
    """`2026-11-25 10:03:22 UTC`; the number itself when no calendar has that day."""
    moment = _moment(epoch_s)
    return moment.strftime("%Y-%m-%d %H:%M:%S UTC") if moment else f"{epoch_s}"


def day(epoch_s: float) -> str:
    """`2026-11-25`."""
    moment = _moment(epoch_s)
    return moment.strftime("%Y-%m-%d") if moment else f"{epoch_s}"


def clock(epoch_s: float) -> str:
    """`10:03:22Z`."""
    moment = _moment(epoch_s)
    return moment.strftime("%H:%M:%SZ") if moment else f"{epoch_s}"


def duration(seconds: float, say: Say) -> str:
    """The two largest units: `4 d 3 h`, `3 h 12 min`, `2 min 5 s`, `4 min`."""
    if not math.isfinite(seconds):
        return f"{seconds}"
    whole = max(0, round(seconds))
    units = (("time.days", DAY_S), ("time.hours", HOUR_S), ("time.minutes", MINUTE_S), ("time.seconds", 1))
    counts = []
    for key, size in units:
        count, whole = divmod(whole, size)
        counts.append((key, count))
    largest = next((at for at, (_, count) in enumerate(counts) if count), len(counts) - 1)
    shown = [(key, count) for at, (key, count) in enumerate(counts[largest : largest + 2]) if count or at == 0]
    return " ".join(say(key, count=count) for key, count in shown)


def _moment(epoch_s: float) -> datetime | None:
    try:
        return datetime.fromtimestamp(epoch_s, UTC)
    except (OverflowError, ValueError, OSError):
        return None
