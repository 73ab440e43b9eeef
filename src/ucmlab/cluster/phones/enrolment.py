"""How a phone gets, renews or loses its LSC: between its configuration and its registration it asks CAPF, if told to.

What passes between phone and CAPF is not emulated: the phone looks at the certificate that CAPF presents, and CAPF at
what the database has ordered. Source: phones.md 1.3, 1.6; procedure.md 3.3 CAP-7.
"""

from collections.abc import Generator
from typing import Final, Literal

import msgspec

from ucmlab.cluster.phones.asks import Answer, Ask, AskCapf, Enrolling, Pause
from ucmlab.cluster.phones.memory import BY_STRING, DELETE, NOTHING_PENDING, Config, Operation, Phone, Vouched
from ucmlab.cluster.phones.rules import BootRules
from ucmlab.cluster.phones.verifying import Trial

TRIES: Final = 3
PAUSE_S: Final = 30.0
COMPLETED, FAILED = "CAPF: Operation completed", "CAPF: Operation failed"

Outcome = Literal["done", "refused", "stranger", "unreachable"]


class Enrolled(msgspec.Struct, frozen=True):
    """What became of an operation. `issuer`: SHA-256 hex of the CAPF certificate that issued the LSC, "" for none."""

    operation: Operation
    outcome: Outcome
    issuer: str = ""
    learned: tuple[Vouched, ...] = ()

    @property
    def done(self) -> bool:
        """Whether the operation has been carried out."""
        return self.outcome == "done"

    @property
    def message(self) -> str:
        """Status message the phone shows (invented words; CAP-7 has only `Operation completed`)."""
        return COMPLETED if self.done else FAILED


def is_due(config: Config | None) -> bool:
    """Whether a configuration sends the phone to CAPF; nobody is there to type an authentication string."""
    return config is not None and config.operation != NOTHING_PENDING and config.mode != BY_STRING


def enrol(phone: Phone, rules: BootRules) -> Generator[Ask, Answer, Enrolled | None]:
    """Carry out what the configuration just accepted orders, in up to three tries; None when it orders nothing."""
    found = None
    for number in range(TRIES if is_due(phone.memory.config) else 0):
        if number:
            yield Pause(PAUSE_S)
        found = yield from try_capf(phone, rules)
        if found.done:
            break
    return found


def try_capf(phone: Phone, rules: BootRules) -> Generator[Ask, Answer, Enrolled]:
    """One try. Needs: a phone whose configuration orders something."""
    config = phone.memory.config or Config()
    answer = (yield AskCapf(config.capf)) if config.capf else None
    if not isinstance(answer, Enrolling):
        return Enrolled(config.operation, "unreachable")
    trial = Trial(phone, rules, phone.cache)
    if not (yield from trial.believes_capf(answer.presented)):
        return Enrolled(config.operation, "stranger", learned=trial.learned)
    if not answer.granted:
        return Enrolled(config.operation, "refused", learned=trial.learned)
    issuer = "" if config.operation == DELETE else answer.presented
    return Enrolled(config.operation, "done", issuer, trial.learned)
