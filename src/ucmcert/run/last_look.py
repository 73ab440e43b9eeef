"""The look at the whole cluster when every step is proven. What cannot be read is looked at again, with patience."""

from ucmcert.check.node_rules import UNREADABLE
from ucmcert.discover import discover, look_at_lists, problem
from ucmcert.errors import OutcomeUnknown
from ucmcert.model.cluster import Cluster
from ucmcert.model.finding import Finding, Severity
from ucmcert.model.ports import Clock
from ucmcert.run.limits import Limits
from ucmcert.ucm.cluster_client import ClusterClient


async def last_look(
    client: ClusterClient, cluster: Cluster, *, clock: Clock, limits: Limits
) -> tuple[Cluster | None, tuple[Finding, ...]]:
    """`cluster` as it is now, and what stayed unreadable for as long as `limits.patience_s`; None when all of it did.

    A restarted Tomcat is busy for a while: one lost answer says nothing about a renewal that every step has proven.
    The lists that TFTP nodes serve are looked at where they were before; phones were proven at their gates, one by one.
    """
    publisher, overrides = cluster.publisher.node, tuple(facts.node for facts in cluster.nodes)
    with_lists = any(facts.lists for facts in cluster.nodes)
    until, pause_s = clock.now() + limits.patience_s, limits.poll_first_s
    while True:
        after: Cluster | None = None
        try:
            after = await discover(client, publisher, overrides, clock=clock, name=cluster.name)
            if with_lists:
                after = await look_at_lists(client, after)
            unread = tuple(one for facts in after.nodes for one in facts.problems if _unreadable(one))
        except OutcomeUnknown as error:
            unread = (problem(UNREADABLE, publisher.name, error, Severity.ERROR, fact="cluster"),)
        if not unread or clock.now() >= until:
            return after, unread
        await clock.sleep(pause_s)
        pause_s = min(pause_s * 2, limits.poll_last_s)


def _unreadable(found: Finding) -> bool:
    return found.code == UNREADABLE and found.severity is Severity.ERROR
