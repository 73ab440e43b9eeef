"""What check, plan and renew do first: look at the cluster and judge what was chosen, our own runs known."""

from collections.abc import Iterable

from ucmcert.cli.planning.selection import Choice, Judged, judge
from ucmcert.cli.runs import entries_if_any, keys_out, unfinished
from ucmcert.cli.session import Session
from ucmcert.config.plan_options import csr_rules
from ucmcert.discover import look_at_phones
from ucmcert.knowledge.purposes import noticed_by_phones
from ucmcert.lint.phone_world import reused
from ucmcert.model.cluster import Cluster


async def look_and_judge(session: Session, choice: Choice) -> tuple[Cluster, Judged]:
    """A fresh look, and the items and findings for `choice`. Raises UsageError UCM-ARG-*, UCM-LEDGER-*."""
    ours = keys_out(unfinished(entries_if_any(session.places)))
    cluster = await session.look()
    judged = judged_now(session, cluster, choice, ours)
    seen = await with_phones(session, cluster, (item.purpose for item in judged.items))
    return seen, judged if seen is cluster else judged_now(session, seen, choice, ours)


async def with_phones(session: Session, cluster: Cluster, purposes: Iterable[str]) -> Cluster:
    """`cluster` with its phones and what each holds, when phones notice a renewal of one of `purposes`.

    Else `cluster` as it is: a look at 40,000 phones takes minutes, and a renewal of tomcat does not need it.
    """
    wanted = set(purposes)
    wanted |= {reused(cluster).get(one, one) for one in wanted}
    if not any(noticed_by_phones(one) for one in wanted):
        return cluster
    return await look_at_phones(session.client, cluster, clock=session.clock, depth="lists")


def judged_now(session: Session, cluster: Cluster, choice: Choice, ours: frozenset[str] = frozenset()) -> Judged:
    """The judgement of `cluster` by the threshold of the configuration."""
    threshold_days = session.config.renew.threshold_days
    return judge(
        cluster,
        choice,
        now=session.clock.now(),
        threshold_days=threshold_days,
        ours=ours,
        phones=session.config.phones,
        csr=csr_rules(session.config.csr),
    )
