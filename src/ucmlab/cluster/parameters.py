"""Enterprise parameters: those a cluster is installed with, what they may be set to, and what they mean.

Source: interfaces-http.md 2.4, procedure.md 3.7, phones.md 1.5, 2.5.
"""

from collections.abc import Mapping

from ucmlab.cluster.releases import release_has
from ucmlab.errors import Refusal

SECURITY_MODE = "ClusterSecurityMode"
ROLLBACK = "RollBackToPreGrayback"  # Prepare Cluster for Rollback to pre 8.0: f before any renewal
AUTOMATIC = {"0-automatic": "0", "1-automatic": "1"}


def installed_parameters(*, version: str, mixed: bool, switches: Mapping[str, str]) -> dict[str, str]:
    """Name and value of every enterprise parameter of a fresh cluster."""
    found = {SECURITY_MODE: "1" if mixed else "0", ROLLBACK: "f"}
    if switches["phone_interaction_parameter"] == "present" and release_has(version, "phone interaction parameter"):
        found[switches["phone_interaction_paramname"]] = AUTOMATIC[switches["phone_interaction_values"]]
    return found


def phones_reset_by_hand(parameters: Mapping[str, str], switches: Mapping[str, str]) -> bool:
    """Whether Phone Interaction on Certificate Update says manual; a parameter that is missing means automatic."""
    automatic = AUTOMATIC[switches["phone_interaction_values"]]
    return parameters.get(switches["phone_interaction_paramname"], automatic) != automatic


def manual_value(version: str, switches: Mapping[str, str]) -> str:
    """The value that keeps phones from resetting by themselves, "" where there is no such parameter."""
    if switches["phone_interaction_parameter"] == "absent" or not release_has(version, "phone interaction parameter"):
        return ""
    return {"0": "1", "1": "0"}[AUTOMATIC[switches["phone_interaction_values"]]]


def rollback_prepared(parameters: Mapping[str, str]) -> bool:
    """Whether the cluster prepares for a rollback to a release before 8.0, whose phones trust anything."""
    return parameters.get(ROLLBACK, "f").lower() in ("t", "true", "1")


def judge_value(name: str, value: str, switches: Mapping[str, str]) -> None:
    """Raises Refusal BAD-VALUE for a value that a parameter cannot take (invented words)."""
    if name == SECURITY_MODE:
        raise Refusal("BAD-VALUE", f"{SECURITY_MODE} is changed by the CTL commands only", invented=True)
    allowed = {ROLLBACK: ("t", "f"), switches["phone_interaction_paramname"]: ("0", "1")}.get(name)
    if allowed is not None and value not in allowed:
        raise Refusal("BAD-VALUE", f"The value {value} is not allowed for {name}", invented=True)
