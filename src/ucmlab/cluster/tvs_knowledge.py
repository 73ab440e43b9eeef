"""What there is to know for a Trust Verification Service, and the look it takes at it when it starts.

The database holds the identities and trust entries of all nodes. An identity gives its own roles; a trust entry gives
those of its store. CallManager-trust gives none: it keeps copies of identities, and a copy must not vouch for a leaf
that has been replaced. Source: phones.md 1.4 (roles), U2 (when a leaf is learned and forgotten), U3 (role CCM).
"""

from collections.abc import Iterable, Mapping

import msgspec

from ucmlab.cluster.node import Node
from ucmlab.cluster.trust_lists.model import APP_SERVER, CAPF, CCM, SAST, TFTP, TVS
from ucmlab.cluster.trust_lists.records import material
from ucmlab.cluster.tvs_memory import TvsMemory

SERVICE = "Cisco Trust Verification Service"
IDENTITY_ROLES = {
    "CallManager": (SAST, TFTP),
    "ITLRecovery": (SAST,),
    "CAPF": (CAPF,),
    "TVS": (TVS,),
    "tomcat": (APP_SERVER,),
    "tomcat-ECDSA": (APP_SERVER,),
}
TRUST_ROLES = {
    "Phone-SAST-trust": (SAST, TFTP),
    "CAPF-trust": (CAPF,),
    "TVS-trust": (TVS,),
    "tomcat-trust": (APP_SERVER,),
}
TLS_PEERS = ("CallManager", "CallManager-ECDSA")


class Known(msgspec.Struct, frozen=True):
    """A certificate and the roles of phones.md 1.4 that it may play."""

    certificate_pem: str
    roles: frozenset[int]


def stored(nodes: Iterable[Node], switches: Mapping[str, str]) -> dict[str, Known]:
    """What the database says now, by SHA-256 hex."""
    found: dict[str, Known] = {}
    for node in nodes:
        held = node.certificates.memory()
        for purpose, identity in held.identities.items():
            _add(found, identity.certificate_pem, _identity_roles(purpose, switches))
        for store, roles in TRUST_ROLES.items():
            for entry in held.trust.get(store, ()):
                _add(found, entry.certificate_pem, roles)
    return found


def known_to(
    node: Node, nodes: Mapping[str, Node], switches: Mapping[str, str], *, restarted: bool = False
) -> dict[str, Known]:
    """What the service of `node` knows now, by SHA-256 hex; `restarted`: what it would know after a start now."""
    if SERVICE not in node.services:
        return {}
    now = stored(nodes.values(), switches)
    how = switches["tvs_knowledge"]
    if how == "live" or (restarted and how == "at-restart"):
        return now
    if how == "at-restart":
        return {sha256: known for sha256, known in now.items() if sha256 in node.tvs.learned}
    old = {material(pem).sha256: Known(pem, frozenset(roles)) for pem, roles in node.tvs.kept.items()}
    return old | now


def look_around(node: Node, nodes: Mapping[str, Node], switches: Mapping[str, str]) -> None:
    """Let the service of `node` learn what is stored, once per start of its process; nothing else is told of it."""
    service = node.services.get(SERVICE)
    if service is None or service.started_at is None or service.started_at == node.tvs.started_at:
        return
    kept = node.tvs.kept
    if switches["tvs_knowledge"] == "keeps-old":
        kept = kept | _identities(nodes.values(), switches)
    learned = frozenset(stored(nodes.values(), switches))
    node.tvs = TvsMemory(started_at=service.started_at, learned=learned, kept=kept)


def _identities(nodes: Iterable[Node], switches: Mapping[str, str]) -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {}
    for node in nodes:
        for identity in node.certificates.memory().identities.values():
            if roles := _identity_roles(identity.purpose, switches):
                found[identity.certificate_pem] = roles
    return found


def _identity_roles(purpose: str, switches: Mapping[str, str]) -> tuple[int, ...]:
    roles = IDENTITY_ROLES.get(purpose, ())
    return (*roles, CCM) if purpose in TLS_PEERS and switches["tvs_vouches_tls"] == "yes" else roles


def _add(found: dict[str, Known], pem: str, roles: tuple[int, ...]) -> None:
    if not roles:
        return
    sha256 = material(pem).sha256
    before = found.get(sha256)
    found[sha256] = Known(pem, frozenset(roles) if before is None else before.roles | frozenset(roles))
