"""Phones as the cluster knows them, as its real-time data shows them, and what each says it holds.

Source: phones.md 1.8 (classes), 2.4 (signals); interfaces-http.md 3, 9.
"""

from enum import StrEnum
from typing import Literal

import msgspec

NOT_INSTALLED = "not installed"
NO_OPERATION, INSTALL = "No Pending Operation", "Install/Upgrade"  # AXL's certificateOperation


class Phone(msgspec.Struct, frozen=True, kw_only=True):
    """One phone of the database. `group` are the host names of its CM group's nodes in order: they are its TVS too.

    `secure` is whether its security profile is authenticated or encrypted; `sbd` whether its model knows trust lists.
    """

    name: str
    model: str
    pool: str
    protocol: str
    group: tuple[str, ...]
    secure: bool = False
    sbd: bool = True
    description: str = ""


class Sighting(msgspec.Struct, frozen=True, kw_only=True):
    """A phone in real-time data, its newest report. `changed_at`: node's UTC epoch of its last change of status.

    `page` is whether its own web page answers, None when it is not told; `address` is "" when it is not told.
    """

    name: str
    node: str
    registered: bool
    changed_at: int
    page: bool | None = None
    address: str = ""
    model: str = ""
    reason: int = 0


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """What real-time data showed of the phones asked for. Not `complete`: absence in it proves nothing (`missing`)."""

    observed_at: float
    sightings: tuple[Sighting, ...]
    complete: bool
    missing: str = ""


class HeldLists(msgspec.Struct, frozen=True, kw_only=True):
    """Checksums a phone shows of its own lists: lower-case hex, SHA-1 or MD5 by length; NOT_INSTALLED; "" untold."""

    name: str
    itl: str
    ctl: str
    told_by: str


class Lsc(msgspec.Struct, frozen=True, kw_only=True):
    """What the database says of a phone's LSC: the operation that waits for it and how the last one went, in words."""

    operation: str
    status: str

    @property
    def waiting(self) -> str:
        """The operation the phone will carry out when it boots next, "" for none."""
        return "" if self.operation.lower() == NO_OPERATION.lower() else self.operation

    @property
    def renewed(self) -> bool:
        """Whether the last operation came to a good end and none waits. Any word that is not a good one is a no."""
        said = self.status.lower()
        return not self.waiting and "fail" not in said and ("success" in said or "completed" in said)


class Proof(StrEnum):
    """Why a phone counts as trusting, or why not (yet). The order is the order of strength."""

    CHECKSUM = "checksum"  # its own page shows the list its TFTP serves now
    PROBE = "probe"  # it obeyed a signed configuration made after the rebuild
    STATUS = "status"  # the cluster itself compared its list at registration
    NO_LISTS = "no-lists"  # its model knows no trust lists; coming back is all there is
    SIGNED = "signed"  # a person put it on a list and signed that
    REGISTERED = "registered"  # back, but what it holds is unknown: never enough
    LSC = "lsc"  # holds what is served, but has no LSC of the new CAPF yet
    STALE = "stale"  # back, and holds another list than its TFTP serves
    AWAY = "away"  # not registered since the reset
    UNKNOWN = "unknown"  # real-time data did not tell


PROVEN = frozenset({Proof.CHECKSUM, Proof.PROBE, Proof.STATUS, Proof.NO_LISTS, Proof.SIGNED})


class PhoneState(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """One phone at a look, small because there may be 40,000. `itl` is the checksum it held, "" when nobody told.

    `lsc` is what the cluster says of its LSC, where a run re-issues LSCs and this one is not there yet.
    """

    name: str
    pool: str
    proof: Proof
    node: str = ""
    changed_at: int = 0
    itl: str = ""
    lsc: str = ""


class PhonesFacts(msgspec.Struct, frozen=True, kw_only=True):
    """All phones at planning. `absent` were not registered, `mismatched` hold a list that is not served, `silent` have
    no page to tell; `classes` counts phones by (secure, group size, sbd, page) in words; `servers` by pool.

    `interaction`: what phones do when a certificate changes (14+): "automatic", "manual", "none" before 14; its
    parameter, the value it has, and the value that means manual, "" when nobody told. `pools` counts registered phones.
    """

    observed_at: float
    total: int
    registered: int
    absent: tuple[str, ...] = ()
    mismatched: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    without_lists: tuple[str, ...] = ()
    pools: dict[str, int] = {}
    classes: dict[str, int] = {}
    interaction: Literal["automatic", "manual", "none", "unknown"] = "unknown"
    interaction_parameter: str = ""
    interaction_value: str = ""
    manual_value: str = ""
    rollback: bool | None = None
    complete: bool = True
    problem: str = ""
