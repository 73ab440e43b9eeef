"""How a certificate change reaches the other nodes: Certificate Change Notification, on event and every 30 minutes.

Source: procedure.md 6.4 (stores), interfaces-http.md 10 (multi-server spread). The delays in seconds are chosen; "up to
30 minutes" to IM&P is Cisco's. A node takes part while it is up, in replication state 2 and has the service STARTED;
what it misses of a trust store comes with the next half-hourly round. A multi-server identity it misses never comes.
"""

from collections.abc import Callable, Mapping

import msgspec

from ucmlab.clock import Timer
from ucmlab.cluster.certificates.records import TrustEntry
from ucmlab.cluster.certificates.stores import Change
from ucmlab.cluster.node import Node
from ucmlab.cluster.releases import release_has
from ucmlab.cluster.world import World

NOTIFIER = "Cisco Certificate Change Notification"
SPREADERS = ("Cisco Tomcat", "Platform Administrative Web Service")
RECOVERY = "ITLRecovery"
ROUND_S = 1800.0
FIRST_ROUND_S = 60.0
SPREAD_S = (2.0, 6.0)


class Route(msgspec.Struct, frozen=True):
    """A store that travels from nodes of one product to nodes of another, with the shortest and longest delay."""

    store: str
    source: str
    target: str
    delay_s: tuple[float, float]


ROUTES = (
    Route("tomcat-trust", "cucm", "cucm", (3.0, 12.0)),
    Route("CallManager-trust", "cucm", "cucm", (3.0, 12.0)),
    Route("Phone-SAST-trust", "cucm", "cucm", (3.0, 12.0)),
    Route("directory-trust", "cucm", "cucm", (3.0, 12.0)),
    Route("tomcat-trust", "cucm", "imp", (60.0, 600.0)),
    Route("tomcat-trust", "imp", "cucm", (60.0, 600.0)),
    Route("tomcat-trust", "imp", "imp", (3.0, 12.0)),
    Route("cup-xmpp-trust", "imp", "imp", (3.0, 12.0)),
    Route("tomcat-trust", "unity-connection", "unity-connection", (3.0, 12.0)),
)


class Carried(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the cluster's database: a trust entry and the product it was uploaded on."""

    source: str
    entry: TrustEntry


class Replication:
    """Carries changes between the nodes of one cluster."""

    def __init__(
        self,
        nodes: Mapping[str, Node],
        world: World,
        database: tuple[Carried, ...] = (),
        *,
        arrived: Callable[[Node, Change, str], None],
    ) -> None:
        self._arrived = arrived
        self._nodes = nodes
        self._world = world
        self.database = list(database)
        self._timers: set[Timer] = set()

    def start(self) -> None:
        """Begin the half-hourly rounds; needs a running loop."""
        self._later(FIRST_ROUND_S, self._round)

    def close(self) -> None:
        """Cancel everything under way; the next start makes it up with a round."""
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()

    def announced(self, node: Node, change: Change, subject: str, name: str) -> None:
        """A node's store has changed: send the change on its way."""
        if change == "trust-added":
            self._send_trust(node, subject, name)
        elif change == "trust-deleted":
            self._send_deletion(node, subject, name)
        elif name == "multi-server" or _is_made_for_all(node, change, subject):
            self._spread(node, change, subject)

    def _send_trust(self, node: Node, store: str, filename: str) -> None:
        entry = next(entry for entry in node.certificates.trust(store) if entry.filename == filename)
        carried = Carried(source=node.product, entry=entry)
        rivals = [row for row in self.database if row.entry.store == store and row.entry.filename == filename]
        self.database = [row for row in self.database if row not in rivals] + [carried]
        for target in self._nodes.values():
            route = _route(store, node.product, target.product)
            if target is not node and route is not None:
                delay_s = self._world.random.uniform(*route.delay_s)
                self._later(delay_s, lambda to=target: self._deliver(carried, to))  # type: ignore[misc]

    def _send_deletion(self, node: Node, store: str, filename: str) -> None:
        if release_has(node.version, "deletion without notification stop") or not node.runs(NOTIFIER):
            self.database = [row for row in self.database if (row.entry.store, row.entry.filename) != (store, filename)]
        if self._world.switches["trust_delete_scope"] == "node":
            return
        for target in self._nodes.values():
            route = _route(store, node.product, target.product)
            if target is not node and route is not None:
                delay_s = self._world.random.uniform(*route.delay_s)
                self._later(delay_s, lambda to=target: _forget(to, store, filename))  # type: ignore[misc]

    def _spread(self, node: Node, change: Change, purpose: str) -> None:
        how = "seconds" if purpose == RECOVERY else self._world.switches["multi_server_spread"]
        if how == "never":
            return
        sharers = node.site.sharers(node.site.purpose(purpose))
        for target in self._nodes.values():
            if target is not node and target.fqdn in sharers:
                delay_s = self._world.random.uniform(*SPREAD_S) if how == "seconds" else ROUND_S
                self._later(delay_s, lambda to=target: self._hand_over(node, to, change, purpose))  # type: ignore[misc]

    def _hand_over(self, node: Node, target: Node, change: Change, purpose: str) -> None:
        if not all(target.runs(service) for service in SPREADERS):
            return
        csr, identity = node.certificates.csr(purpose), node.certificates.identity(purpose)
        if change == "csr" and csr is not None:
            target.certificates.install_csr(csr)
        elif change == "identity" and identity is not None:
            target.certificates.install_identity(identity)
            self._arrived(target, change, purpose)
        target.changed()

    def _deliver(self, carried: Carried, target: Node) -> None:
        if not target.runs(NOTIFIER) or target.replication != 2:
            return
        entry = carried.entry
        before = target.certificates.memory()
        target.certificates.put_trust(entry.store, entry.certificate(), entry.description)
        if target.certificates.memory() != before:
            target.changed()

    def _round(self) -> None:
        for carried in list(self.database):
            for target in self._nodes.values():
                if _route(carried.entry.store, carried.source, target.product) is not None:
                    self._deliver(carried, target)
        self._share_recovery()
        self._later(ROUND_S, self._round)

    def _share_recovery(self) -> None:
        """Hand the publisher's ITLRecovery to whoever has missed it."""
        publisher = next(iter(self._nodes.values()))
        made = publisher.certificates.identity(RECOVERY)
        for target in self._nodes.values():
            shares = target.product == "cucm" and release_has(target.version, "one ITLRecovery")
            if shares and target.certificates.identity(RECOVERY) != made:
                self._hand_over(publisher, target, "identity", RECOVERY)

    def _later(self, seconds: float, action: Callable[[], None]) -> None:
        def strike() -> None:
            self._timers.discard(timer)
            action()

        timer = self._world.clock.call_later(seconds, strike)
        self._timers.add(timer)


def _route(store: str, source: str, target: str) -> Route | None:
    return next((r for r in ROUTES if (r.store, r.source, r.target) == (store, source, target)), None)


def _is_made_for_all(node: Node, change: Change, purpose: str) -> bool:
    """From 12.5 the publisher makes one ITLRecovery for all nodes. Source: procedure.md 1.1, 9."""
    made = change == "identity" and purpose == RECOVERY and node.is_publisher
    return made and release_has(node.version, "one ITLRecovery")


def _forget(target: Node, store: str, filename: str) -> None:
    if target.runs(NOTIFIER) and filename in [entry.filename for entry in target.certificates.trust(store)]:
        target.certificates.drop_trust(store, filename)
        target.changed()
