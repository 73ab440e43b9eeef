"""Foresees, before a CSR is sent out, whether the CA can make a certificate of it that CUCM takes."""

from ucmcert.lint.authority_profile import name_rules, signing_rules, usage_rules
from ucmcert.lint.authority_profile.ask import Ask, ask_of_request
from ucmcert.lint.authority_profile.profile import CaProfile
from ucmcert.lint.rule import Rule, judge
from ucmcert.model.certificate import CertificateRequest
from ucmcert.model.finding import Finding

RULES: tuple[Rule[Ask], ...] = (
    name_rules.names_will_differ,
    name_rules.common_name_of_multi_server,
    name_rules.common_name_will_differ,
    name_rules.wildcard_asked,
    name_rules.wildcard_refused,
    name_rules.not_for_public,
    name_rules.not_allowed,
    usage_rules.usage_dropped,
    usage_rules.usage_set_unasked,
    usage_rules.extended_dropped,
    usage_rules.extended_set_unasked,
    usage_rules.client_auth_dropped,
    usage_rules.client_auth_dropped_later,
    usage_rules.no_authority,
    usage_rules.authority_unasked,
    usage_rules.no_room_below,
    signing_rules.short_life,
    signing_rules.weak_signature,
    signing_rules.hash_below_key,
    signing_rules.signed_by_ec,
    signing_rules.key_refused,
    signing_rules.foreign_critical,
    signing_rules.not_known,
)
FORESEEN: dict[str, str] = {  # what is said before signing -> what the lint of the answer would say
    "UCM-CA-001": "UCM-SAN-001",
    "UCM-CA-002": "UCM-KU-001",
    "UCM-CA-003": "UCM-KU-002",
    "UCM-CA-004": "UCM-KU-003",
    "UCM-CA-005": "UCM-KU-004",
    "UCM-CA-006": "UCM-KU-005",
    "UCM-CA-007": "UCM-CHAIN-006",
    "UCM-CA-008": "UCM-CHAIN-005",
    "UCM-CA-009": "UCM-CHAIN-008",
    "UCM-CA-010": "UCM-SAN-003",
    "UCM-CA-012": "UCM-KEY-003",
    "UCM-CA-013": "UCM-KEY-004",
    "UCM-CA-014": "UCM-KEY-005",
    "UCM-CA-015": "UCM-SAN-002",
    "UCM-CA-017": "UCM-KU-006",
}


def lint_request(
    request: CertificateRequest, *, purpose: str, profile: CaProfile, release: tuple[int, ...] | None = None
) -> tuple[Finding, ...]:
    """What would be wrong with the answer of the CA to `request`. ERROR findings: do not send it there.

    `release` is that of the node (major, minor, maintenance, engineering, build), None when it is not known.
    UCM-CA-020 (unknown) names what the profile does not tell. Source: procedure.md 2, 5.
    """
    return foresee(ask_of_request(request, purpose, profile, release))


def foresee(ask: Ask) -> tuple[Finding, ...]:
    """As `lint_request`, for what somebody would ask."""
    return judge(RULES, ask, ask.where)
