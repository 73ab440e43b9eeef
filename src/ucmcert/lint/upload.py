"""Foresees what CUCM will answer to an upload, before anything is written to a node."""

from ucmcert.lint import chain_rules, key_rules, name_rules, time_rules, trust_rules, usage_rules
from ucmcert.lint.case import TrustCase, Upload
from ucmcert.lint.rule import Rule, judge
from ucmcert.model.certificate import Certificate, CertificateRequest
from ucmcert.model.finding import Finding

ANSWER_RULES: tuple[Rule[Upload], ...] = (
    key_rules.other_key,
    key_rules.weak_key,
    key_rules.weak_signature,
    key_rules.hash_below_key,
    key_rules.signed_by_ec,
    name_rules.other_names,
    name_rules.wildcard,
    name_rules.other_common_name,
    time_rules.leaf_expired,
    time_rules.leaf_not_yet_valid,
    time_rules.issuer_expired,
    time_rules.issuer_not_yet_valid,
    time_rules.outlives_issuer,
    time_rules.older_than_current,
    chain_rules.issuer_missing,
    chain_rules.root_missing,
    chain_rules.stranger,
    chain_rules.not_an_authority,
    chain_rules.leaf_is_authority,
    chain_rules.leaf_is_no_authority,
    chain_rules.no_room_below,
    chain_rules.name_of_old_capf,
    chain_rules.too_deep,
    usage_rules.usage_missing,
    usage_rules.usage_added,
    usage_rules.extended_missing,
    usage_rules.extended_added,
    usage_rules.client_auth_missing,
    usage_rules.foreign_critical,
)
STORE_RULES: tuple[Rule[Upload], ...] = (trust_rules.issuer_not_trusted,)
TRUST_RULES: tuple[Rule[TrustCase], ...] = (
    trust_rules.kept_by_newer,
    trust_rules.kept_by_same_age,
    trust_rules.replaces,
    trust_rules.expired_trust,
)


def lint_answer(
    request: CertificateRequest,
    leaf: Certificate,
    chain: tuple[Certificate, ...],
    *,
    purpose: str,
    now: float,
    current: Certificate | None = None,
) -> tuple[Finding, ...]:
    """What is wrong with a CA's answer to `request`. ERROR findings hold the upload.

    `chain` goes from the issuer to the root, `now` is UTC epoch seconds of the *node*, `current` the identity that is
    stored there today. Source: procedure.md 2, 5.
    """
    case = Upload(request=request, leaf=leaf, chain=chain, purpose=purpose, now=now, current=current)
    return judge(ANSWER_RULES, case, case.where)


def lint_upload(
    request: CertificateRequest,
    leaf: Certificate,
    chain: tuple[Certificate, ...],
    *,
    purpose: str,
    now: float,
    trust: tuple[Certificate, ...],
    current: Certificate | None = None,
) -> tuple[Finding, ...]:
    """As `lint_answer`, and asks the node's trust store too: call it just before the identity upload.

    `trust` is what the purpose's trust store of that node holds now. Source: procedure.md 5 E1, 6.
    """
    case = Upload(request=request, leaf=leaf, chain=chain, purpose=purpose, now=now, current=current, trust=trust)
    return judge((*ANSWER_RULES, *STORE_RULES), case, case.where)


def lint_trust(
    chain: tuple[Certificate, ...], *, purpose: str, now: float, trust: tuple[Certificate, ...], store: str = ""
) -> tuple[Finding, ...]:
    """What uploading `chain` to a trust store would do to what is there: call it before the trust upload.

    The store is the purpose's own unless `store` names another (CAPF's chain goes to CallManager-trust too).

    CUCM keeps one entry per name and silently does not replace a newer one. Source: procedure.md 6.1, 6.2, 5 E6.
    """
    case = TrustCase(chain=chain, purpose=purpose, now=now, trust=trust, named=store)
    return judge(TRUST_RULES, case, f"{case.store}-trust")
