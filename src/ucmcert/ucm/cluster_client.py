"""The cluster as verbs of the field: what a node holds, runs, shows, and what we do to it and to its phones.

Joins the adapters and chooses between them by the name of a capability, never by a release. Nothing here decides
whether something should be done, and no write is ever repeated. Sessions and connections are kept until `close`.
"""

import msgspec

from ucmcert.errors import OutcomeUnknown, Refused, UcmcertError, UsageError
from ucmcert.model.certificate import Certificate, read_certificate
from ucmcert.model.cluster import Backup, Holding, HoldingPart, Served, ServiceStatus
from ucmcert.model.csr_settings import WebSecurity
from ucmcert.model.node import Node, Release
from ucmcert.model.ports import Clock, Connect
from ucmcert.ucm import axl, certificates_by_cli, consumers, control_center, rest
from ucmcert.ucm.access import USUAL, Access, Manners
from ucmcert.ucm.csr_spec import CsrSpec
from ucmcert.ucm.list_verbs import ListVerbs
from ucmcert.ucm.phone_verbs import PhoneVerbs
from ucmcert.ucm.platform_cli import certificate_verbs, node_verbs
from ucmcert.ucm.platform_cli.parsers.replication import Replication
from ucmcert.ucm.platform_cli.shell import Shell
from ucmcert.ucm.rest_answers import offers_rest
from ucmcert.ucm.start_times import StartTimes

__all__ = ["ClusterClient", "CsrSpec"]

HANDSHAKE_S = 10.0
CLOCK_AGE_S = 300.0
HALF_A_SECOND = 0.5  # node clocks are told in whole seconds, cut off
SECURITY_MODE = "select paramname,paramvalue from processconfig where paramname='ClusterSecurityMode'"
MIXED = {"0": False, "1": True}


class NodeClock(msgspec.Struct, frozen=True, kw_only=True):
    """A reading of a node's clock. `offset_s` is node time minus ours, the round trip halved; `read_at` is ours."""

    utc: float
    offset_s: float
    read_at: float


