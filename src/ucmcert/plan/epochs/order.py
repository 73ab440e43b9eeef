"""Puts the epochs of a run one after the other: which come, in which order, and what stands around those of phones."""

from ucmcert.knowledge.purposes import PURPOSES, noticed_by_phones
from ucmcert.lint.phone_world import moves_phones, reused
from ucmcert.model.cluster import Cluster
from ucmcert.model.plan import Item, Step
from ucmcert.plan.cut_over import cut_over
from ucmcert.plan.epochs.phone_epoch import phone_epoch
from ucmcert.plan.epochs.recovery_epoch import recovery_epoch
from ucmcert.plan.epochs.switches import after_phones, before_phones
from ucmcert.plan.epochs.unused_capf import unused_capf
from ucmcert.plan.options import Options
from ucmcert.plan.person import sso_disable, sso_enable

WEB = ("tomcat", "tomcat-ECDSA")
UNUSED = "UCM-DUE-UNUSED"


def epochs(
    cluster: Cluster,
    items: tuple[Item, ...],
    *,
    needs: tuple[str, ...],
    options: Options,
    away: tuple[str, ...] = (),
) -> tuple[Step, ...]:
    """Every step of the window and of what follows it, in order. `needs` must be verified before the first.

    `away` are the absent phones the plan takes out of the gates by name. Source: procedure.md 3.6, 3.10; phones.md 2.3.
    """
    purposes = in_order(items, options)
    noticed = [name for name in purposes if moves_phones(cluster, name) and _uploads(items, name)]
    sso_on = any(facts.sso_enabled for facts in cluster.nodes) and any(name in WEB for name in purposes)
    steps: list[Step] = []
    last = needs
    for name in purposes:
        if sso_on and name == next(one for one in purposes if one in WEB):
            steps.append(sso_disable(cluster, needs=last))
            last = (steps[-1].id,)
        if noticed and name == noticed[0]:
            around = before_phones(cluster, _label(cluster, name), needs=last, options=options, away=away)
            steps += around
            last = ends(around) or last
        window = _epoch(cluster, items, name, last, options, earlier=tuple(steps))
        steps += window
        last = ends(window)
    if noticed:
        turned = after_phones(cluster, _label(cluster, noticed[-1]), needs=last, options=options)
        steps += turned
        last = ends(turned) or last
    if sso_on:
        steps.append(sso_enable(cluster, needs=last))
    return tuple(steps)


def in_order(items: tuple[Item, ...], options: Options) -> list[str]:
    """The purposes of `items` in the order of their epochs; "tvs-first" puts TVS before CallManager (U13)."""
    place = {name: row.epoch * 10 for name, row in PURPOSES.items()}
    if options.order == "tvs-first":
        place["TVS"] = place["CallManager"] - 5
    return sorted({item.purpose for item in items}, key=lambda name: place[name])


def ends(steps: tuple[Step, ...]) -> tuple[str, ...]:
    """The steps nothing else of `steps` waits for."""
    needed = {need for step in steps for need in step.needs}
    return tuple(step.id for step in steps if step.id not in needed)


def _epoch(
    cluster: Cluster,
    items: tuple[Item, ...],
    purpose: str,
    needs: tuple[str, ...],
    options: Options,
    *,
    earlier: tuple[Step, ...],
) -> tuple[Step, ...]:
    mine = tuple(item for item in items if item.purpose == purpose)
    if purpose == "ITLRecovery":
        return recovery_epoch(cluster, mine, needs=needs, options=options)
    if noticed_by_phones(purpose):
        signed = tuple(item for item in mine if item.reason.code != UNUSED)
        unused = unused_capf(cluster, tuple(item for item in mine if item.reason.code == UNUSED), needs, options)
        if not signed:
            return unused
        return unused + phone_epoch(cluster, purpose, signed, needs=ends(unused) or needs, options=options)
    steps = cut_over(cluster, mine, needs=needs, options=options, earlier=earlier)
    call = reused(cluster).get(purpose)
    if call is None:
        return steps
    return steps + phone_epoch(cluster, call, (), needs=ends(steps), options=options)


def _uploads(items: tuple[Item, ...], purpose: str) -> bool:
    return any(item.purpose == purpose and item.reason.code != UNUSED for item in items)


def _label(cluster: Cluster, purpose: str) -> str:
    return reused(cluster).get(purpose, purpose)
