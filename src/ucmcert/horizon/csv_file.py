"""Reads an inventory in CSV: one row per certificate. A bad cell is named with its line and column, none is guessed."""

import csv
import difflib
import io
import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import TypeVar

from ucmcert.errors import UsageError
from ucmcert.horizon.held import Held, Named, Signer
from ucmcert.knowledge.purposes import PRODUCT_OF_ROLE, PURPOSES
from ucmcert.knowledge.versions import release_numbers

NEEDED = ("cluster", "node", "role", "release", "purpose", "not_before", "not_after", "issuer")
OPTIONAL = ("ca", "sha256", "ca_not_after")
MAY_BE_EMPTY = ("release", "issuer", *OPTIONAL)
SIGNERS: tuple[Signer, ...] = ("public", "private", "self-signed", "unknown")
DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2})?(?:\.\d+)?(?:Z| UTC|\+00:00)?)?")
FINGERPRINT = re.compile(r"[0-9a-f]{64}")
Value = TypeVar("Value")


class _Cells:
    """The cells of one row by column, each with its place for an error."""

    def __init__(self, where: str, line: int, header: list[str], cells: list[str]) -> None:
        self._where, self._line, self._header = where, line, header
        if len(cells) != len(header):
            raise _bad(f"{where}, line {line}", f"it has {len(cells)} cells, the heading has {len(header)}")
        self._cells = dict(zip(header, (cell.strip() for cell in cells), strict=True))

    def read(self, column: str, reader: Callable[[str], Value]) -> Value:
        """The cell of `column` as `reader` has it, whose ValueError becomes UCM-HORIZON-004."""
        cell = self._cells.get(column, "")
        if not cell and column not in MAY_BE_EMPTY:
            raise self.bad(column, "it is empty")
        try:
            return reader(cell)
        except ValueError as error:
            raise self.bad(column, str(error)) from None

    def bad(self, column: str, why: str) -> UsageError:
        """UCM-HORIZON-004 at `column` of this row."""
        number = self._header.index(column) + 1
        return _bad(f"{self._where}, line {self._line}, column {number} ({column})", why)


def read_csv(text: str, *, where: str, named: Named) -> tuple[Held, ...]:
    """Every row of `text`, whose cells stand between commas or semicolons. Raises UsageError UCM-HORIZON-004."""
    first = text.split("\n", 1)[0]
    separator = ";" if first.count(";") > first.count(",") else ","
    return tuple(_held(cells, named) for cells in _rows(text, separator, where))


def _rows(text: str, separator: str, where: str) -> Iterator[_Cells]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    header: list[str] = []
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if header:
                yield _Cells(where, reader.line_num, header, cells)
            else:
                header = _header([cell.strip().lower() for cell in cells], f"{where}, line {reader.line_num}")
    except csv.Error as error:
        raise _bad(f"{where}, line {reader.line_num}", str(error)) from None


def _header(found: list[str], where: str) -> list[str]:
    known = (*NEEDED, *OPTIONAL)
    for number, name in enumerate(found, 1):
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean `{near[0]}`?" if near else f"the columns are {', '.join(known)}"
            raise _bad(f"{where}, column {number}", f"there is no column `{name}`; {hint}")
        if found.index(name) != number - 1:
            raise _bad(f"{where}, column {number}", f"the column `{name}` stands twice")
    missing = [name for name in NEEDED if name not in found]
    if missing:
        raise _bad(where, f"the heading lacks {', '.join(missing)}")
    return found


def _held(cells: _Cells, named: Named) -> Held:
    begins, ends = cells.read("not_before", _day), cells.read("not_after", _day)
    if ends <= begins:
        raise cells.bad("not_after", f"{ends} is not after not_before, {begins}")
    issuer = cells.read("issuer", str)
    told = cells.read("ca", _signer)
    return Held(
        cluster=cells.read("cluster", str),
        node=cells.read("node", str),
        role=cells.read("role", _role),
        purpose=cells.read("purpose", _purpose),
        issuer=issuer,
        signer=named.signer("", issuer) if told == "unknown" else told,
        not_before=begins,
        not_after=ends,
        release=cells.read("release", _release),
        sha256=cells.read("sha256", _fingerprint),
        ca_until=cells.read("ca_not_after", lambda cell: _day(cell) if cell else None),
    )


def _day(cell: str) -> date:
    match = DAY.fullmatch(cell)
    if match is None:
        raise ValueError(f"`{cell}` is no day like 2027-01-31 (or 2027-01-31T10:00:00Z, in UTC)")
    try:
        return date.fromisoformat(match.group(1))
    except ValueError:
        raise ValueError(f"no calendar has the day `{match.group(1)}`") from None


def _release(cell: str) -> tuple[int, ...]:
    return release_numbers(cell) if cell else ()


def _purpose(cell: str) -> str:
    return _one_of(cell, tuple(PURPOSES), "purpose")


def _role(cell: str) -> str:
    return _one_of(cell, tuple(PRODUCT_OF_ROLE), "role")


def _signer(cell: str) -> Signer:
    found = next((one for one in SIGNERS if one == (cell.lower() or "unknown")), None)
    if found is None:
        raise ValueError(f"`{cell}` is none of {', '.join(SIGNERS)}")
    return found


def _fingerprint(cell: str) -> str:
    plain = cell.replace(":", "").lower()
    if plain and not FINGERPRINT.fullmatch(plain):
        raise ValueError("it is no SHA-256 fingerprint (64 hex digits)")
    return plain


def _one_of(cell: str, known: tuple[str, ...], what: str) -> str:
    """`cell` as it is spelled in `known`, whatever its case."""
    found = next((one for one in known if one.lower() == cell.lower()), "")
    if not found:
        near = difflib.get_close_matches(cell, known, n=1)
        hint = f"did you mean `{near[0]}`?" if near else f"known are {', '.join(known)}"
        raise ValueError(f"`{cell}` is no {what}; {hint}")
    return found


def _bad(where: str, why: str) -> UsageError:
    return UsageError(
        "UCM-HORIZON-004",
        "the inventory has a row that cannot be read",
        where=where,
        why=why,
        next="correct that cell; docs/horizon.md says what each column holds",
    )
