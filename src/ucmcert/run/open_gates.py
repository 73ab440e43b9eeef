"""Which phones a run waits for, by the step that waits: what a person may sign for, and nothing else."""

from ucmcert.model.phone import PhoneState, Proof
from ucmcert.model.plan import StepKind
from ucmcert.run.history import History


def open_at(history: History) -> dict[str, tuple[PhoneState, ...]]:
    """By step id the phones that its last look left open and nobody signed for; steps that are proven have none.

    A baseline waits only for phones that hold another list than is served.
    """
    found = {}
    for step in history.plan.steps:
        seen = history.phones.get(step.id)
        if seen is None or step.id in history.verified:
            continue
        signed = history.signed.get(step.id, frozenset())
        stale_only = step.kind is StepKind.PHONES_BASELINE
        left = tuple(
            one for one in seen.open if one.name not in signed and (one.proof is Proof.STALE or not stale_only)
        )
        if left:
            found[step.id] = left
    return found
