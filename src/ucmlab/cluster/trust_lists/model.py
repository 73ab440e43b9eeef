"""What a trust list is to everybody else: a file, the certificates it names with their roles, and who signed it."""

import hashlib
from functools import lru_cache
from typing import Literal

import msgspec

from ucmlab.errors import LabError

Kind = Literal["ctl", "itl"]

SAST, CCM, CCM_TFTP, TFTP, CAPF, APP_SERVER, TVS = 0, 1, 2, 3, 4, 7, 21
ROLES = {
    SAST: "System Administrator Security Token",
    CCM: "CCM",
    CCM_TFTP: "CCM+TFTP",
    TFTP: "TFTP",
    CAPF: "CAPF",
    APP_SERVER: "APP-SERVER",
    TVS: "TVS",
}
FILENAMES: dict[Kind, str] = {"ctl": "CTLFile.tlv", "itl": "ITLFile.tlv"}


class BadTrustFile(LabError):
    """A trust list or signed file that cannot be read, or whose signature is not its signer's."""


class Entry(msgspec.Struct, frozen=True):
    """One record: a role number of phones.md 1.4, and the SHA-256 of the certificate's DER, lower-case hex.

    `sha256` is "" for the emptied CCM+TFTP record of a cluster that has left mixed mode.
    """

    role: int
    sha256: str


class TrustFile(msgspec.Struct, frozen=True):
    """An ITL or CTL file. `signer`: SHA-256 of the signer's DER, lower-case hex; `built_at`: epoch seconds."""

    kind: Kind
    data: bytes
    entries: tuple[Entry, ...]
    signer: str
    built_at: float

    @property
    def md5(self) -> str:
        """MD5 of the file, lower-case hex."""
        return _digest("md5", self.data)

    @property
    def sha1(self) -> str:
        """SHA-1 of the file, lower-case hex."""
        return _digest("sha1", self.data)

    def holders(self, role: int) -> frozenset[str]:
        """SHA-256 of every certificate that stands in the list with this role."""
        return frozenset(entry.sha256 for entry in self.entries if entry.role == role and entry.sha256)


@lru_cache(maxsize=512)
def _digest(algorithm: Literal["md5", "sha1"], data: bytes) -> str:
    """Of few files, which the pages of all phones show again and again."""
    return hashlib.new(algorithm, data, usedforsecurity=False).hexdigest()
