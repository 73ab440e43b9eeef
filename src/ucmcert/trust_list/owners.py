"""Whose certificates the records hold: compared byte by byte with the identities that the nodes store.

Source: phones.md 1.3 (which certificate stands where, who signs by version family), interfaces-cli.md 4.2.
"""

import msgspec

from ucmcert.knowledge.versions import has
from ucmcert.model.cluster import Cluster
from ucmcert.model.node import Release
from ucmcert.model.trust_list import ListRole
from ucmcert.trust_list.record import Record
from ucmcert.trust_list.truth import is_of

CALL_MANAGER = ("CallManager", "CallManager-ECDSA")
RECOVERY = "ITLRecovery"
PURPOSES_OF: dict[int, tuple[str, ...]] = {
    ListRole.SAST: (RECOVERY, *CALL_MANAGER),
    ListRole.CCM: CALL_MANAGER,
    ListRole.CCM_TFTP: CALL_MANAGER,
    ListRole.TFTP: CALL_MANAGER,
    ListRole.CAPF: ("CAPF",),
    ListRole.APP_SERVER: ("tomcat", "tomcat-ECDSA"),
    ListRole.TVS: ("TVS",),
}


class Owner(msgspec.Struct, frozen=True, kw_only=True):
    """An identity that a node stores: the certificate of `purpose` on `node`."""

    node: str
    purpose: str


def owners(record: Record, cluster: Cluster) -> tuple[Owner, ...]:
    """The stored identities that the record is about and that its role is for; several for a multi-server one."""
    return tuple(
        Owner(node=facts.node.name, purpose=held.purpose)
        for facts in cluster.nodes
        for held in facts.holding.identities
        if held.purpose in PURPOSES_OF.get(record.role, ()) and is_of(record, held.certificate.der)
    )


def usual_signers(release: Release) -> tuple[str, ...]:
    """The purposes whose key signs the lists of this release; a CTL may be signed by a hardware token besides."""
    numbers = msgspec.structs.astuple(release)
    return (RECOVERY,) if has("recovery_key_signs", numbers) else CALL_MANAGER[:1]


def tokens_sign(release: Release) -> bool:
    """Whether a CTL may still be signed by a hardware token on this release."""
    return not has("tokenless_ctl_only", msgspec.structs.astuple(release))
