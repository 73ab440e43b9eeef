"""One node: its names, its own clock, its certificates and services, and what its ports show right now."""

from collections.abc import Callable, Sequence

import msgspec

from ucmlab.clock import Clock, Timer
from ucmlab.cluster.certificates.records import ServedIdentity
from ucmlab.cluster.certificates.site import Site
from ucmlab.cluster.certificates.stores import CertificatesState, Change, NodeCertificates
from ucmlab.cluster.platform import PlatformState
from ucmlab.cluster.services.service import Service, ServiceState
from ucmlab.cluster.services.table import services_of
from ucmlab.cluster.trust_lists.tftp import NodeTftp, TftpCluster, TftpState
from ucmlab.cluster.tvs_memory import TvsMemory
from ucmlab.cluster.world import World
from ucmlab.errors import Refusal

WEB_DELAY_S = (10.0, 25.0)
TFTP_HTTPS = 6971


class NodeState(msgspec.Struct, frozen=True, kw_only=True):
    """What of a node survives a stop of the lab."""

    site: Site
    address: str
    clock_offset_s: float
    ntp: str
    replication: int
    down: bool
    web_loaded: bool = True
    platform: PlatformState = PlatformState()
    tvs: TvsMemory = TvsMemory()
    tftp: TftpState | None = None
    certificates: CertificatesState
    services: tuple[ServiceState, ...]


