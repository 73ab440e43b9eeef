"""A few words for each event and window, for the one line that a calendar or a spreadsheet has."""

from ucmcert.horizon.events import Event, Kind
from ucmcert.report.horizon.shape import WindowShape
from ucmcert.report.words import Say

TITLES: dict[Kind, str] = {
    "expiry": "calendar.expiry",
    "limit": "calendar.limit",
    "client-auth": "calendar.chrome",
    "client-auth-lost": "calendar.lost",
    "release": "calendar.release",
    "ca-end": "calendar.ca_end",
}


def event_title(event: Event, tell: Say) -> str:
    """What happens, in a few words."""
    node = ", ".join(event.nodes) if event.kind == "expiry" else ""
    return tell(TITLES[event.kind], purpose=event.purpose, node=node, cluster=event.cluster)


def window_title(window: WindowShape, tell: Say) -> str:
    """What is renewed where, in a few words."""
    return tell("calendar.window", purpose=window.purpose, cluster=window.cluster)


def window_about(window: WindowShape, tell: Say) -> str:
    """How much it is, what it costs, and whether phones notice."""
    about = tell(
        "calendar.window_about",
        count=window.certificates,
        nodes=", ".join(window.nodes),
        by_hand=window.by_hand_min,
        with_ucmcert=window.with_ucmcert_min,
    )
    return f"{about} {tell('calendar.resets')}" if window.resets_phones else about
