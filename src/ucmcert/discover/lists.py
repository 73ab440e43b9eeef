"""The trust lists that a node's TFTP serves, as bytes where they can be had, else as the node prints them.

`ucmcert.ucm` fetches and may not decode, `trust_list` decodes and may not fetch: here they meet.
"""

import asyncio
import hashlib
from collections.abc import Mapping

import msgspec

from ucmcert.discover.looking import Looking
from ucmcert.errors import UcmcertError
from ucmcert.knowledge.services import SERVICES
from ucmcert.lint.service_names import listed
from ucmcert.model.cluster import Cluster, NodeFacts
from ucmcert.model.node import CUCM_ROLES, Node
from ucmcert.model.trust_list import FILE_OF, ListKind, TrustListFacts
from ucmcert.trust_list import facts_of, missing
from ucmcert.ucm.cluster_client import ClusterClient
from ucmcert.ucm.platform_cli.parsers.trust_list import ShownList

KINDS: tuple[ListKind, ...] = ("itl", "ctl")
NOT_VERIFIED = "the node does not say that it verified the list"


async def look_at_list(
    client: ClusterClient, node: Node, kind: ListKind, sha256_by_sha1: Mapping[str, str]
) -> TrustListFacts:
    """The list `kind` that `node` serves now: the file, or where that cannot be fetched or decoded what `show` prints.

    `sha256_by_sha1` are the certificates of the cluster (see `fingerprints`): a printed list knows SHA-1 only.
    Raises what fetching the file raises, when the node does not show the list either.
    """
    fetched: TrustListFacts | None = None
    trouble: UcmcertError | None = None
    try:
        data = await client.tftp_file(node, FILE_OF[kind])
        if data is None:
            return missing(node.name, kind, f"{FILE_OF[kind]} of the node's TFTP")
        fetched = facts_of(node.name, kind, data, f"{FILE_OF[kind]} of the node's TFTP")
        if fetched.records:
            return fetched
    except UcmcertError as error:
        trouble = error
    try:
        shown = await client.show_list(node, kind)
    except UcmcertError:
        if fetched is not None:
            return fetched
        if trouble is not None:
            raise trouble from None
        raise
    if shown is None:
        return fetched or missing(node.name, kind, f"show {kind}")
    return of_shown(node.name, shown, sha256_by_sha1)


async def look_at_lists(client: ClusterClient, cluster: Cluster) -> Cluster:
    """`cluster` with the ITL and CTL of every node whose TFTP runs, or may run; what cannot be read is a problem."""
    known = fingerprints(cluster)
    nodes = await asyncio.gather(*(_with_lists(client, facts, known) for facts in cluster.nodes))
    return msgspec.structs.replace(cluster, nodes=tuple(nodes))


async def _with_lists(client: ClusterClient, facts: NodeFacts, sha256_by_sha1: Mapping[str, str]) -> NodeFacts:
    if not may_serve(facts):
        return facts
    looking = Looking(facts.node)
    begun = [
        looking.begin(f"{kind.upper()} file", look_at_list(client, facts.node, kind, sha256_by_sha1)) for kind in KINDS
    ]
    found = [await task for task in begun]
    lists = tuple(one for one in found if one is not None)
    return msgspec.structs.replace(facts, lists=lists, problems=(*facts.problems, *looking.problems))


def may_serve(facts: NodeFacts) -> bool:
    """Whether the node has a TFTP that runs, is on its way, or cannot be told."""
    if facts.node.role not in CUCM_ROLES:
        return False
    status = listed(facts, SERVICES["tftp"])
    return status.state != "stopped" if status is not None else not facts.services


def fingerprints(cluster: Cluster) -> dict[str, str]:
    """SHA-1 to SHA-256 of every certificate that any node holds."""
    known = [held.certificate for facts in cluster.nodes for held in facts.holding.identities]
    known += [held.certificate for facts in cluster.nodes for held in facts.holding.trust]
    return {hashlib.sha1(one.der, usedforsecurity=False).hexdigest(): one.sha256 for one in known}


def of_shown(node_name: str, shown: ShownList, sha256_by_sha1: Mapping[str, str]) -> TrustListFacts:
    """The facts of a printed list. Its time of making is not printed, so `made_at` stays 0."""
    records = tuple(
        msgspec.structs.replace(one, sha256=sha256_by_sha1.get(one.sha1, "") if one.sha1 else "")
        for one in shown.records
    )
    return TrustListFacts(
        node=node_name,
        kind=shown.kind,
        present=True,
        told_by=f"show {shown.kind}",
        sha1=shown.sha1,
        md5=shown.md5,
        length=shown.length,
        signer_subject=shown.signer_subject,
        signer_serial=shown.signer_serial,
        verified=shown.verified,
        problem="" if shown.verified else NOT_VERIFIED,
        records=records,
    )
