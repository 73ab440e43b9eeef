"""How a run ended, as the last line of JSON and the exit code tell it (the contract of design.md 8)."""

from enum import StrEnum

import msgspec

from ucmcert.model.states import State
from ucmcert.run.history import History
from ucmcert.run.progress import state_of


class Outcome(StrEnum):
    """DONE is the only good end; WAITING and HELD go on with `ucmcert resume`."""

    DONE = "done"
    WAITING = "waiting"
    HELD = "held"
    FAILED = "failed"


EXIT_CODES = {Outcome.DONE: 0, Outcome.FAILED: 1, Outcome.WAITING: 4, Outcome.HELD: 5}


class CertificateResult(msgspec.Struct, frozen=True, kw_only=True):
    """Where one certificate stands. `new` is "" until it is issued; `done` means its last state is reached."""

    node: str
    purpose: str
    state: State
    old: str
    new: str
    done: bool


def certificates(history: History) -> tuple[CertificateResult, ...]:
    """Every item of the run with its state and its old and new SHA-256 fingerprints."""
    results = []
    for item in history.plan.items:
        state = state_of(item, history.plan, history.done())
        new = history.new_sha256(item.node, item.purpose)
        results.append(
            CertificateResult(
                node=item.node,
                purpose=item.purpose,
                state=state,
                old=item.old_sha256,
                new=new,
                done=state == item.last_state,
            )
        )
    return tuple(results)
