"""Resets and the gates behind them: a canary pool first, then everybody, or all at once when that is wanted."""

from ucmcert.lint.phone_world import no_phones
from ucmcert.model.cluster import Cluster
from ucmcert.model.plan import StepKind
from ucmcert.plan.epochs.draft import Draft
from ucmcert.plan.epochs.pace import gate_s, reset_s
from ucmcert.plan.options import Options

EVERY_POOL = "*"


def waves(draft: Draft, number: int = 1) -> None:
    """Append pass `number` of resets and gates; nothing when it is certain that there are no phones.

    The rest is every pool that is no canary, those made since included; the last gate looks at every phone.
    Source: phones.md 2.3, 2.4; procedure.md 3.4.
    """
    cluster, options = draft.cluster, draft.options
    if no_phones(cluster):
        return
    total = cluster.phones.total if cluster.phones else 0
    canary = canary_pool(cluster, options)
    if canary:
        pools = _pools(cluster)
        few = pools[canary]
        _reset(draft, canary, "canary", number, few)
        _gate(draft, canary, "canary", number, few, limit=options.canary_limit)
        _reset(draft, EVERY_POOL, "rest", number, total - few)
    else:
        _reset(draft, EVERY_POOL, "all", number, total)
    _gate(draft, EVERY_POOL, "all", number, total, limit=0)


def canary_pool(cluster: Cluster, options: Options) -> str:
    """The pool that is reset first; "" when all go at once, or when there is no second pool to spare.

    The operator's if it has phones, else the smallest that has any; of equal ones the first by name.
    """
    pools = {name: count for name, count in _pools(cluster).items() if count > 0}
    if options.reset == "at-once" or len(pools) < 2:
        return ""
    if options.canary in pools:
        return options.canary
    return min(pools, key=lambda name: (pools[name], name))


def _pools(cluster: Cluster) -> dict[str, int]:
    return dict(cluster.phones.pools) if cluster.phones else {}


def _reset(draft: Draft, pools: str, wave: str, number: int, phones: int) -> None:
    draft.add(
        StepKind.PHONES_RESET,
        "UCM-STEP-PHONES-RESET",
        name=f"{number}/{wave}",
        detail={"pools": pools, "wave": wave, "pass": str(number)},
        estimate_s=reset_s(phones),
    )


def _gate(draft: Draft, pools: str, wave: str, number: int, phones: int, *, limit: int) -> None:
    code = "UCM-STEP-CANARY-GATE" if wave == "canary" else "UCM-STEP-PHONES-GATE"
    draft.add(
        StepKind.PHONES_GATE,
        code,
        name=f"{number}/{wave}",
        detail={"pools": pools, "wave": wave, "pass": str(number), "limit": str(limit)},
        estimate_s=gate_s(phones),
    )
