"""ITLRecovery, the main anchor from 12.0 on: never signed by a CA, regenerated, carried to the phones in two passes.

In each pass the phones see a list signed by a key they hold already: first by the other signer with the new one inside,
then by the new one. Source: phones.md 1.7, 2.3; procedure.md 3.6 rule 5.
"""

from ucmcert.lint.phone_world import automatic, etoken_ctl, mixed, other_signer, publisher_has
from ucmcert.model.cluster import Cluster, NodeFacts
from ucmcert.model.plan import Item, Step, StepKind
from ucmcert.plan.epochs.draft import Draft
from ucmcert.plan.epochs.phone_epoch import BACKUP_IDLE_S, QUIET_S, fresh_backup
from ucmcert.plan.epochs.phone_waves import waves
from ucmcert.plan.epochs.service_rows import ctl_update, list_rows, restart_rows, settled_lists
from ucmcert.plan.epochs.switches import switched_to_manual
from ucmcert.plan.options import Options
from ucmcert.plan.roles import publisher_first

REGENERATE_S = 30
RESET_LIST_S = 30
PURPOSE = "ITLRecovery"


def recovery_epoch(
    cluster: Cluster, items: tuple[Item, ...], *, needs: tuple[str, ...], options: Options
) -> tuple[Step, ...]:
    """The steps of the ITLRecovery epoch, in order. `needs` must be verified before it begins.

    Below 12.0 CallManager signs, so a new ITLRecovery is one more record and one pass carries it.
    """
    draft = Draft(cluster, PURPOSE, needs, options)
    draft.add(StepKind.BACKUP_IDLE, "UCM-STEP-BACKUP", at=cluster.publisher, estimate_s=BACKUP_IDLE_S)
    nodes = sorted((cluster.facts(item.node) for item in items), key=lambda facts: publisher_first(facts.node.role))
    _regenerate(draft, nodes)
    renewed = frozenset(facts.node.name for facts in nodes)
    if not publisher_has(cluster, "recovery_key_signs"):
        _one_pass(draft, renewed)
    elif mixed(cluster) and not etoken_ctl(cluster):
        two_passes_mixed(draft, renewed)
    else:
        two_passes(draft, renewed)
    fresh_backup(draft)
    return tuple(draft.steps)


def _regenerate(draft: Draft, nodes: list[NodeFacts]) -> None:
    wait = automatic(draft.cluster) and not switched_to_manual(draft.cluster, draft.options)
    for facts in nodes:
        draft.add(StepKind.IDENTITY_REGENERATE, "UCM-STEP-REGENERATE", at=facts, estimate_s=REGENERATE_S)
        if wait:
            draft.add(StepKind.PHONES_QUIET, "UCM-STEP-QUIET", at=facts, estimate_s=QUIET_S)


def _one_pass(draft: Draft, renewed: frozenset[str]) -> None:
    if mixed(draft.cluster):
        ctl_update(draft)
    restart_rows(draft, renewed, only=("tvs", "tftp"))
    settled_lists(draft)
    waves(draft)


def two_passes(draft: Draft, renewed: frozenset[str]) -> None:
    """Non-secure (or a CTL signed by tokens, which keeps its signer): the ITL alone changes hands.

    `renewed` are the nodes that restart what only a node of its own certificate restarts.
    """
    if mixed(draft.cluster):
        ctl_update(draft)
    list_reset(draft, "itl")
    list_rows(draft, "itl", other_signer(draft.cluster), "1/itl")
    waves(draft, 1)
    restart_rows(draft, renewed, only=("tvs", "tftp"))
    settled_lists(draft)
    waves(draft, 2)


def two_passes_mixed(draft: Draft, renewed: frozenset[str]) -> None:
    """Mixed mode: the CTL by the other key first, then by the usual one; `renewed` as in `two_passes`."""
    list_reset(draft, "ctl")
    restart_rows(draft, renewed, only=("callmanager", "cti"))
    list_rows(draft, "ctl", other_signer(draft.cluster), "1/ctl")
    waves(draft, 1)
    ctl_update(draft)
    restart_rows(draft, renewed, only=("tvs", "tftp"))
    settled_lists(draft)
    waves(draft, 2)


def list_reset(draft: Draft, kind: str) -> None:
    """Append the command that has the ITL or CTL signed by the other key."""
    pub = draft.cluster.publisher
    draft.add(
        StepKind.LIST_RESET, "UCM-STEP-LIST-RESET", at=pub, name=kind, detail={"list": kind}, estimate_s=RESET_LIST_S
    )
