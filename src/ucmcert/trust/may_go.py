"""Why an entry stays out of the removal plan though its verdict would allow it: what could not be seen is a reason."""

from enum import StrEnum

from ucmcert.knowledge.purposes import PURPOSES, lives_on
from ucmcert.knowledge.trust_stores import TRUST_STORES
from ucmcert.lint.phone_world import cucm_nodes, tftp_nodes
from ucmcert.lint.service_names import shown_ports
from ucmcert.model.cluster import Cluster
from ucmcert.trust.entries import Entry, all_readable
from ucmcert.trust.generations import RECOVERY
from ucmcert.trust.known import Known
from ucmcert.trust.verdict import REMOVABLE, Reasoned, Verdict


class Kept(StrEnum):
    """Why it is not planned. NOTHING: nothing stands against it, it may go."""

    NOTHING = ""
    VERDICT = "verdict"  # its verdict says it is needed, or nobody knows
    STORE = "store"  # nobody has published what a deletion in that store asks for
    RUN = "run"  # a run is under way
    UNREAD = "unread"  # a node did not tell all it holds
    RECOVERY = "recovery"  # copies of ITLRecovery are never deleted
    UNSEEN = "unseen"  # no port shows this purpose, so nobody can see that the old one is out of use
    PORTS = "ports"  # a port that shows this purpose did not answer
    LISTS = "lists"  # a trust list could not be read
    FILES = "files"  # one node holds it in two files, and which one a deletion takes is not published


def why_kept(entry: Entry, reasoned: Reasoned, cluster: Cluster, known: Known) -> Kept:
    """The first reason to keep `entry`. Source: procedure.md 6.5; phones.md I9; design.md (unknown is never absent)."""
    row = TRUST_STORES.get(entry.store)
    if reasoned.verdict not in REMOVABLE:
        return Kept.VERDICT
    if row is None or row.restarts is None:
        return Kept.STORE
    if known.unfinished:
        return Kept.RUN
    if not all_readable(cluster):
        return Kept.UNREAD
    if any(len(one.files) > 1 for one in entry.holders):
        return Kept.FILES
    if row.disturbs_phones and not _lists_read(cluster):
        return Kept.LISTS
    return _old_identity(reasoned, cluster) if reasoned.verdict is Verdict.FORMER else Kept.NOTHING


def _old_identity(reasoned: Reasoned, cluster: Cluster) -> Kept:
    """An earlier identity may still be served: only ports and lists tell that it is not."""
    for owner in reasoned.owners:
        if owner.purpose == RECOVERY:
            return Kept.RECOVERY
        purpose = PURPOSES.get(owner.purpose)
        if purpose is None or not purpose.ports or purpose.twin_of:
            return Kept.UNSEEN
        if purpose.phones_trust_it and not _lists_read(cluster):
            return Kept.LISTS
        for facts in cluster.nodes:
            seen = {one.port for one in facts.served if one.leaf is not None}
            shows = shown_ports(facts, purpose.name) if lives_on(purpose, facts.node.role) else ()
            if not set(shows) <= seen:
                return Kept.PORTS
    return Kept.NOTHING


def _lists_read(cluster: Cluster) -> bool:
    """Whether every node that serves lists showed its ITL, and its CTL unless the cluster is known to have none.

    A node that does not tell its services may serve lists too, and a cluster where nobody does shows nothing.
    """
    servers = tftp_nodes(cluster)
    if not servers or not all(facts.services for facts in cucm_nodes(cluster)):
        return False
    for facts in servers:
        itl, ctl = facts.trust_list("itl"), facts.trust_list("ctl")
        if itl is None or itl.problem or not itl.records:
            return False
        if ctl is None:
            if cluster.mixed_mode is not False:
                return False
        elif ctl.problem or (cluster.mixed_mode is not False and not ctl.records):
            return False
    return True
