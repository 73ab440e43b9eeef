"""Promise: our abstract phone believes exactly what the reference's own model believes, event for event."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from phones_model_client import BIT, FAMILIES, State, after, events, locked, start

from ucmcert.plan.phone_trust import (
    Family,
    Held,
    Servers,
    TrustFile,
    after_any_boot,
    booted,
    ctl_updated,
    founded,
    holding,
    localkey,
    lock,
    renewed,
    restarted,
    settled,
    up_to_date,
)

OURS = {
    "8.0-9.x": Family(itl="CallManager", ctl="CallManager", spare="", new_ctl_signer=True),
    "10.0-11.5": Family(itl="CallManager", ctl="CallManager", spare="ITLRecovery", new_ctl_signer=True),
    "12.0+": Family(itl="ITLRecovery", ctl="ITLRecovery", spare="CallManager", new_ctl_signer=False),
}
LEAVES = {
    "CMA": ("CallManager", "A"),
    "CMB": ("CallManager", "B"),
    "TVSA": ("TVS", "A"),
    "TVSB": ("TVS", "B"),
    "ITLR": ("ITLRecovery", "A"),
}
LOCKS = ("none", "soft", "hard")
# procedure of phones.md 2.1: what one window with everything in it does
WINDOW = {
    ("CM",): ("none none", "none none", "none none"),
    ("TVS",): ("none none", "none none", "none none"),
    ("CM", "TVS"): ("hard hard", "soft soft", "none none"),
    ("ITLR",): (None, "none none", "none soft"),
    ("CM", "ITLR"): (None, "none none", "none hard"),
    ("TVS", "ITLR"): (None, "none none", "soft soft"),
    ("CM", "TVS", "ITLR"): (None, "hard hard", "hard hard"),
}


def ours(family: str, *, mixed: bool) -> Servers:
    return founded(OURS[family], publisher="A", group=("A", "B"), tftp=("A",), mixed=mixed, keeper="A")


def follow(servers: Servers, held: Held, event: str) -> tuple[Servers, Held]:
    """One event on our side."""
    if event.startswith("renew "):
        return renewed(servers, *LEAVES[event.removeprefix("renew ")]), held
    if event == "boot":
        return servers, booted(servers, held, "A")[0]
    changed = {
        "tftp": lambda: restarted(servers, "tftp", "A"),
        "tvs A": lambda: restarted(servers, "tvs", "A"),
        "tvs B": lambda: restarted(servers, "tvs", "B"),
        "ctl": lambda: ctl_updated(servers),
        "localkey": lambda: localkey(servers, "itl"),
    }
    return changed[event](), held


def bits(held: TrustFile | None, which: dict[str, tuple[str, str]]) -> dict[str, int] | None:
    if held is None:
        return None
    found: dict[tuple[str, str], int] = {leaf[:2]: leaf[2] for leaf in held.leaves}
    return {name: found[key] for name, key in which.items() if key in found}


def theirs(held: int | None, names: dict[str, int] | None) -> dict[str, int] | None:
    if held is None or names is None:
        return None
    return {name: 1 if held & BIT[name] else 0 for name in names}


def agree(servers: Servers, held: Held, s: State, family: str, *, mixed: bool) -> None:
    strict = not OURS[family].new_ctl_signer
    itl, ctl = bits(held.itl, LEAVES), bits(held.ctl, LEAVES)
    assert theirs(s.itl, itl) == itl
    assert theirs(s.ctl, ctl) == ctl
    assert LOCKS[locked(s, family, mixed=mixed, strict=strict)] == lock(servers, held)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("mixed", [False, True])
def test_a_window_with_several_renewals_locks_as_the_reference_says(family: str, mixed: bool) -> None:
    column = list(FAMILIES).index(family)
    for purposes, row in WINDOW.items():
        expected = row[column]
        if expected is None:
            continue
        servers = ours(family, mixed=mixed)
        held = holding(servers, "A")
        for name, leaf in LEAVES.items():
            if {"CMA": "CM", "CMB": "CM", "TVSA": "TVS", "TVSB": "TVS", "ITLR": "ITLR"}[name] in purposes:
                servers = renewed(servers, *leaf)
        assert expected.split()[mixed] == lock(servers, held), purposes


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("mixed", [False, True])
def test_event_for_event_both_models_agree(family: str, mixed: bool) -> None:
    strict = not OURS[family].new_ctl_signer

    @given(st.lists(st.sampled_from(tuple(events(family))), max_size=14))
    def walk(happened: list[str]) -> None:
        servers, s = ours(family, mixed=mixed), start(family, mixed=mixed)
        held = holding(servers, "A")
        renewed_once: set[str] = set()
        for event in happened:
            if event in renewed_once:
                continue
            renewed_once |= {event} if event.startswith("renew ") else set()
            servers, held = follow(servers, held, event)
            s = after(s, event, family, mixed=mixed, strict=strict)
            agree(servers, held, s, family, mixed=mixed)

    walk()


def test_every_state_within_five_events_agrees() -> None:
    """Exhaustive and small: what chance may miss in the walk above."""
    family, mixed = "10.0-11.5", False
    seen = set()
    front = [(ours(family, mixed=mixed), holding(ours(family, mixed=mixed), "A"), start(family, mixed=mixed))]
    for _ in range(5):
        further = []
        for servers, held, s in front:
            for event in events(family):
                if event.startswith("renew ") and s.g & BIT[event.removeprefix("renew ")]:
                    continue
                new = after(s, event, family, mixed=mixed, strict=False)
                if new in seen:
                    continue
                seen.add(new)
                further.append((*follow(servers, held, event), new))
                agree(*further[-1], family, mixed=mixed)
        front = further
    assert len(seen) > 500


def test_a_model_without_lists_is_never_asked_to_hold_one() -> None:
    servers = ours("8.0-9.x", mixed=False)
    held = holding(servers, "A", lists=False)
    for leaf in LEAVES.values():
        servers = renewed(servers, *leaf)
    assert (Held(None, None, False), True) == booted(settled(servers), held, "A")
    assert "none" == lock(servers, held)
    assert up_to_date(servers, held)


def test_a_model_without_lists_loses_a_ctl_whose_signer_changes() -> None:
    servers = ours("10.0-11.5", mixed=True)
    held = holding(servers, "A", lists=False)
    assert "soft" == lock(renewed(servers, "CallManager", "A"), held)
    assert "none" == lock(renewed(servers, "CallManager", "B"), held)


def test_tokens_sign_whatever_is_renewed_but_vouch_for_no_itl() -> None:
    tokens = Family(itl="CallManager", ctl="token", spare="", new_ctl_signer=True)
    servers = founded(tokens, publisher="A", group=("A",), tftp=("A",), mixed=True, keeper="A")
    held = holding(servers, "A")
    assert "none" == lock(renewed(servers, "CallManager", "A"), held)
    assert "hard" == lock(renewed(renewed(servers, "CallManager", "A"), "TVS", "A"), held)


def test_one_tvs_of_the_group_that_is_not_renewed_saves_the_phone() -> None:
    servers = ours("8.0-9.x", mixed=False)
    held = holding(servers, "A")
    for purpose, node in (("CallManager", "A"), ("TVS", "A")):
        servers = renewed(servers, purpose, node)
    assert "none" == lock(servers, held)
    assert "hard" == lock(renewed(servers, "TVS", "B"), held)


def test_a_phone_may_boot_from_any_tftp_node_as_often_as_it_likes() -> None:
    family = OURS["10.0-11.5"]
    servers = founded(family, publisher="A", group=("A", "B"), tftp=("A", "B"), mixed=False, keeper="A")
    start_held = holding(servers, "A")
    assert {start_held, holding(servers, "B")} == after_any_boot(servers, {start_held})
    assert up_to_date(servers, holding(servers, "B"))
    assert not up_to_date(restarted(renewed(servers, "TVS", "A"), "tftp", "A"), Held(None, None))
