"""What a plan must say aloud about phones: who is away, who would be lost, and which careful choice was not taken."""

from collections.abc import Iterator

from ucmcert.knowledge.purposes import PURPOSES, noticed_by_phones
from ucmcert.lint.phone_world import (
    automatic,
    mixed,
    moves_phones,
    no_phones,
    publisher_has,
    secure_phones,
    tftp_nodes,
)
from ucmcert.lint.rule import finding
from ucmcert.model.cluster import Cluster
from ucmcert.model.finding import Finding, Severity
from ucmcert.model.plan import Item, Plan, StepKind
from ucmcert.plan.epochs.pace import QUESTIONS_A_PAGE
from ucmcert.plan.epochs.switches import opens_pages, switched_to_manual
from ucmcert.plan.options import Options
from ucmcert.plan.phone_forecast import ABSENT
from ucmcert.plan.rules.phones import approved_away

NAMED_AT_MOST = 20
RECOVERY = "ITLRecovery"
UNUSED = "UCM-DUE-UNUSED"


def may_stay_away(cluster: Cluster, items: tuple[Item, ...]) -> bool:
    """Whether a phone that misses the whole run still believes the cluster afterwards.

    So it is where ITLRecovery signs the ITL of every TFTP node today and is not renewed itself. Source: phones.md 0.2,
    1.3, 1.8.
    """
    if not publisher_has(cluster, "recovery_key_signs") or any(item.purpose == RECOVERY for item in items):
        return False
    keys = {held.sha256 for facts in cluster.nodes if (held := facts.holding.identity(RECOVERY))}
    lists = [facts.trust_list("itl") for facts in tftp_nodes(cluster)]
    return bool(lists) and all(
        one is not None
        and one.verified
        and (one.signer_sha256 in keys or (not keys and RECOVERY.lower() in one.signer_subject.lower()))
        for one in lists
    )


def phone_findings(plan: Plan, cluster: Cluster, options: Options) -> tuple[Finding, ...]:
    """The findings about phones that only the finished steps and forecast tell; () when no phone notices the plan."""
    if no_phones(cluster) or not any(moves_phones(cluster, item.purpose) for item in plan.items):
        return ()
    return (
        *_lost(plan),
        *_away(plan, cluster),
        *_moving_by_themselves(plan, cluster, options),
        *_unknown_canary(cluster, options),
        *_backup_by_hand(plan, options),
        *_pages_opened(cluster, options),
        *_phone_certificates(plan, cluster),
    )


def _lost(plan: Plan) -> Iterator[Finding]:
    """I1: nobody loses trust under a plan of ours, or the plan does not run."""
    for row in plan.forecast.phones:
        if row.order == "plan" and row.lost and row.phone_class != ABSENT:
            values = {"phone_class": row.phone_class, "count": str(row.lost), "lock": row.lock}
            yield finding("UCM-PLAN-002", Severity.ERROR, plan.cluster, "phones.md 5.2 I1", **values)


def _away(plan: Plan, cluster: Cluster) -> Iterator[Finding]:
    absent = cluster.phones.absent if cluster.phones else ()
    if not absent:
        return
    more = ", ..." if len(absent) > NAMED_AT_MOST else ""
    values = {"count": str(len(absent)), "names": ", ".join(absent[:NAMED_AT_MOST]) + more}
    source = "procedure.md 3.6 rule 4; phones.md 1.8, 5.2 I3"
    code = "UCM-PLAN-003" if approved_away(plan) else "UCM-PLAN-004"
    yield finding(code, Severity.WARNING, plan.cluster, source, **values)


def _moving_by_themselves(plan: Plan, cluster: Cluster, options: Options) -> Iterator[Finding]:
    """An automatic reset may fire at the upload, before the CTL is updated: no secure registration until restarts."""
    moves = any(noticed_by_phones(item.purpose) and item.purpose != "TVS" for item in plan.items)
    if moves and mixed(cluster) and automatic(cluster) and not switched_to_manual(cluster, options):
        yield finding("UCM-PLAN-005", Severity.WARNING, plan.cluster, "phones.md 1.6, 2.5 (c); procedure.md 4.1 P7")


def _unknown_canary(cluster: Cluster, options: Options) -> Iterator[Finding]:
    pools = cluster.phones.pools if cluster.phones else {}
    if options.reset == "waves" and options.canary and not pools.get(options.canary):
        source = "phones.md 2.3; docs/operating.md [phones] canary"
        yield finding("UCM-PLAN-006", Severity.WARNING, cluster.name, source, pool=options.canary)


def _backup_by_hand(plan: Plan, options: Options) -> Iterator[Finding]:
    asked = [one for one in plan.steps if one.kind is StepKind.BACKUP_FRESH and not one.detail.get("device")]
    if asked and options.backup == "start":
        source = "phones.md 5.2 I11; procedure.md 4.2 Q8"
        yield finding("UCM-PLAN-007", Severity.NOTICE, plan.cluster, source, count=str(len(asked)))


def _pages_opened(cluster: Cluster, options: Options) -> Iterator[Finding]:
    """What it costs the database to open the pages of phones that show nothing, and to close them again."""
    if cluster.phones is not None and opens_pages(cluster, options):
        count = len(cluster.phones.silent)
        values = {"count": str(count), "requests": str(QUESTIONS_A_PAGE * count)}
        yield finding("UCM-PLAN-010", Severity.NOTICE, cluster.name, "interfaces-http.md 2.3, 9", **values)


def _phone_certificates(plan: Plan, cluster: Cluster) -> Iterator[Finding]:
    """What a new CAPF does to LSCs: the cluster's own trust is looked after, that of 802.1X and VPN servers is not."""
    capf = [item for item in plan.items if PURPOSES[item.purpose].must_be_ca and item.reason.code != UNUSED]
    if not capf:
        return
    again = any(one.kind is StepKind.PHONES_LSC for one in plan.steps)
    values = {"count": str(secure_phones(cluster)), "purpose": capf[0].purpose}
    source = "procedure.md 4.1 P20, 3.3 CAP-7, 7; phones.md 1.6"
    yield finding("UCM-PLAN-009" if again else "UCM-PLAN-008", Severity.WARNING, plan.cluster, source, **values)
