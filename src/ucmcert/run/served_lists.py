"""The trust lists as the TFTP nodes serve them now: who signed them, and what has not arrived in them yet.

Source: phones.md 1.3 (what each list holds), 1.8 (one ITL per TFTP node), I7, I8.
"""

import asyncio

from ucmcert.discover.lists import fingerprints, look_at_list
from ucmcert.errors import OutcomeUnknown
from ucmcert.knowledge.purposes import ANCHORS, PURPOSES
from ucmcert.knowledge.services import SERVICES
from ucmcert.lint.list_facts import Gap, list_gaps
from ucmcert.lint.phone_world import cucm_nodes, reused
from ucmcert.lint.service_names import listed, runs
from ucmcert.model.cluster import Cluster, NodeFacts
from ucmcert.model.node import Node
from ucmcert.model.plan import Step
from ucmcert.model.trust_list import FILE_OF, ListKind, ListRole, TrustListFacts
from ucmcert.plan.recovery.excused import is_recovery
from ucmcert.run.context import Context

RECOVERY, CALL_MANAGER, TOMCAT = "ITLRecovery", "CallManager", "tomcat"
RECENT_S = 60.0
SIGNING = (ListRole.TFTP, ListRole.CCM_TFTP, ListRole.CCM)


def tftp_nodes(context: Context) -> tuple[Node, ...]:
    """The nodes whose TFTP runs, or ran when the plan was approved: one that stopped since is missed, not forgotten."""
    before = context.history.started.before
    ran = {one.node.name for one in before.nodes if runs(one, "tftp")} if before else set()
    return tuple(one.node for one in cucm_nodes(context.cluster) if one.node.name in ran or _up(one))


def _up(facts: NodeFacts) -> bool:
    status = listed(facts, SERVICES["tftp"])
    return status is not None and status.state != "stopped"


async def served_list(context: Context, node: Node, kind: ListKind) -> TrustListFacts:
    """The list `node` serves now. The safety rules see it too. Raises OutcomeUnknown that names the node."""
    try:
        found = await look_at_list(context.client, node, kind, fingerprints(context.cluster))
    except OutcomeUnknown as error:
        what = f"{FILE_OF[kind]} of {node.name} could not be fetched: {error.what}"
        raise OutcomeUnknown(error.code, what, where=node.name, why=error.why, sent=error.sent) from error
    known = next(one.lists for one in context.cluster.nodes if one.node.name == node.name)
    context.learn(node.name, lists=(*(one for one in known if one.kind != kind), found))
    return found


async def served_lists(context: Context, kinds: tuple[ListKind, ...]) -> tuple[TrustListFacts, ...]:
    """The lists of every TFTP node. Raises OutcomeUnknown when one cannot be fetched."""
    asked = [served_list(context, node, kind) for node in tftp_nodes(context) for kind in kinds]
    return tuple(await asyncio.gather(*asked))


def list_home(context: Context) -> Node:
    """Where a list that the publisher makes is looked at first: the publisher, or the first node that serves files."""
    publisher = context.cluster.publisher.node
    nodes = tftp_nodes(context)
    return publisher if publisher in nodes or not nodes else nodes[0]


def kinds_for_phones(cluster: Cluster) -> tuple[ListKind, ...]:
    """The lists that phones must hold: the CTL too in mixed mode, and when the mode is not known."""
    return ("itl",) if cluster.mixed_mode is False else ("itl", "ctl")


async def gaps(context: Context, step: Step, kinds: tuple[ListKind, ...], nodes: tuple[Node, ...]) -> tuple[Gap, ...]:
    """What keeps the lists of `nodes` from being what is stored now, as far as the purpose of `step` goes.

    Reads the lists afresh, and the identities too before it says that one is not there. Raises OutcomeUnknown.
    """
    everyone = [one.node for one in cucm_nodes(context.cluster)]
    await context.recent_holdings(everyone, max_age_s=RECENT_S)
    await asyncio.gather(*(served_list(context, node, kind) for node in nodes for kind in kinds))
    found = _gaps(context, step, kinds, nodes)
    if found:
        await context.recent_holdings(everyone, max_age_s=0.0)
        found = _gaps(context, step, kinds, nodes)
    return found


def _gaps(context: Context, step: Step, kinds: tuple[ListKind, ...], nodes: tuple[Node, ...]) -> tuple[Gap, ...]:
    cluster, wanted = context.cluster, purposes_of(context, step.purpose)
    found = (list_gaps(cluster, cluster.facts(node.name), kind, wanted) for node in nodes for kind in kinds)
    return tuple(gap for some in found for gap in some)


def purposes_of(context: Context, purpose: str) -> frozenset[str]:
    """The purposes whose records tell that a renewal of `purpose` has arrived in a list, twins and doubles included.

    A recovery renews nothing: there every certificate that phones go by must have arrived.
    """
    if is_recovery(context.plan):
        return frozenset(ANCHORS)
    row = PURPOSES.get(purpose)
    twin = row.twin_of if row else ""
    return frozenset({purpose, twin, reused(context.cluster).get(purpose, "")} - {""})


def told(gap: Gap) -> str:
    """A gap as a sentence that names the node."""
    what = f"{gap.purpose} of {gap.node}: {gap.state}" if gap.purpose else gap.state
    return f"{gap.holder.upper()} of {gap.where}: {what}"


def signer(context: Context, facts: TrustListFacts) -> str:
    """The purpose whose key signed the list: ITLRecovery, CallManager, or "" when it is neither's (eToken)."""
    sha256 = facts.signer_sha256
    for purpose in (RECOVERY, CALL_MANAGER, TOMCAT):
        known = {held.sha256 for one in context.cluster.nodes if (held := one.holding.identity(purpose)) is not None}
        known |= {context.history.new_sha256(one.node, purpose) for one in context.plan.items if one.purpose == purpose}
        if sha256 and sha256 in known:
            return RECOVERY if purpose == RECOVERY else CALL_MANAGER
    if "ITLRECOVERY" in facts.signer_subject.upper():
        return RECOVERY
    if any(one.sha256 == sha256 and one.role in SIGNING for one in facts.records if sha256):
        return CALL_MANAGER
    return ""
