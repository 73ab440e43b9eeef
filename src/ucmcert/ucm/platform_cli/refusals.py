"""The ways the platform CLI says no to a command, whatever the command is. Source: interfaces-cli.md 1.3."""

import re

import msgspec

from ucmcert.errors import Refused


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """One sentence of refusal, standing on a line of its own."""

    code: str
    line: re.Pattern[str]
    what: str
    next: str
    source: str


REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        code="UCM-CLI-010",
        line=re.compile(
            r"^\s*(?:No valid command entered|Invalid command, a dash character must be preceded)", re.MULTILINE
        ),
        what="the node does not know the command",
        next="this release or product cannot do it by the command line: do the step by hand, or report it",
        source="interfaces-cli.md 1.3 [C HEALTHPY, SCANNER]",
    ),
    Refusal(
        code="UCM-CLI-011",
        line=re.compile(r"^\s*Incomplete command entered", re.MULTILINE),
        what="the node misses an argument of the command",
        next="this release wants another form of the command: report it",
        source="interfaces-cli.md 1.3 [I]",
    ),
    Refusal(
        code="UCM-CLI-012",
        line=re.compile(r"^\s*Executed command unsuccessfully", re.MULTILINE),
        what="the node says that the command failed",
        next="read its words, put right what they name, and resume",
        source="interfaces-cli.md 1.3 [S CLIREF-125]",
    ),
)


def raise_if_refused(answer: str, command: str, where: str) -> None:
    """Raises Refused UCM-CLI-010, -011 or -012 with the node's words when `answer` is a no to `command`."""
    for row in REFUSALS:
        if row.line.search(answer):
            raise Refused(row.code, row.what, where=where, why=f"it was asked: {command}", next=row.next, answer=answer)
