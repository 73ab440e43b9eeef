"""Chooses what to renew: only what needs it, or what a person named. What is left out is told by `left_out`."""

from collections.abc import Iterator

from ucmcert.knowledge.purposes import PURPOSES, Purpose, lives_on, renewed_on
from ucmcert.lint.phone_world import no_phones, publisher_has, reused
from ucmcert.lint.service_names import shown_ports
from ucmcert.model.certificate import Certificate
from ucmcert.model.cluster import Cluster, NodeFacts
from ucmcert.model.csr_settings import CsrRules
from ucmcert.model.node import Role
from ucmcert.model.plan import Item
from ucmcert.plan.csr_choice import distribution
from ucmcert.plan.left_out import days_left, due, refused
from ucmcert.plan.multi_server import orphans, owner_of
from ucmcert.plan.reasons import reason, sentence

__all__ = ["days_left", "refused", "select"]

NO_RULES = CsrRules()


def select(
    cluster: Cluster,
    *,
    now: float,
    threshold_days: int,
    purposes: tuple[str, ...] = (),
    nodes: tuple[str, ...] = (),
    force: bool = False,
    capf_subscribers: bool = False,
    csr: CsrRules = NO_RULES,
) -> tuple[Item, ...]:
    """The certificates to renew, most urgent first; an expired one is the most urgent of all, never skipped.

    A certificate is due when fewer than `threshold_days` days are left. `purposes` and `nodes` (FQDN or host) narrow
    the choice, `force` takes also what is not due. A multi-server certificate is renewed for all its nodes as soon as
    one of them is chosen; what `csr` makes multi-server, or single again, changes on all of them too. ITLRecovery is
    taken only when it is named; `capf_subscribers` adds the unused CAPF of subscribers below 14. What is left out
    stands in `refused`.
    Source: procedure.md 3.3, 3.6 rules 3 and 5, 3.7.
    """
    chosen: dict[tuple[str, str], Item] = {}
    for purpose, facts in candidates(cluster, purposes, nodes):
        held = facts.holding.identity(purpose.name)
        if held is None or not renewed_here(cluster, purpose, facts, csr):
            continue
        asked = purpose.name in purposes if purpose.only_named else force or due(held, now, threshold_days)
        if asked:
            chosen[(purpose.name, facts.node.name)] = _item(
                cluster, purpose, facts, _why(held, now, threshold_days), csr
            )
    for purpose_name, node in tuple(chosen):
        wanted = distribution(csr, purpose_name)
        owners = {owner_of(cluster, purpose_name, cluster.facts(node), one) for one in (None, wanted)} - {""}
        for owner in sorted(owners):
            for key, facts, why in _sharing(cluster, PURPOSES[purpose_name], owner, now, threshold_days):
                chosen.setdefault(key, _item(cluster, PURPOSES[purpose_name], facts, why, csr))
    if capf_subscribers and not publisher_has(cluster, "capf_on_publisher_only"):
        chosen.update(_unused_capf(cluster, purposes, nodes, force=force, now=now, threshold_days=threshold_days))
    return tuple(sorted(chosen.values(), key=lambda item: (item.not_after, PURPOSES[item.purpose].epoch, item.node)))


def candidates(
    cluster: Cluster, purposes: tuple[str, ...], nodes: tuple[str, ...]
) -> Iterator[tuple[Purpose, NodeFacts]]:
    """Each purpose with each node it lives on, narrowed to the named ones."""
    for purpose in PURPOSES.values():
        if purposes and purpose.name not in purposes:
            continue
        for facts in cluster.nodes:
            if _named(facts, nodes) and _lives(cluster, purpose, facts):
                yield purpose, facts


def renewed_here(cluster: Cluster, purpose: Purpose, facts: NodeFacts, csr: CsrRules = NO_RULES) -> bool:
    """Whether this purpose of this node is renewed by a plan, if it is due: a reused one follows tomcat instead."""
    follows = purpose.name in reused(cluster).values()
    orphan = facts.node.name in orphans(cluster, purpose.name, distribution(csr, purpose.name))
    return renewed_on(purpose, facts.node.role) and not follows and not orphan


