"""The lab's own nodes as phones meet them now, and as they would meet them once everything is settled.

Settled: every node up, every service restarted, every list rebuilt from what is stored this moment. It is worked out on
paper; nothing of the cluster changes. Source: phones.md 1.5 (`Settle`).
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import cache

from ucmlab.cluster.node import Node
from ucmlab.cluster.phones.course.callers import SERVICE as CALLMANAGER
from ucmlab.cluster.phones.situation import Caller, Desk, Office, Opinion, Situation
from ucmlab.cluster.releases import release_has
from ucmlab.cluster.trust_lists.building import build_ctl
from ucmlab.cluster.trust_lists.contents import ctl_signers, itl_records, itl_signers
from ucmlab.cluster.trust_lists.etokens import token_signed
from ucmlab.cluster.trust_lists.gathering import CTL_SERVICE
from ucmlab.cluster.trust_lists.lists import ClusterTrustLists, capf_active, holder_of
from ucmlab.cluster.trust_lists.model import TrustFile
from ucmlab.cluster.trust_lists.records import material
from ucmlab.cluster.tvs_knowledge import SERVICE as TRUST_VERIFICATION
from ucmlab.cluster.tvs_knowledge import known_to

TVS_PORT, CAPF_PORT, SIP_TLS_PORT = 2445, 3804, 5061
NOTHING: frozenset[int] = frozenset()
LSC_STORES = ("CAPF-trust", "CallManager-trust")
CAPF_STORES = ("CAPF-trust",)


class ClusterServers:
    """The servers of a cluster. `etoken`: its CTL is signed by tokens."""

    def __init__(
        self, nodes: Mapping[str, Node], lists: ClusterTrustLists, switches: Mapping[str, str], *, etoken: bool
    ) -> None:
        self._nodes = {name: node for name, node in nodes.items() if node.tftp is not None}
        self._lists = lists
        self._switches = switches
        self._etoken = etoken
        self._changes = 0
        self._generation: Hashable = None
        self._now: Situation | None = None
        self._settled: Situation | None = None
        self._other: Situation | None = None

    def note(self) -> None:
        """Something about a node has changed."""
        self._changes += 1

    def generation(self) -> Hashable:
        """Differs whenever any answer may differ; to be asked before the answers."""
        nodes = tuple((node.down, node.tftp.generation if node.tftp else 0) for node in self._nodes.values())
        generation = (self._changes, self._lists.mixed, nodes)
        if generation != self._generation:
            self._generation = generation
            self._now = self._settled = self._other = None
        return generation

    def now(self) -> Situation:
        """The servers of this moment."""
        if self._now is None:
            self._now = self._present()
        return self._now

    def settled(self) -> Situation:
        """The servers once everything has been restarted and rebuilt."""
        if self._settled is None:
            version = self._publisher.version
            self._settled = self._settle(itl_signers(version), ctl_signers(version))
        return self._settled

    def other(self) -> Situation | None:
        """The same, with every list signed by the other key; None where a release has no other key."""
        version = self._publisher.version
        if len(itl_signers(version)) < 2:
            return None
        if self._other is None:
            self._other = self._settle(itl_signers(version)[::-1], ctl_signers(version)[::-1])
        return self._other

    @property
    def _publisher(self) -> Node:
        return next(iter(self._nodes.values()))

    @property
    def _capf(self) -> str:
        return next((name for name, node in self._nodes.items() if capf_active(node)), "")

    def _present(self) -> Situation:
        desks, opinions, callers, offices = {}, {}, {}, {}
        for name, node in self._nodes.items():
            if node.tftp is not None and node.tftp.serving:
                signer = node.tftp.config_signer
                sha256 = None if signer is None else material(signer.chain_pem).sha256
                desks[name] = Desk(ctl=node.tftp.ctl, itl=node.tftp.itl, signer=sha256)
            shown = node.tls_certificate(TVS_PORT)
            if shown is not None:
                opinions[name] = Opinion(material(shown.chain_pem).sha256, self._roles(node, restarted=False))
            if node.runs(CALLMANAGER):
                leaf = node.tls_certificate(SIP_TLS_PORT)
                sha256 = None if leaf is None else material(leaf.chain_pem).sha256
                callers[name] = Caller(sha256, self._lsc_issuers(node))
            issuing = node.tls_certificate(CAPF_PORT)
            if issuing is not None:
                offices[name] = Office(material(issuing.chain_pem).sha256, self._provable(node))
        return Situation(
            mixed=self._lists.mixed,
            desks=desks,
            opinions=opinions,
            callers=callers,
            offices=offices,
            capf=self._capf,
        )

    def _settle(self, itl_anchors: Sequence[str], ctl_anchors: Sequence[str]) -> Situation:
        desks, opinions, callers = {}, {}, {}
        ctl = self._settled_ctl(ctl_anchors)
        for name, node in self._nodes.items():
            caller = _stored(node, "CallManager")
            if node.tftp is not None and node.tftp.activated:
                offered = ctl if _offers_ctl(node) else None
                desks[name] = Desk(ctl=offered, itl=self._settled_itl(node, itl_anchors), signer=caller)
            presented = _stored(node, "TVS")
            if presented is not None and TRUST_VERIFICATION in node.services:
                opinions[name] = Opinion(presented, self._roles(node, restarted=True))
            if CALLMANAGER in node.services and node.services[CALLMANAGER].activated:
                callers[name] = Caller(caller, self._lsc_issuers(node))
        return Situation(mixed=self._lists.mixed, desks=desks, opinions=opinions, callers=callers, capf=self._capf)

    def _settled_itl(self, node: Node, anchors: Sequence[str]) -> TrustFile:
        """Who would stand in the ITL and sign it; nothing is signed, so it has no bytes."""
        gathered = self._lists.gathered(node.name, stored=True)
        held = [purpose for purpose in anchors if purpose in gathered.own]
        records = itl_records(gathered, held, version=node.version, switches=self._switches)
        entries = tuple(record.entry() for record in records)
        return TrustFile("itl", b"", entries, material(gathered.own[held[0]].chain_pem).sha256, 0.0)

    def _settled_ctl(self, anchors: Sequence[str]) -> TrustFile | None:
        if not self._lists.mixed and self._lists.latest_ctl()[1] is None:
            return None
        by_token = token_signed(self._publisher.version, etoken=self._etoken)
        return build_ctl(
            [holder_of(node) for node in self._nodes.values()],
            self._lists.memory().tokens if by_token else (),
            mixed=self._lists.mixed,
            version=self._publisher.version,
            switches=self._switches,
            at=0.0,
            anchors=anchors,
        )

    def _roles(self, node: Node, *, restarted: bool) -> Callable[[str], frozenset[int]]:
        """The roles that the TVS of a node answers; what it knows is looked up when it is first asked."""
        known = cache(lambda: known_to(node, self._nodes, self._switches, restarted=restarted))
        return lambda leaf: known()[leaf].roles if leaf in known() else NOTHING

    def _lsc_issuers(self, node: Node) -> frozenset[str]:
        """CAPF certificates whose LSCs this node takes: those in place anywhere, and those its stores still keep."""
        in_place = {_stored(other, "CAPF") for other in self._nodes.values()}
        return frozenset(sha256 for sha256 in in_place | _kept(node, LSC_STORES) if sha256 is not None)

    def _provable(self, node: Node) -> frozenset[str] | None:
        """CAPF certificates whose LSCs a phone may show to CAPF of this node: switch capf_takes_lsc."""
        if self._switches["capf_takes_lsc"] == "any":
            return None
        return frozenset(sha256 for sha256 in {_stored(node, "CAPF")} | _kept(node, CAPF_STORES) if sha256 is not None)


def _offers_ctl(node: Node) -> bool:
    needs_provider = release_has(node.version, "no CTL tokens")
    return not needs_provider or node.services[CTL_SERVICE].activated


def _stored(node: Node, purpose: str) -> str | None:
    identity = node.certificates.identity(purpose)
    return None if identity is None else material(identity.certificate_pem).sha256


def _kept(node: Node, stores: Sequence[str]) -> frozenset[str | None]:
    trust = node.certificates.memory().trust
    return frozenset(material(entry.certificate_pem).sha256 for store in stores for entry in trust.get(store, ()))
