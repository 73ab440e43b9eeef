"""What is known of a node beside the files, taken from a look at its cluster: what the rules about uploads ask."""

from typing import Literal

from ucmcert.knowledge.purposes import PURPOSES
from ucmcert.lint.case import Known
from ucmcert.model.certificate import Certificate
from ucmcert.model.cluster import Cluster, NodeFacts


def known_of(
    cluster: Cluster,
    facts: NodeFacts,
    purpose: str,
    *,
    transport: Literal["rest", "cli"],
    multi_server: bool | None = None,
    csr_waits: bool | None = None,
) -> Known:
    """What the lint may know about an upload of `purpose` to this node; None is what nobody tells.

    CSRs that wait elsewhere come along: a key that belongs to one of them tells why a certificate does not fit.
    """
    shared: dict[bool | None, Literal["", "multi-server", "this-server"]] = {
        None: "",
        True: "multi-server",
        False: "this-server",
    }
    return Known(
        release=facts.node.release,
        mixed=cluster.mixed_mode,
        fips=facts.fips,
        csr_waits=csr_waits,
        transport=transport,
        distribution=shared[multi_server],
        domain=facts.node.name.partition(".")[2],
        other_requests=tuple(
            (f"{held.purpose} {other.node.host}", held.request)
            for other in cluster.nodes
            for held in other.holding.requests
            if (other.node.name, held.purpose) != (facts.node.name, purpose)
        ),
    )


def leaves_of(facts: NodeFacts, store: str) -> tuple[Certificate, ...]:
    """The identities of this node that `store` (a base name) verifies today."""
    held = facts.holding.identities
    return tuple(one.certificate for one in held if one.purpose in PURPOSES and PURPOSES[one.purpose].trust == store)
