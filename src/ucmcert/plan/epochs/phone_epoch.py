"""The cut-over of a purpose that phones trust: CAPF, CallManager, its EC twin, TVS. It ends when phones hold the lists.

Shape: no backup running; identities, the publisher's first; the CTL in mixed mode, before any restart; restarts service
by service; what is served and what the lists hold; resets and gates; a backup. Source: procedure.md 3.3-3.5, 3.7;
phones.md 1.6, 2.3-2.5, 5.2.
"""

from ucmcert.knowledge.purposes import PURPOSES
from ucmcert.lint.phone_world import automatic, cucm_nodes, etoken_ctl, mixed, no_phones, secure_phones, signer
from ucmcert.model.cluster import Cluster, NodeFacts
from ucmcert.model.node import Role
from ucmcert.model.plan import Item, Step, StepKind
from ucmcert.plan.epochs.draft import Draft
from ucmcert.plan.epochs.pace import lsc_s
from ucmcert.plan.epochs.phone_waves import waves
from ucmcert.plan.epochs.service_rows import ctl_update, list_rows, restart_rows, served_rows, settled_lists
from ucmcert.plan.epochs.switches import switched_to_manual
from ucmcert.plan.options import Options
from ucmcert.plan.roles import publisher_first

BACKUP_IDLE_S = 5
UPLOAD_S = 20
SPREAD_S = 60
QUIET_S = 300
BACKUP_S = 1_800


def phone_epoch(
    cluster: Cluster, purpose: str, items: tuple[Item, ...], *, needs: tuple[str, ...], options: Options
) -> tuple[Step, ...]:
    """The steps of one phone epoch, in order. `needs` must be verified before it begins.

    Without `items` it is the block that follows a tomcat renewal where tomcat is reused for CallManager: everything but
    the uploads (procedure.md 3.10).
    """
    draft = Draft(cluster, purpose, needs, options)
    draft.add(StepKind.BACKUP_IDLE, "UCM-STEP-BACKUP", at=cluster.publisher, estimate_s=BACKUP_IDLE_S)
    nodes = sorted((cluster.facts(item.node) for item in items), key=lambda facts: publisher_first(facts.node.role))
    identities(draft, nodes, items)
    if not items and _resets_by_itself(draft):
        draft.add(StepKind.PHONES_QUIET, "UCM-STEP-QUIET", at=cluster.publisher, estimate_s=QUIET_S)
    if PURPOSES[purpose].in_ctl and mixed(cluster):
        ctl_update(draft)
        list_rows(draft, "ctl", "" if etoken_ctl(cluster) else signer(cluster))
    renewed = frozenset(facts.node.name for facts in nodes) or frozenset(one.node.name for one in cluster.nodes)
    restart_rows(draft, renewed)
    served_rows(draft, nodes or _callers(cluster))
    settled_lists(draft)
    phone_certificates(draft, nodes)
    waves(draft)
    fresh_backup(draft)
    return tuple(draft.steps)


def identities(draft: Draft, nodes: list[NodeFacts], items: tuple[Item, ...]) -> None:
    """Append the uploads, the publisher's first; a multi-server one is made once and must spread to the others.

    From 14 on phones may reset at each upload, so each waits until they are quiet again (phones.md 2.5, U8).
    """
    shared = {item.node: item.shared_from for item in items if item.shared_from}
    owners = [facts for facts in nodes if shared.get(facts.node.name, facts.node.name) == facts.node.name]
    wait = _resets_by_itself(draft)
    kind, code = StepKind.IDENTITY_UPLOAD, "UCM-STEP-IDENTITY"
    if wait:
        for facts in owners:
            draft.add(kind, code, at=facts, estimate_s=UPLOAD_S)
            draft.add(StepKind.PHONES_QUIET, "UCM-STEP-QUIET", at=facts, estimate_s=QUIET_S)
    else:
        draft.beside(kind, code, [one for one in owners if one.node.role is Role.PUBLISHER], estimate_s=UPLOAD_S)
        draft.beside(kind, code, [one for one in owners if one.node.role is not Role.PUBLISHER], estimate_s=UPLOAD_S)
    spread(draft, nodes, shared)


def spread(draft: Draft, nodes: list[NodeFacts], shared: dict[str, str]) -> None:
    """Append a look at every node that lives on another node's multi-server upload. Source: procedure.md U-P20."""
    for owner in dict.fromkeys(shared.values()):
        others = [one for one in nodes if shared.get(one.node.name) == owner and one.node.name != owner]
        detail = {"of": owner}
        draft.beside(StepKind.IDENTITY_SPREAD, "UCM-STEP-SPREAD", others, detail=detail, estimate_s=SPREAD_S)


def phone_certificates(draft: Draft, nodes: list[NodeFacts]) -> None:
    """After a new CAPF: is the old one still trusted, and where the operator wants it, new LSCs with the next reset.

    Source: procedure.md 3.3 CAP-7; phones.md 1.6, I9.
    """
    if not PURPOSES[draft.purpose].must_be_ca or no_phones(draft.cluster):
        return
    stores = ",".join(f"{store}-trust" for store in PURPOSES[draft.purpose].stores)
    for owner in nodes:
        detail = {"stores": stores, "of": owner.node.name}
        draft.beside(StepKind.TRUST_KEPT, "UCM-STEP-TRUST-KEPT", cucm_nodes(draft.cluster), detail=detail, estimate_s=5)
    if draft.options.lsc == "reissue":
        detail = {"authentication": draft.options.lsc_authentication}
        seconds = lsc_s(secure_phones(draft.cluster))
        draft.add(StepKind.PHONES_LSC, "UCM-STEP-PHONES-LSC", detail=detail, estimate_s=seconds)


def fresh_backup(draft: Draft) -> None:
    """Append the backup that the next epoch or the end of the run asks for. Source: phones.md I11; procedure.md Q8."""
    devices = draft.cluster.backup_devices
    device = devices[0] if draft.options.backup == "start" and len(devices) == 1 else ""
    draft.add(
        StepKind.BACKUP_FRESH,
        "UCM-STEP-FRESH-BACKUP",
        at=draft.cluster.publisher,
        detail={"device": device},
        estimate_s=BACKUP_S,
    )


def _resets_by_itself(draft: Draft) -> bool:
    return automatic(draft.cluster) and not switched_to_manual(draft.cluster, draft.options)


def _callers(cluster: Cluster) -> list[NodeFacts]:
    return [one for one in cluster.nodes if one.node.role in (Role.PUBLISHER, Role.SUBSCRIBER)]
