"""Joins what several answers and descriptions tell of one CA. Where two of them differ, nothing is known any more."""

from collections.abc import Iterable, Iterator

import msgspec

from ucmcert.lint.authority_profile.profile import Bits, CaProfile
from ucmcert.lint.rule import finding
from ucmcert.model.finding import Finding, Severity

CONTRADICTION = "UCM-CA-021"
SOURCE = "procedure.md 2 (one CA may have several templates)"
ONE_VALUE = (
    "adds_common_name", "adds_www", "allowed", "common_name", "subject", "issues_ca", "ca_unasked",
    "issuer_path_length", "room_below", "lifetime_days", "signature_hash", "signer_key", "least_bits", "wildcard",
    "public",
)  # fmt: skip
OPPOSITES = (("keeps_sans", "drops_sans"), ("signs_keys", "refuses_keys"))


class Joined(msgspec.Struct, frozen=True, kw_only=True):
    """The profile that all of them agree on, and a finding for each trait they do not."""

    profile: CaProfile
    findings: tuple[Finding, ...]


def join(profiles: Iterable[CaProfile]) -> Joined:
    """One profile of several, first come first named. Raises ValueError when there is none.

    A trait that only one of them knows is kept; one that two of them contradict becomes unknown and is told.
    """
    first, *others = profiles
    findings: list[Finding] = []
    for other in others:
        first, told = _pair(first, other)
        findings += told
    return Joined(profile=first, findings=tuple(findings))


def _pair(one: CaProfile, other: CaProfile) -> tuple[CaProfile, list[Finding]]:
    found: dict[str, object] = {}
    clashes: list[tuple[str, str, str]] = []
    for trait in ONE_VALUE:
        mine, theirs = getattr(one, trait), getattr(other, trait)
        if mine is not None and theirs is not None and mine != theirs:
            clashes.append((trait, _said(mine), _said(theirs)))
            found[trait] = None
        else:
            found[trait] = theirs if mine is None else mine
    for good, bad in OPPOSITES:
        yes = {*getattr(one, good), *getattr(other, good)}
        no = {*getattr(one, bad), *getattr(other, bad)}
        clashes += [(good, name, f"not {name}") for name in sorted(yes & no)]
        found[good], found[bad] = tuple(sorted(yes - no)), tuple(sorted(no - yes))
    for trait in ("usage", "extended"):
        found[trait] = _bits(getattr(one, trait), getattr(other, trait))
        clashes += list(_bit_clashes(trait, getattr(one, trait), getattr(other, trait)))
    for trait in ("adds_names", "critical"):
        mine, theirs = getattr(one, trait), getattr(other, trait)
        known = [side for side in (mine, theirs) if side is not None]
        found[trait] = tuple(sorted({name for side in known for name in side})) if known else None
    names = [name for name in dict.fromkeys((one.name, other.name)) if name]
    joined = msgspec.structs.replace(one, **found, name=" + ".join(names))
    return joined, [_finding(joined.name, *clash) for clash in clashes]


def _bits(one: Bits, other: Bits) -> Bits:
    drops = {*one.drops, *other.drops}
    given = {*one.sets, *one.keeps, *other.sets, *other.keeps}
    sets = {*one.sets, *other.sets} - drops
    return Bits(sets=tuple(sorted(sets)), keeps=tuple(sorted(given - sets - drops)), drops=tuple(sorted(drops - given)))


def _bit_clashes(trait: str, one: Bits, other: Bits) -> Iterator[tuple[str, str, str]]:
    drops = {*one.drops, *other.drops}
    for bit in sorted(drops & {*one.sets, *one.keeps, *other.sets, *other.keeps}):
        yield trait, bit, f"not {bit}"


def _said(value: object) -> str:
    return ", ".join(value.domains) if hasattr(value, "domains") else f"{value}".lower()


def _finding(where: str, trait: str, mine: str, theirs: str) -> Finding:
    return finding(CONTRADICTION, Severity.WARNING, where, SOURCE, trait=trait, first=mine, second=theirs)
