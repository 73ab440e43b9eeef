"""The reference's own abstract model of phone trust (phones.md annex), kept here so that tests compare two readings.

Two nodes: A = publisher (TFTP, CM, TVS), B = subscriber (CM, TVS); one phone whose CM group is [A, B]. Each certificate
has generation 0 (old) or 1 (renewed once). `strict` is U15: a new CTL signer is never accepted through TVS.
"""

from collections.abc import Iterator
from typing import NamedTuple

CMA, CMB, TVSA, TVSB, ITLR = 1, 2, 4, 8, 16
BIT = {"CMA": CMA, "CMB": CMB, "TVSA": TVSA, "TVSB": TVSB, "ITLR": ITLR}
TYPE = {"CMA": "CM", "CMB": "CM", "TVSA": "TVS", "TVSB": "TVS", "ITLR": "ITLR"}
FAMILIES: dict[str, tuple[tuple[str, ...], str]] = {
    "8.0-9.x": (("CM",), "CM"),
    "10.0-11.5": (("CM", "ITLR"), "CM"),
    "12.0+": (("CM", "ITLR"), "ITLR"),
}


class State(NamedTuple):
    """g: stored | snap/sig: what TFTP loaded and signs with | tv*: what TVS shows | cs/csig: CTL | itl/ctl: held."""

    g: int
    snap: int
    sig: str
    tva: int
    tvb: int
    cs: int
    csig: str
    itl: int | None
    ctl: int | None


def start(family: str, *, mixed: bool) -> State:
    """Nothing renewed, the phone holds everything."""
    signer = FAMILIES[family][1]
    return State(0, 0, signer, 0, 0, 0, signer, 0, 0 if mixed else None)


def bit(held: int, which: int) -> int:
    """Generation of one certificate."""
    return 1 if held & which else 0


def _in_sast(held: int | None, kind: str, generation: int, family: str) -> bool:
    if held is None or kind not in FAMILIES[family][0]:
        return False
    return bit(held, CMA if kind == "CM" else ITLR) == generation


def _vouches(s: State, itl: int | None, certificate: str, generation: int) -> bool:
    if itl is None or bit(s.g, BIT[certificate]) != generation:
        return False
    return bit(itl, TVSA) == s.tva or bit(itl, TVSB) == s.tvb


def boot(s: State, family: str, *, mixed: bool, strict: bool) -> tuple[State, bool]:
    """One restart of the phone: the state after it, and whether its lists were taken."""
    fine, ctl, itl = True, s.ctl, s.itl
    if mixed:
        generation = bit(s.cs, CMA if s.csig == "CM" else ITLR)
        known = ctl is None or _in_sast(ctl, s.csig, generation, family) or _in_sast(itl, s.csig, generation, family)
        if known or (not strict and _vouches(s, itl, "CMA" if s.csig == "CM" else "ITLR", generation)):
            ctl = s.cs
        else:
            fine = False
    generation = bit(s.snap, CMA if s.sig == "CM" else ITLR)
    known = (mixed and _in_sast(ctl, s.sig, generation, family)) or _in_sast(itl, s.sig, generation, family)
    if known or _vouches(s, itl, "CMA" if s.sig == "CM" else "ITLR", generation):
        itl = s.snap
    else:
        fine = False
    return s._replace(itl=itl, ctl=ctl), fine


def settle(s: State, family: str, *, localkey: bool = False) -> State:
    """Every service restarted, files rebuilt."""
    signer = FAMILIES[family][1]
    if localkey:
        signer = "ITLR" if signer == "CM" else "CM"
    return s._replace(snap=s.g, sig=signer, tva=bit(s.g, TVSA), tvb=bit(s.g, TVSB), cs=s.g, csig=signer)


def locked(s: State, family: str, *, mixed: bool, strict: bool) -> int:
    """0 free, 1 soft, 2 hard."""
    if boot(settle(s, family), family, mixed=mixed, strict=strict)[1]:
        return 0
    if FAMILIES[family][0] == ("CM",):
        return 2
    return 1 if boot(settle(s, family, localkey=True), family, mixed=mixed, strict=strict)[1] else 2


def after(s: State, event: str, family: str, *, mixed: bool, strict: bool) -> State:
    """The state after one event: `renew X`, `tftp`, `tvs A`, `tvs B`, `ctl`, `localkey`, `boot`."""
    signer = FAMILIES[family][1]
    if event.startswith("renew "):
        return s._replace(g=s.g | BIT[event.removeprefix("renew ")])
    changes: dict[str, dict[str, object]] = {
        "tftp": {"snap": s.g, "sig": signer},
        "tvs A": {"tva": bit(s.g, TVSA)},
        "tvs B": {"tvb": bit(s.g, TVSB)},
        "ctl": {"cs": s.g, "csig": signer} if mixed else {},
        "localkey": {"snap": s.g, "sig": "ITLR" if signer == "CM" else "CM"},
    }
    if event in changes:
        return s._replace(**changes[event])
    return boot(s, family, mixed=mixed, strict=strict)[0]


def events(family: str) -> Iterator[str]:
    """Every event that exists in a family."""
    yield from ("tftp", "tvs A", "tvs B", "ctl", "boot")
    yield from (f"renew {name}" for name in BIT if name != "ITLR")
    if "ITLR" in FAMILIES[family][0]:
        yield from ("renew ITLR", "localkey")
