"""The whole cluster: its nodes and the facts they share. Every change is on disk before the caller goes on."""

from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from ucmlab.cluster.accounts import Account, AccountKind, new_accounts, password_matches
from ucmlab.cluster.automatic import Automatic
from ucmlab.cluster.certificates.stores import Change
from ucmlab.cluster.drs import Drs
from ucmlab.cluster.limits import Limits
from ucmlab.cluster.node import Node, NodeState
from ucmlab.cluster.operations import OperationLog
from ucmlab.cluster.parameters import phones_reset_by_hand
from ucmlab.cluster.phones.opening import open_crowd
from ucmlab.cluster.phones.rows.memory_file import CrowdState
from ucmlab.cluster.power_cuts import PowerCuts
from ucmlab.cluster.replication import Replication
from ucmlab.cluster.state import ClusterState, write_cluster, write_node
from ucmlab.cluster.trust_lists.lists import ClusterTrustLists
from ucmlab.cluster.tvs_knowledge import look_around
from ucmlab.cluster.world import World
from ucmlab.errors import Refusal
from ucmlab.scenarios.schema import Scenario, Sso


class Cluster:
    """Nodes (publisher first), accounts, parameters, backups, SSO, and the log of what was asked of them.

    `watchers` are told of every change of a node, once it is saved: the listeners follow Cisco Tomcat that way.
    """

    def __init__(
        self,
        memory: ClusterState,
        nodes: Sequence[NodeState],
        world: World,
        *,
        folder: Path | None = None,
        phones: CrowdState | None = None,
    ) -> None:
        self._folder: Path | None = None  # nothing is saved while the parts are still being put together
        self._memory = memory
        self.world = world
        self.clock = world.clock
        self.random = world.random
        self.switches = world.switches
        self.faults = world.faults
        self.seed = memory.seed
        self.scenario: Scenario = memory.scenario
        self.name = memory.scenario.name
        self.domain = memory.scenario.domain
        self.accounts = new_accounts(memory.seed)
        self.parameters = dict(memory.parameters)
        self.sso: Sso = memory.sso
        self.sso_off_on = set(memory.sso_off_on)
        self.log = OperationLog(folder)
        self.limits = Limits(world.clock)
        self.watchers: list[Callable[[Node], None]] = []
        self.drs = Drs(world.clock, self.save_shared, memory.drs)
        self.nodes: dict[str, Node] = {}
        self.trust_lists = ClusterTrustLists(
            self.nodes,
            world,
            memory.trust_lists,
            scenario=memory.scenario,
            parameters=self.parameters,
            changed=self.save_shared,
        )
        for state in nodes:
            self.nodes[state.site.host] = Node(
                state, world, changed=self._node_changed, announce=self._announced, lists=self.trust_lists
            )
        self.replication = Replication(self.nodes, world, memory.database, arrived=self._arrived)
        self.automatic = self._automatisms(memory)
        self.power_cuts = PowerCuts(
            lambda: self.phones, world, seed=memory.seed, changed=self.save_shared, memory=memory.power_cuts
        )
        self._let_tvs_look()
        self.phones = open_crowd(
            self.nodes,
            self.trust_lists,
            world,
            memory.scenario,
            seed=memory.seed,
            starts=memory.starts,
            memory=phones,
            folder=folder,
        )
        self._folder = folder

    @property
    def publisher(self) -> Node:
        """The CUCM publisher."""
        return next(iter(self.nodes.values()))

    @property
    def security_mode(self) -> int:
        """0 non-secure, 1 mixed: enterprise parameter ClusterSecurityMode."""
        return int(self.parameters["ClusterSecurityMode"])

    def node(self, name: str) -> Node:
        """A node by host name, FQDN or address, in any case. Raises KeyError."""
        wanted = name.lower()
        for node in self.nodes.values():
            if wanted in (node.name.lower(), node.fqdn.lower(), node.address):
                return node
        raise KeyError(name)

    def account(self, kind: AccountKind, user: str, password: str) -> Account | None:
        """The account that may log in, or None."""
        for account in self.accounts:
            if account.kind == kind and password_matches(account, user, password):
                return account
        return None

    def sso_enabled(self, node: Node) -> bool:
        """Whether SAML SSO is on at a node."""
        return self.sso.enabled and node.name not in self.sso_off_on

    def disable_sso(self, node: Node) -> None:
        """Turn SSO off at one node, as `utils sso disable` does."""
        self.sso_off_on.add(node.name)
        self.save_shared()

    def enable_sso(self) -> None:
        """Turn SSO on everywhere, as the administration page does."""
        self.sso = msgspec.structs.replace(self.sso, enabled=True)
        self.sso_off_on.clear()
        self.save_shared()

    def set_parameter(self, name: str, value: str) -> None:
        """Set an enterprise parameter. Raises Refusal NO-PARAMETER for one the release does not have."""
        if name not in self.parameters:
            raise Refusal("NO-PARAMETER", f"Parameter {name} does not exist", invented=True)
        self.parameters[name] = value
        self.save_shared()

    def start(self) -> None:
        """Let time pass: notification rounds and a backup under way. Needs a running loop."""
        self.replication.start()
        self.drs.resume()
        self.trust_lists.start()
        self.phones.start()
        self.faults.watchers.append(self.phones.look)
        self.power_cuts.start()
        self.save()

    def close(self) -> None:
        """Cancel all timers and save; services under way come up STARTED at the next start."""
        self.replication.close()
        self.trust_lists.close()
        self.power_cuts.close()
        self.phones.close()
        self.drs.close()
        for node in self.nodes.values():
            node.close()
        self.save()

    def save(self) -> None:
        """Write everything to the state folder, if there is one."""
        self._let_tvs_look()
        self.save_shared()
        if self._folder is not None:
            for node in self.nodes.values():
                write_node(self._folder, node.memory())

    def save_shared(self) -> None:
        """Write the facts that belong to no node."""
        if self._folder is not None:
            write_cluster(self._folder, self.memory())

    def memory(self) -> ClusterState:
        """What must survive a stop of the lab, apart from the nodes."""
        return msgspec.structs.replace(
            self._memory,
            keys_spent=self.world.keys.spent,
            sso=self.sso,
            sso_off_on=tuple(sorted(self.sso_off_on)),
            parameters=dict(self.parameters),
            drs=self.drs.memory(),
            trust_lists=self.trust_lists.memory(),
            database=tuple(self.replication.database),
            automatic_reset_since=self.automatic.waiting_since,
            power_cuts=tuple(self.power_cuts.cuts),
        )

    def _announced(self, node: Node, change: Change, subject: str, name: str) -> None:
        self.replication.announced(node, change, subject, name)
        self.automatic.announced(node, change, subject)
        self.save_shared()
        self._node_changed(node)

    def _automatisms(self, memory: ClusterState) -> Automatic:
        return Automatic(
            self.nodes,
            self.switches,
            is_manual=lambda: phones_reset_by_hand(self.parameters, self.switches),
            reset_phones=lambda: self.phones.reset_all(),  # noqa: PLW0108 - the phones come later
            waiting_since=memory.automatic_reset_since,
        )

    def _arrived(self, node: Node, change: Change, subject: str) -> None:
        self.automatic.changed(node, change, subject)

    def _let_tvs_look(self) -> None:
        for node in self.nodes.values():
            look_around(node, self.nodes, self.switches)

    def _node_changed(self, node: Node) -> None:
        if self.drs.running is not None and not self.publisher.services["Cisco DRF Master"].running:
            self.drs.finish("ERROR")
        self.trust_lists.look(node)
        look_around(node, self.nodes, self.switches)
        if self._folder is not None:
            write_node(self._folder, node.memory())
        self.phones.look()
        for watcher in self.watchers:
            watcher(node)
        if self.automatic.look():
            self.save_shared()
