"""Takes single fields out of a description: what is absent is unknown, what is unreadable is unknown and told."""

from typing import TypeVar

import msgspec

from ucmcert.lint.rule import finding
from ucmcert.model.finding import Finding, Severity

UNREADABLE = "UCM-CA-022"
SHOWN = 60
Kind = TypeVar("Kind")


class Fields(msgspec.Struct, kw_only=True):
    """The fields of one description, by name. `troubles` grows while they are read; `where` is the file."""

    where: str
    values: dict[str, object]
    troubles: list[Finding] = []

    def one(self, name: str, kind: type[Kind]) -> Kind | None:
        """The field as `kind`, as a string of it too (`"true"`, `"2048"`); None when absent or unreadable."""
        value = self.values.get(name)
        if value is None:
            return None
        try:
            return msgspec.convert(value, kind, strict=False)
        except msgspec.ValidationError:
            self.unreadable(name, value)
            return None

    def texts(self, name: str) -> tuple[str, ...] | None:
        """The field as a list of words, or one text with commas; None when absent or unreadable."""
        value = self.values.get(name)
        if value is None:
            return None
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        if isinstance(value, list) and all(isinstance(part, str) for part in value):
            return tuple(value)
        self.unreadable(name, value)
        return None

    def unreadable(self, name: str, value: object) -> None:
        """Say that the field `name` cannot be what it says."""
        shown = f"{value}".replace("\n", " ")
        shown = shown if len(shown) <= SHOWN else f"{shown[:SHOWN]}..."
        source = "docs/ca-profiles.md"
        self.troubles.append(
            finding(UNREADABLE, Severity.WARNING, f"{self.where}: {name}", source, field=name, value=shown)
        )
