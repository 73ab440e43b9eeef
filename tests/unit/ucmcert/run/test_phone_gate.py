"""Promise: a phone counts as trusting only by something seen of it; coming back alone never closes a gate."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ucmcert.model.phone import NOT_INSTALLED, PROVEN, HeldLists, Phone, PhoneState, Proof, Sighting
from ucmcert.run.phone_gate import Terms, counted, judged, only_a_person, open_phones, worth_asking

NEW, OLD, CTL = "a1" * 20, "b2" * 20, "c3" * 20
RESET = 1000.0
PLAIN = Terms(itl=frozenset({NEW}), reset_at={"": RESET})
MIXED = Terms(itl=frozenset({NEW}), ctl=frozenset({CTL}), reset_at={"": RESET})
NAME = "SEP001122334455"


def phone(*, sbd: bool = True, pool: str = "P1", name: str = NAME) -> Phone:
    return Phone(name=name, model="Cisco 8861", pool=pool, protocol="SIP", group=("cucm-pub",), sbd=sbd)


def seen(*, registered: bool = True, at: int = 1100, page: bool | None = True, address: str = "10.0.0.1") -> Sighting:
    return Sighting(name=NAME, node="cucm-pub", registered=registered, changed_at=at, page=page, address=address)


def held(itl: str, ctl: str = "") -> HeldLists:
    return HeldLists(name=NAME, itl=itl, ctl=ctl, told_by="its page")


@pytest.mark.parametrize(
    ("proof", "sighting", "lists", "terms"),
    [
        (Proof.CHECKSUM, seen(), held(NEW), PLAIN),
        (Proof.STALE, seen(), held(OLD), PLAIN),
        (Proof.STALE, seen(), held(NOT_INSTALLED), PLAIN),
        (Proof.REGISTERED, seen(), held(""), PLAIN),
        (Proof.REGISTERED, seen(), None, PLAIN),
        (Proof.AWAY, seen(registered=False), held(NEW), PLAIN),
        (Proof.AWAY, seen(at=1000), held(NEW), PLAIN),
        (Proof.AWAY, seen(at=999), held(NEW), PLAIN),
        (Proof.CHECKSUM, seen(), held(NEW, CTL), MIXED),
        (Proof.REGISTERED, seen(), held(NEW), MIXED),
        (Proof.STALE, seen(), held(NEW, OLD), MIXED),
        (Proof.STALE, seen(), held(OLD, CTL), MIXED),
        (Proof.CHECKSUM, seen(), held(NEW, OLD), PLAIN),
    ],
)
def test_what_is_seen_decides(proof: Proof, sighting: Sighting, lists: HeldLists | None, terms: Terms) -> None:
    assert proof is judged(phone(), sighting, lists, terms, complete=True).proof


def test_absence_from_half_a_picture_is_unknown_and_from_a_whole_one_is_away() -> None:
    assert Proof.UNKNOWN is judged(phone(), None, None, PLAIN, complete=False).proof
    assert Proof.AWAY is judged(phone(), None, None, PLAIN, complete=True).proof


def test_a_phone_without_lists_needs_to_come_back_and_no_more() -> None:
    assert Proof.NO_LISTS is judged(phone(sbd=False), seen(page=False), None, PLAIN, complete=True).proof
    assert Proof.AWAY is judged(phone(sbd=False), seen(at=900), None, PLAIN, complete=True).proof


def test_the_reset_that_counts_is_that_of_its_own_pool() -> None:
    terms = Terms(itl=frozenset({NEW}), reset_at={"P1": 1000.0, "P2": 2000.0, "": 1000.0})
    assert Proof.CHECKSUM is judged(phone(pool="P1"), seen(at=1500), held(NEW), terms, complete=True).proof
    assert Proof.AWAY is judged(phone(pool="P2"), seen(at=1500), held(NEW), terms, complete=True).proof
    assert Proof.CHECKSUM is judged(phone(pool="new"), seen(at=1500), held(NEW), terms, complete=True).proof


def test_a_page_that_came_on_proves_only_where_it_was_seen_dark_and_its_checksum_speaks_louder() -> None:
    dark = Terms(itl=frozenset({NEW}), reset_at={"": RESET}, dark=frozenset({NAME}))
    assert Proof.PROBE is judged(phone(), seen(page=True), None, dark, complete=True).proof
    assert Proof.PROBE is judged(phone(), seen(page=None), held(""), dark, complete=True).proof
    assert Proof.REGISTERED is judged(phone(), seen(page=False), None, dark, complete=True).proof
    assert Proof.STALE is judged(phone(), seen(page=True), held(OLD), dark, complete=True).proof
    assert Proof.REGISTERED is judged(phone(), seen(page=True), None, PLAIN, complete=True).proof


def test_a_signature_stands_where_nothing_better_is_seen() -> None:
    signed = Terms(itl=frozenset({NEW}), reset_at={"": RESET}, signed=frozenset({NAME}))
    assert Proof.SIGNED is judged(phone(), seen(), held(OLD), signed, complete=True).proof
    assert Proof.SIGNED is judged(phone(), None, None, signed, complete=False).proof
    assert Proof.CHECKSUM is judged(phone(), seen(), held(NEW), signed, complete=True).proof


def test_who_may_stay_away_is_judged_again_when_it_comes_back() -> None:
    terms = Terms(itl=frozenset({NEW}), reset_at={"": RESET}, absent=frozenset({NAME}))
    assert Proof.SIGNED is judged(phone(), None, None, terms, complete=True).proof
    assert Proof.UNKNOWN is judged(phone(), None, None, terms, complete=False).proof
    assert Proof.STALE is judged(phone(), seen(), held(OLD), terms, complete=True).proof


def test_a_recovery_leaves_out_whom_it_names_and_only_as_they_were_named() -> None:
    untold = Terms(itl=frozenset({NEW}), reset_at={"": RESET}, untold=frozenset({NAME}))
    assert Proof.SIGNED is judged(phone(), seen(), None, untold, complete=True).proof
    assert Proof.AWAY is judged(phone(), None, None, untold, complete=True).proof
    assert Proof.STALE is judged(phone(), seen(), held(OLD), untold, complete=True).proof
    lost = Terms(itl=frozenset({NEW}), reset_at={"": RESET}, lost=frozenset({NAME}))
    assert Proof.SIGNED is judged(phone(), seen(), held(OLD), lost, complete=True).proof
    assert Proof.CHECKSUM is judged(phone(), seen(), held(NEW), lost, complete=True).proof


def test_only_pages_that_may_tell_are_asked() -> None:
    assert worth_asking(phone(), seen(page=None), PLAIN)
    assert not worth_asking(phone(), seen(page=False), PLAIN)
    assert not worth_asking(phone(), seen(address=""), PLAIN)
    assert not worth_asking(phone(), seen(at=900), PLAIN)
    assert not worth_asking(phone(sbd=False), seen(), PLAIN)
    assert not worth_asking(phone(), None, PLAIN)


def test_no_look_can_prove_a_phone_that_is_back_and_has_no_page() -> None:
    back = PhoneState(name=NAME, pool="P1", proof=Proof.REGISTERED)
    away = PhoneState(name="SEP2", pool="P1", proof=Proof.AWAY)
    assert only_a_person([back], {NAME: False})
    assert not only_a_person([back], {NAME: None})
    assert not only_a_person([back], {})
    assert not only_a_person([back, away], {NAME: False, "SEP2": False})


SIGHTINGS = st.none() | st.builds(
    seen,
    registered=st.booleans(),
    at=st.integers(min_value=0, max_value=2000),
    page=st.sampled_from([True, False, None]),
    address=st.sampled_from(["", "10.0.0.1"]),
)
LISTS = st.none() | st.builds(
    held, st.sampled_from([NEW, OLD, "", NOT_INSTALLED]), st.sampled_from([CTL, OLD, "", NOT_INSTALLED])
)


@given(sighting=SIGHTINGS, lists=LISTS, complete=st.booleans(), terms=st.sampled_from([PLAIN, MIXED]))
def test_nothing_is_proven_without_a_registration_after_the_reset(
    sighting: Sighting | None, lists: HeldLists | None, complete: bool, terms: Terms
) -> None:
    state = judged(phone(), sighting, lists, terms, complete=complete)
    if state.proof in PROVEN:
        assert Proof.CHECKSUM is state.proof
        assert sighting is not None
        assert sighting.registered
        assert sighting.changed_at > RESET
        assert lists is not None
        assert NEW == lists.itl
        assert terms.ctl is None or CTL == lists.ctl


@given(
    proofs=st.lists(st.sampled_from(list(Proof)), max_size=40),
)
def test_counts_add_up_and_open_is_what_nothing_proves(proofs: list[Proof]) -> None:
    states = [PhoneState(name=f"SEP{at:04}", pool="P", proof=one) for at, one in enumerate(proofs)]
    counts = counted(states)
    assert len(states) == sum(counts.values())
    assert 0 not in counts.values()
    assert {one.name for one in open_phones(states)} == {one.name for one in states if one.proof not in PROVEN}
