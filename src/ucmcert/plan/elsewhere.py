"""What a plan must say aloud of other places: trust that it does not bring there, and users whom it disturbs there."""

from collections.abc import Iterator

from ucmcert.knowledge.purposes import PURPOSES
from ucmcert.lint.rule import finding
from ucmcert.model.cluster import Cluster
from ucmcert.model.finding import Finding, Severity
from ucmcert.model.plan import Item

ROUTER = "xcp-router"


def elsewhere(cluster: Cluster, items: tuple[Item, ...]) -> tuple[Finding, ...]:
    """The findings about other nodes than the renewed ones; () when nothing there needs a person."""
    return (*_publisher_left_out(cluster, items), *_presence(cluster, items))


def _publisher_left_out(cluster: Cluster, items: tuple[Item, ...]) -> Iterator[Finding]:
    """ipsec-trust is not replicated: a publisher that is not renewed learns of a new CA only by hand."""
    publisher = cluster.publisher.node.name
    ipsec = [item for item in items if item.purpose == "ipsec"]
    if ipsec and not any(item.node == publisher for item in ipsec):
        source = "procedure.md 6.4 (ipsec-trust: upload per node)"
        yield finding("UCM-PLAN-001", Severity.WARNING, f"ipsec {publisher}", source, publisher=publisher)


def _presence(cluster: Cluster, items: tuple[Item, ...]) -> Iterator[Finding]:
    """The XCP Router takes every presence session of its node with it; CallManager must know the issuer of cup."""
    routed = sorted({item.node for item in items if PURPOSES[item.purpose].shown_by == ROUTER})
    if routed:
        source = "procedure.md 3.8 IMP-5, U-P4"
        yield finding("UCM-PLAN-011", Severity.WARNING, cluster.name, source, nodes=", ".join(routed))
    sip = sorted({item.purpose for item in items if PURPOSES[item.purpose].trust == "cup"})
    if sip:
        source = "procedure.md 3.8 IMP-7, 6.7"
        publisher = cluster.publisher.node.name
        yield finding("UCM-PLAN-012", Severity.WARNING, publisher, source, purpose=" and ".join(sip))
