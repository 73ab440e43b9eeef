"""The trust lists of a whole cluster: one CTL made at the publisher, one ITL per Cisco Tftp, and the acts on them.

Every act works on the identities stored at that moment. Source: phones.md 1.5 to 1.7, interfaces-cli.md 4.3 to 4.7.
"""

from collections.abc import Callable, Mapping

import msgspec

from ucmlab.cluster.certificates.records import ServedIdentity
from ucmlab.cluster.node import Node
from ucmlab.cluster.parameters import SECURITY_MODE
from ucmlab.cluster.releases import release_has
from ucmlab.cluster.trust_lists.building import build_ctl
from ucmlab.cluster.trust_lists.contents import Gathered, ctl_signers, itl_signers
from ucmlab.cluster.trust_lists.etokens import token_signed
from ucmlab.cluster.trust_lists.gathering import ANCHORS, CAPF_SERVICE, LISTED, TFTP_SERVICE, Holder, gather, leaves_of
from ucmlab.cluster.trust_lists.model import TrustFile
from ucmlab.cluster.trust_lists.records import material
from ucmlab.cluster.trust_lists.writing import Signer
from ucmlab.cluster.world import World
from ucmlab.errors import Refusal
from ucmlab.scenarios.schema import Scenario

LICENCE = "The export-controlled functionality is not allowed for this system."


class TrustListsState(msgspec.Struct, frozen=True, kw_only=True):
    """What survives a stop of the lab: the USB tokens in the drawer, the CTL made last, and how many were made."""

    tokens: tuple[Signer, ...] = ()
    ctl: TrustFile | None = None
    ctl_number: int = 0


