"""What a booting phone asks of the servers, and what it may be answered."""

from enum import Enum
from typing import Final, TypeAlias

import msgspec

from ucmlab.cluster.phones.memory import Config
from ucmlab.cluster.trust_lists.model import Kind, TrustFile


class Silence(Enum):
    """The answer of a server that gave none."""

    UNREACHABLE = "unreachable"


UNREACHABLE: Final = Silence.UNREACHABLE


class GetList(msgspec.Struct, frozen=True):
    """Fetch CTLSEP<MAC>.tlv or ITLSEP<MAC>.tlv. Answer: TrustFile, None for 404, UNREACHABLE."""

    node: str
    kind: Kind


class GetConfig(msgspec.Struct, frozen=True):
    """Fetch SEP<MAC>.cnf.xml(.sgn). Answer: Served, None for 404, UNREACHABLE."""

    node: str
    signed: bool


class AskTvs(msgspec.Struct, frozen=True):
    """Ask the TVS of a node about a leaf. `held`: leaves accepted as that server. Answer: Vouching, UNREACHABLE.

    A driver on sockets breaks off the handshake when the leaf presented is not in `held`.
    """

    node: str
    leaf: str
    held: frozenset[str]


class Register(msgspec.Struct, frozen=True):
    """Register with CallManager of a node. Answer: Welcome, UNREACHABLE when nothing listens."""

    node: str
    secure: bool


class AskCapf(msgspec.Struct, frozen=True):
    """Go to CAPF of a node for what the configuration orders. Answer: Enrolling, UNREACHABLE when nothing listens."""

    node: str


class Pause(msgspec.Struct, frozen=True):
    """Let time pass before the next try, cluster-seconds. Answer: None."""

    seconds: float


class Served(msgspec.Struct, frozen=True):
    """A configuration as a TFTP served it. `signer`: SHA-256 hex, None when it came unsigned."""

    config: Config
    signer: str | None


class Vouching(msgspec.Struct, frozen=True):
    """What a TVS said: the leaf it presented and the roles it knows for the leaf asked about (none: unknown)."""

    presented: str
    roles: frozenset[int] = frozenset()


class Welcome(msgspec.Struct, frozen=True):
    """What CallManager said: the leaf it presented over TLS (None without) and whether it takes the phone."""

    leaf: str | None
    admitted: bool = True


class Enrolling(msgspec.Struct, frozen=True):
    """What CAPF said: the leaf it presented over TLS, SHA-256 hex, and whether it carries the operation out."""

    presented: str
    granted: bool = True


Ask: TypeAlias = GetList | GetConfig | AskTvs | Register | AskCapf | Pause
Answer: TypeAlias = TrustFile | Served | Vouching | Welcome | Enrolling | Silence | None
