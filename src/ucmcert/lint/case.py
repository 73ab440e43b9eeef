"""The cases the lint rules look at: an upload that is about to happen, and a chain that is about to be trusted."""

from typing import Literal

import msgspec

from ucmcert.knowledge.purposes import PURPOSES, Purpose
from ucmcert.knowledge.versions import has
from ucmcert.model.certificate import Certificate, CertificateRequest
from ucmcert.model.node import Release


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What the caller knows of the node beside the files. None and "" mean that nobody asked: no rule guesses then.

    `mixed`, `fips`, `revocation` (OCSP is on) are states of the cluster; `csr_waits` is False when the node has no CSR
    of the purpose; `transport` is how the upload will travel; `domain` is the node's DNS domain. `older_requests` are
    CSRs of this node and purpose from before, `other_requests` those of others by who made them ("tomcat cucm-sub1").
    """

    release: Release | None = None
    mixed: bool | None = None
    fips: bool | None = None
    csr_waits: bool | None = None
    transport: Literal["", "rest", "cli"] = ""
    distribution: Literal["", "this-server", "multi-server"] = ""
    revocation: bool | None = None
    domain: str = ""
    older_requests: tuple[CertificateRequest, ...] = ()
    other_requests: tuple[tuple[str, CertificateRequest], ...] = ()

    def has(self, capability: str) -> bool | None:
        """Whether the node's release has the capability; None when nobody told the release."""
        return None if self.release is None else has(capability, msgspec.structs.astuple(self.release))


NOTHING_KNOWN = Known()


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    """A CA's answer beside the request it answers. `now` is UTC epoch seconds; `trust` is the node's store.

    `chain` holds each certificate once, in an order that does not depend on how the files came (`chain.put_in_order`);
    `repeated` are those that came more than once.
    """

    request: CertificateRequest
    leaf: Certificate
    chain: tuple[Certificate, ...]
    purpose: str
    now: float
    current: Certificate | None = None
    trust: tuple[Certificate, ...] = ()
    repeated: tuple[Certificate, ...] = ()
    known: Known = NOTHING_KNOWN

    @property
    def row(self) -> Purpose:
        """The purpose's row. Raises KeyError for a purpose nobody knows, which holds the upload."""
        return PURPOSES[self.purpose]

    @property
    def where(self) -> str:
        """Which certificate the findings speak of."""
        return f"{self.purpose} {self.leaf.common_name or self.request.common_name}"


class TrustCase(msgspec.Struct, frozen=True, kw_only=True):
    """A chain that goes to a trust store, and what the store holds. `named` is a store other than the purpose's.

    `leaves` are the identities that lean on the store today.
    """

    chain: tuple[Certificate, ...]
    purpose: str
    now: float
    trust: tuple[Certificate, ...]
    named: str = ""
    leaves: tuple[Certificate, ...] = ()

    @property
    def store(self) -> str:
        """Base name of the store: cup-xmpp-s2s goes to cup-xmpp-trust."""
        return self.named or PURPOSES[self.purpose].trust
