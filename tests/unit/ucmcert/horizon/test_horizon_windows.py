"""Promise: renewals played forward leave no gap, break no limit of their day, and keep anchors in nights apart."""

from datetime import date, timedelta
from typing import Any

from horizon_bench import TODAY, UNTIL, held
from hypothesis import given
from hypothesis import strategies as st

from ucmcert.horizon.held import Held, Signer, latest_start
from ucmcert.horizon.windows import UnknownAs, Window, simulate
from ucmcert.knowledge.lifetimes import SHORTEST_DAYS, public_limit
from ucmcert.knowledge.purposes import PURPOSES

DAY = timedelta(days=1)
PURPOSE_NAMES = sorted(PURPOSES)
SIGNERS: tuple[Signer, ...] = ("public", "private", "self-signed", "unknown")


RULES: dict[str, Any] = {"threshold_days": 30, "unknown_as": "public"}


def played(*certificates: Held, unknown_as: UnknownAs = "public", until: date = UNTIL) -> tuple[Window, ...]:
    return simulate(certificates, today=TODAY, until=until, threshold_days=30, unknown_as=unknown_as)


def nights(windows: tuple[Window, ...]) -> list[str]:
    return [f"{one.day} {one.purpose} {one.number}: {one.renewed[0].life_days}" for one in windows]


@st.composite
def certificates(draw: st.DrawFn) -> Held:
    life_days = draw(st.integers(SHORTEST_DAYS, 2_000))
    return held(
        draw(st.sampled_from(PURPOSE_NAMES)),
        draw(st.sampled_from(("a", "b", "c"))),
        ends=TODAY + timedelta(days=draw(st.integers(-30, 1_500))),
        life_days=life_days,
        signer=draw(st.sampled_from(SIGNERS)),
        cluster=draw(st.sampled_from(("one", "two"))),
        ca_until=draw(st.none() | st.integers(0, 2_000).map(lambda days: TODAY + timedelta(days=days))),
    )


HELD = st.lists(certificates(), min_size=1, max_size=8, unique_by=lambda one: (one.cluster, one.node, one.purpose))


def test_public_lives_shrink_with_the_limits_of_the_day() -> None:
    assert nights(played(held(signer="public", ends=date(2027, 2, 10)))) == [
        "2027-01-11 tomcat 1: 200",
        "2027-06-30 tomcat 2: 100",
        "2027-09-08 tomcat 3: 100",
        "2027-11-17 tomcat 4: 100",
        "2028-01-26 tomcat 5: 100",
        "2028-04-05 tomcat 6: 100",
        "2028-06-14 tomcat 7: 100",
        "2028-08-23 tomcat 8: 100",
        "2028-11-01 tomcat 9: 100",
        "2029-01-10 tomcat 10: 100",
        "2029-03-21 tomcat 11: 47",
        "2029-04-21 tomcat 12: 47",
        "2029-05-22 tomcat 13: 47",
        "2029-06-22 tomcat 14: 47",
        "2029-07-23 tomcat 15: 47",
        "2029-08-23 tomcat 16: 47",
        "2029-09-23 tomcat 17: 47",
        "2029-10-24 tomcat 18: 47",
        "2029-11-24 tomcat 19: 47",
        "2029-12-25 tomcat 20: 47",
    ]


def test_a_private_ca_goes_on_as_it_does_and_a_shorter_public_life_stays_short() -> None:
    assert ["2027-01-30 tomcat 1: 730", "2028-12-30 tomcat 2: 730"] == nights(played(held(life_days=730)))
    (first, *_) = played(held(signer="public", life_days=90))
    assert (date(2027, 1, 30), 90) == (first.day, first.renewed[0].life_days)


def test_an_unknown_ca_is_played_both_ways() -> None:
    unknown = held(signer="unknown")
    assert nights(played(unknown, unknown_as="private")) == nights(played(held()))
    assert nights(played(unknown, unknown_as="public")) == nights(played(held(signer="public")))


