"""`show status`: whose node it is, its clock, and how many are logged in. Source: interfaces-cli.md 5.4, 1.2."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from ucmcert.ucm.platform_cli.parsers.dates import wall_clock
from ucmcert.ucm.platform_cli.parsers.text import lines_of

KEY = re.compile(r"([A-Za-z][A-Za-z ]*?)\s*:\s+(\S.*)")
UPTIME = re.compile(r"\s*[0-9]{2}:[0-9]{2}:[0-9]{2} up .*?,\s+([0-9]{1,6}) users?,\s+load average: \S.*")
IN_BRACKETS = re.compile(r"\(([^()]+)\)\s*\Z")
SESSION_LIMIT = 10  # `set session maxlimit`, the default; a lower one is not shown


class NodeStatus(msgspec.Struct, frozen=True, kw_only=True):
    """`utc` is epoch seconds by the node's own clock, None when its time zone or the hour of a clock change is unclear.

    `users` counts the log-ins of the operating system, our own among them.
    """

    host: str
    utc: float | None
    time_zone: str
    users: int

    @property
    def sessions_free(self) -> int | None:
        """Command-line sessions still free under the default limit; None when the count leaves even us out."""
        return max(0, SESSION_LIMIT - self.users) if self.users else None


def parse_status(text: str | bytes) -> NodeStatus:
    """Host, clock and users. Raises ValueError when a key is missing or the uptime line does not stand there whole."""
    lines = lines_of(text)
    keys: dict[str, str] = {}
    for line in lines:
        if found := KEY.fullmatch(line):
            keys.setdefault(found.group(1), found.group(2))
    users = [int(found.group(1)) for line in lines if (found := UPTIME.fullmatch(line))]
    missing = [key for key in ("Host Name", "Date", "Time Zone") if key not in keys]
    if missing or len(users) != 1:
        raise ValueError(f"not a whole show status: no {', '.join(missing) or 'uptime line'}")
    moment, _ = wall_clock(keys["Date"])
    return NodeStatus(
        host=keys["Host Name"],
        utc=_utc(moment, keys["Time Zone"]),
        time_zone=keys["Time Zone"],
        users=users[0],
    )


def _utc(moment: datetime, zone_text: str) -> float | None:
    """UTC of a wall clock in a zone printed as `India Standard Time (Asia/Kolkata)` or `Etc/UTC`."""
    bracket = IN_BRACKETS.search(zone_text)
    try:
        zone = ZoneInfo(bracket.group(1) if bracket else zone_text)
        first, second = moment.replace(tzinfo=zone), moment.replace(tzinfo=zone, fold=1)
        return first.timestamp() if first.utcoffset() == second.utcoffset() else None
    except (KeyError, ValueError, OSError, OverflowError):  # unknown to us, or no name of a zone at all
        return None
