"""The trust lists that stand on every node when a lab opens for the first time, or opens a state without them."""

from collections.abc import Sequence

import msgspec

from ucmlab.cluster.certificates.authority import DAY_S
from ucmlab.cluster.certificates.keys import KeySource
from ucmlab.cluster.certificates.loading import as_loaded
from ucmlab.cluster.installation.identities import AGE_DAYS
from ucmlab.cluster.node import NodeState
from ucmlab.cluster.parameters import SECURITY_MODE
from ucmlab.cluster.state import ClusterState
from ucmlab.cluster.trust_lists.building import build_ctl, build_itl
from ucmlab.cluster.trust_lists.contents import Leaf
from ucmlab.cluster.trust_lists.etokens import make_tokens, token_signed
from ucmlab.cluster.trust_lists.gathering import (
    ANCHORS,
    CAPF_SERVICE,
    TFTP_SERVICE,
    Holder,
    gather,
    leaves_of,
)
from ucmlab.cluster.trust_lists.lists import TrustListsState
from ucmlab.cluster.trust_lists.tftp import TftpState
from ucmlab.cluster.trust_lists.writing import Signer
from ucmlab.switches import Switches

BUILT_AFTER_S = 35.0


def lacks_trust_lists(nodes: Sequence[NodeState]) -> bool:
    """Whether these nodes come from a lab that did not know trust lists."""
    return any(node.site.product == "cucm" and node.tftp is None for node in nodes)


def install_trust_lists(
    shared: ClusterState, nodes: Sequence[NodeState], *, now: float, keys: KeySource
) -> tuple[ClusterState, tuple[NodeState, ...]]:
    """The same cluster with an ITL at every Cisco Tftp and, in mixed mode, a CTL. `now`: true time, epoch seconds.

    Raises: ScenarioError for a release that takes no tokens.
    """
    callers = [node for node in nodes if node.site.product == "cucm"]
    if not callers:
        return shared, tuple(nodes)
    switches, version = Switches(shared.scenario.switches), callers[0].site.version
    holders = {node.site.host: _holder(node) for node in callers}
    tokens: tuple[Signer, ...] = ()
    if token_signed(version, etoken=shared.scenario.etoken):
        tokens = make_tokens(keys, seed=shared.seed, now=now)
    lists = TrustListsState(tokens=tokens)
    if shared.parameters[SECURITY_MODE] == "1":
        at = now - (AGE_DAYS - 1.0) * DAY_S
        ctl = build_ctl(list(holders.values()), tokens, mixed=True, version=version, switches=switches, at=at)
        lists = TrustListsState(tokens=tokens, ctl=ctl, ctl_number=1)
    leaves = leaves_of(holders.values(), switches["processnode_names"])
    filled = tuple(
        msgspec.structs.replace(node, tftp=_files(node, holders[node.site.host], leaves, shared, lists=lists, now=now))
        if node.site.host in holders
        else node
        for node in nodes
    )
    return msgspec.structs.replace(shared, trust_lists=lists), filled


def _files(
    node: NodeState,
    holder: Holder,
    leaves: tuple[Leaf, ...],
    shared: ClusterState,
    *,
    lists: TrustListsState,
    now: float,
) -> TftpState:
    switches = Switches(shared.scenario.switches)
    service = next(state for state in node.services if state.name == TFTP_SERVICE)
    files = TftpState(started_at=service.started_at, ctl_number=lists.ctl_number)
    if service.activated or node.site.role == "publisher":
        files = msgspec.structs.replace(files, ctl=lists.ctl)
    if not service.activated:
        return files
    own = {name: as_loaded(holder.identities[name], ()) for name in ANCHORS if name in holder.identities}
    gathered = gather(
        holder,
        own | service.loaded,
        leaves,
        parameters=shared.parameters,
        style=switches["processnode_names"],
    )
    begun = now - DAY_S if service.started_at is None else service.started_at - node.clock_offset_s
    itl = build_itl(gathered, version=node.site.version, switches=switches, at=begun + BUILT_AFTER_S)
    return msgspec.structs.replace(
        files, itl=itl, config_signer=gathered.own["CallManager"], config_digest=gathered.config_digest
    )


def _holder(node: NodeState) -> Holder:
    return Holder(
        site=node.site,
        address=node.address,
        identities=node.certificates.identities,
        capf_active=node.site.role == "publisher"
        and any(state.name == CAPF_SERVICE and state.activated for state in node.services),
    )
