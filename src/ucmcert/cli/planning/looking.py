"""What check, plan and renew do first: look at the cluster and judge what was chosen, our own runs known."""

from ucmcert.cli.planning.selection import Choice, Judged, judge
from ucmcert.cli.runs import entries_if_any, keys_out, unfinished
from ucmcert.cli.session import Session
from ucmcert.model.cluster import Cluster


async def look_and_judge(session: Session, choice: Choice) -> tuple[Cluster, Judged]:
    """A fresh look, and the items and findings for `choice`. Raises UsageError UCM-ARG-*, UCM-LEDGER-*."""
    ours = keys_out(unfinished(entries_if_any(session.places)))
    cluster = await session.look()
    return cluster, judged_now(session, cluster, choice, ours)


def judged_now(session: Session, cluster: Cluster, choice: Choice, ours: frozenset[str] = frozenset()) -> Judged:
    """The judgement of `cluster` by the threshold of the configuration."""
    threshold_days = session.config.renew.threshold_days
    return judge(cluster, choice, now=session.clock.now(), threshold_days=threshold_days, ours=ours)
