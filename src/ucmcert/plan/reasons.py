"""Why each step and each item is in a plan: a stable code, its sentence and the page of the procedure behind it."""

from ucmcert.knowledge.words import words
from ucmcert.model.plan import Reason

SOURCES: dict[str, str] = {
    "UCM-DUE-EXPIRED": "procedure.md 1.3 (what breaks while it is expired)",
    "UCM-DUE-SOON": "procedure.md 3.6 rule 3, 8",
    "UCM-DUE-FORCED": "procedure.md 3.6 rule 3 (a person asked for it)",
    "UCM-STEP-CSR": "procedure.md 3.0 X2, X3",
    "UCM-STEP-SIGN": "procedure.md 3.0 X4",
    "UCM-STEP-TRUST": "procedure.md 3.0 X5, X6",
    "UCM-STEP-SSO-OFF": "procedure.md 3.1 TOM-0",
    "UCM-STEP-BACKUP": "procedure.md 3.2 IPS-0, 3.1 TOM-2",
    "UCM-STEP-SYNC": "procedure.md 3.8 IMP-2",
    "UCM-STEP-IDENTITY": "procedure.md 3.0 X7",
    "UCM-STEP-RESTART": "procedure.md 1.2, 3.1 TOM-2, TOM-3",
    "UCM-STEP-DRF": "procedure.md 1.2, 3.2 IPS-2, U-P12",
    "UCM-STEP-SERVED": "procedure.md 3.0 X9, 4.2 Q1",
    "UCM-STEP-SSO-ON": "procedure.md 3.1 TOM-4, TOM-5",
}


def reason(code: str) -> Reason:
    """The reason of that code with its English sentence. Raises KeyError."""
    return Reason(code=code, words=sentence(code), source=SOURCES[code])


def sentence(code: str, lang: str = "en") -> str:
    """The one sentence of a code that takes no values. Raises KeyError."""
    return words(code, lang, {}).what
