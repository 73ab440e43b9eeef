"""The pre-checks: is this cluster fit for this renewal? An ERROR closes the gate."""

import msgspec

from ucmcert.check import cluster_rules, consumer_rules, list_rules, node_rules, own_chain, phone_rules
from ucmcert.check.cases import Before, BeforeNode
from ucmcert.lint.rule import Rule, judge
from ucmcert.model.cluster import Cluster, NodeFacts
from ucmcert.model.finding import Finding, Severity
from ucmcert.model.plan import Item

CLUSTER_RULES: tuple[Rule[Before], ...] = (
    cluster_rules.releases_differ,
    cluster_rules.presence_release_differs,
    cluster_rules.backup_running,
    cluster_rules.no_good_backup,
    cluster_rules.backup_before_last_renewal,
    cluster_rules.sso_is_on,
)
CONSUMER_RULES: tuple[Rule[Before], ...] = (
    consumer_rules.consumer_is_silent,
    consumer_rules.consumer_is_not_trusted,
    consumer_rules.consumers_unread,
    consumer_rules.consumer_does_not_trust,
    consumer_rules.consumer_unread,
)
PHONE_RULES: tuple[Rule[Before], ...] = (
    phone_rules.mode_unknown,
    phone_rules.phones_unread,
    phone_rules.prepared_for_rollback,
    phone_rules.interaction_unknown,
    phone_rules.phones_mismatched,
    phone_rules.phones_silent,
    phone_rules.nobody_to_ask,
    phone_rules.nobody_serves_lists,
    phone_rules.phones_with_own_certificates,
    phone_rules.tomcat_is_reused,
    phone_rules.others_share_trust,
    phone_rules.stale_recovery_key,
    list_rules.list_not_good,
    list_rules.itl_signed_by_another,
    list_rules.ctl_signed_by_another,
    list_rules.epoch_left_open,
    list_rules.epoch_left_open_by_others,
    list_rules.list_too_long,
)
NODE_RULES: tuple[Rule[BeforeNode], ...] = (
    own_chain.chain_not_in_own_store,
    own_chain.fips_is_on,
    node_rules.time_not_synchronised,
    node_rules.gate_unread,
    node_rules.replication_broken,
    node_rules.indispensable_service_down,
    node_rules.activated_service_down,
    node_rules.service_stopped_by_hand,
    node_rules.leftover_request,
    node_rules.expired_trust_entry,
    node_rules.identity_lacks_node_name,
    node_rules.common_name_too_long,
    node_rules.clock_far_off,
    node_rules.clock_off,
    node_rules.few_sessions,
    node_rules.identity_missing,
    node_rules.served_is_not_stored,
    node_rules.port_is_silent,
    node_rules.sip_oauth_unknown,
)


def check(
    cluster: Cluster, items: tuple[Item, ...], *, now: float, ours: frozenset[str] = frozenset()
) -> tuple[Finding, ...]:
    """What stands against renewing `items`, worst first. `now` is our UTC epoch.

    `ours` are the SHA-256 footprints of the keys of CSRs we have out for signature: those are no leftovers.
    What discovery could not read comes along; an unreadable certificate is always an ERROR.
    Source: procedure.md 4.1 P1-P16, P18-P22.
    """
    case = Before(cluster=cluster, items=items, now=now, ours=ours)
    found = list(judge((*CLUSTER_RULES, *CONSUMER_RULES, *PHONE_RULES), case, cluster.name))
    for facts in cluster.nodes:
        found += _read_badly(facts)
        found += judge(NODE_RULES, BeforeNode(whole=case, facts=facts), facts.node.name)
    return tuple(sorted(found, key=lambda one: list(Severity).index(one.severity)))


def _read_badly(facts: NodeFacts) -> list[Finding]:
    unreadable = [_as_error(one) for one in facts.holding.unreadable]
    return [*unreadable, *facts.problems]


def _as_error(found: Finding) -> Finding:
    return msgspec.structs.replace(found, severity=Severity.ERROR)
