"""Every guard that keeps phones from harm, in a danger in which its absence hurts them; rules about other things."""

from simulation.phones.anchor_dangers import ANCHOR_DANGERS
from simulation.phones.service_dangers import SERVICE_DANGERS

DANGERS = (*ANCHOR_DANGERS, *SERVICE_DANGERS)
NOT_ABOUT_PHONES = {
    "UCM-RULE-001": "the order of nodes inside one purpose: no list and no service changes by an upload alone",
    "UCM-RULE-002": "asked only of purposes that no phone notices",
    "UCM-RULE-004": "a backup that meets a restart is broken, which no phone notices; I11 asks for a good one",
    "UCM-RULE-005": "a stopped service that is started again hurts no phone",
    "UCM-RULE-006": "single sign-on is for people",
    "UCM-RULE-007": "what the lint calls an error the node refuses, so nothing changes",
    "UCM-RULE-008": "a certificate for another key is refused by the node",
    "UCM-RULE-009": "a lost CSR costs a key that nothing uses yet",
    "UCM-RULE-010": "a single certificate in the place of a shared one is one more leaf of the same type",
    "UCM-RULE-012": "without its chain a node refuses the identity",
    "UCM-RULE-027": "phones of the lab load lists of any length (phones.md 1.1 says: 39 certificates)",
}
"""Rules whose absence hurts no phone of the lab, and why. UCM-RULE-027 is the one the lab is too kind to show."""
