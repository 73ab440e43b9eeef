"""Old and new fingerprints as clients see them: what each port served before, and what it was seen to serve after."""

from typing import Literal

import msgspec

from ucmcert.knowledge.purposes import PURPOSES
from ucmcert.model.cluster import Cluster, NodeFacts
from ucmcert.model.plan import Item, StepKind
from ucmcert.report.story import Story

Mark = Literal["served", "stored", "not-yet", "other"]


class Pair(msgspec.Struct, frozen=True, kw_only=True):
    """One port of one certificate; `port` 0 means that no TLS port shows it, so that what is stored stands here.

    SHA-256 in lower-case hex, "" for nothing seen. `served` and `stored` mean: it is what the CA issued.
    """

    node: str
    purpose: str
    port: int
    old: str
    new: str
    issued: str
    mark: Mark


def fingerprints(story: Story) -> tuple[Pair, ...]:
    """Every item of the run, a row for each port that shows it, in the order of the plan's items."""
    return tuple(pair for item in story.plan.items for pair in _pairs(story, item))


def _pairs(story: Story, item: Item) -> tuple[Pair, ...]:
    issued = story.new_sha256(item.node, item.purpose)
    ports = PURPOSES[item.purpose].ports if item.purpose in PURPOSES else ()
    return tuple(_pair(story, item, port, issued) for port in ports or (0,))


def _pair(story: Story, item: Item, port: int, issued: str) -> Pair:
    before, after = _facts(story.before, item.node), _facts(story.after, item.node)
    if port:
        old, new = _served(before, port), _served(after, port) or _proven(story, item, port)
    else:
        old = _stored(before, item.purpose) or item.old_sha256
        new = _stored(after, item.purpose) or story.arrival(item.node, item.purpose, "sha256")
    return Pair(
        node=item.node,
        purpose=item.purpose,
        port=port,
        old=old,
        new=new,
        issued=issued,
        mark=_mark(new, issued, old, port),
    )


def _mark(new: str, issued: str, old: str, port: int) -> Mark:
    if not new or (new == old and new != issued):
        return "not-yet"
    if new != issued:
        return "other"
    return "served" if port else "stored"


def _facts(cluster: Cluster | None, node: str) -> NodeFacts | None:
    return next((one for one in cluster.nodes if one.node.name == node), None) if cluster else None


def _served(facts: NodeFacts | None, port: int) -> str:
    seen = [one.leaf.sha256 for one in facts.served if one.port == port and one.leaf] if facts else []
    return seen[0] if seen else ""


def _stored(facts: NodeFacts | None, purpose: str) -> str:
    held = facts.holding.identity(purpose) if facts else None
    return held.sha256 if held else ""


def _proven(story: Story, item: Item, port: int) -> str:
    """What the handshake of the served check showed, for a run that has not ended yet."""
    for one in story.steps:
        if one.step.kind is StepKind.SERVED_CHECK and (one.step.node, one.step.purpose) == (item.node, item.purpose):
            return next((seen.digest for seen in one.evidence if seen.source == f"tls {item.node}:{port}"), "")
    return ""
