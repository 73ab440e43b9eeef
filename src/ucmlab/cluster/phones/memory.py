"""What a phone keeps in flash and the little it is known by: plain values, shared by all phones that hold the same."""

from typing import Final, Literal

import msgspec

from ucmlab.cluster.trust_lists.model import CCM_TFTP, TFTP, TVS, Entry, TrustFile

# What CAPF is to do with an LSC, and how the phone proves itself to it: CUCM's own words.
Operation = Literal["No Pending Operation", "Install/Upgrade", "Delete"]
Mode = Literal[
    "By Authentication String",
    "By Null String",
    "By Existing Certificate (precedence to LSC)",
    "By Existing Certificate (precedence to MIC)",
]
NOTHING_PENDING: Final = "No Pending Operation"
INSTALL: Final = "Install/Upgrade"
DELETE: Final = "Delete"
BY_STRING: Final = "By Authentication String"
BY_NULL_STRING: Final = "By Null String"
BY_LSC: Final = "By Existing Certificate (precedence to LSC)"
BY_MIC: Final = "By Existing Certificate (precedence to MIC)"
OPERATIONS: tuple[Operation, ...] = (NOTHING_PENDING, INSTALL, DELETE)
MODES: tuple[Mode, ...] = (BY_STRING, BY_NULL_STRING, BY_LSC, BY_MIC)


class Config(msgspec.Struct, frozen=True):
    """A phone's configuration. `group`: host names of its CallManager group, which are its TVS servers as well.

    `secure`: it registers over TLS (a secure profile in a mixed-mode cluster). `page`: its web page answers.
    `operation`, `mode`: what it is to have done by CAPF, and how. `capf`: the host name of CAPF in the file, "" without
    one; the database does not have it.
    """

    group: tuple[str, ...] = ()
    secure: bool = False
    page: bool = False
    operation: Operation = NOTHING_PENDING
    mode: Mode = BY_NULL_STRING
    capf: str = ""


class Memory(msgspec.Struct, frozen=True):
    """What survives a reboot: the lists held and the last configuration accepted. Source: phones.md 1.5."""

    ctl: TrustFile | None = None
    itl: TrustFile | None = None
    config: Config | None = None


class Vouched(msgspec.Struct, frozen=True):
    """A leaf that a TVS has vouched for, with the roles it gave."""

    leaf: str
    roles: frozenset[int]


class Phone(msgspec.Struct, frozen=True, kw_only=True):
    """One phone at the moment it boots. `tftp`: host names, tried in this order. `cache`: answers of TVS still valid.

    `sbd` false: a model without Security By Default, which knows the CTL only.
    """

    name: str
    tftp: tuple[str, ...]
    sbd: bool = True
    memory: Memory = Memory()
    cache: tuple[Vouched, ...] = ()

    @property
    def group(self) -> tuple[str, ...]:
        """CallManager group of the configuration held."""
        return self.memory.config.group if self.memory.config is not None else ()


def holds(file: TrustFile | None, leaf: str, roles: frozenset[int]) -> bool:
    """Whether a list names a leaf in one of the roles. `leaf`: SHA-256 hex."""
    return file is not None and leaf != "" and any(e.sha256 == leaf and e.role in roles for e in file.entries)


def leaves(file: TrustFile | None, role: int) -> frozenset[str]:
    """The leaves a list names in a role, without the emptied records."""
    entries: tuple[Entry, ...] = () if file is None else file.entries
    return frozenset(e.sha256 for e in entries if e.role == role and e.sha256)


def checks_files(memory: Memory) -> bool:
    """Whether a phone insists on signatures: it holds some TFTP or TVS record.

    False on a blank phone and after the roll-back parameter has emptied its ITL. Source: phones.md 1.1, 1.5.
    """
    held = (memory.ctl, memory.itl)
    return any(leaves(file, role) for file in held for role in (CCM_TFTP, TFTP, TVS))
