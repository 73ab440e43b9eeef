"""Every lint rule, in the order the cases ask them, and the table of all of them by code."""

from typing import Any

from ucmcert.lint import (
    chain_rules,
    key_reasons,
    key_rules,
    name_repairs,
    name_rules,
    node_rules,
    path_rules,
    time_rules,
    trust_rules,
    usage_rules,
)
from ucmcert.lint.case import TrustCase, Upload
from ucmcert.lint.rule import Rule
from ucmcert.model.finding import Severity

ANSWER_RULES: tuple[Rule[Upload], ...] = (
    node_rules.no_request_waits,
    key_rules.other_key,
    key_reasons.answers_older_request,
    key_reasons.answers_another_request,
    key_reasons.key_in_place,
    key_rules.weak_key,
    key_rules.weak_signature,
    key_rules.hash_below_key,
    key_rules.signed_by_ec,
    key_rules.weak_root_in_fips,
    key_rules.long_key_for_phones,
    key_rules.long_ca_key_in_mixed_mode,
    key_rules.unusual_signature,
    name_rules.other_names,
    name_repairs.common_name_added,
    name_repairs.parent_domain_missing,
    name_repairs.names_added,
    name_repairs.names_missing,
    name_repairs.names_respelled,
    name_rules.wildcard,
    name_rules.other_common_name,
    name_rules.common_name_not_a_san,
    name_rules.no_host_name,
    name_rules.name_twice,
    name_rules.other_subject,
    time_rules.leaf_expired,
    time_rules.leaf_not_yet_valid,
    time_rules.issuer_expired,
    time_rules.issuer_not_yet_valid,
    time_rules.outlives_issuer,
    time_rules.older_than_current,
    time_rules.short_life_for_phones,
    time_rules.beyond_public_limit,
    chain_rules.issuer_missing,
    chain_rules.root_missing,
    chain_rules.issuer_with_another_key,
    chain_rules.issuer_spelled_otherwise,
    chain_rules.stranger,
    chain_rules.not_an_authority,
    chain_rules.leaf_is_authority,
    chain_rules.leaf_is_no_authority,
    path_rules.no_room_for_capf,
    path_rules.no_room_below,
    path_rules.may_not_sign,
    path_rules.other_key_identifier,
    path_rules.name_not_allowed,
    chain_rules.name_of_old_capf,
    chain_rules.too_deep,
    chain_rules.twice,
    chain_rules.one_place_for_two,
    usage_rules.usage_missing,
    usage_rules.usage_added,
    usage_rules.extended_missing,
    usage_rules.extended_added,
    usage_rules.client_auth_missing,
    usage_rules.client_auth_elsewhere,
    usage_rules.request_of_another_kind,
    usage_rules.foreign_critical,
    node_rules.multi_server_by_cli,
    node_rules.status_is_asked,
)
STORE_RULES: tuple[Rule[Upload], ...] = (trust_rules.issuer_not_trusted,)
TRUST_RULES: tuple[Rule[TrustCase], ...] = (
    trust_rules.kept_by_newer,
    trust_rules.kept_by_same_age,
    trust_rules.replaces,
    trust_rules.expired_trust,
    trust_rules.one_place_in_store,
    trust_rules.breaks_identity,
    trust_rules.blocked_by_expired,
)


def every_rule() -> tuple[Rule[Any], ...]:
    """Every lint rule once, in the order of the codes."""
    return tuple(sorted((*ANSWER_RULES, *STORE_RULES, *TRUST_RULES), key=lambda one: one.code))


def may_accept(code: str) -> bool:
    """Whether this is an error that an operator may let pass with a reason. A code that no lint rule has: no."""
    return any(one.acceptable and one.severity is Severity.ERROR for one in every_rule() if one.code == code)
