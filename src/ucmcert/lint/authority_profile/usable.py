"""For which purposes a CA can be used: one verdict a purpose, with its reasons and what to change at the CA."""

from typing import Literal

import msgspec

from ucmcert.knowledge.key_usage import expected
from ucmcert.knowledge.purposes import PURPOSES, Product, Purpose
from ucmcert.knowledge.upload_errors import UPLOAD_ERRORS
from ucmcert.knowledge.words import catalogue
from ucmcert.lint.authority_profile.ask import typical_ask
from ucmcert.lint.authority_profile.foresee import FORESEEN, foresee
from ucmcert.lint.authority_profile.profile import CaProfile
from ucmcert.model.finding import Finding, Severity

Answer = Literal["yes", "hurts", "no", "unknown"]
SEED = ("tomcat", "ipsec", "CAPF", "CallManager", "TVS")  # the five purposes of Cisco's document 217138
NOT_KNOWN = "UCM-CA-020"
TOPICS: dict[str, str] = {
    "UCM-CA-001": "NAMES",
    "UCM-CA-024": "NAMES",
    "UCM-CA-023": "DOMAINS",
    "UCM-CA-018": "PUBLIC",
    "UCM-CA-025": "DOMAINS",
    "UCM-CA-010": "SUBJECT",
    "UCM-CA-002": "USAGE",
    "UCM-CA-003": "USAGE",
    "UCM-CA-004": "EXTENDED",
    "UCM-CA-005": "EXTENDED",
    "UCM-CA-006": "EXTENDED",
    "UCM-CA-026": "EXTENDED",
    "UCM-CA-007": "AUTHORITY",
    "UCM-CA-008": "LEAF",
    "UCM-CA-009": "ROOM",
    "UCM-CA-011": "LIFETIME",
    "UCM-CA-012": "HASH",
    "UCM-CA-013": "HASH",
    "UCM-CA-016": "KEY",
    "UCM-CA-020": "TRY",
}


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """Whether certificates of `purpose` on `products` can come from this CA.

    `no`: CUCM or its peers would refuse; `hurts`: works, with a drawback; `unknown`: the profile does not tell.
    `messages` are CUCM's own words for what is foreseen, `repairs` codes of texts that say what to set at the CA.
    """

    purpose: str
    products: tuple[Product, ...]
    answer: Answer
    findings: tuple[Finding, ...]
    messages: tuple[str, ...]
    repairs: tuple[str, ...]


def usable_for(profile: CaProfile, release: tuple[int, ...]) -> tuple[Verdict, ...]:
    """One verdict for each purpose that a CA signs and ucmcert renews, in the order of a run.

    Products whose CSRs ask for the same share a verdict. `release` is five numbers. Source: procedure.md 1.1, 2.1.
    """
    found: list[Verdict] = []
    for row in PURPOSES.values():
        if row.renewable and row.ca_signed:
            found += _of_purpose(row, profile, release)
    return tuple(found)


def lacks_seed(verdicts: tuple[Verdict, ...]) -> bool:
    """Whether one of the five purposes of Cisco's procedure cannot come from this CA."""
    return any(one.purpose in SEED and one.answer == "no" for one in verdicts)


def _of_purpose(row: Purpose, profile: CaProfile, release: tuple[int, ...]) -> list[Verdict]:
    found: list[Verdict] = []
    for product in row.products:
        usage = expected(row.name, product, release)
        if usage is None or product in row.not_renewed_on:
            continue
        one = _verdict(row.name, product, foresee(typical_ask(usage, row.name, profile, release)), profile)
        same = next((at for at, other in enumerate(found) if other.findings == one.findings), None)
        if same is None:
            found.append(one)
        else:
            found[same] = msgspec.structs.replace(found[same], products=(*found[same].products, product))
    return found


def _verdict(purpose: str, product: Product, findings: tuple[Finding, ...], profile: CaProfile) -> Verdict:
    return Verdict(
        purpose=purpose,
        products=(product,),
        answer=_answer(findings),
        findings=findings,
        messages=tuple(dict.fromkeys(text for one in findings for text in _messages(one))),
        repairs=tuple(dict.fromkeys(repair for one in findings for repair in _repairs(one, profile))),
    )


def _answer(findings: tuple[Finding, ...]) -> Answer:
    if any(one.severity is Severity.ERROR for one in findings):
        return "no"
    if any(one.code == NOT_KNOWN for one in findings):
        return "unknown"
    return "hurts" if findings else "yes"


def _messages(finding: Finding) -> tuple[str, ...]:
    """CUCM's words, where they are published; one text for each refusal."""
    foreseen = FORESEEN.get(finding.code)
    return tuple(row.texts[0] for row in UPLOAD_ERRORS if foreseen in row.codes)


def _repairs(finding: Finding, profile: CaProfile) -> tuple[str, ...]:
    topic = TOPICS.get(finding.code, "")
    known = catalogue("en")
    keys = (f"UCM-CAFIX-{profile.kind.upper()}-{topic}", f"UCM-CAFIX-ANY-{topic}")
    return next(((key,) for key in keys if key in known), ())
