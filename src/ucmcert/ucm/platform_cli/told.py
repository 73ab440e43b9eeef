"""A fact together with the node's own words, and the border at which unreadable words become an unknown outcome."""

from collections.abc import Callable
from typing import Generic, TypeVar

import msgspec

from ucmcert.errors import OutcomeUnknown

T = TypeVar("T")


class Told(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """`value` as parsed; `raw` is the answer it was read from, for evidence."""

    value: T
    raw: str


def read(parse: Callable[[str], T], raw: str, *, command: str, where: str) -> Told[T]:
    """`raw` parsed. Raises OutcomeUnknown UCM-CLI-003 with the parser's reason when it is not a whole answer."""
    try:
        return Told(value=parse(raw), raw=raw)
    except ValueError as error:
        raise OutcomeUnknown(
            "UCM-CLI-003", f"unreadable answer to: {command}", where=where, why=f"{error}; it says: {excerpt(raw)}"
        ) from error


def excerpt(raw: str) -> str:
    """The beginning of an answer on one line, for a reason."""
    return repr(" / ".join(line.strip() for line in raw.splitlines() if line.strip())[:200])
