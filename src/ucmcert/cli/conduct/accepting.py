"""`--accept CODE --reason TEXT`: checked before anything is sent to the cluster, then written into the ledger."""

import difflib

import msgspec

from ucmcert.errors import UsageError
from ucmcert.lint.catalogue import every_rule, may_accept


class Acceptance(msgspec.Struct, frozen=True, kw_only=True):
    """Which errors of the lint a person lets pass, and why, in their own words."""

    codes: tuple[str, ...]
    why: str


def acceptance(codes: tuple[str, ...], reason: str) -> Acceptance | None:
    """What the options ask for, None for nothing.

    Raises UsageError: UCM-ACCEPT-001 for a code nobody knows, -002 for what CUCM itself refuses or what is no error,
    -003 without a reason, or with a reason for nothing.
    """
    why = " ".join(reason.split())
    named = tuple(dict.fromkeys(code.upper() for code in codes))
    if bool(named) != bool(why):
        raise UsageError(
            "UCM-ACCEPT-003",
            "--accept and --reason go together",
            where="--accept, --reason",
            why="whoever reads the evidence later must learn what was let pass, and why",
            next='give both: --accept CODE --reason "..."',
        )
    for code in named:
        _must_be_acceptable(code)
    return Acceptance(codes=named, why=why) if named else None


def _must_be_acceptable(code: str) -> None:
    known = [one.code for one in every_rule()]
    if code not in known:
        near = difflib.get_close_matches(code, known, n=1, cutoff=0.6)
        raise UsageError(
            "UCM-ACCEPT-001",
            f"the lint has no {code}",
            where="--accept",
            why="only an error of the lint can be accepted; rules of safety never can",
            next=f"did you mean {near[0]}?" if near else "`ucmcert lint --explain CODE` explains each code",
        )
    if not may_accept(code):
        raise UsageError(
            "UCM-ACCEPT-002",
            f"{code} cannot be accepted",
            where="--accept",
            why="CUCM itself refuses such an upload, or it is no error that holds a run",
            next=f"mend it: `ucmcert lint --explain {code}` says how",
        )
