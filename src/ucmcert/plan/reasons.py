"""Why each step and each item is in a plan: a stable code, its sentence and the page of the procedure behind it."""

from ucmcert.knowledge.words import words
from ucmcert.model.plan import Reason

SOURCES: dict[str, str] = {
    "UCM-DUE-EXPIRED": "procedure.md 1.3 (what breaks while it is expired)",
    "UCM-DUE-SOON": "procedure.md 3.6 rule 3, 8",
    "UCM-DUE-FORCED": "procedure.md 3.6 rule 3 (a person asked for it)",
    "UCM-DUE-SHARED": "procedure.md 3.7 multi-SAN (one leaf and key for all its nodes)",
    "UCM-DUE-UNUSED": "procedure.md 3.3 (CAPF of subscribers below 14)",
    "UCM-STEP-CSR": "procedure.md 3.0 X2, X3",
    "UCM-STEP-CSR-PERSON": "interfaces-cli.md 2.3; procedure.md 3.7 multi-SAN",
    "UCM-STEP-SIGN": "procedure.md 3.0 X4",
    "UCM-STEP-TRUST": "procedure.md 3.0 X5, X6",
    "UCM-STEP-SSO-OFF": "procedure.md 3.1 TOM-0",
    "UCM-STEP-BACKUP": "procedure.md 3.2 IPS-0, 3.1 TOM-2",
    "UCM-STEP-SYNC": "procedure.md 3.8 IMP-2",
    "UCM-STEP-IDENTITY": "procedure.md 3.0 X7",
    "UCM-STEP-RESTART": "procedure.md 1.2, 3.1 TOM-2, TOM-3",
    "UCM-STEP-DRF": "procedure.md 1.2, 3.2 IPS-2, U-P12",
    "UCM-STEP-SERVED": "procedure.md 3.0 X9, 4.2 Q1",
    "UCM-STEP-SPREAD": "procedure.md 3.7 multi-SAN, U-P20",
    "UCM-STEP-REGENERATE": "phones.md 1.7; procedure.md 3.6 rule 5",
    "UCM-STEP-REGENERATE-UNUSED": "procedure.md 3.3 (only to silence alarms)",
    "UCM-STEP-BASELINE": "procedure.md 4.1 P10; phones.md 2.4",
    "UCM-STEP-INTERACTION": "phones.md 2.5, 1.6; procedure.md 4.1 P7",
    "UCM-STEP-INTERACTION-BACK": "phones.md 2.5",
    "UCM-STEP-PAGES-ON": "phones.md 2.4 (config probe)",
    "UCM-STEP-PAGES-OFF": "phones.md 2.4",
    "UCM-STEP-QUIET": "phones.md 2.5, U8; procedure.md U-P11",
    "UCM-STEP-CTL": "procedure.md 3.3 CAP-2, 3.4 CCM-2; phones.md I7",
    "UCM-STEP-ETOKEN": "procedure.md 3.7 (eToken CTL); phones.md 1.6",
    "UCM-STEP-LIST-RESET": "phones.md 1.7, 2.3; interfaces-cli.md 4.6, 4.7",
    "UCM-STEP-LISTS": "phones.md I8, 1.8; procedure.md 4.2 Q4",
    "UCM-STEP-TRUST-KEPT": "phones.md 1.6, I9, U11; procedure.md 3.3",
    "UCM-STEP-PHONES-LSC": "procedure.md 3.3 CAP-7; phones.md 1.6",
    "UCM-STEP-PHONES-RESET": "procedure.md 3.3 CAP-6, 3.4 CCM-8, 3.5 TVS-4; phones.md 2.3",
    "UCM-STEP-CANARY-GATE": "phones.md 2.4, 2.3",
    "UCM-STEP-PHONES-GATE": "phones.md 2.4, I3, I13",
    "UCM-STEP-FRESH-BACKUP": "phones.md I11; procedure.md 3.4 CCM-10, 4.2 Q8",
    "UCM-STEP-SSO-ON": "procedure.md 3.1 TOM-4, TOM-5",
}


def reason(code: str) -> Reason:
    """The reason of that code with its English sentence. Raises KeyError."""
    return Reason(code=code, words=sentence(code), source=SOURCES[code])


def sentence(code: str, lang: str = "en") -> str:
    """The one sentence of a code that takes no values. Raises KeyError."""
    return words(code, lang, {}).what
