"""The cases the checks look at: a cluster before a renewal, one node of it, and a cluster after it."""

from collections.abc import Mapping

import msgspec

from ucmcert.model.cluster import Cluster, NodeFacts
from ucmcert.model.plan import Item


class Before(msgspec.Struct, frozen=True, kw_only=True):
    """The cluster, what is to be renewed, and the keys of our own outstanding CSRs. `now` is our UTC epoch."""

    cluster: Cluster
    items: tuple[Item, ...]
    now: float
    ours: frozenset[str] = frozenset()

    def items_of(self, node_name: str) -> tuple[Item, ...]:
        """What is to be renewed on one node."""
        return tuple(item for item in self.items if item.node == node_name)


class BeforeNode(msgspec.Struct, frozen=True, kw_only=True):
    """One node of `Before`."""

    whole: Before
    facts: NodeFacts

    @property
    def purposes(self) -> tuple[str, ...]:
        """The purposes to be renewed on this node."""
        return tuple(item.purpose for item in self.whole.items_of(self.facts.node.name))


class After(msgspec.Struct, frozen=True, kw_only=True):
    """The cluster when a run is over. `issued` maps (node name, purpose) to the SHA-256 that must now be in place.

    `uploaded_at` maps the same key to the node's own UTC epoch of the upload, where it is known. `before` is the
    cluster as it was when the run began, `signed` are the phones a person took out of the gates. `backed_up`: the run
    ended with a backup newer than everything it changed.
    """

    cluster: Cluster
    issued: Mapping[tuple[str, str], str]
    uploaded_at: Mapping[tuple[str, str], float] = {}
    before: Cluster | None = None
    signed: frozenset[str] = frozenset()
    backed_up: bool = False


class AfterItem(msgspec.Struct, frozen=True, kw_only=True):
    """One renewed certificate of `After`; `before` is its node as the run found it, None when nobody looked."""

    facts: NodeFacts
    purpose: str
    sha256: str
    uploaded_at: float | None
    before: NodeFacts | None = None
