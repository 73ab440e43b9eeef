"""Dates as the platform prints them, read without the locale of our own machine. Source: interfaces-cli.md 7."""

import re
from datetime import UTC, datetime

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
# `Fri Mar 28 06:07:53 2025`, `Wed Jul  3 12:40:36 UTC 2019`, `Fri Jan  2 16:18:22 -05 2026`
CTIME = (
    rf"(?:{'|'.join(DAYS)}) +(?:{'|'.join(MONTHS)}) +[0-9]{{1,2}} "
    r"[0-9]{2}:[0-9]{2}:[0-9]{2}(?: [A-Z0-9+-]+)? [0-9]{4}"
)
PARTS = re.compile(
    rf"({'|'.join(DAYS)}) +({'|'.join(MONTHS)}) +([0-9]{{1,2}}),? "
    r"(?:([0-9]{4}) )?([0-9]{2}):([0-9]{2}):([0-9]{2})(?: ([A-Z0-9+-]+))?(?: ([0-9]{4}))?"
)


def wall_clock(text: str) -> tuple[datetime, str]:
    """A date as printed, without a time zone, and the abbreviation beside it ("" when there is none).

    Reads `Wed Jul  3 12:40:36 UTC 2019` and `Thu Jul 21, 2016 16:07:16`. Raises ValueError for anything else, and for a
    weekday that is not that date's: such a text was garbled.
    """
    found = PARTS.fullmatch(text.strip())
    if not found or bool(found.group(4)) == bool(found.group(9)):
        raise ValueError(f"not a date of the platform: {text.strip()[:60]!r}")
    day, month, date, year_first, hour, minute, second, zone, year_last = found.groups()
    moment = datetime(  # noqa: DTZ001 - the caller knows the zone
        int(year_first or year_last), MONTHS.index(month) + 1, int(date), int(hour), int(minute), int(second)
    )
    if DAYS[moment.weekday()] != day:
        raise ValueError(f"the weekday does not belong to the date: {text.strip()[:60]!r}")
    return moment, zone or ""


def utc_epoch(moment: datetime) -> float:
    """UTC epoch seconds of a wall clock that shows UTC."""
    return moment.replace(tzinfo=UTC).timestamp()
