"""The cases the lint rules look at: an upload that is about to happen, and a chain that is about to be trusted."""

import msgspec

from ucmcert.knowledge.purposes import PURPOSES, Purpose
from ucmcert.model.certificate import Certificate, CertificateRequest


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    """A CA's answer beside the request it answers. `now` is UTC epoch seconds; `trust` is the node's store."""

    request: CertificateRequest
    leaf: Certificate
    chain: tuple[Certificate, ...]
    purpose: str
    now: float
    current: Certificate | None = None
    trust: tuple[Certificate, ...] = ()

    @property
    def row(self) -> Purpose:
        """The purpose's row. Raises KeyError for a purpose nobody knows, which holds the upload."""
        return PURPOSES[self.purpose]

    @property
    def where(self) -> str:
        """Which certificate the findings speak of."""
        return f"{self.purpose} {self.leaf.common_name or self.request.common_name}"


class TrustCase(msgspec.Struct, frozen=True, kw_only=True):
    """A chain that goes to a trust store, and what the store holds. `named` is a store other than the purpose's."""

    chain: tuple[Certificate, ...]
    purpose: str
    now: float
    trust: tuple[Certificate, ...]
    named: str = ""

    @property
    def store(self) -> str:
        """Base name of the store: cup-xmpp-s2s goes to cup-xmpp-trust."""
        return self.named or PURPOSES[self.purpose].trust
