"""Which trust store a step uploads to: the chain of CAPF goes to two (procedure.md 6.7)."""

from ucmcert.knowledge.purposes import PURPOSES
from ucmcert.model.plan import Step


def store(step: Step) -> str:
    """Base name of the step's trust store: `CallManager` for CallManager-trust."""
    row = PURPOSES.get(step.purpose)
    named = step.detail.get("store") or (row.trust if row else "") or step.purpose
    return named.removesuffix("-trust")
