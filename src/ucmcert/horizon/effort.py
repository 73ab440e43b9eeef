"""What a window costs in minutes of an operator, by hand and with ucmcert, and what that makes in a year."""

from datetime import date
from functools import cache

import msgspec

from ucmcert.horizon.windows import Window
from ucmcert.knowledge.effort import BY_HAND, WITH_UCMCERT, Effort
from ucmcert.knowledge.purposes import PRODUCT_OF_ROLE
from ucmcert.knowledge.services import SERVICES, restarts

# A node whose release nobody told is counted with the restarts of this one: the longest list (assumption).
RELEASE_IF_UNTOLD = (15, 0, 1, 10_000)


class Year(msgspec.Struct, frozen=True, kw_only=True):
    """One calendar year, the first and last perhaps only in part. Minutes of one operator."""

    year: int
    windows: int
    certificates: int
    phone_resets: int
    by_hand_min: int
    with_ucmcert_min: int


def years(windows: tuple[Window, ...], *, today: date, until: date) -> tuple[Year, ...]:
    """Every year from `today` to `until`, empty ones too."""
    return tuple(
        _year(year, tuple(one for one in windows if one.day.year == year)) for year in range(today.year, until.year + 1)
    )


def by_hand_min(window: Window) -> int:
    """Minutes by hand: the rows of knowledge/effort and every restart of the union, watched one after the other.

    Not in it: the CTL update of mixed mode, Expressway and other consumers, and whatever goes wrong.
    """
    return _sum(BY_HAND, window) + -(-_restarts_s(window) // 60)


def with_ucmcert_min(window: Window) -> int:
    """Minutes a person spends beside a run: to approve it, to hand over CSRs, to read the report."""
    return _sum(WITH_UCMCERT, window)


def _year(year: int, windows: tuple[Window, ...]) -> Year:
    return Year(
        year=year,
        windows=len(windows),
        certificates=sum(len(certificates(one)) for one in windows),
        phone_resets=sum(one.resets_phones for one in windows),
        by_hand_min=sum(map(by_hand_min, windows)),
        with_ucmcert_min=sum(map(with_ucmcert_min, windows)),
    )


def certificates(window: Window) -> frozenset[str]:
    """The certificates of a window, a multi-server one once: by fingerprint, by node where none is known."""
    return frozenset(one.held.sha256 or one.held.node for one in window.renewed)


def _sum(rows: tuple[Effort, ...], window: Window) -> int:
    return sum(row.minutes * _times(row, window) for row in rows)


def _times(row: Effort, window: Window) -> int:
    """How often a row counts in `window`."""
    if row.which == "phones" and not window.resets_phones:
        return 0
    wanted = tuple(
        one
        for one in window.renewed
        if row.which in ("every", "phones") or (row.which == "self-signed") == (one.held.signer == "self-signed")
    )
    match row.per:
        case "window":
            return min(1, len(wanted))
        case "certificate":
            return len({one.held.sha256 or one.held.node for one in wanted})
        case "node":
            return len({one.held.node for one in wanted})


def _restarts_s(window: Window) -> int:
    held = (one.held for one in window.renewed)
    return sum(_restarts_of_s(window.purpose, one.role, one.release or RELEASE_IF_UNTOLD) for one in held)


@cache  # a fleet asks the same few hundred thousands of times
def _restarts_of_s(purpose: str, role: str, release: tuple[int, ...]) -> int:
    if role not in PRODUCT_OF_ROLE:
        return 0
    return sum(SERVICES[row.service].restart_s for row in restarts(purpose, role, release))
