"""Names that a person typed, found among those that exist. Loads nothing heavy: some commands must begin at once."""

import difflib
from collections.abc import Iterable

from ucmcert.errors import UsageError
from ucmcert.knowledge.purposes import PURPOSES
from ucmcert.model.finding import Finding, Severity


def known_purposes(names: Iterable[str]) -> tuple[str, ...]:
    """`names` as CUCM spells them. Raises UsageError UCM-ARG-001 with the nearest known one."""
    return tuple(known_name(name, tuple(PURPOSES), "purpose", "UCM-ARG-001") for name in names)


def errors(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings that close a gate."""
    return tuple(one for one in findings if one.severity is Severity.ERROR)


def known_name(name: str, known: tuple[str, ...], kind: str, code: str, also: tuple[str, ...] = ()) -> str:
    """`name` as it is spelled in `known`. Raises UsageError `code` with the nearest of `known` and `also`."""
    by_lower = {one.lower(): one for one in known}
    if name.lower() in by_lower:
        return by_lower[name.lower()]
    near = difflib.get_close_matches(name.lower(), [one.lower() for one in (*known, *also)], n=1, cutoff=0.5)
    spelled = next((one for one in (*known, *also) if near and one.lower() == near[0]), "")
    listed = ", ".join(also or known)
    raise UsageError(
        code,
        f"there is no {kind} called {name}",
        where=f"--{kind} {name}",
        why=f"known are: {listed}",
        next=f"did you mean {spelled}?" if spelled else f"choose one of them, or leave --{kind} out",
    )
