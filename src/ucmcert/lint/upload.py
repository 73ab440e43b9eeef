"""Foresees what CUCM will answer to an upload, before anything is written to a node."""

from collections import Counter

from ucmcert.lint.case import NOTHING_KNOWN, Known, TrustCase, Upload
from ucmcert.lint.catalogue import ANSWER_RULES, STORE_RULES, TRUST_RULES
from ucmcert.lint.chain import put_in_order
from ucmcert.lint.rule import judge
from ucmcert.model.certificate import Certificate, CertificateRequest
from ucmcert.model.finding import Finding


def lint_answer(
    request: CertificateRequest,
    leaf: Certificate,
    chain: tuple[Certificate, ...],
    *,
    purpose: str,
    now: float,
    current: Certificate | None = None,
    known: Known = NOTHING_KNOWN,
) -> tuple[Finding, ...]:
    """What is wrong with a CA's answer to `request`. ERROR findings hold the upload.

    `chain` is what came beside the leaf, in any order; `now` is UTC epoch seconds of the *node*, `current` the identity
    that is stored there today, `known` what else the caller knows of the node. Source: procedure.md 2, 5.
    """
    case = _case(request, leaf, chain, purpose=purpose, now=now, trust=(), current=current, known=known)
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
    known: Known = NOTHING_KNOWN,
) -> tuple[Finding, ...]:
    """As `lint_answer`, and asks the node's trust store too: call it just before the identity upload.

    `trust` is what the purpose's trust store of that node holds now. Source: procedure.md 5 E1, 6.
    """
    case = _case(request, leaf, chain, purpose=purpose, now=now, trust=trust, current=current, known=known)
    return judge((*ANSWER_RULES, *STORE_RULES), case, case.where)


def lint_trust(
    chain: tuple[Certificate, ...],
    *,
    purpose: str,
    now: float,
    trust: tuple[Certificate, ...],
    store: str = "",
    leaves: tuple[Certificate, ...] = (),
) -> tuple[Finding, ...]:
    """What uploading `chain` to a trust store would do to what is there: call it before the trust upload.

    The store is the purpose's own unless `store` names another (CAPF's chain goes to CallManager-trust too). `leaves`
    are identities that live on that store today: it is said when a replaced issuer breaks one.

    CUCM keeps one entry per name and silently does not replace a newer one. Source: procedure.md 6.1, 6.2, 5 E6.
    """
    case = TrustCase(
        chain=_each_once(chain), purpose=purpose, now=now, trust=_each_once(trust), named=store, leaves=leaves
    )
    return judge(TRUST_RULES, case, f"{case.store}-trust")


def _case(
    request: CertificateRequest,
    leaf: Certificate,
    came: tuple[Certificate, ...],
    *,
    purpose: str,
    now: float,
    trust: tuple[Certificate, ...],
    current: Certificate | None,
    known: Known,
) -> Upload:
    counts = Counter(one.sha256 for one in came)
    return Upload(
        request=request,
        leaf=leaf,
        chain=put_in_order(leaf, came),
        purpose=purpose,
        now=now,
        current=current,
        trust=_each_once(trust),
        repeated=tuple(one for one in _each_once(came) if counts[one.sha256] > 1),
        known=known,
    )


def _each_once(came: tuple[Certificate, ...]) -> tuple[Certificate, ...]:
    """In an order of our own, so that no finding depends on the order in which a node or a folder lists them."""
    return tuple(sorted({one.sha256: one for one in came}.values(), key=lambda one: one.sha256))
