"""The plan of a recovery: steps like those of any other plan, no certificate of its own, a digest to say yes to.

Shape: everybody is recorded; no backup running; what the row of phones.md 1.7 says, each reset behind a look at the
lists and in front of a gate; a backup where one can be started. Source: phones.md 1.7, 2.3, 2.4, 5.2.
"""

import msgspec

from ucmcert.knowledge.purposes import ANCHORS
from ucmcert.lint.list_facts import open_gaps
from ucmcert.lint.phone_world import cucm_nodes, mixed, other_signer
from ucmcert.model.cluster import Cluster
from ucmcert.model.plan import Plan, Step, StepKind
from ucmcert.plan.build import PLAN_VERSION, plan_digest
from ucmcert.plan.epochs.draft import Draft
from ucmcert.plan.epochs.pace import gate_s, reset_s
from ucmcert.plan.epochs.phone_epoch import BACKUP_IDLE_S, QUIET_S, fresh_backup
from ucmcert.plan.epochs.phone_waves import waves
from ucmcert.plan.epochs.recovery_epoch import list_reset, two_passes, two_passes_mixed
from ucmcert.plan.epochs.service_rows import ctl_update, list_rows, restart_rows, settled_lists
from ucmcert.plan.epochs.switches import after_phones, before_phones
from ucmcert.plan.facts import anchor_facts, digest, facts_of
from ucmcert.plan.forecast import forecast
from ucmcert.plan.options import Options
from ucmcert.plan.recovery.fates import Fate
from ucmcert.plan.recovery.rows import Way
from ucmcert.plan.recovery.verdict import Verdict
from ucmcert.plan.recovery.ways import Offer
from ucmcert.plan.rules import objections_to

RESTARTED, SIGNED = "CallManager", "ITLRecovery"
DEFAULT = Options()


def recovery_plan(cluster: Cluster, verdict: Verdict, *, now: float, options: Options = DEFAULT) -> Plan:
    """The plan that goes `verdict.best`, digest filled in. Raises ValueError when no way is open."""
    if verdict.best is None:
        raise ValueError("no way is open")
    choice = msgspec.structs.replace(options, interaction="as-it-is", canary=_canary(verdict, options))
    steps = _steps(cluster, verdict, verdict.best, choice)
    facts = facts_of(cluster, ()) | anchor_facts(cluster)
    draft = Plan(
        version=PLAN_VERSION,
        cluster=cluster.name,
        made_at=now,
        facts=facts,
        facts_digest=digest(facts),
        items=(),
        steps=steps,
        findings=(*verdict.findings, *verdict.best.findings),
        forecast=forecast(steps, cluster, ()),
    )
    judged = msgspec.structs.replace(draft, findings=(*draft.findings, *objections_to(draft, cluster)))
    return msgspec.structs.replace(judged, digest=plan_digest(judged))


def _steps(cluster: Cluster, verdict: Verdict, best: Offer, options: Options) -> tuple[Step, ...]:
    purpose = RESTARTED if best.way in (Way.SETTLE, Way.RESET) else SIGNED
    around = tuple(_naming(one, verdict) for one in before_phones(cluster, purpose, needs=(), options=options))
    draft = Draft(cluster, purpose, tuple(one.id for one in around[-1:]), options)
    draft.add(StepKind.BACKUP_IDLE, "UCM-STEP-BACKUP", at=cluster.publisher, estimate_s=BACKUP_IDLE_S)
    every = frozenset(facts.node.name for facts in cucm_nodes(cluster))
    if best.way is Way.SETTLE:
        _settle(draft, every)
    elif best.way is Way.RESET:
        settled_lists(draft)
        _waves_of(draft, verdict, best)
    elif best.way is Way.ITL_KEY_OLD:
        list_reset(draft, "itl")
        list_rows(draft, "itl", other_signer(cluster))
        waves(draft)
    elif best.way is Way.ITL_KEY_MIXED_OLD:
        _two_boots(draft)
    elif best.way is Way.ITL_KEY:
        two_passes(draft, every)
    else:
        two_passes_mixed(draft, every)
    if options.backup == "start" and len(cluster.backup_devices) == 1:
        fresh_backup(draft)
    closing = after_phones(cluster, purpose, needs=draft.last, options=options)
    return (*around, *draft.steps, *closing)


