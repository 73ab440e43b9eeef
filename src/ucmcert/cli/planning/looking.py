"""What check, plan and renew do first: look at the cluster and judge what was chosen, our own runs known."""

from collections.abc import Iterable

from ucmcert.cli.planning.peers import consumers_told
from ucmcert.cli.planning.selection import Choice, Judged, judge
from ucmcert.cli.runs import entries_if_any, keys_out, unfinished
from ucmcert.cli.session import Session
from ucmcert.config.plan_options import csr_rules
from ucmcert.config.windows import longest_s
from ucmcert.discover import look_at_consumers, look_at_phones
from ucmcert.knowledge.purposes import noticed_by_phones
from ucmcert.lint.phone_world import reused
from ucmcert.model.cluster import Cluster


async def look_and_judge(session: Session, choice: Choice) -> tuple[Cluster, Judged]:
    """A fresh look, and the items and findings for `choice`. Raises UsageError UCM-ARG-*, UCM-LEDGER-*."""
    ours = keys_out(unfinished(entries_if_any(session.places)))
    cluster = await session.look()
    judged = judged_now(session, cluster, choice, ours)
    if not judged.items:
        return cluster, judged
    seen = await with_phones(session, cluster, (item.purpose for item in judged.items))
    seen = await look_at_consumers(session.client, seen, await consumers_told(session))
    return seen, judged_now(session, seen, choice, ours)


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
    config, now = session.config, session.clock.now()
    longest = longest_s(config.windows, now)
    return judge(
        cluster,
        choice,
        now=now,
        threshold_days=config.renew.threshold_days,
        ours=ours,
        phones=config.phones,
        csr=csr_rules(config.csr),
        window_s=None if longest is None else longest * config.pace,
        ca=session.ca_profile(),
    )
