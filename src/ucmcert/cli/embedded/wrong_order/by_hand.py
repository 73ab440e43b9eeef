"""One night as a person spends it who knows the commands and not the order: a plain script, no plan, no gate, no rule.

It types what the web pages and the command line offer, node by node, and resets the phones once at the end.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from ucmcert.cli.embedded.wrong_order.cases import Case
from ucmcert.errors import Refused
from ucmcert.model.cluster import Cluster, NodeFacts
from ucmcert.model.signing import Authority, Issued, Pending, Profile
from ucmcert.ucm.cluster_client import ClusterClient, CsrSpec

RESTARTED = ("Cisco Trust Verification Service", "Cisco Tftp", "Cisco CallManager", "Cisco CTIManager")
Tell = Callable[[str, str], None]


async def one_night(client: ClusterClient, cluster: Cluster, case: Case, authority: Authority, tell: Tell) -> None:
    """Everything of `case` in one go. `tell` hears what is done, as a key of the demo's words, and what it is done to.

    Raises Refused, OutcomeUnknown and UsageError as the verbs do: a lab without faults gives no reason for one.
    """
    publisher = cluster.publisher.node
    for purpose in case.signed:
        tell("demo.wrong_renewed", purpose)
        holders = [facts for facts in cluster.nodes if facts.holding.identity(purpose) is not None]
        await asyncio.gather(*(_renew(client, facts, purpose, authority) for facts in holders))
    for purpose in case.regenerated:
        tell("demo.wrong_regenerated", purpose)
        await client.regenerate(publisher, purpose)
    if case.mixed:
        tell("demo.wrong_ctl", "utils ctl update CTLFile")
        await client.update_ctl(publisher)
    for service in RESTARTED:
        tell("demo.wrong_restarted", service)
        await asyncio.gather(*(client.restart_service(facts.node, service) for facts in _running(cluster, service)))
    pools = sorted({phone.pool for phone in await client.phones(publisher)})
    tell("demo.wrong_reset", ", ".join(pools))
    for pool in pools:
        await client.reset_pool(publisher, pool)


async def _renew(client: ClusterClient, facts: NodeFacts, purpose: str, authority: Authority) -> None:
    """CSR, signature, chain into the trust store, certificate: what the pages ask for, and nothing is looked at."""
    node = facts.node
    await client.generate_csr(node, purpose, CsrSpec(common_name=node.name))
    request = (await client.holding(node)).request(purpose)
    if request is None:
        raise _lost(facts, purpose)
    answer = await authority.collect(await authority.submit(request, Profile(node=node.name, purpose=purpose)))
    if isinstance(answer, Pending):
        raise _lost(facts, purpose)
    await _upload(client, facts, purpose, answer)


async def _upload(client: ClusterClient, facts: NodeFacts, purpose: str, issued: Issued) -> None:
    for one in reversed(issued.chain):
        with suppress(Refused):  # it is there already; if it is not, the next upload says so
            await client.upload_trust(facts.node, purpose, one)
    await client.upload_identity(facts.node, purpose, issued.leaf, issued.chain)


def _running(cluster: Cluster, service: str) -> list[NodeFacts]:
    return [facts for facts in cluster.nodes if (found := facts.service(service)) is not None and found.runs]


def _lost(facts: NodeFacts, purpose: str) -> Refused:
    return Refused(
        "UCM-DEMO-007",
        f"the {purpose} CSR has no answer",
        where=facts.node.name,
        why="the lab's own CA signs at once, and its nodes keep what they made",
        next="look into the folder of this demo",
        answer="",
    )
