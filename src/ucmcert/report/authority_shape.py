"""`ca` for programs: what is known of a CA, and one verdict for each purpose."""

import msgspec

from ucmcert.knowledge.words import words
from ucmcert.lint.authority_profile.profile import CaProfile
from ucmcert.lint.authority_profile.usable import Verdict, lacks_seed
from ucmcert.model.finding import Finding, Severity
from ucmcert.report.json_shapes import VERSION


class RepairShape(msgspec.Struct, frozen=True, kw_only=True):
    """What to set at the CA; `code` is stable."""

    code: str
    what: str


class CaPurposeShape(msgspec.Struct, frozen=True, kw_only=True):
    """One purpose. `answer` is `yes`, `hurts`, `no` or `unknown`; `messages` are CUCM's own words."""

    purpose: str
    products: tuple[str, ...]
    answer: str
    messages: tuple[str, ...]
    findings: tuple[Finding, ...]
    repairs: tuple[RepairShape, ...]


class CaShape(msgspec.Struct, frozen=True, kw_only=True):
    """`ca`. `outcome` is `findings` when one of the five purposes of Cisco's procedure cannot come from this CA."""

    version: int = VERSION
    outcome: str
    release: tuple[int, ...]
    profile: CaProfile | None
    purposes: tuple[CaPurposeShape, ...]
    findings: tuple[Finding, ...]


def ca_shape(
    profile: CaProfile | None,
    verdicts: tuple[Verdict, ...],
    findings: tuple[Finding, ...],
    *,
    release: tuple[int, ...],
) -> CaShape:
    """All that `ucmcert ca` found out; `findings` are those about what was given, not about a purpose."""
    bad = lacks_seed(verdicts) or any(one.severity is Severity.ERROR for one in findings)
    return CaShape(
        outcome="findings" if bad else "done",
        release=release,
        profile=profile,
        purposes=tuple(_purpose(one) for one in verdicts),
        findings=findings,
    )


def _purpose(verdict: Verdict) -> CaPurposeShape:
    return CaPurposeShape(
        purpose=verdict.purpose,
        products=verdict.products,
        answer=verdict.answer,
        messages=verdict.messages,
        findings=verdict.findings,
        repairs=tuple(RepairShape(code=code, what=words(code, "en", {}).what) for code in verdict.repairs),
    )
