"""Promise: a cut-over begins only inside a window of local time, also on the two nights when clocks are changed."""

import math
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ucmcert.config.windows import WEEKDAYS, Window, left_s, longest_s, next_opening, open_at

PARIS = ZoneInfo("Europe/Paris")
ZONES = ("Europe/Paris", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "Asia/Kolkata", "UTC")
HOURS = st.builds("{:02d}:{:02d}".format, st.integers(0, 23), st.sampled_from((0, 15, 30, 45)))
WINDOWS = st.builds(
    Window,
    days=st.lists(st.sampled_from(WEEKDAYS), min_size=1, unique=True).map(tuple),
    start=HOURS,
    end=HOURS,
    timezone=st.sampled_from(ZONES),
)
MOMENTS = st.integers(1_700_000_000, 1_900_000_000).map(float)


def window(days: tuple[str, ...], start: str, end: str, zone: str = "Europe/Paris") -> Window:
    return Window(days=days, start=start, end=end, timezone=zone)  # type: ignore[arg-type]


def paris(year: int, month: int, day: int, hour: int, minute: int = 0) -> float:
    return datetime(year, month, day, hour, minute, tzinfo=PARIS).timestamp()


def test_a_night_window_belongs_to_the_day_it_starts_on() -> None:
    saturday_night = (window(("sat",), "22:00", "04:00"),)
    assert not open_at(saturday_night, paris(2026, 11, 28, 21, 59))
    assert open_at(saturday_night, paris(2026, 11, 28, 22))
    assert open_at(saturday_night, paris(2026, 11, 29, 3, 59))
    assert not open_at(saturday_night, paris(2026, 11, 29, 4))
    assert not open_at(saturday_night, paris(2026, 11, 28, 3))


def test_the_next_opening_is_in_local_time_across_a_change_of_clocks() -> None:
    sunday = (window(("sun",), "22:00", "23:00"),)
    assert next_opening(sunday, paris(2026, 10, 20, 12)) == paris(2026, 10, 25, 22)
    assert next_opening(sunday, paris(2026, 10, 25, 22, 30)) == paris(2026, 10, 25, 22, 30)


def test_a_window_in_the_hour_that_does_not_exist_waits_for_the_next_week() -> None:
    lost_hour = (window(("sun",), "02:00", "03:00"),)
    assert next_opening(lost_hour, paris(2026, 3, 28, 12)) == paris(2026, 4, 5, 2)


def test_an_hour_that_comes_twice_closes_at_the_first() -> None:
    twice = (window(("sun",), "01:00", "02:30"),)
    assert open_at(twice, datetime(2026, 10, 25, 0, 29, tzinfo=UTC).timestamp())
    assert not open_at(twice, datetime(2026, 10, 25, 1, 0, tzinfo=UTC).timestamp())


def test_no_window_means_always() -> None:
    assert open_at((), 1.0)
    assert next_opening((), 1.0) == 1.0


@pytest.mark.parametrize("end", ["09:00", "08:59"])
def test_a_window_that_ends_where_it_starts_lasts_a_day(end: str) -> None:
    assert open_at((window(("mon",), "09:00", end),), paris(2026, 11, 24, 8, 30))


@given(WINDOWS, MOMENTS)
def test_an_open_moment_reads_as_inside_on_the_local_clock(one: Window, moment: float) -> None:
    if not open_at((one,), moment):
        return
    local = datetime.fromtimestamp(moment, ZoneInfo(one.timezone))
    wall, today = f"{local:%H:%M}", WEEKDAYS[local.weekday()]
    yesterday = WEEKDAYS[local.weekday() - 1]
    same_day = today in one.days and one.start <= wall and (wall < one.end or one.end <= one.start)
    next_day = yesterday in one.days and one.end <= one.start and wall < one.end
    assert same_day or next_day


@given(WINDOWS, MOMENTS)
def test_the_next_opening_is_open_and_nothing_before_it_is(one: Window, moment: float) -> None:
    opens = next_opening((one,), moment)
    assert opens >= moment
    assert open_at((one,), opens)
    if opens > moment:
        assert not open_at((one,), opens - 1)
        assert not open_at((one,), (moment + opens) / 2)


def test_what_needs_longer_than_the_window_is_still_open_waits_for_the_next_that_is_long_enough() -> None:
    nights = (window(("sat",), "22:00", "04:00"), window(("wed",), "22:00", "23:00"))
    assert left_s(nights, paris(2026, 11, 28, 23)) == 5 * 3600
    assert left_s(nights, paris(2026, 11, 28, 12)) == 0
    assert next_opening(nights, paris(2026, 11, 28, 23), for_s=5 * 3600) == paris(2026, 11, 28, 23)
    assert next_opening(nights, paris(2026, 11, 29, 1), for_s=5 * 3600) == paris(2026, 12, 5, 22)
    assert next_opening(nights, paris(2026, 11, 29, 1)) == paris(2026, 11, 29, 1)


def test_the_longest_window_counts_and_none_means_no_limit() -> None:
    nights = (window(("sat",), "22:00", "04:00"), window(("wed",), "22:00", "23:00"))
    assert longest_s(nights, paris(2026, 11, 28, 23)) == 6 * 3600
    assert longest_s((), 1.0) is None
    assert math.isinf(left_s((), 1.0))
