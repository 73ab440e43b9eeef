"""Whether phones trust what is served now: one answer a phone, and each rests on something seen. Pure, no clock.

Rules of this room: coming back is necessary and never enough (I13); what real-time data does not show is unknown, never
absent; a phone that shows another list than those served is stale whatever else is true of it.
Source: phones.md 2.4, 1.5, 5.2 I13; interfaces-http.md 9.
"""

from collections.abc import Iterable, Mapping

import msgspec

from ucmcert.model.phone import PROVEN, HeldLists, Phone, PhoneState, Proof, Sighting

LEFT_TO_A_PERSON = frozenset({Proof.REGISTERED})


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """What a gate holds the phones of its waves to.

    `itl` are the checksums (SHA-1 and MD5) of the ITLs that the TFTP nodes serve now, `ctl` those of the CTLs, None
    when phones need none. `reset_at` is the node's UTC epoch from which on a change of status counts, by pool, "" for
    every other pool. `signed` are the phones a person took out, `absent` those that may stay away because the plan or
    a person named them, `dark` those whose page was seen to be off between the rebuild and the reset: it can come on by
    a signed configuration only. `untold` and `lost` are named in the plan of a recovery: the first may go on telling
    nothing once they are back, the second may stay as they are, for no run can help them.
    """

    itl: frozenset[str]
    ctl: frozenset[str] | None = None
    reset_at: Mapping[str, float] = {}
    signed: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()
    dark: frozenset[str] = frozenset()
    untold: frozenset[str] = frozenset()
    lost: frozenset[str] = frozenset()

    def since(self, pool: str) -> float:
        """From when on a change of status counts for a phone of `pool`."""
        return self.reset_at.get(pool, self.reset_at.get("", 0.0))


def is_back(phone: Phone, seen: Sighting | None, terms: Terms) -> bool:
    """Registered, and its status changed after the reset of its pool by the node's clock."""
    return seen is not None and seen.registered and seen.changed_at > terms.since(phone.pool)


def worth_asking(phone: Phone, seen: Sighting | None, terms: Terms) -> bool:
    """Whether its own page may tell: it is back, knows a list, has an address, and its page is not known to be off."""
    if seen is None or not _knows_a_list(phone, terms) or not is_back(phone, seen, terms):
        return False
    return seen.page is not False and bool(seen.address)


def _knows_a_list(phone: Phone, terms: Terms) -> bool:
    """A model without Security By Default knows the CTL only, and that exists where phones need one (phones.md 1.6)."""
    return phone.sbd or terms.ctl is not None


def judged(phone: Phone, seen: Sighting | None, held: HeldLists | None, terms: Terms, *, complete: bool) -> PhoneState:
    """What is known of one phone after a look. `complete` is whether its absence from the look means something."""
    proof = _seen(phone, seen, held, terms, complete=complete)
    if proof not in PROVEN and _excused(phone.name, proof, terms):
        proof = Proof.SIGNED
    return PhoneState(
        name=phone.name,
        pool=phone.pool,
        proof=proof,
        node=seen.node if seen else "",
        changed_at=seen.changed_at if seen else 0,
        itl=held.itl if held else "",
    )


def _excused(name: str, proof: Proof, terms: Terms) -> bool:
    """Whether the plan or a person took this phone out of the gate, as it is now."""
    if name in terms.signed or name in terms.lost:
        return True
    return (proof is Proof.AWAY and name in terms.absent) or (proof is Proof.REGISTERED and name in terms.untold)


def _seen(phone: Phone, seen: Sighting | None, held: HeldLists | None, terms: Terms, *, complete: bool) -> Proof:
    if seen is None:
        return Proof.AWAY if complete else Proof.UNKNOWN
    if not is_back(phone, seen, terms):
        return Proof.AWAY
    if not _knows_a_list(phone, terms):
        return Proof.NO_LISTS
    shown = Proof.REGISTERED if held is None else _shown(held, terms, itl=phone.sbd)
    if shown is Proof.REGISTERED and phone.name in terms.dark and (held is not None or seen.page is True):
        return Proof.PROBE
    return shown


def _shown(held: HeldLists, terms: Terms, *, itl: bool) -> Proof:
    """What its page says: every list it needs must be told, and none may be another one. `itl`: it needs that, too."""
    told = [(held.itl, terms.itl)] if itl else []
    if terms.ctl is not None:
        told.append((held.ctl, terms.ctl))
    if any(checksum and checksum not in served for checksum, served in told):
        return Proof.STALE
    return Proof.CHECKSUM if all(checksum for checksum, _ in told) else Proof.REGISTERED


def open_phones(states: Iterable[PhoneState]) -> tuple[PhoneState, ...]:
    """The phones that nothing proves."""
    return tuple(one for one in states if one.proof not in PROVEN)


def counted(states: Iterable[PhoneState]) -> dict[str, int]:
    """How many phones by proof, strongest first; proofs that nobody has are left out."""
    found = dict.fromkeys(Proof, 0)
    for one in states:
        found[one.proof] += 1
    return {proof.value: count for proof, count in found.items() if count}


def only_a_person(states: Iterable[PhoneState], pages: Mapping[str, bool | None]) -> bool:
    """Whether no further look can prove any of these: all are back, and none has a page that could tell.

    `pages` is whether the page of a phone answers, by name, as real-time data told it last.
    """
    return all(one.proof in LEFT_TO_A_PERSON and pages.get(one.name) is False for one in states)
