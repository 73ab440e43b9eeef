"""What checks and plans ask of the phones' world: who signs the lists, who serves them, do phones move by themselves.

Facts of the cluster only. Source: phones.md 1.3 (families), 1.6, 2.5; procedure.md 3.7, 3.10.
"""

import msgspec

from ucmcert.knowledge.phone_classes import read_class
from ucmcert.knowledge.purposes import noticed_by_phones
from ucmcert.knowledge.versions import has
from ucmcert.lint.service_names import runs
from ucmcert.model.certificate import Certificate
from ucmcert.model.cluster import Cluster, NodeFacts
from ucmcert.model.node import CUCM_ROLES
from ucmcert.model.trust_list import ListRole, TrustListFacts

REUSES = {"tomcat": "CallManager", "tomcat-ECDSA": "CallManager-ECDSA"}
SIGNERS = ("CallManager", "ITLRecovery")


def publisher_has(cluster: Cluster, capability: str) -> bool:
    """Whether the publisher's release has that capability."""
    return has(capability, msgspec.structs.astuple(cluster.publisher.node.release))


def cucm_nodes(cluster: Cluster) -> tuple[NodeFacts, ...]:
    """Publisher and subscribers, in the order of the cluster."""
    return tuple(facts for facts in cluster.nodes if facts.node.role in CUCM_ROLES)


def tftp_nodes(cluster: Cluster) -> tuple[NodeFacts, ...]:
    """The nodes that serve lists: those where Cisco TFTP runs, publisher first."""
    return tuple(facts for facts in cucm_nodes(cluster) if runs(facts, "tftp"))


def no_phones(cluster: Cluster) -> bool:
    """Whether it is certain that nobody holds a list of this cluster. Not having looked is no certainty."""
    phones = cluster.phones
    return phones is not None and phones.complete and not phones.problem and phones.total == 0


def secure_phones(cluster: Cluster) -> int:
    """How many phones were counted as secure: they hold an LSC of CAPF, as far as anybody can tell."""
    classes = cluster.phones.classes if cluster.phones else {}
    return sum(count for name, count in classes.items() if read_class(name).secure)


def signer(cluster: Cluster) -> str:
    """The purpose whose key signs the ITL of this release when all is settled. Source: phones.md 1.3."""
    return "ITLRecovery" if publisher_has(cluster, "recovery_key_signs") else "CallManager"


def other_signer(cluster: Cluster) -> str:
    """The purpose whose key signs after `utils itl reset localkey`. Source: phones.md 1.5, U5."""
    return "CallManager" if signer(cluster) == "ITLRecovery" else "ITLRecovery"


def mixed(cluster: Cluster) -> bool:
    """Whether the cluster is known to be in mixed mode. Not knowing closes a gate of the checks (P6)."""
    return cluster.mixed_mode is True


def etoken_ctl(cluster: Cluster) -> bool:
    """Whether the CTL is signed by a USB eToken, so that only a person with it can update the CTL.

    Source: procedure.md 3.7; phones.md 1.6.
    """
    ctl = ctl_of(cluster)
    if not mixed(cluster) or publisher_has(cluster, "tokenless_ctl_only"):
        return False
    if not publisher_has(cluster, "recovery_key"):
        return True
    if ctl is None or not ctl.signer_serial:
        return False
    ours = {held.sha256 for facts in cucm_nodes(cluster) for held in _signers(facts)}
    if ctl.signer_sha256 in ours or "itlrecovery" in ctl.signer_subject.lower():
        return False
    leaves = (ListRole.CCM, ListRole.CCM_TFTP, ListRole.TFTP)
    return not any(one.role in leaves and one.subject == ctl.signer_subject for one in ctl.records)


def ctl_of(cluster: Cluster) -> TrustListFacts | None:
    """The CTL of the cluster as the first node that has one serves it; None when nobody showed one."""
    found = (facts.trust_list("ctl") for facts in cucm_nodes(cluster))
    return next((one for one in found if one is not None and one.present), None)


def automatic(cluster: Cluster) -> bool:
    """Whether phones reset by themselves when a certificate changes; what could not be read counts as yes from 14 on.

    Source: phones.md 2.5, U8; interfaces-http.md 3 (cannot find the parameter on 14+: automatic).
    """
    phones = cluster.phones
    if not publisher_has(cluster, "automatic_phone_reset") or no_phones(cluster):
        return False
    return phones is None or phones.interaction in ("automatic", "unknown")


def reused(cluster: Cluster) -> dict[str, str]:
    """tomcat purposes that stand for CallManager ones too (14+): {"tomcat": "CallManager"} or {}.

    Told by one fingerprint in both, in an ITL as TFTP, or on 5061, since newer releases hide the CallManager row.
    Source: procedure.md 3.10.
    """
    if not publisher_has(cluster, "tomcat_reuse"):
        return {}
    publisher = cluster.publisher
    seen = {leaf.sha256 for served in publisher.served if served.port == 5061 and (leaf := served.leaf)}
    itl = publisher.trust_list("itl")
    signs = (ListRole.TFTP, ListRole.CCM_TFTP)
    seen |= {one.sha256 for one in (itl.records if itl else ()) if one.role in signs and one.sha256}
    found = {}
    for web, call in REUSES.items():
        leaf, other = publisher.holding.identity(web), publisher.holding.identity(call)
        same = leaf.sha256 in {*seen, other.sha256 if other else ""} if leaf else False
        if same and (other is None or (leaf is not None and other.sha256 == leaf.sha256)):
            found[web] = call
    return found


def moves_phones(cluster: Cluster, purpose: str) -> bool:
    """Whether phones notice a renewal of `purpose` on this cluster, tomcat's reuse for CallManager included."""
    return noticed_by_phones(purpose) or purpose in reused(cluster)


def _signers(facts: NodeFacts) -> list[Certificate]:
    held = [facts.holding.identity(name) for name in SIGNERS]
    return [one for one in held if one is not None]
