"""From what was seen of phones to the facts a plan is made of: counted, classed, and honest about what is unknown."""

from collections import Counter
from collections.abc import Iterable, Mapping

import msgspec

from ucmcert.knowledge.phone_classes import PhoneClass, class_name
from ucmcert.model.phone import NOT_INSTALLED, HeldLists, Phone, PhonesFacts, Picture, Sighting
from ucmcert.model.trust_list import TrustListFacts
from ucmcert.ucm.phones.parameters import interaction, rollback

MANUAL_WORD = "manual"


class PhonesSeen(msgspec.Struct, frozen=True, kw_only=True):
    """One look. None is what could not be read, or for `held` what nobody asked for; `problem` says why."""

    observed_at: float
    phones: tuple[Phone, ...] | None
    picture: Picture | None = None
    held: dict[str, HeldLists] | None = None
    parameters: dict[str, str] | None = None
    problem: str = ""


def phones_facts(
    seen: PhonesSeen, *, lists: Iterable[TrustListFacts], release: tuple[int, ...], manual_value: str = ""
) -> PhonesFacts:
    """The facts of one look. A phone that an incomplete picture does not show counts as nothing: neither here nor away.

    `absent` were seen unregistered, or are missing from a complete picture. `mismatched` tell a checksum that no TFTP
    node serves. `silent` are registered and have no page that tells. Source: phones.md 2.4, I13.
    """
    phones = seen.phones or ()
    sightings = {one.name: one for one in seen.picture.sightings} if seen.picture else {}
    whole = seen.phones is not None and (not phones or (seen.picture is not None and seen.picture.complete))
    here = [one for one in phones if (sighting := sightings.get(one.name)) is not None and sighting.registered]
    away = [one for one in phones if _away(sightings.get(one.name), whole=whole)]
    serving = _checksums(lists)
    told = seen.held or {}
    does, parameter = interaction(release, seen.parameters or {}, manual_value)
    value = (seen.parameters or {}).get(parameter, "")
    if seen.parameters is None and does == "automatic":
        does = "unknown"  # not read is not absent
    missing = seen.picture.missing if seen.picture else ""
    return PhonesFacts(
        observed_at=seen.observed_at,
        total=len(phones),
        registered=len(here),
        absent=tuple(one.name for one in away),
        mismatched=tuple(one.name for one in here if one.name in told and _differs(told[one.name], serving)),
        silent=tuple(one.name for one in here if one.sbd and not _tells(sightings[one.name], seen.held)),
        without_lists=tuple(one.name for one in phones if not one.sbd),
        pools=dict(sorted(Counter(one.pool for one in here).items())),
        classes=dict(sorted(Counter(class_of(one, sightings.get(one.name)) for one in phones).items())),
        interaction=does,
        interaction_parameter=parameter,
        interaction_value=value,
        manual_value=manual_value or (value if does == "manual" else MANUAL_WORD if value.isalpha() else ""),
        rollback=rollback(seen.parameters or {}),
        complete=whole,
        problem="; ".join(words for words in (seen.problem, missing) if words),
    )


def class_of(phone: Phone, sighting: Sighting | None) -> str:
    """The class of a phone in words. Source: phones.md 1.8."""
    page = sighting is not None and bool(sighting.page)
    return class_name(PhoneClass(secure=phone.secure, group=len(phone.group), lists=phone.sbd, page=page))


def _away(sighting: Sighting | None, *, whole: bool) -> bool:
    return whole if sighting is None else not sighting.registered


def _tells(sighting: Sighting, held: Mapping[str, HeldLists] | None) -> bool:
    """Whether the phone has a page; where pages were read, whether its page told what it holds."""
    if held is None:
        return bool(sighting.page)
    return sighting.name in held and bool(held[sighting.name].itl)


def _differs(told: HeldLists, serving: Mapping[str, frozenset[str]]) -> bool:
    """Whether the phone tells a list that nobody serves. Nothing told, nothing installed, nothing served: no."""
    shown = {"itl": told.itl, "ctl": told.ctl}
    return any(
        value not in ("", NOT_INSTALLED) and bool(serving[kind]) and value not in serving[kind]
        for kind, value in shown.items()
    )


def _checksums(lists: Iterable[TrustListFacts]) -> dict[str, frozenset[str]]:
    """SHA-1 and MD5 of every list that is served, by kind: a phone tells one of the two."""
    served = [one for one in lists if one.present]
    return {
        kind: frozenset(told for one in served if one.kind == kind for told in (one.sha1, one.md5) if told)
        for kind in ("itl", "ctl")
    }
