"""What comes in from outside: time, chance, connections and the ledger. Given once at the top and passed down.

The product runs on real ports in production and on simulated ones in the simulation; nothing below this line knows
which. No other module reads a clock, draws a random number or opens a socket by itself.
"""

from collections.abc import Iterator, Mapping
from typing import Protocol

import msgspec

from ucmcert.model.event import Entry, Event
from ucmcert.model.node import Credential, Node


class Clock(Protocol):
    """Our own clock."""

    def now(self) -> float:
        """UTC epoch seconds."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait that long."""
        ...


class Random(Protocol):
    """Chance, for names and jitter only; never for keys."""

    def token(self) -> str:
        """Eight lower-case hex digits."""
        ...

    def between(self, low: float, high: float) -> float:
        """A number in [low, high)."""
        ...


class Trust(msgspec.Struct, frozen=True, kw_only=True):
    """Whom a TLS peer must be: a chain to one of `anchors` (DER) for the node's name, or an exact pinned leaf."""

    anchors: tuple[bytes, ...] = ()
    leaf_sha256: frozenset[str] = frozenset()


class HttpAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One whole HTTP answer. `leaf_sha256` is the certificate the connection was made with."""

    status: int
    content_type: str
    body: bytes


class Http(Protocol):
    """One HTTPS origin of one node, connections kept alive. The peer is verified before the password goes out."""

    async def request(
        self, method: str, path: str, *, headers: Mapping[str, str], body: bytes, timeout_s: float
    ) -> HttpAnswer:
        """One exchange. Raises OutcomeUnknown (`sent` tells whether it may have arrived) or UsageError UCM-TLS-*."""
        ...

    async def close(self) -> None:
        """Drop all connections; the next request makes a new handshake."""
        ...


class Terminal(Protocol):
    """An interactive shell of the platform CLI after log-in, as characters."""

    async def read(self) -> str:
        """What came, at least one character; "" when the far end closed."""
        ...

    async def write(self, text: str) -> None:
        """Type `text`. Raises OutcomeUnknown when the line is gone."""
        ...

    async def close(self) -> None:
        """Hang up."""
        ...


class Connect(Protocol):
    """Opens the interfaces of a node. `port` arguments are the real port numbers; the node maps them."""

    async def http(self, node: Node, port: int, credential: Credential, trust: Trust) -> Http:
        """An HTTPS origin with Basic auth. Raises UsageError UCM-TLS-001 for an untrusted peer, OutcomeUnknown."""
        ...

    async def terminal(self, node: Node, credential: Credential) -> Terminal:
        """Log in by SSH. Raises UsageError UCM-SSH-001 (host key), UCM-SSH-002 (password), OutcomeUnknown."""
        ...

    async def handshake(self, node: Node, port: int, timeout_s: float) -> tuple[bytes, ...]:
        """The DER chain a TLS handshake shows, leaf first, verified by nobody: evidence only. Raises OutcomeUnknown."""
        ...

    async def plain_http(self, address: str, port: int, path: str, timeout_s: float) -> HttpAnswer:
        """One GET without TLS or login, of a TFTP file or a phone's own page: evidence only. Raises OutcomeUnknown."""
        ...

    async def tftp(self, node: Node, name: str, timeout_s: float) -> bytes | None:
        """A file by TFTP; None when the node says that it has none. Raises OutcomeUnknown."""
        ...


class Ledger(Protocol):
    """Append-only and durable: when `append` returns, the event survives a power cut."""

    def append(self, event: Event) -> Entry:
        """Write one event. Raises UsageError UCM-LEDGER-* when the disk refuses; nothing is half written."""
        ...

    def entries(self) -> Iterator[Entry]:
        """All entries, oldest first."""
        ...