class ClusterTrustLists:
    """Makes the CTL, and gives every Cisco Tftp what its ITL is made of."""

    def __init__(
        self,
        nodes: Mapping[str, Node],
        world: World,
        memory: TrustListsState,
        *,
        scenario: Scenario,
        parameters: dict[str, str],
        changed: Callable[[], None],
    ) -> None:
        self._nodes = nodes
        self._world = world
        self._state = memory
        self._scenario = scenario
        self._parameters = parameters
        self._changed = changed
        self._judged: object = None

    @property
    def switches(self) -> Mapping[str, str]:
        """The cluster's switches."""
        return self._world.switches

    @property
    def mixed(self) -> bool:
        """Whether the cluster is in mixed mode."""
        return self._parameters[SECURITY_MODE] == "1"

    def update_ctl(self) -> None:
        """Make the CTL anew and hand it out.

        Raises: Refusal CTL-NONSECURE outside mixed mode, CTL-FAILED by the fault ctl-update-refused (invented words).
        """
        self._judge_mixed()
        if self._world.faults.strikes("ctl-update-refused", self._publisher.name) is not None:
            raise Refusal("CTL-FAILED", "Error: the CTL file could not be updated.", invented=True)
        self._make_ctl()

    def set_mixed(self, mixed: bool) -> None:
        """Enter or leave mixed mode; leaving it empties the CCM+TFTP records of a CTL that is there.

        Raises: Refusal CTL-LICENCE (switch mixed_mode_licence, from 12.0; invented words).
        """
        licensed = release_has(self._publisher.version, "ITLRecovery signs trust lists")
        if mixed and licensed and self.switches["mixed_mode_licence"] == "missing":
            raise Refusal("CTL-LICENCE", LICENCE, invented=True)
        self._parameters[SECURITY_MODE] = "1" if mixed else "0"
        if mixed or self._state.ctl is not None:
            self._make_ctl()
        self.look_for_news()
        self._changed()

    def reset_ctl_localkey(self) -> None:
        """Make the CTL anew, signed by the other anchor's key; `update_ctl` goes back to the usual one.

        Raises: Refusal CTL-NONSECURE, CTL-TOKENS (the CTL is signed by tokens, or has one anchor; invented words).
        """
        self._judge_mixed()
        anchors = ctl_signers(self._publisher.version)
        if self._token_signed() or len(anchors) < 2:
            raise Refusal("CTL-TOKENS", "The CTL file has no local recovery key.", invented=True)
        self._make_ctl(anchors=tuple(reversed(anchors)))

    def reset_itl_localkey(self, *, restart: bool = False) -> tuple[str, ...]:
        """Give every active TFTP server an ITL signed by its other anchor's key, until its Cisco Tftp starts again.

        With `restart` Cisco Tftp is restarted there and keeps that file over this one start (the form of 10.x).
        Returns their host names. Raises: Refusal ITL-KEY, as `judge_itl_reset`.
        """
        self.judge_itl_reset()
        active = self.active_tftp()
        for node in active:
            if node.tftp is not None:
                node.tftp.reset_itl(tuple(reversed(itl_signers(node.version))), keep=restart)
            if restart:
                node.services[TFTP_SERVICE].begin("restart")
        return tuple(node.name for node in active)

    def judge_itl_reset(self) -> None:
        """Raises Refusal ITL-KEY when the recovery key of an active TFTP server is shorter than its CallManager key,
        or its release has none (invented words). Source: procedure.md 2.3, interfaces-cli.md 4.7."""
        for node in self.active_tftp():
            recovery, callmanager = (_key_bits(node, purpose) for purpose in ("ITLRecovery", "CallManager"))
            if len(itl_signers(node.version)) < 2 or recovery < callmanager:
                raise Refusal("ITL-KEY", f"The recovery key of {node.name} cannot sign the ITL file.", invented=True)

    def active_tftp(self) -> tuple[Node, ...]:
        """Nodes that are up and have Cisco Tftp STARTED."""
        return tuple(node for node in self._callers() if node.runs(TFTP_SERVICE))

    def gathered(self, host: str, *, stored: bool) -> Gathered:
        """What the ITL of a node is made of now; `stored`: its own keys from the disk, else as Cisco Tftp loaded."""
        node = self._nodes[host]
        own: dict[str, ServedIdentity] = node.load_identities(ANCHORS)
        if not stored:
            own |= node.services[TFTP_SERVICE].loaded
        style = self.switches["processnode_names"]
        leaves = leaves_of(map(holder_of, self._callers()), style)
        return gather(holder_of(node), own, leaves, parameters=self._parameters, style=style)

    def rebuild_s(self) -> float:
        """How long a Cisco Tftp builds its files, seconds of the cluster. Source: phones.md 4.2."""
        times, phones = self._scenario.phone_times, sum(spec.count for spec in self._scenario.phones)
        return times.tftp_rebuild_s + times.tftp_rebuild_per_1000_s * phones / 1000.0

    def latest_ctl(self) -> tuple[int, TrustFile | None]:
        """The CTL that was made last, with its number; 0 and None before the first."""
        return self._state.ctl_number, self._state.ctl

    def look(self, node: Node) -> None:
        """Something about a node has changed: its Cisco Tftp may have started. Needs a clock that goes."""
        if node.tftp is not None:
            node.tftp.look()
            self.look_for_news()

    def look_for_news(self) -> None:
        """Let every running Cisco Tftp notice what has changed, where switch tftp_rebuild is `hot`."""
        if self.switches["tftp_rebuild"] != "hot":
            return
        callers = [node.tftp for node in self._callers() if node.tftp is not None]
        stored = tuple(tuple(node.certificates.identities()) for node in self._callers())
        basis = (stored, tuple(self._parameters.items()))
        if basis != self._judged:
            judged = [caller.look_for_news() for caller in callers]
            self._judged = basis if all(judged) else None

    def start(self) -> None:
        """Go on with what a stopped lab left under way; needs a running loop."""
        for node in self._callers():
            self.look(node)

    def close(self) -> None:
        """Cancel every timer."""
        for node in self._callers():
            if node.tftp is not None:
                node.tftp.close()

    def memory(self) -> TrustListsState:
        """What must survive a stop of the lab."""
        return self._state

    @property
    def _publisher(self) -> Node:
        return next(iter(self._nodes.values()))

    def _callers(self) -> list[Node]:
        return [node for node in self._nodes.values() if node.tftp is not None]

    def _token_signed(self) -> bool:
        return token_signed(self._publisher.version, etoken=self._scenario.etoken)

    def _judge_mixed(self) -> None:
        if not self.mixed:
            raise Refusal("CTL-NONSECURE", self.switches["ctl_update_nonsecure_text"], invented=True)

    def _make_ctl(self, anchors: tuple[str, ...] = ()) -> None:
        ctl = build_ctl(
            [holder_of(node) for node in self._callers()],
            self._state.tokens if self._token_signed() else (),
            mixed=self.mixed,
            version=self._publisher.version,
            switches=self.switches,
            at=self._world.clock.now(),
            anchors=anchors,
        )
        self._state = msgspec.structs.replace(self._state, ctl=ctl, ctl_number=self._state.ctl_number + 1)
        self._hand_out(ctl)
        self._changed()

    def _hand_out(self, ctl: TrustFile) -> None:
        """The publisher has it at once; the others by switch ctl_copy, and whoever misses it at its next start."""
        everywhere = self.switches["ctl_copy"] == "at-once"
        for node in self._callers():
            tftp = node.tftp
            if tftp is not None and (node.is_publisher or (everywhere and tftp.activated and node.reachable())):
                tftp.take_ctl(self._state.ctl_number, ctl)


def holder_of(node: Node) -> Holder:
    """A node as its lists see it now."""
    found = {purpose: node.certificates.identity(purpose) for purpose in (*LISTED, "CAPF", "ITLRecovery")}
    return Holder(
        site=node.site,
        address=node.address,
        identities={purpose: stored for purpose, stored in found.items() if stored is not None},
        capf_active=capf_active(node),
    )


def capf_active(node: Node) -> bool:
    """Whether a node is the publisher and has its CAPF service activated: then lists and configurations name it."""
    capf = node.services.get(CAPF_SERVICE)
    return node.is_publisher and capf is not None and capf.activated


def _key_bits(node: Node, purpose: str) -> int:
    stored = node.certificates.identity(purpose)
    return 0 if stored is None else material(stored.certificate_pem).key_bits
