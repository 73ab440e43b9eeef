"""`utils ntp status`: is the clock steered, and what is UTC by the node. Source: interfaces-cli.md 5.8."""

import re

from ucmcert.ucm.platform_cli.parsers.dates import utc_epoch, wall_clock
from ucmcert.ucm.platform_cli.parsers.text import lines_of

NOT_IN_STEP = re.compile(r"\s*unsynchroni[sz]ed\b", re.IGNORECASE)
IN_STEP = re.compile(r"\s*synchroni[sz]ed to NTP server \(([^)]+)\) at stratum (\d{1,3})", re.IGNORECASE)
UTC_LINE = re.compile(r"\s*Current time in UTC is\s*:\s*(\S.*)")
LAST_LINE = re.compile(r"\s*Current time in \S+ is\s*:\s*\S.*")


def parse_ntp_synchronised(text: str | bytes) -> bool | None:
    """Whether an NTP server steers the clock; None when a whole answer does not say.

    The negative form is looked for first: it contains the positive one. Raises ValueError for any other text.
    """
    lines = lines_of(text)
    if any(NOT_IN_STEP.match(line) for line in lines):
        return False
    if any(IN_STEP.match(line) for line in lines):
        return True
    if any(LAST_LINE.match(line) for line in lines):
        return None
    raise ValueError("it does not say whether it is synchronised")


def parse_ntp_utc(text: str | bytes) -> float:
    """UTC epoch seconds by the node's own clock. Raises ValueError without a whole line `Current time in UTC is`."""
    found = [match.group(1) for line in lines_of(text) if (match := UTC_LINE.fullmatch(line))]
    if len(found) != 1:
        raise ValueError("no single line Current time in UTC is")
    moment, zone = wall_clock(found[0])
    if zone not in ("UTC", "GMT"):
        raise ValueError(f"a UTC line in another zone: {zone or 'none'}")
    return utc_epoch(moment)
