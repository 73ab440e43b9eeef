"""What a rule is: one decorated function that looks at one case and yields what it objects to.

Everything around it is the same for every rule: the code finds its words, a crash becomes a finding of its own
(UCM-LINT-000), and nothing is registered behind the reader's back: each room has a literal tuple of its rules.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

import msgspec

from ucmcert.model.finding import Finding, Severity, worded

Case = TypeVar("Case")
CRASHED = "UCM-LINT-000"


class Objection(msgspec.Struct, frozen=True, kw_only=True):
    """One violation. `where` overrides the place of the whole case; `values` fill the placeholders of the words."""

    values: dict[str, str] = {}
    where: str = ""


class Rule(msgspec.Struct, Generic[Case], frozen=True, kw_only=True):
    """A rule with its only severity and its source. `look` is the decorated function.

    `acceptable`: an operator may go on in spite of it, with a reason. An error is not, unless it says so: CUCM itself
    refuses, or what it would take cannot work.
    """

    code: str
    severity: Severity
    source: str
    look: Callable[[Case], Iterable[Objection]]
    acceptable: bool = False


def rule(
    code: str, severity: Severity, source: str, *, acceptable: bool = False
) -> Callable[[Callable[[Case], Iterable[Objection]]], Rule[Case]]:
    """Make a rule of a function `case -> objections`. What is no error is `acceptable` anyway."""
    mild = acceptable or severity is not Severity.ERROR

    def decorate(look: Callable[[Case], Iterable[Objection]]) -> Rule[Case]:
        return Rule(code=code, severity=severity, source=source, look=look, acceptable=mild)

    return decorate


def objection(where: str = "", **values: str) -> Objection:
    """An objection with its placeholders spelled as keywords."""
    return Objection(where=where, values=values)


def finding(code: str, severity: Severity, where: str, source: str, **values: str) -> Finding:
    """As `model.finding.worded`, with the placeholders spelled as keywords."""
    return worded(code, severity, where, source, values)


def judge(rules: Iterable[Rule[Case]], case: Case, where: str) -> tuple[Finding, ...]:
    """Ask every rule about `case`. A rule that crashes is an error finding, so that the upload is held."""
    return tuple(found for one in rules for found in _ask(one, case, where))


def _ask(one: Rule[Case], case: Case, where: str) -> Iterator[Finding]:
    try:
        for said in tuple(one.look(case)):
            yield finding(one.code, one.severity, said.where or where, one.source, **said.values)
    except Exception as error:  # noqa: BLE001 - whatever a rule trips over, the run must stop with a finding
        trouble = f"{type(error).__name__}: {error}"
        yield finding(CRASHED, Severity.ERROR, where, "design.md 11", rule=one.code, trouble=trouble)