def _lives(cluster: Cluster, purpose: Purpose, facts: NodeFacts) -> bool:
    """As the table says; before 12.5 every CUCM node has an ITLRecovery of its own (procedure.md 1.1)."""
    if purpose.name == "ITLRecovery" and facts.node.role is Role.SUBSCRIBER:
        return publisher_has(cluster, "recovery_key") and not publisher_has(cluster, "one_recovery_key")
    return lives_on(purpose, facts.node.role)


def _named(facts: NodeFacts, nodes: tuple[str, ...]) -> bool:
    return not nodes or facts.node.name in nodes or facts.node.host in nodes


def _sharing(
    cluster: Cluster, purpose: Purpose, owner: str, now: float, threshold_days: int
) -> Iterator[tuple[tuple[str, str], NodeFacts, str]]:
    """Every node that lives, or will live, on the multi-server certificate of `owner`, with its key and its reason.

    They change together, due or not.
    """
    for facts in cluster.nodes:
        held = facts.holding.identity(purpose.name)
        if held is None or not lives_on(purpose, facts.node.role):
            continue
        if owner_of(cluster, purpose.name, facts, "multi-server") == owner:
            urgent = due(held, now, threshold_days)
            yield (
                (purpose.name, facts.node.name),
                facts,
                _why(held, now, threshold_days) if urgent else "UCM-DUE-SHARED",
            )


def _unused_capf(
    cluster: Cluster,
    purposes: tuple[str, ...],
    nodes: tuple[str, ...],
    *,
    force: bool,
    now: float,
    threshold_days: int,
) -> Iterator[tuple[tuple[str, str], Item]]:
    row = PURPOSES["CAPF"]
    if purposes and row.name not in purposes:
        return
    for facts in cluster.nodes:
        held = facts.holding.identity(row.name)
        wanted = facts.node.role is Role.SUBSCRIBER and _named(facts, nodes)
        if wanted and held is not None and (force or due(held, now, threshold_days)):
            yield (
                (row.name, facts.node.name),
                Item(
                    node=facts.node.name,
                    purpose=row.name,
                    old_sha256=held.sha256,
                    not_after=held.not_after,
                    reason=reason("UCM-DUE-UNUSED"),
                    last_state="uploaded",
                    skipped=dict.fromkeys(("issued", "active", "served", "trusted"), sentence("UCM-SKIP-UNUSED")),
                ),
            )


def _why(held: Certificate, now: float, threshold_days: int) -> str:
    if held.not_after <= now:
        return "UCM-DUE-EXPIRED"
    return "UCM-DUE-SOON" if due(held, now, threshold_days) else "UCM-DUE-FORCED"


def _item(cluster: Cluster, purpose: Purpose, facts: NodeFacts, why: str, csr: CsrRules) -> Item:
    held = facts.holding.identity(purpose.name)
    skipped = {}
    if not purpose.ca_signed:
        skipped["issued"] = sentence("UCM-SKIP-ISSUED")
    if not purpose.phones_trust_it:
        skipped["trusted"] = sentence("UCM-SKIP-TRUSTED")
    elif no_phones(cluster):
        skipped["trusted"] = sentence("UCM-SKIP-NO-PHONES")
    served = bool(shown_ports(facts, purpose.name))
    if not served:
        code = "UCM-SKIP-SERVED-TWIN" if purpose.twin_of else "UCM-SKIP-SERVED-STOPPED"
        skipped["served"] = sentence(code if purpose.ports else "UCM-SKIP-SERVED")
    last = "served" if served else "active"
    return Item(
        node=facts.node.name,
        purpose=purpose.name,
        old_sha256=held.sha256 if held else "",
        not_after=held.not_after if held else 0,
        reason=reason(why),
        last_state=last if "trusted" in skipped else "trusted",
        skipped=skipped,
        shared_from=owner_of(cluster, purpose.name, facts, distribution(csr, purpose.name)),
    )
