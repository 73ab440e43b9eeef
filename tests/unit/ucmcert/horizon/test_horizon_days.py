"""Promise: what is known of a day is told on it, to those it concerns, and what breaks soon is an error."""

from datetime import date, timedelta

from horizon_bench import ISSUER, RELEASE_15SU5, TODAY, UNTIL, held
from hypothesis import given
from hypothesis import strategies as st

from ucmcert.horizon.build import Horizon, horizon
from ucmcert.horizon.effort import by_hand_min, with_ucmcert_min
from ucmcert.horizon.held import Held, Signer
from ucmcert.model.finding import Severity

SUNSET = {"client-auth", "client-auth-lost", "release"}


def ahead(*certificates: Held, today: date = TODAY, unread: tuple[tuple[str, int], ...] = ()) -> Horizon:
    return horizon(certificates, today=today, until=UNTIL, threshold_days=30, unread=unread)


def days(seen: Horizon) -> list[str]:
    return [f"{one.day} {one.kind} {one.purpose}".strip() for one in seen.events]


def codes(seen: Horizon) -> list[str]:
    return [f"{one.code} {one.severity}" for one in seen.advice]


def test_the_days_of_one_public_tomcat() -> None:
    seen = ahead(held(signer="public"))
    assert days(seen) == [
        "2026-12-31 release",
        "2027-01-30 client-auth-lost tomcat",
        "2027-03-01 client-auth",
        "2027-03-01 expiry tomcat",
        "2027-03-15 limit",
        "2029-03-15 limit",
    ]
    assert () == seen.breaking
    assert ["UCM-HORIZON-128 warning"] == codes(seen)


def test_a_private_or_self_signed_certificate_has_its_end_and_nothing_else() -> None:
    for signer in ("private", "self-signed"):
        seen = ahead(held(signer=signer), held("CallManager", signer=signer))
        assert {"expiry"} == {one.kind for one in seen.events}
        assert () == seen.advice


def test_nobody_is_told_twice_of_clientauth_and_a_node_on_15su5_is_told_to_split() -> None:
    old, new = held(signer="public"), held(node="new.example", signer="public", release=RELEASE_15SU5)
    seen = ahead(old, new)
    assert [("pub.example",)] == [one.nodes for one in seen.events if one.kind == "client-auth-lost"]
    assert {"UCM-HORIZON-127 warning", "UCM-HORIZON-128 warning"} == set(codes(seen))
    assert set() == SUNSET & {one.kind for one in ahead(new).events}


def test_a_release_that_nobody_told_counts_as_older_and_is_said() -> None:
    seen = ahead(held(signer="public", release=()))
    assert {"client-auth", "client-auth-lost", "release"} == SUNSET & {one.kind for one in seen.events}
    assert "UCM-HORIZON-122 unknown" in codes(seen)


def test_clientauth_that_goes_within_the_threshold_breaks_only_where_the_ca_is_known_to_be_public() -> None:
    soon = date(2027, 1, 10)
    assert ["UCM-HORIZON-105"] == [one.code for one in ahead(held(signer="public", ends=soon)).breaking]
    assert () == ahead(held(signer="unknown", ends=soon)).breaking
    assert () == ahead(held(signer="private", ends=soon)).breaking


def test_what_is_due_what_has_ended_and_what_was_not_read_break() -> None:
    seen = ahead(held(ends=TODAY), held("ipsec", ends=TODAY - timedelta(days=1)), unread=(("demo", 2),))
    assert ["UCM-HORIZON-125", "UCM-HORIZON-120", "UCM-HORIZON-111"] == [one.code for one in seen.breaking]
    assert ["ipsec", "tomcat"] == [one.held.purpose for one in seen.certificates]


def test_capf_wants_a_private_ca_and_phones_count_their_resets() -> None:
    seen = ahead(held("CAPF", signer="public"), held("TVS", signer="public"), held("ipsec", signer="unknown"))
    assert ["UCM-HORIZON-123 warning", "UCM-HORIZON-124 warning"] == codes(seen)[:2]
    assert "UCM-HORIZON-126 unknown" in codes(seen)
    resets = next(one for one in seen.advice if one.code == "UCM-HORIZON-124").values
    assert ("TVS", "2029", "10") == (resets["purpose"], resets["year"], resets["count"])
    assert [20] == [one.phone_resets for one in seen.if_public.years if one.year == 2029]


def test_an_unknown_ca_makes_two_figures_and_is_asked_for_by_name() -> None:
    seen = ahead(held(signer="unknown"))
    assert [(0, 0), (2, 4), (1, 5), (1, 10)] == [
        (private.windows, public.windows)
        for private, public in zip(seen.if_private.years, seen.if_public.years, strict=True)
    ]
    assert [ISSUER] == [one.where for one in seen.advice if one.code == "UCM-HORIZON-121"]
    assert {date(2027, 1, 30)} <= {one.day for one in seen.sure} < {one.day for one in seen.if_public.windows}


def test_a_ca_that_ends_is_told_on_the_first_day_it_cannot_sign_for_a_whole_life() -> None:
    seen = ahead(held(signer="unknown", ca_until=date(2027, 12, 1)))
    assert ["2027-01-30"] == [f"{one.day}" for one in seen.events if one.kind == "ca-end"]


def test_a_window_costs_what_the_rows_add_up_to() -> None:
    two = [held(node=node, sha256="ab" * 32, role=role) for node, role in (("a", "publisher"), ("b", "subscriber"))]
    (window, *_) = ahead(*two).if_private.windows
    signed = 15 + 5 + 10 + 4 + 2 * 4 + 2 * 3
    assert 0 < by_hand_min(window) - signed < 60
    assert 10 + 5 + 10 == with_ucmcert_min(window)
    (single, *_) = ahead(two[0]).if_private.windows
    assert by_hand_min(single) < by_hand_min(window)


@given(
    st.lists(st.integers(-40, 1_400), min_size=1, max_size=5),
    st.sampled_from(("public", "private", "self-signed", "unknown")),
    st.integers(0, 1_000),
)
def test_no_day_lies_before_today_or_after_the_end(ends: list[int], signer: Signer, later: int) -> None:
    today = TODAY + timedelta(days=later)
    nodes = [held(node=f"n{at}", ends=TODAY + timedelta(days=day), signer=signer) for at, day in enumerate(ends)]
    seen = ahead(*nodes, today=today)
    moments = [one.day for one in seen.events] + [one.day for one in seen.if_public.windows]
    assert [] == [one for one in moments if not today <= one <= UNTIL]
    assert {Severity.ERROR} >= {one.severity for one in seen.breaking}
    assert len(nodes) == len(seen.certificates)
