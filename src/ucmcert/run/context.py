"""What a step may use while it works: the cluster client, the clock, the CA, the history, and the freshest facts."""

import asyncio
import math
from collections.abc import Callable, Iterable

import msgspec

from ucmcert.knowledge.purposes import PURPOSES
from ucmcert.lint.authority_profile.profile import CaProfile
from ucmcert.model.cluster import Cluster, Holding, HoldingPart, NodeFacts, ServiceStatus
from ucmcert.model.event import AnyEvent
from ucmcert.model.evidence import Evidence
from ucmcert.model.node import Node
from ucmcert.model.plan import Plan, Step
from ucmcert.model.ports import Clock
from ucmcert.model.signing import Authority
from ucmcert.run.history import History
from ucmcert.run.limits import Limits
from ucmcert.run.phone_book import PhoneBook
from ucmcert.ucm.cluster_client import ClusterClient

FOR_PHONES = tuple(name for name, row in PURPOSES.items() if row.phones_trust_it or name.startswith("tomcat"))


class Context:
    """One run at work. Readings go through it, so that the safety rules see what the step just saw.

    `dialogues` keeps what nodes answered to the acts of this very process, by step id. `held` is set by the first Hold:
    from then on nothing acts any more. `ca` is what the CA does to requests, where somebody described it. `phones` is
    what this process remembers of phones.
    """

    def __init__(
        self,
        *,
        client: ClusterClient,
        clock: Clock,
        authority: Authority,
        history: History,
        cluster: Cluster,
        limits: Limits,
        record: Callable[[AnyEvent], None],
        ca: CaProfile | None = None,
    ) -> None:
        self.client = client
        self.clock = clock
        self.authority = authority
        self.history = history
        self.cluster = cluster
        self.limits = limits
        self.record = record
        self.ca = ca
        self.dialogues: dict[str, str] = {}
        self.phones = PhoneBook(client, clock)
        self.held = False
        self._held_at: dict[str, float] = {}

    @property
    def plan(self) -> Plan:
        """The approved plan."""
        return self.history.plan

    def node(self, step: Step) -> Node:
        """The node of `step`; the publisher for a step that concerns the whole cluster."""
        return self.facts(step).node

    def facts(self, step: Step) -> NodeFacts:
        """The freshest facts of the step's node."""
        if step.node == self.cluster.name:
            return self.cluster.publisher
        return self.cluster.facts(step.node)

    def node_now(self, step: Step) -> float:
        """UTC epoch seconds by the clock of the step's node, as far off from ours as when it was last compared."""
        return self.clock.now() + (self.facts(step).clock_offset_s or 0.0)

    async def holding(self, node: Node, *purposes: str, trust: bool = True, also: str = "") -> Holding:
        """What the node holds now. With `purposes` only theirs is sure to be new: their identities, CSRs and stores.

        Without `trust` no store is read; `also` names one more. A node without the REST API shows one certificate a
        command.
        """
        if not purposes:
            holding = await self.client.holding(node)
        else:
            stores = [store for purpose in purposes for store in PURPOSES[purpose].stores] if trust else []
            part = HoldingPart(purposes=frozenset(purposes), stores=frozenset(stores) | ({also} - {""}))
            fresh = await self.client.holding(node, part)
            holding = part.renewed(self.cluster.facts(node.name).holding, fresh)
        self.learn(node.name, holding=holding)
        return holding

    async def what_phones_go_by(self, node: Node) -> Holding:
        """What the node holds now of the identities that stand in lists, or may (a reused tomcat); no trust stores."""
        self._held_at[node.name] = self.clock.now()
        return await self.holding(node, *FOR_PHONES, trust=False)

    async def recent_holdings(self, nodes: Iterable[Node], *, max_age_s: float) -> None:
        """Have the identities that phones go by in the facts, read by this process not longer ago than `max_age_s`."""
        never, now = -math.inf, self.clock.now()
        old = [one for one in nodes if now - self._held_at.get(one.name, never) > max_age_s]
        await asyncio.gather(*map(self.what_phones_go_by, old))

    async def services(self, node: Node) -> tuple[ServiceStatus, ...]:
        """The node's services now."""
        services = await self.client.services(node)
        self.learn(node.name, services=services)
        return services

    def learn(self, node_name: str, **readings: object) -> None:
        """Put fresh readings in the place of older facts."""
        nodes = tuple(
            msgspec.structs.replace(facts, **readings) if facts.node.name == node_name else facts
            for facts in self.cluster.nodes
        )
        self.cluster = msgspec.structs.replace(self.cluster, nodes=nodes)

    def evidence(self, fact: str, source: str, digest: str = "") -> Evidence:
        """Evidence seen now."""
        return Evidence(fact=fact, source=source, observed_at=self.clock.now(), digest=digest)