class ClusterClient(ListVerbs, PhoneVerbs):
    """One cluster. Every verb may raise OutcomeUnknown, and UsageError for a pin, a password or a name of ours."""

    def __init__(self, connect: Connect, clock: Clock, access: Access, manners: Manners = USUAL) -> None:
        super().__init__(connect, clock, access, manners)
        self._start_times = StartTimes()
        self._clocks: dict[str, NodeClock] = {}

    async def holding(self, node: Node, part: HoldingPart | None = None) -> Holding:
        """What is certificate-like on the node, as it is stored there now: at least `part` of it, all without one."""
        if offers_rest(node):
            return await self._by_rest(node, rest.snapshot)
        return await self._by_cli(node, lambda shell: certificates_by_cli.holding(shell, node.name, part))

    async def service_states(self, node: Node) -> tuple[ServiceStatus, ...]:
        """The services the node lists, without their start times: one quick command."""
        return (await self._by_cli(node, node_verbs.services)).value.services

    async def services(self, node: Node) -> tuple[ServiceStatus, ...]:
        """The services the node lists, with their start times as far as they are told (docs/decisions/0009)."""
        listed = await self.service_states(node)
        try:
            answered = await self._by_application(node, control_center.services)
        except (OutcomeUnknown, Refused):  # a fault passes too, as while the web applications start
            return self._start_times.join(node.name, listed, None, None)
        answered_at = self._clock.now()
        clock = await self._recent_clock(node)
        node_utc = None if clock is None else answered_at + clock.offset_s
        return self._start_times.join(node.name, listed, answered, node_utc)

    async def served(self, node: Node, port: int) -> Served:
        """What a TLS handshake on the real `port` shows. Never raises: silence is an observation too."""
        try:
            chain = await self._connect.handshake(node, port, HANDSHAKE_S)
            return Served(port=port, leaf=read_certificate(chain[0]))
        except UcmcertError as error:
            return Served(port=port, leaf=None, problem=f"{error.what}: {error.why}")
        except ValueError as error:
            return Served(port=port, leaf=None, problem=str(error))

    async def backup(self, node: Node, *, with_history: bool = True) -> Backup:
        """Disaster recovery as the node tells it; without the history it is quicker and knows less of the last one."""
        return (await self._by_cli(node, lambda shell: node_verbs.backup(shell, with_history=with_history))).value

    async def sso_enabled(self, node: Node) -> bool | None:
        """Whether SAML single sign-on is on; None when the node says something else."""
        return (await self._by_cli(node, node_verbs.sso_enabled)).value

    async def fips_on(self, node: Node) -> bool | None:
        """Whether the node is in FIPS mode; None when it does not say."""
        return (await self._by_cli(node, node_verbs.fips_on)).value

    async def node_utc(self, node: Node) -> float:
        """UTC epoch seconds by the node's own clock, read now, to the second."""
        return (await self._read_clock(node)).utc

    async def clock_offset_s(self, node: Node) -> float:
        """The node's clock minus ours, in seconds, the round trip halved."""
        return (await self._read_clock(node)).offset_s

    async def web_security(self, node: Node) -> WebSecurity:
        """What the node puts into its CSRs by itself. Raises Refused, and OutcomeUnknown for words nobody published."""
        return (await self._by_cli(node, certificate_verbs.web_security)).value

    async def generate_csr(self, node: Node, purpose: str, spec: CsrSpec) -> str:
        """Have the node make a CSR; its words. The key of a CSR that waits there is lost. Raises Refused too.

        By the command line the node takes its own settings: `spec` cannot be told there (interfaces-cli.md 2.3), and
        a multi-server CSR cannot be had: UsageError UCM-CLI-021.
        """
        if offers_rest(node):
            return await self._by_rest(node, lambda origin: rest.generate_csr(origin, purpose, spec))
        if spec.multi_server:
            raise _no_multi_server(node)
        return await self._by_cli(node, lambda shell: certificate_verbs.generate_request(shell, purpose))

    async def upload_trust(self, node: Node, purpose: str, certificate: Certificate) -> str:
        """Upload one CA certificate to `<purpose>-trust`; the node's words, which prove nothing. Raises Refused too."""
        if offers_rest(node):
            return await self._by_rest(node, lambda origin: rest.upload_trust(origin, purpose, certificate))
        return await self._by_cli(node, lambda shell: certificate_verbs.import_trust(shell, purpose, certificate.pem))

    async def upload_identity(self, node: Node, purpose: str, leaf: Certificate, chain: tuple[Certificate, ...]) -> str:
        """Upload the identity, `chain` from its issuer to the root; the node's words. Raises Refused too."""
        if offers_rest(node):
            return await self._by_rest(node, lambda origin: rest.upload_identity(origin, purpose, leaf, chain))
        return await self._by_cli(node, lambda shell: certificates_by_cli.upload_identity(shell, purpose, leaf, chain))

    async def restart_service(self, node: Node, name: str) -> str:
        """Restart the service the node lists as `name`; its dialogue. Takes minutes. Raises Refused too."""
        return await self._by_cli(node, lambda shell: node_verbs.restart_service(shell, name))

    async def release(self, node: Node) -> Release:
        """The release the node runs."""
        return (await self._by_cli(node, node_verbs.release)).value

    async def replication(self, publisher: Node) -> Replication:
        """Database replication of all servers: `.row(host, name, address)` is one node's. A heavy command."""
        return (await self._by_cli(publisher, node_verbs.replication)).value

    async def time_synchronised(self, node: Node) -> bool | None:
        """Whether an NTP server steers the node's clock; None when it does not say."""
        return (await self._by_cli(node, node_verbs.ntp_synchronised)).value

    async def sessions_free(self, node: Node) -> int | None:
        """An estimate of the command-line sessions still free beside ours; None when it cannot be told."""
        return (await self._by_cli(node, node_verbs.status)).value.sessions_free

    async def mixed_mode(self, publisher: Node) -> bool | None:
        """Whether the cluster is in mixed mode; None when neither AXL nor `run sql` tells it."""
        for ask in (self._security_mode_by_axl, self._security_mode_by_cli):
            try:
                rows = await ask(publisher)
            except UcmcertError:
                continue
            values = [row.get("paramvalue", "") for row in rows]
            if len(values) == 1 and values[0] in MIXED:
                return MIXED[values[0]]
        return None

    async def consumers(self, publisher: Node, query: str) -> tuple[str, ...]:
        """The names of one kind of external consumer (`ucm.consumers.QUERIES`), as the database knows them."""

        async def sql(statement: str) -> tuple[dict[str, str], ...]:
            return await self._by_application(publisher, lambda origin: axl.sql_rows(origin, statement))

        return await consumers.names_of(sql, query)

    async def _security_mode_by_axl(self, node: Node) -> tuple[dict[str, str], ...]:
        return await self._by_application(node, lambda origin: axl.sql_rows(origin, SECURITY_MODE))

    async def _security_mode_by_cli(self, node: Node) -> tuple[dict[str, str], ...]:
        return (await self._by_cli(node, lambda shell: node_verbs.sql(shell, SECURITY_MODE))).value

    async def _read_clock(self, node: Node) -> NodeClock:
        async def work(shell: Shell) -> NodeClock:
            before = self._clock.now()
            utc = (await node_verbs.node_clock(shell)).value
            after = self._clock.now()
            return NodeClock(utc=utc, offset_s=utc + HALF_A_SECOND - (before + after) / 2, read_at=after)

        clock = await self._by_cli(node, work)
        self._clocks[node.name] = clock
        return clock

    async def _recent_clock(self, node: Node) -> NodeClock | None:
        known = self._clocks.get(node.name)
        if known is not None and self._clock.now() - known.read_at < CLOCK_AGE_S:
            return known
        try:
            return await self._read_clock(node)
        except (Refused, OutcomeUnknown):
            return None


def _no_multi_server(node: Node) -> UsageError:
    return UsageError(
        "UCM-CLI-021",
        "a multi-server CSR cannot be made by the command line",
        where=node.name,
        why="this release has no certificate REST API, and its command line knows CSRs of one node only",
        next="make the CSR on the node's web page (OS Administration), or renew node by node",
    )
