"""Joins what several answers and descriptions tell of one CA. Where two of them differ, nothing is known any more."""

from collections.abc import Iterable

import msgspec

from ucmcert.knowledge.key_usage import EKU_NAMES
from ucmcert.lint.authority_profile.profile import Bits, CaProfile, DomainRule
from ucmcert.lint.rule import finding
from ucmcert.model.finding import Finding, Severity

CONTRADICTION = "UCM-CA-021"
SOURCE = "procedure.md 2 (one CA may have several templates)"
SAME_DAYS = 2  # clocks and leap days move a lifetime by that much
ONE_VALUE = (
    "adds_common_name", "adds_www", "allowed", "common_name", "subject", "issues_ca", "ca_unasked",
    "issuer_path_length", "room_below", "signature_hash", "signer_key", "least_bits", "wildcard", "public",
)  # fmt: skip
OPPOSITES = (("keeps_sans", "drops_sans"), ("signs_keys", "refuses_keys"))
Clash = tuple[str, str, str]  # trait, one value, another


class Joined(msgspec.Struct, frozen=True, kw_only=True):
    """The profile that all of them agree on, and a finding for each trait they do not."""

    profile: CaProfile
    findings: tuple[Finding, ...]


def join(profiles: Iterable[CaProfile]) -> Joined:
    """One profile of several; its kind is that of the first. Raises ValueError when there is none.

    A trait that only some of them know is kept; one that two of them contradict becomes unknown and is told.
    """
    every = tuple(profiles)
    if not every:
        raise ValueError("nothing to join")
    found: dict[str, object] = {}
    clashes: list[Clash] = []
    for trait in ONE_VALUE:
        found[trait] = _value(trait, every, clashes)
    for good, bad in OPPOSITES:
        found[good], found[bad] = _opposites(good, bad, every, clashes)
    for trait in ("usage", "extended"):
        found[trait] = _bits(trait, [getattr(one, trait) for one in every], clashes)
    for trait in ("adds_names", "critical"):
        known = [getattr(one, trait) for one in every if getattr(one, trait) is not None]
        found[trait] = tuple(sorted({name for names in known for name in names})) if known else None
    found["lifetime_days"] = _lifetime(every, clashes)
    name = " + ".join(dict.fromkeys(one.name for one in every if one.name))
    joined = msgspec.structs.replace(every[0], **found, name=name) if len(every) > 1 else every[0]
    return Joined(profile=joined, findings=tuple(_finding(name, *clash) for clash in clashes))


def _value(trait: str, every: tuple[CaProfile, ...], clashes: list[Clash]) -> object:
    known = list(dict.fromkeys(getattr(one, trait) for one in every if getattr(one, trait) is not None))
    clashes += [(trait, _said(known[0]), _said(other)) for other in known[1:]]
    return known[0] if len(known) == 1 else None


def _opposites(
    good: str, bad: str, every: tuple[CaProfile, ...], clashes: list[Clash]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    yes = {name for one in every for name in getattr(one, good)}
    no = {name for one in every for name in getattr(one, bad)}
    clashes += [(good, name, f"not {name}") for name in sorted(yes & no)]
    return tuple(sorted(yes - no)), tuple(sorted(no - yes))


def _bits(trait: str, every: list[Bits], clashes: list[Clash]) -> Bits:
    sets = {bit for one in every for bit in one.sets}
    keeps = {bit for one in every for bit in one.keeps}
    drops = {bit for one in every for bit in one.drops}
    for bit in sorted(drops & (sets | keeps)):
        name = EKU_NAMES.get(bit, bit)
        clashes.append((trait, name, f"not {name}"))
    return Bits(
        sets=tuple(sorted(sets - drops)),
        keeps=tuple(sorted(keeps - sets - drops)),
        drops=tuple(sorted(drops - sets - keeps)),
    )


def _lifetime(every: tuple[CaProfile, ...], clashes: list[Clash]) -> int | None:
    """The shortest one, unless they differ by more than clocks explain."""
    days = [one.lifetime_days for one in every if one.lifetime_days is not None]
    if days and max(days) - min(days) > SAME_DAYS:
        clashes.append(("lifetime_days", f"{min(days)}", f"{max(days)}"))
        return None
    return min(days, default=None)


def _said(value: object) -> str:
    return ", ".join(value.domains) if isinstance(value, DomainRule) else f"{value}".lower()


def _finding(where: str, trait: str, mine: str, theirs: str) -> Finding:
    return finding(CONTRADICTION, Severity.WARNING, where, SOURCE, trait=trait, first=mine, second=theirs)
