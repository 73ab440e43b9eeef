"""The matrix: releases x security mode x own or shared certificates x EC twins, and every unknown on each value."""

from collections.abc import Iterator

import msgspec

from ucmlab.cluster.releases import release_has
from ucmlab.scenarios.schema import NodeSpec, PhonesSpec, Scenario
from ucmlab.switches import PHONE_SWITCHES, SWITCHES

RELEASES = {
    "10.5": "10.5.2.10000-5",
    "11.5": "11.5.1.10000-6",
    "12.5": "12.5.1.11900-146",
    "14": "14.0.1.10000-20",
    "14SU3": "14.0.1.13900-155",
    "15SU2": "15.0.1.12900-234",
}
SEED_PURPOSES = ("tomcat", "ipsec", "CAPF", "CallManager", "TVS")
DIMENSIONS = ("release", "mixed", "multi_server", "ecdsa")
Pair = tuple[tuple[str, object], tuple[str, object]]
TWINS = ("tomcat-ECDSA", "CallManager-ECDSA")
SHARED = ("tomcat", "CallManager")


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """One cell of the matrix. `switch` is an unknown set to a value that is not its default, ("", "") for none."""

    release: str
    mixed: bool
    multi_server: bool
    ecdsa: bool
    switch: tuple[str, str] = ("", "")

    @property
    def name(self) -> str:
        """As tests and the table call it."""
        words = [self.release, "mixed" if self.mixed else "non-secure", "multi" if self.multi_server else "single"]
        words += ["ec"] if self.ecdsa else []
        return " ".join([*words, "=".join(self.switch)]) if self.switch[0] else " ".join(words)

    @property
    def purposes(self) -> tuple[str, ...]:
        """What is renewed: everything a CA signs on these nodes."""
        return (*SEED_PURPOSES, *(TWINS if self.ecdsa else ()))


def cells() -> Iterator[Cell]:
    """Every cell with all unknowns at their defaults. Before 11.0 there are no EC twins."""
    for release, version in RELEASES.items():
        for mixed in (False, True):
            for multi_server in (False, True):
                for ecdsa in (False, True):
                    if release_has(version, "ECDSA") or not ecdsa:
                        yield Cell(release=release, mixed=mixed, multi_server=multi_server, ecdsa=ecdsa)


def other_values() -> Iterator[tuple[str, str]]:
    """Every unknown about phones, U1 to U16, with each value that is not its default."""
    for switch in PHONE_SWITCHES:
        for value in switch.choices[1:]:
            yield switch.name, value
    by_name = {switch.name: switch for switch in SWITCHES}
    for name in ("phone_interaction_parameter", "phone_interaction_values", "trust_list_digest", "tvs_records"):
        for value in by_name[name].choices[1:]:
            yield name, value


def whole_matrix() -> Iterator[Cell]:
    """Every cell with every unknown on each of its values, one at a time."""
    for cell in cells():
        yield cell
        for switch in other_values():
            yield msgspec.structs.replace(cell, switch=switch)


def covering_sample() -> tuple[Cell, ...]:
    """Few cells in which every pair of values of two dimensions meets, and every unknown has each value once.

    The cells that meet the most new pairs come first; the unknowns walk along with them, one each.
    """
    every, found = list(cells()), list[Cell]()
    left = set[Pair]().union(*map(_pairs, every))
    while left:
        best = max(every, key=lambda cell: len(_pairs(cell) & left))
        left -= _pairs(best)
        found.append(best)
    plain = found[::3]
    switched = []
    for number, switch in enumerate(other_values()):
        turn = [*found[number % len(found) :], *found]
        switched.append(msgspec.structs.replace(next(one for one in turn if _matters(switch[0], one)), switch=switch))
    return (*plain, *switched)


def _matters(switch: str, cell: Cell) -> bool:
    """Whether an unknown can make a difference in a cell at all."""
    if switch in ("ctl_new_signer_via_tvs", "tvs_vouches_tls", "capf_same_name", "capf_takes_lsc"):
        return cell.mixed and (recovery_signs(cell) or switch != "ctl_new_signer_via_tvs")
    if switch in ("automatic_reset", "phone_interaction_parameter", "phone_interaction_values"):
        return release_has(RELEASES[cell.release], "phone interaction parameter")
    return True


def _pairs(cell: Cell) -> set[Pair]:
    fields = [(name, getattr(cell, name)) for name in DIMENSIONS]
    return {(one, other) for place, one in enumerate(fields) for other in fields[place + 1 :]}


def scenario_of(cell: Cell) -> Scenario:
    """A small cluster of this cell with a few phones of every class of phones.md 1.8."""
    return Scenario(
        name="matrix",
        title=cell.name,
        version=RELEASES[cell.release],
        mixed=cell.mixed,
        nodes=(
            NodeSpec(name="cucm-pub", role="publisher"),
            NodeSpec(name="cucm-sub1", role="subscriber"),
            NodeSpec(name="cucm-sub2", role="subscriber"),
        ),
        ca_signed=("tomcat", "ipsec", *(SHARED[1:] if cell.multi_server else ())),
        multi_server=SHARED if cell.multi_server else (),
        switches=dict([cell.switch]) if cell.switch[0] else {},
        phones=phone_classes(secure=cell.mixed, without_itl=not cell.mixed or recovery_signs(cell)),
    )


def recovery_signs(cell: Cell) -> bool:
    """Whether the signer of the CTL survives a renewal of CallManager: before, a phone that knows no ITL is lost.

    Such a plan is refused (UCM-PLAN-002; phones.md 1.6), so the matrix has no such phone there.
    """
    return release_has(RELEASES[cell.release], "ITLRecovery signs trust lists")


def phone_classes(*, secure: bool, without_itl: bool) -> tuple[PhonesSpec, ...]:
    """Groups of one, two and three nodes, one TFTP server and two, secure or not, with an ITL or not, in a call."""
    groups = (("cucm-pub",), ("cucm-sub1", "cucm-sub2"), ("cucm-sub2", "cucm-sub1", "cucm-pub"))
    found = [
        PhonesSpec(
            count=2,
            pool=f"Group{len(group)}",
            group=group,
            tftp=tftp,
            secure=secure and bool(number % 2),
            page_share=1.0,
            slow_share=0.0,
        )
        for group in groups
        for number, tftp in enumerate((("cucm-pub",), ("cucm-sub1", "cucm-pub")))
    ]
    found += [
        PhonesSpec(count=2, pool="Group2", group=groups[1], tftp=("cucm-pub",), page_share=0.0, slow_share=0.0),
        PhonesSpec(
            count=int(without_itl),
            pool="Group3",
            group=groups[2],
            sbd=False,
            model="CP-7940",
            protocol="SCCP",
            slow_share=0.0,
        ),
        PhonesSpec(count=1, pool="Group3", group=groups[2], in_call_share=1.0, page_share=1.0, slow_share=0.0),
    ]
    return tuple(found)
