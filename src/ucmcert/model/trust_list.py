"""What a phone trusts: the records of an ITL or CTL, who signed it, and what a node says of its own copy.

Source: phones.md 1.4 (roles), 3.1 (format).
"""

from enum import IntEnum
from typing import Literal

import msgspec

ListKind = Literal["itl", "ctl"]
FILE_OF: dict[ListKind, str] = {"itl": "ITLFile.tlv", "ctl": "CTLFile.tlv"}


class ListRole(IntEnum):
    """What a record lets its certificate do. The numbers stand in the file."""

    SAST = 0
    CCM = 1
    CCM_TFTP = 2
    TFTP = 3
    CAPF = 4
    APP_SERVER = 7
    TVS = 21


class ListRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One record. `sha256` is of the certificate's DER, "" where the record holds none (eToken, emptied, hash only).

    `subject` and `issuer` are the names as the file spells them, `serial` is upper-case hex without separators.
    """

    role: int
    subject: str
    issuer: str
    serial: str
    sha256: str
    sha1: str = ""
    host: str = ""


class TrustListFacts(msgspec.Struct, frozen=True, kw_only=True):
    """The list that one node serves. `present` False is a normal state (no TFTP there, never mixed).

    `verified` is True only when the signature was checked with the signer's own record, or the node said the exact
    sentence of success. `told_by` is the interface it came from. Checksums are lower-case hex of the whole file.
    """

    node: str
    kind: ListKind
    present: bool
    told_by: str
    sha1: str = ""
    md5: str = ""
    length: int = 0
    made_at: int = 0
    signer_subject: str = ""
    signer_serial: str = ""
    verified: bool = False
    problem: str = ""
    records: tuple[ListRecord, ...] = ()

    def holds(self, sha256: str, *roles: int) -> bool:
        """Whether the certificate stands in the list, with one of `roles` when some are given."""
        return any(one.sha256 == sha256 and (not roles or one.role in roles) for one in self.records)

    @property
    def signer_sha256(self) -> str:
        """SHA-256 of the certificate whose SAST record signed, "" when there is none."""
        sasts = (one for one in self.records if one.role == ListRole.SAST and one.serial == self.signer_serial)
        return next((one.sha256 for one in sasts), "")
