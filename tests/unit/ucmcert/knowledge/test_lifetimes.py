"""Promise: days and limits stand in order with a source, and a release is read however a person writes it."""

from datetime import date

import pytest

from ucmcert.knowledge import effort, lifetimes
from ucmcert.knowledge.purposes import PURPOSES
from ucmcert.knowledge.versions import has, release_numbers, release_text


def test_the_limit_of_a_day_is_the_last_one_in_force() -> None:
    days = (
        date(2019, 1, 1),
        date(2026, 3, 14),
        date(2026, 3, 15),
        date(2027, 3, 15),
        date(2029, 3, 14),
        date(2029, 3, 15),
    )
    assert [398, 398, 200, 100, 100, 47] == [lifetimes.public_limit(day).days for day in days]
    assert sorted(lifetimes.PUBLIC_LIMITS, key=lambda row: row.since) == list(lifetimes.PUBLIC_LIMITS)


def test_every_row_has_a_source_and_every_purpose_exists() -> None:
    rows = (
        *lifetimes.PUBLIC_LIMITS,
        lifetimes.CLIENT_AUTH_STOPS,
        lifetimes.CLIENT_AUTH_CHROME,
        lifetimes.SPLIT_RELEASE,
    )
    assert all("procedure.md" in row.source for row in rows)
    assert lifetimes.CLIENT_TOO | lifetimes.PRIVATE_ADVISED <= PURPOSES.keys()
    assert all(row.source and row.minutes > 0 for row in (*effort.BY_HAND, *effort.WITH_UCMCERT))


def test_only_capf_needs_a_private_ca_and_only_from_15su5_on_a_certificate_splits() -> None:
    assert ["CAPF"] == [name for name in PURPOSES if lifetimes.private_only(name)]
    assert not lifetimes.private_only("unheard-of")
    assert [False, False, True] == [lifetimes.can_split(one) for one in ((), (15, 0, 1, 14901), (15, 0, 1, 15900))]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("14.0.1.13900-155", (14, 0, 1, 13900, 155)),
        ("14SU3", (14, 0, 1, 13900)),
        ("15SU3a", (15, 0, 1, 13901)),
        ("15 SU5", (15, 0, 1, 15900)),
        ("14", (14, 0, 1, 10000)),
        ("12.5(1)SU2", (12, 5, 1, 12900)),
        ("11.5", (11, 5, 1, 10000)),
    ],
)
def test_a_release_is_read_as_nodes_print_it_and_as_people_say_it(text: str, numbers: tuple[int, ...]) -> None:
    assert numbers == release_numbers(text)


def test_a_release_said_compares_as_one_printed() -> None:
    assert has("tokenless_ctl_only", release_numbers("14SU3"))
    assert not has("tokenless_ctl_only", release_numbers("14SU2"))
    assert "14.0.1.13900-155" == release_text(release_numbers("14.0.1.13900-155"))
    assert ("14.0.1.13900", "") == (release_text(release_numbers("14SU3")), release_text(()))


@pytest.mark.parametrize("text", ["", "fourteen", "0.0.0.0-0", "14SUx", "14.0.1.13900-155 "])
def test_anything_else_is_no_release(text: str) -> None:
    with pytest.raises(ValueError, match="is no release"):
        release_numbers(text)
