"""The cluster as facts, observed at one moment: what each node holds, runs and says of itself. Immutable."""

from typing import Literal

import msgspec

from ucmcert.model.certificate import Certificate, CertificateRequest
from ucmcert.model.consumer import ConsumersFacts
from ucmcert.model.finding import Finding
from ucmcert.model.node import Node, Role
from ucmcert.model.phone import PhonesFacts
from ucmcert.model.trust_list import ListKind, TrustListFacts


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """The identity certificate of one purpose on one node, as stored there."""

    purpose: str
    certificate: Certificate


class TrustEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One certificate of one trust store. `purpose` is the base name (`tomcat` for tomcat-trust)."""

    purpose: str
    filename: str
    certificate: Certificate


class PendingRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A CSR that waits on a node; its private key lies there and nowhere else."""

    purpose: str
    request: CertificateRequest


class Holding(msgspec.Struct, frozen=True, kw_only=True):
    """Everything certificate-like that one node holds. `unreadable` says what was there and could not be read."""

    identities: tuple[Identity, ...]
    requests: tuple[PendingRequest, ...]
    trust: tuple[TrustEntry, ...]
    unreadable: tuple[Finding, ...] = ()

    def identity(self, purpose: str) -> Certificate | None:
        """The stored identity of `purpose`, None when there is none."""
        return next((held.certificate for held in self.identities if held.purpose == purpose), None)

    def request(self, purpose: str) -> CertificateRequest | None:
        """The CSR pending for `purpose`, None when there is none."""
        return next((held.request for held in self.requests if held.purpose == purpose), None)

    def trusts(self, purpose: str) -> tuple[Certificate, ...]:
        """The certificates of `<purpose>-trust`."""
        return tuple(held.certificate for held in self.trust if held.purpose == purpose)


class HoldingPart(msgspec.Struct, frozen=True, kw_only=True):
    """What of a node's certificates is asked for: identities and CSRs of `purposes`, trust `stores` by base name."""

    purposes: frozenset[str]
    stores: frozenset[str]

    def renewed(self, known: Holding, fresh: Holding) -> Holding:
        """`known` with this part as `fresh` has it; `fresh` may hold more."""
        mine, stores = self.purposes, self.stores
        return Holding(
            identities=(
                *(one for one in known.identities if one.purpose not in mine),
                *(one for one in fresh.identities if one.purpose in mine),
            ),
            requests=(
                *(one for one in known.requests if one.purpose not in mine),
                *(one for one in fresh.requests if one.purpose in mine),
            ),
            trust=(
                *(one for one in known.trust if one.purpose not in stores),
                *(one for one in fresh.trust if one.purpose in stores),
            ),
            unreadable=tuple(dict.fromkeys((*known.unreadable, *fresh.unreadable))),
        )


class ServiceStatus(msgspec.Struct, frozen=True, kw_only=True):
    """One service of one node. `started_at` is node time as UTC epoch seconds, None when it is not known now.

    `start_told` is False when the node answers but never tells this service's start time, so that waiting is useless.
    """

    name: str
    state: Literal["started", "stopped", "starting", "stopping", "unknown"]
    reason: str = ""
    started_at: float | None = None
    start_told: bool = True

    @property
    def runs(self) -> bool:
        """Activated and started: the only services that are ever restarted (D1: only if it runs and is active)."""
        return self.state == "started"


class Backup(msgspec.Struct, frozen=True, kw_only=True):
    """Disaster recovery: is a job running, and how did the last backup end."""

    running: bool
    last_result: str = ""
    last_file: str = ""


class Served(msgspec.Struct, frozen=True, kw_only=True):
    """What a TLS handshake on a port showed. `leaf` is None when nothing answered; `problem` says why."""

    port: int
    leaf: Certificate | None
    problem: str = ""


class NodeFacts(msgspec.Struct, frozen=True, kw_only=True):
    """All that was observed of one node. A fact that could not be read is None and stands in `problems`."""

    node: Node
    holding: Holding
    services: tuple[ServiceStatus, ...] = ()
    served: tuple[Served, ...] = ()
    clock_offset_s: float | None = None
    time_synchronised: bool | None = None
    replication: int | None = None
    backup: Backup | None = None
    sso_enabled: bool | None = None
    fips: bool | None = None
    sessions_free: int | None = None
    problems: tuple[Finding, ...] = ()
    lists: tuple[TrustListFacts, ...] = ()

    def trust_list(self, kind: ListKind) -> TrustListFacts | None:
        """The ITL or CTL this node serves; None when it was not looked at."""
        return next((one for one in self.lists if one.kind == kind), None)

    def service(self, name: str) -> ServiceStatus | None:
        """The service of that name, whatever the case of its letters; None when the node does not list it."""
        return next((one for one in self.services if one.name.lower() == name.lower()), None)


class Cluster(msgspec.Struct, frozen=True, kw_only=True):
    """The whole cluster at `observed_at` (our UTC epoch), publisher first. `mixed_mode` None means not readable."""

    name: str
    observed_at: float
    nodes: tuple[NodeFacts, ...]
    mixed_mode: bool | None = None
    phones: PhonesFacts | None = None
    consumers: ConsumersFacts | None = None
    backup_devices: tuple[str, ...] = ()

    @property
    def publisher(self) -> NodeFacts:
        """The database publisher: the first to be renewed on every purpose.

        Among Unity Connection nodes no role tells it: there it is the first, where discovery puts it.
        """
        return next((facts for facts in self.nodes if facts.node.role is Role.PUBLISHER), self.nodes[0])

    def facts(self, name: str) -> NodeFacts:
        """The facts of the node called `name`. Raises KeyError when there is none."""
        for facts in self.nodes:
            if facts.node.name == name:
                return facts
        raise KeyError(name)