def test_renewals_of_one_purpose_in_one_week_share_the_night_and_other_purposes_do_not_join() -> None:
    week = [held(node=node, ends=date(2027, 3, day)) for node, day in (("a", 1), ("b", 5), ("c", 8), ("d", 12))]
    first, second, third = played(*week, held("ipsec", ends=date(2027, 3, 1)), until=date(2027, 3, 1))
    assert ("tomcat", ["a", "b", "c"]) == (first.purpose, [one.held.node for one in first.renewed])
    assert ("ipsec", date(2027, 1, 30)) == (second.purpose, second.day)
    assert ("tomcat", ["d"]) == (third.purpose, [one.held.node for one in third.renewed])


def test_callmanager_and_tvs_never_share_a_night_and_what_is_due_begins_today() -> None:
    first, second = played(held("TVS"), held("CallManager"), until=date(2027, 3, 1))
    assert [("TVS", date(2027, 1, 29)), ("CallManager", date(2027, 1, 30))] == [
        (one.purpose, one.day) for one in (first, second)
    ]
    now = played(held("TVS", ends=TODAY), held("CallManager", ends=TODAY), until=date(2026, 12, 31))
    assert [("CallManager", TODAY), ("TVS", TODAY + DAY)] == [(one.purpose, one.day) for one in now]


def test_a_certificate_does_not_outlive_its_ca_which_is_replaced_then() -> None:
    first, second, *later = played(held(ca_until=date(2027, 12, 1)))
    assert (date(2027, 1, 30), 305) == (first.day, first.renewed[0].life_days)
    assert (date(2027, 12, 1), date(2027, 12, 1)) == (first.renewed[0].until, first.renewed[0].ca_until)
    assert (date(2027, 11, 1), 365) == (second.day, second.renewed[0].life_days)
    assert {None} == {new.ca_until for window in (second, *later) for new in window.renewed}


def test_an_end_that_no_calendar_holds_is_the_last_day_there_is() -> None:
    assert () == played(held(ends=date.max, life_days=700_000))
    late = date(9000, 1, 1)
    windows = simulate((held(ends=late, life_days=3_000_000 - 800_000),), today=late, until=late, **RULES)
    assert [date.max] == [one.renewed[0].until for one in windows]


@given(HELD, st.sampled_from(("public", "private")))
def test_windows_stay_inside_and_no_certificate_outlives_the_limit_of_its_day(
    given_held: list[Held], unknown_as: UnknownAs
) -> None:
    for window in played(*given_held, unknown_as=unknown_as):
        assert TODAY <= window.day <= UNTIL
        for one in window.renewed:
            assert (one.until - window.day).days == one.life_days
            if one.held.signer == "public" or (one.held.signer == "unknown" and unknown_as == "public"):
                assert one.life_days <= public_limit(window.day).days


@given(HELD, st.sampled_from(("public", "private")))
def test_every_certificate_is_covered_from_its_first_renewal_to_the_end(
    given_held: list[Held], unknown_as: UnknownAs
) -> None:
    windows = played(*given_held, unknown_as=unknown_as)
    for one in given_held:
        mine = [(window.day, new.until) for window in windows for new in window.renewed if new.held == one]
        ends = one.not_after
        for day, until in mine:
            assert day <= ends or ends <= TODAY + 3 * DAY
            ends = until
        assert ends > UNTIL or latest_start(ends, 1, 1) > UNTIL - 3 * DAY


@given(HELD)
def test_two_anchors_never_share_a_night_of_a_cluster(given_held: list[Held]) -> None:
    anchors: dict[tuple[str, date], set[str]] = {}
    for window in played(*given_held):
        if anchor := PURPOSES[window.purpose].anchor:
            anchors.setdefault((window.cluster, window.day), set()).add(anchor)
    assert [] == [key for key, names in anchors.items() if len(names) > 1]


@given(st.integers(1, 5_000), st.integers(0, 400))
def test_a_renewal_begins_after_two_thirds_of_a_life_or_at_the_threshold_and_before_the_end(
    life_days: int, threshold_days: int
) -> None:
    start = latest_start(date(2029, 6, 1), life_days, threshold_days)
    left = (date(2029, 6, 1) - start).days
    assert 1 <= left <= max(1, threshold_days)
    assert left == max(1, threshold_days) or 3 * (left - 1) < life_days <= 3 * left
