"""Oracle: an abstract, executable form of the phone trust rules, without certificates, clocks or sockets.

Two nodes: A = publisher (TFTP, CallManager, TVS), B = subscriber (CallManager, TVS); one phone whose group is [A, B].
Each certificate has generation 0 (old) or 1 (renewed once); five renewable certificates, one bit each.
`strict_ctl`: a new CTL signer is never accepted through TVS (U15). Source: phones.md 5.
"""

from collections.abc import Iterator
from typing import NamedTuple

CMA, CMB, TVSA, TVSB, ITLR = 1, 2, 4, 8, 16
BIT = {"CMA": CMA, "CMB": CMB, "TVSA": TVSA, "TVSB": TVSB, "ITLR": ITLR}
TYPE = {"CMA": "CM", "CMB": "CM", "TVSA": "TVS", "TVSB": "TVS", "ITLR": "ITLR"}
FAM = {
    "8.0-9.x": (("CM",), "CM"),
    "10.0-11.5": (("CM", "ITLR"), "CM"),
    "12.0+": (("CM", "ITLR"), "ITLR"),
}


class St(NamedTuple):
    """g: stored identities; snap, sig: what TFTP loaded and signs the ITL with; tv*, cm*: what a service presents;

    cs, csig: CTL on the server; down: bit mask of dead nodes; itl, ctl: snapshots the phone holds.
    """

    g: int
    snap: int
    sig: str
    tv_a: int
    tv_b: int
    cm_a: int
    cm_b: int
    cs: int
    csig: str
    down: int
    itl: int | None
    ctl: int | None


def first(fam: str, *, mixed: bool) -> St:
    """The settled state before anything is renewed."""
    k = FAM[fam][1]
    return St(0, 0, k, 0, 0, 0, 0, 0, k, 0, 0, 0 if mixed else None)


def bit(s: int | None, b: int) -> int:
    return 1 if s is not None and s & b else 0


def in_sast(held: int | None, kind: str, gen: int, fam: str) -> bool:
    return held is not None and kind in FAM[fam][0] and bit(held, CMA if kind == "CM" else ITLR) == gen


def tvs_vouches(s: St, itl: int | None, cert: str, gen: int) -> bool:
    """Assumption U2: TVS knows current identities only."""
    if itl is None or bit(s.g, BIT[cert]) != gen:
        return False
    return (not s.down & 1 and bit(itl, TVSA) == s.tv_a) or (not s.down & 2 and bit(itl, TVSB) == s.tv_b)


def boot(s: St, fam: str, mixed: bool, strict_ctl: bool = False) -> tuple[St, str, str]:
    """One phone restart -> (state, trust-list result, config result)."""
    if s.down & 1:
        return s, "no-tftp", "kept"
    tl, ctl, itl = "ok", s.ctl, s.itl
    if mixed:
        gen = bit(s.cs, CMA if s.csig == "CM" else ITLR)
        if (
            ctl is None
            or in_sast(ctl, s.csig, gen, fam)
            or in_sast(itl, s.csig, gen, fam)
            or (not strict_ctl and tvs_vouches(s, itl, "CMA" if s.csig == "CM" else "ITLR", gen))
        ):
            ctl = s.cs
        else:
            tl = "fail"
    gen = bit(s.snap, CMA if s.sig == "CM" else ITLR)
    if (
        (mixed and in_sast(ctl, s.sig, gen, fam))
        or in_sast(itl, s.sig, gen, fam)
        or tvs_vouches(s, itl, "CMA" if s.sig == "CM" else "ITLR", gen)
    ):
        itl = s.snap
    else:
        tl = "fail"
    n = s._replace(itl=itl, ctl=ctl)
    gen = bit(s.snap, CMA)
    cfg = bit(itl, CMA) == gen or (mixed and bit(ctl, CMA) == gen) or tvs_vouches(n, itl, "CMA", gen)
    return n, tl, "ok" if cfg else "kept"


def secure_registration(s: St) -> bool:
    for d, cm, b, k in ((1, s.cm_a, CMA, "CMA"), (2, s.cm_b, CMB, "CMB")):
        if not s.down & d and (bit(s.ctl, b) == cm or tvs_vouches(s, s.itl, k, cm)):
            return True
    return False


def settle(s: St, fam: str, localkey: bool = False) -> St:
    """Every service restarted, every node up, files rebuilt."""
    k = FAM[fam][1]
    if localkey:
        k = "ITLR" if k == "CM" else "CM"
    g = s.g
    return s._replace(
        snap=g,
        sig=k,
        tv_a=bit(g, TVSA),
        tv_b=bit(g, TVSB),
        cm_a=bit(g, CMA),
        cm_b=bit(g, CMB),
        cs=g,
        csig=k,
        down=0,
    )


def locked(s: St, fam: str, mixed: bool, strict_ctl: bool = False) -> int:
    """0 free, 1 soft (utils itl/ctl reset localkey saves it), 2 hard (only deleting the lists on the phone)."""
    if boot(settle(s, fam), fam, mixed, strict_ctl)[1] != "fail":
        return 0
    if FAM[fam][0] == ("CM",):
        return 2
    return 2 if boot(settle(s, fam, True), fam, mixed, strict_ctl)[1] == "fail" else 1


def successors(s: St, fam: str, mixed: bool, strict_ctl: bool = False) -> Iterator[tuple[str, St]]:
    """Everything that may happen next when nobody holds anybody back."""
    for n in ("CMA", "CMB", "TVSA", "TVSB", *(("ITLR",) if "ITLR" in FAM[fam][0] else ())):
        if not s.g & BIT[n]:
            yield "renew " + n, s._replace(g=s.g | BIT[n])
    k = FAM[fam][1]
    yield "restart TFTP", s._replace(snap=s.g, sig=k)
    yield "restart TVS@A", s._replace(tv_a=bit(s.g, TVSA))
    yield "restart TVS@B", s._replace(tv_b=bit(s.g, TVSB))
    yield "restart CM", s._replace(cm_a=bit(s.g, CMA), cm_b=bit(s.g, CMB))
    if mixed:
        yield "ctl update", s._replace(cs=s.g, csig=k)
    if "ITLR" in FAM[fam][0]:
        yield "itl localkey", s._replace(snap=s.g, sig="ITLR" if k == "CM" else "CM")
    yield "A down/up", s._replace(down=s.down ^ 1)
    yield "B down/up", s._replace(down=s.down ^ 2)
    yield "phone reboot", boot(s, fam, mixed, strict_ctl)[0]
