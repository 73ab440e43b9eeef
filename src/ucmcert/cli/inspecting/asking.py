"""What `inspect` asks a node for: the list it serves to phones, seen beside everything the cluster stores."""

from pathlib import Path

from ucmcert.check.node_rules import UNREADABLE
from ucmcert.cli.planning.selection import Choice, chosen
from ucmcert.cli.session import open_session, run
from ucmcert.model.cluster import Cluster
from ucmcert.model.finding import Finding
from ucmcert.model.trust_list import FILE_OF, ListKind
from ucmcert.report.inspected import InspectShape, inspected_bytes, inspected_list, inspected_nothing
from ucmcert.trust_list import decode
from ucmcert.trust_list.judge import absent, cluster_findings, list_findings, unreadable

COMPARED = ("release", "certificates")  # what could not be read of these cannot be compared


def inspect_node(kind: ListKind, name: str, config_file: Path) -> InspectShape:
    """The list that the node called `name` serves. Raises what asking the cluster raises, UsageError UCM-ARG-002."""

    async def ask() -> tuple[Cluster, str, bytes | None]:
        async with open_session(config_file) as session:
            cluster = await session.look()
            (node,) = chosen(cluster, Choice(nodes=(name,))).nodes
            return cluster, node, await session.client.tftp_file(cluster.facts(node).node, FILE_OF[kind])

    return judged(kind, *run(ask()))


def judged(kind: ListKind, cluster: Cluster, node: str, data: bytes | None) -> InspectShape:
    """The answer about `data`, which `node` served for its list of this kind; None when it said it has none."""
    if data is None:
        return inspected_nothing(kind, node, (absent(kind, cluster, node), *_unread(cluster)))
    try:
        found = decode(data)
    except ValueError as error:
        return inspected_bytes(kind, node, data, (unreadable(node, str(error)), *_unread(cluster)))
    findings = (*list_findings(found, kind, node), *cluster_findings(found, kind, cluster, node), *_unread(cluster))
    return inspected_list(inspected_bytes(kind, node, data, findings), found, cluster)


def _unread(cluster: Cluster) -> tuple[Finding, ...]:
    """What the comparison lacks: certificates and releases that some node did not tell."""
    return tuple(
        one
        for facts in cluster.nodes
        for one in facts.problems
        if one.code == UNREADABLE and one.values.get("fact") in COMPARED
    )
