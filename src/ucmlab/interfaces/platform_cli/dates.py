"""How the product writes moments, always in UTC and in English. All take UTC epoch seconds of the node's clock."""

from datetime import UTC, datetime

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def java_date(epoch: float) -> str:
    """`Sun Jul 08 13:05:19 UTC 2018`."""
    when = _moment(epoch)
    return f"{DAYS[when.weekday()]} {MONTHS[when.month - 1]} {when.day:02} {when:%H:%M:%S} UTC {when.year}"


def unix_date(epoch: float) -> str:
    """`Wed Jul  3 12:40:36 UTC 2019`: two blanks before a day of one figure."""
    when = _moment(epoch)
    return f"{DAYS[when.weekday()]} {MONTHS[when.month - 1]} {when.day:2} {when:%H:%M:%S} UTC {when.year}"


def since_date(epoch: float) -> str:
    """`Sat Aug 9 02:49:42 2025`: one blank before a day of one figure."""
    when = _moment(epoch)
    return f"{DAYS[when.weekday()]} {MONTHS[when.month - 1]} {when.day} {when:%H:%M:%S} {when.year}"


def status_date(epoch: float) -> str:
    """`Thu Jul 21, 2016 16:07:16`."""
    when = _moment(epoch)
    return f"{DAYS[when.weekday()]} {MONTHS[when.month - 1]} {when.day:02}, {when.year} {when:%H:%M:%S}"


def joined_date(epoch: float, separator: str) -> str:
    """`2019_07_03_07_54_21` with separator `_`."""
    return f"{_moment(epoch):%Y %m %d %H %M %S}".replace(" ", separator)


def clock_time(epoch: float) -> str:
    """`16:07:17`."""
    return f"{_moment(epoch):%H:%M:%S}"


def _moment(epoch: float) -> datetime:
    return datetime.fromtimestamp(int(epoch), tz=UTC)
