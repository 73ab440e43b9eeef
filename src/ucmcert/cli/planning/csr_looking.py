"""What `ucmcert csr` does: look at the cluster, choose, and ask nodes for their own settings where they tell them."""

import asyncio

from ucmcert.cli.planning.selection import Choice, chosen, selected
from ucmcert.cli.session import Session
from ucmcert.config.plan_options import csr_rules
from ucmcert.errors import OutcomeUnknown, Refused
from ucmcert.model.csr_settings import WebSecurity
from ucmcert.model.node import Node
from ucmcert.plan.csr_findings import csr_findings, made_here
from ucmcert.plan.csr_preview import previews
from ucmcert.report.csr_shape import CsrShape, csr_shape
from ucmcert.ucm.cluster_client import ClusterClient


async def look_at_csrs(session: Session, choice: Choice) -> CsrShape:
    """The previews for `choice`, with the findings on them. Raises UsageError UCM-ARG-002 for an unknown node."""
    cluster, rules = await session.look(), csr_rules(session.config.csr)
    wanted, now = chosen(cluster, choice), session.clock.now()
    threshold_days = session.config.renew.threshold_days
    items, left_out = selected(cluster, wanted, now=now, threshold_days=threshold_days, csr=rules)
    nodes = dict.fromkeys(one.node for one in made_here(items))
    answers = await asyncio.gather(*(_told(session.client, cluster.facts(name).node) for name in nodes))
    told = {name: answer for name, answer in zip(nodes, answers, strict=True) if answer is not None}
    unread = tuple(problem for facts in cluster.nodes for problem in facts.problems)
    findings = (*csr_findings(cluster, items, rules, told), *(left_out if wanted.force else ()), *unread)
    return csr_shape(cluster, previews(cluster, items, rules, told), findings)


async def _told(client: ClusterClient, node: Node) -> WebSecurity | None:
    """What the node says of its own settings; None where it does not know the command or its words are not known."""
    try:
        return await client.web_security(node)
    except (Refused, OutcomeUnknown):
        return None