def _settle(draft: Draft, every: frozenset[str]) -> None:
    """Bring to its end what somebody left half done: the CTL, the restarts of what does not show or hold it yet."""
    gaps = open_gaps(draft.cluster, [name for name in ANCHORS if name])
    if mixed(draft.cluster):
        ctl_update(draft)
        list_rows(draft, "ctl", "", "1/ctl")
    calling = ("callmanager", "cti") if any(one.holder.startswith("port 50") for one in gaps) else ()
    restart_rows(draft, every, only=("tvs", "tftp", *calling))
    settled_lists(draft)
    waves(draft)


def _two_boots(draft: Draft) -> None:
    """Below 12.0 in mixed mode: the ITL comes by the other key, and with it in hand the phone takes the CTL."""
    total = draft.cluster.phones.total if draft.cluster.phones else 0
    list_reset(draft, "itl")
    list_rows(draft, "itl", other_signer(draft.cluster), "1/itl")
    detail = {"pools": "*", "wave": "all", "pass": "1"}
    draft.add(StepKind.PHONES_RESET, "UCM-STEP-PHONES-RESET", name="1/all", detail=detail, estimate_s=reset_s(total))
    draft.add(StepKind.PHONES_QUIET, "UCM-STEP-QUIET", name="1", estimate_s=QUIET_S)
    list_rows(draft, "itl,ctl", "", "2")
    waves(draft, 2)


def _waves_of(draft: Draft, verdict: Verdict, best: Offer) -> None:
    """Only the pools with phones to help are reset; the smallest goes first where there are several."""
    helped = set(best.helped)
    pools = sorted({one.holder.pool for one in verdict.phones if one.holder.name in helped})
    counts = draft.cluster.phones.pools if draft.cluster.phones else {}
    smallest = min(pools, key=lambda name: (counts.get(name, 0), name))
    first = draft.options.canary if draft.options.canary in pools else smallest
    rows = [("canary", [first]), ("rest", [name for name in pools if name != first])]
    if len(pools) < 2 or draft.options.reset == "at-once":
        rows = [("all", pools)]
    for wave, names in rows:
        number = sum(counts.get(name, 0) for name in names)
        detail = {"pools": ",".join(names), "wave": wave, "pass": "1"}
        kind, code = StepKind.PHONES_RESET, "UCM-STEP-PHONES-RESET"
        draft.add(kind, code, name=f"1/{wave}", detail=detail, estimate_s=reset_s(number))
        limit = {"limit": str(draft.options.canary_limit if wave == "canary" else 0)}
        code = "UCM-STEP-CANARY-GATE" if wave == "canary" else "UCM-STEP-PHONES-GATE"
        draft.add(StepKind.PHONES_GATE, code, name=f"1/{wave}", detail=detail | limit, estimate_s=gate_s(number))


def _canary(verdict: Verdict, options: Options) -> str:
    """The operator's pool, else the smallest in which somebody is to be helped: a canary must prove the help."""
    if options.canary or verdict.best is None:
        return options.canary
    helped = set(verdict.best.helped)
    pools = [one.holder.pool for one in verdict.phones if one.holder.name in helped]
    return min(set(pools), key=lambda name: (pools.count(name), name), default="")


def _naming(step: Step, verdict: Verdict) -> Step:
    """The baseline with the names that an approval of the plan takes out of its gates, and those it is for."""
    if step.kind is not StepKind.PHONES_BASELINE or verdict.best is None:
        return step
    helped = set(verdict.best.helped)
    names = {
        "away": [one.holder.name for one in verdict.of(Fate.AWAY)],
        "untold": [one.holder.name for one in verdict.of(Fate.UNTOLD)],
        "wrong": sorted(helped),
        "lost": [
            one.holder.name
            for one in verdict.of(Fate.HARD, Fate.SOFT, Fate.UNKNOWN, Fate.RESET)
            if one.holder.name not in helped
        ],
    }
    return msgspec.structs.replace(step, detail={kind: ",".join(told) for kind, told in names.items() if told})