class Node:
    """A CUCM or IM&P node."""

    def __init__(
        self,
        memory: NodeState,
        world: World,
        *,
        changed: Callable[["Node"], None],
        announce: Callable[["Node", Change, str, str], None],
        lists: TftpCluster,
    ) -> None:
        self.name = memory.site.host
        self.fqdn = memory.site.fqdn
        self.role = memory.site.role
        self.product = memory.site.product
        self.version = memory.site.version
        self.address = memory.address
        self.clock_offset_s = memory.clock_offset_s
        self.ntp = memory.ntp
        self.replication = memory.replication
        self.open_sessions = 0
        self._platform = memory.platform
        self.tvs = memory.tvs
        self.clock: Clock = world.clock
        self._world = world
        self._changed = changed
        self._down = memory.down
        self._web_loaded = memory.web_loaded
        self._web_timer: Timer | None = None
        self.certificates = NodeCertificates(
            memory.site,
            world,
            memory.certificates,
            now=self.now,
            announce=lambda change, subject, name: announce(self, change, subject, name),
        )
        remembered = {state.name: state for state in memory.services}
        rows = services_of(product=self.product, role=self.role, version=self.version)
        self.services = {row.name: Service(row, self, remembered[row.name]) for row in rows}
        shown = ((port, service, purpose) for service in self.services.values() for port, purpose in service.row.ports)
        self._holders = {port: (service, purpose) for port, service, purpose in reversed([*shown])}  # the first has it
        for service in self.services.values():
            if service.row.follows in self.services:
                self.services[service.row.follows].followers.append(service)
        self.tftp = NodeTftp(self, lists, memory.tftp) if self.product == "cucm" else None

    @property
    def site(self) -> Site:
        """Names, release and subject of the node, as its certificates have them."""
        return self.certificates.site

    def now(self) -> float:
        """The node's own clock, UTC epoch seconds: the true time plus its offset."""
        return self.clock.now() + self.clock_offset_s

    @property
    def is_publisher(self) -> bool:
        """Whether this is the CUCM publisher."""
        return self.role == "publisher"

    @property
    def down(self) -> bool:
        """Whether the whole node is off, by its own state or by a fault."""
        return self._down or self._world.faults.node_down(self.name)

    @down.setter
    def down(self, value: bool) -> None:
        self._down = value
        self.changed()

    @property
    def platform(self) -> PlatformState:
        """What administrators have set and run on this node."""
        return self._platform

    @platform.setter
    def platform(self, value: PlatformState) -> None:
        self._platform = value
        self.changed()

    def reachable(self) -> bool:
        """Whether any port of the node can answer."""
        return not self.down

    def listening(self, port: int) -> bool:
        """Whether a connection to this port of the product (443, 8443, 22, 5061 ...) is accepted right now."""
        if self.down:
            return False
        if port == 22:
            return self.services["System SSH"].running
        holder = self._holder(port)
        return holder is not None and holder[0].running and self.offers(port)

    def offers(self, port: int) -> bool:
        """Whether a port ever opens in this lab: 6971 by switch tftp_https, all others do."""
        return port != TFTP_HTTPS or self._world.switches["tftp_https"] == "open"

    def web_ready(self) -> bool:
        """Whether web applications answer: a little after Cisco Tomcat's [STARTED]. Source: interfaces-cli.md 3.3."""
        return self.listening(8443) and self._web_loaded

    def tls_certificate(self, port: int, *, key_type: str = "rsa") -> ServedIdentity | None:
        """What a TLS handshake on this port would show now; None when the connection is refused.

        With key_type "ec": what a client that offers EC ciphers only would see (switch https_ciphers).
        """
        holder = self._holder(port)
        if holder is None or not self.listening(port):
            return None
        service, purpose = holder
        if key_type == "ec":
            if self._world.switches["https_ciphers"] == "rsa":
                return None
            purpose = f"{purpose}-ECDSA"
        if self._world.switches["served_when"] == "at-once":
            return self.certificates.load(purpose)
        return service.loaded.get(purpose)

    def loaded(self, purpose: str) -> dict[str, ServedIdentity]:
        """What each service that uses a purpose has loaded, by service name."""
        return {
            service.name: service.loaded[purpose] for service in self.services.values() if purpose in service.loaded
        }

    def served(self, purpose: str) -> dict[int, ServedIdentity]:
        """What each open port that shows a purpose serves now, by port."""
        key_type = "ec" if purpose.endswith("-ECDSA") else "rsa"
        holder = purpose.removesuffix("-ECDSA")
        shown = [port for service in self.services.values() for port, shows in service.row.ports if shows == holder]
        answers = {port: self.tls_certificate(port, key_type=key_type) for port in sorted(shown)}
        return {port: answer for port, answer in answers.items() if answer is not None}

    def service(self, name: str) -> Service:
        """A service by name, in any case. Raises Refusal SVC-UNKNOWN with the words of switch svc_unknown_text."""
        for service in self.services.values():
            if service.name.lower() == name.strip().lower():
                return service
        words = self._world.switches["svc_unknown_text"].replace("{name}", name)
        raise Refusal("SVC-UNKNOWN", words, invented=True)

    def runs(self, service: str) -> bool:
        """Whether the node is up and has this service STARTED."""
        return self.reachable() and service in self.services and self.services[service].running

    def load_identities(self, purposes: Sequence[str]) -> dict[str, ServedIdentity]:
        """The stored identities as a starting process reads them."""
        names = {purpose.name for purpose in self.site.purposes()}
        found = {name: self.certificates.load(name) for name in purposes if name in names}
        return {name: identity for name, identity in found.items() if identity is not None}

    def start_fails(self, service: str) -> str | None:
        """Reason printed when this start fails (fault service-fails), else None."""
        if self._world.faults.service_fails(self.name, service):
            return self._world.switches["svc_fail_text"]
        return None

    def on_started(self, service: str) -> None:
        """Let the web applications come up some time after Cisco Tomcat."""
        if service != "Cisco Tomcat":
            return
        if self._web_timer is not None:
            self._web_timer.cancel()
        self._web_loaded = False
        self.changed()
        self._web_timer = self.clock.call_later(self._world.random.uniform(*WEB_DELAY_S), self._end_web_start)

    def jitter(self) -> float:
        """Factor on a duration: 0.8 to 1.2, from the seed."""
        return self._world.random.uniform(0.8, 1.2)

    def changed(self) -> None:
        """Something that must survive has changed."""
        self._changed(self)

    def memory(self) -> NodeState:
        """What must survive a stop of the lab."""
        return NodeState(
            site=self.site,
            address=self.address,
            clock_offset_s=self.clock_offset_s,
            ntp=self.ntp,
            replication=self.replication,
            down=self._down,
            web_loaded=self._web_loaded,
            platform=self._platform,
            tvs=self.tvs,
            tftp=None if self.tftp is None else self.tftp.memory(),
            certificates=self.certificates.memory(),
            services=tuple(service.memory() for service in self.services.values()),
        )

    def power_up(self) -> None:
        """Settle what a killed lab left half-way: a service in mid-restart is started afresh."""
        for service in self.services.values():
            service.power_up()
        self._web_loaded = True

    def close(self) -> None:
        """Cancel every timer, for a lab that stops."""
        for service in self.services.values():
            service.close()
        if self._web_timer is not None:
            self._web_timer.cancel()

    def _end_web_start(self) -> None:
        self._web_loaded = True
        self.changed()

    def _holder(self, port: int) -> tuple[Service, str] | None:
        return self._holders.get(port)
