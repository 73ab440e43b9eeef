"""The horizon as an iCalendar file (RFC 5545): all-day events with alarms, whose UIDs stay the same at every export.

A window is known by its purpose and its number, an expiry by its node and purpose: importing a newer file moves them.
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

from ucmcert.horizon.build import Horizon
from ucmcert.horizon.events import Event
from ucmcert.report.horizon.shape import WindowShape, windows
from ucmcert.report.horizon.titles import event_title, window_about, window_title
from ucmcert.report.horizon.words import speaker
from ucmcert.report.paper.clean import clean
from ucmcert.report.words import Say, finding_words

OCTETS_MAX = 75
ALARM_DAYS = {"window": 14, "expiry": 30}
ALARM_DAYS_ELSE = 60
ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


def icalendar(seen: Horizon, lang: str, *, now: float) -> str:
    """The whole file, with CRLF ends of line. `now` (UTC epoch seconds) stamps it and counts its revision.

    Windows that depend on what an unknown CA is are left out: a calendar holds what is certain.
    """
    tell = speaker(lang)
    stamp = datetime.fromtimestamp(now, UTC).strftime("%Y%m%dT%H%M%SZ")
    revision = int(now) // 60
    entries = [_event(one, lang, tell) for one in seen.events]
    entries += [_window(one, tell) for one in windows(seen) if one.when == "both"]
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//ucmcert//horizon//EN", "CALSCALE:GREGORIAN"]
    lines += ["METHOD:PUBLISH", f"X-WR-CALNAME:{_text(tell('calendar.name'))}"]
    for uid, day, kind, title, about in entries:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{uid}",
            f"DTSTAMP:{stamp}",
            f"SEQUENCE:{revision}",
            f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_text(title)}",
            f"DESCRIPTION:{_text(about)}",
            f"CATEGORIES:{kind}",
            "TRANSP:TRANSPARENT",
            *("BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{_text(title)}"),
            f"TRIGGER:-P{ALARM_DAYS.get(kind, ALARM_DAYS_ELSE)}D",
            *("END:VALARM", "END:VEVENT"),
        ]
    return "".join(f"{part}\r\n" for part in _folded([*lines, "END:VCALENDAR"]))


def _event(event: Event, lang: str, tell: Say) -> tuple[str, date, str, str, str]:
    match event.kind:
        case "expiry":
            further = event.nodes
        case "limit":
            further = (f"{event.day}",)
        case "ca-end":
            further = (event.finding.values["issuer"],)
        case _:
            further = ()
    uid = _uid(event.kind, event.cluster, event.purpose if event.kind != "ca-end" else "", *further)
    about = "\n".join(part for part in finding_words(event.finding, lang) if part)
    return uid, event.day, event.kind, event_title(event, tell), about


def _window(window: WindowShape, tell: Say) -> tuple[str, date, str, str, str]:
    uid = _uid("window", window.cluster, window.purpose, f"{window.number}")
    return uid, window.day, "window", window_title(window, tell), window_about(window, tell)


def _uid(*parts: str) -> str:
    """The same for the same thing, whenever it is exported, in either language."""
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()
    return f"{digest[:32]}@ucmcert"


def _text(words: str) -> str:
    return "\n".join(clean(line) for line in words.split("\n")).translate(ESCAPED)


def _folded(lines: Iterable[str]) -> Iterator[str]:
    """Each line cut at 75 octets, never inside a character, the rest after a blank (RFC 5545, 3.1)."""
    for line in lines:
        if len(line.encode()) <= OCTETS_MAX:
            yield line
            continue
        part, octets = "", 0
        for character in line:
            size = len(character.encode())
            if octets + size > OCTETS_MAX:
                yield part
                part, octets = " ", 1
            part, octets = part + character, octets + size
        yield part
