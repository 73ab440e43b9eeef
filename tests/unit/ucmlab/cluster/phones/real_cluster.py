"""The lab's own cluster in memory, moved by the oracle's acts, and one phone that boots against its servers."""

from collections.abc import Sequence

from ucmlab.cluster.certificates.purposes import lifetime_years
from ucmlab.cluster.certificates.self_signed import make_self_signed
from ucmlab.cluster.cluster import Cluster
from ucmlab.cluster.node import Node
from ucmlab.cluster.phones.boot import Booted, Registered, boot, play, register
from ucmlab.cluster.phones.memory import Config, Memory, Phone
from ucmlab.cluster.phones.rules import rules_of
from ucmlab.cluster.phones.servers import ClusterServers
from ucmlab.cluster.phones.situation import Situation, Visitor
from ucmlab.cluster.phones.trust import Outlook, TrustState, lock_of, trust_state
from ucmlab.cluster.trust_lists.model import TrustFile
from ucmlab.scenarios.schema import Scenario
from unit.ucmlab.cluster.phones import phones_model as model
from unit.ucmlab.lab_bench import scenario

TFTP, TVS, CALLMANAGER = "Cisco Tftp", "Cisco Trust Verification Service", "Cisco CallManager"
HOSTS = {"A": "cucm-pub", "B": "cucm-sub1"}
PURPOSES = {"CM": "CallManager", "TVS": "TVS", "ITLR": "ITLRecovery"}
VERSIONS = {"8.0-9.x": "8.6.2.20000-2", "10.0-11.5": "11.5.1.12900-21", "12.0+": "14.0.1.13900-155"}
BITS_IN = {"itl": ("CMA", "TVSA", "TVSB", "ITLR"), "ctl": ("CMA", "CMB", "ITLR")}


def pair(version: str, *, mixed: bool, **switches: str) -> Scenario:
    """Publisher and one subscriber without phones of their own."""
    return scenario("pair", version=version, mixed=mixed, phones=(), switches=switches)


class RealPhone:
    """One phone of group [A, B], TFTP server A, against a cluster of the lab."""

    def __init__(self, cluster: Cluster, *, secure: bool = False) -> None:
        self.cluster = cluster
        self.rules = rules_of(cluster.publisher.version, cluster.switches)
        self.servers = ClusterServers(cluster.nodes, cluster.trust_lists, cluster.switches, etoken=False)
        self.visitor = Visitor(Config(group=tuple(HOSTS.values()), secure=secure))
        self.memory = Memory()
        self.generations: dict[str, tuple[str, int]] = {}
        for name in model.BIT:
            stored = self.owner(name).certificates.identity(PURPOSES[model.TYPE[name]])
            if stored is not None:
                self.generations[stored.sha256] = (name, 0)
        self.boot()

    def owner(self, name: str) -> Node:
        """The node that an identity of the oracle lives on."""
        return self.cluster.nodes[HOSTS["B" if name in ("CMB", "TVSB") else "A"]]

    def phone(self) -> Phone:
        """What boots."""
        return Phone(name="SEP000000000001", tftp=(HOSTS["A"],), memory=self.memory)

    def boot(self) -> Booted:
        """Reboot and register."""
        booted = play(boot(self.phone(), self.rules), self._answers(self._servers().now()))
        self.memory = booted.memory
        return booted

    def registers(self) -> bool:
        """Whether it would register with what it holds, booting or not."""
        return self._would().node is not None

    def state(self) -> TrustState:
        """Its state of trust."""
        return trust_state(self.phone(), self.rules, self._outlook())

    def locked(self) -> int:
        """The oracle's number for its lock."""
        lock = lock_of(self.phone(), self.rules, self._outlook())
        return {None: 0, TrustState.SOFT_LOCKED: 1, TrustState.HARD_LOCKED: 2}[lock]

    def renew(self, name: str) -> None:
        """A new self-signed identity, without anything the product would do about it by itself."""
        purpose = PURPOSES[model.TYPE[name]]
        nodes = self.cluster.nodes.values() if name == "ITLR" else [self.owner(name)]
        world, first = self.cluster.world, self.owner(name)
        row = first.site.purpose(purpose)
        key = world.keys.for_csr(row.key_type, 2048)
        days = lifetime_years(row) * 365.0
        stored = make_self_signed(first.site, row, key=key, serial=world.serial(), now=first.now(), lifetime_days=days)
        self.generations[stored.sha256] = (name, 1)
        for node in nodes:
            node.certificates.install_identity(stored)
            node.changed()

    async def restart(self, service: str, nodes: Sequence[str] = ("A", "B")) -> None:
        """Restart a service and wait until it, and what it builds, is there."""
        for name in nodes:
            self.cluster.nodes[HOSTS[name]].services[service].begin("restart")
        await self.cluster.clock.sleep(120)

    def masks(self, file: TrustFile | None, kind: str) -> int | None:
        """The generations that a held list speaks of, in the oracle's bits."""
        if file is None:
            return None
        named = dict(self.generations[entry.sha256] for entry in file.entries if entry.sha256 in self.generations)
        assert set(named) == {name for name in BITS_IN[kind] if name in dict(self.generations.values())}
        return sum(model.BIT[name] for name, generation in named.items() if generation)

    def _would(self) -> Registered:
        return play(register(self.phone(), self.rules), self._answers(self._servers().now()))

    def _outlook(self) -> Outlook:
        servers = self._servers()
        other = servers.other()
        return Outlook(
            now=self._answers(servers.now()),
            settled=self._answers(servers.settled()),
            other=None if other is None else self._answers(other),
        )

    def _servers(self) -> ClusterServers:
        self.servers.note()
        self.servers.generation()
        return self.servers

    def _answers(self, situation: Situation):
        return lambda ask: situation.answer(ask, self.visitor)
