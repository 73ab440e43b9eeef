"""`show cert list own|trust` and `show csr list own`: names only, never facts. Source: interfaces-cli.md 2.1, 2.3."""

import re

import msgspec

from ucmcert.ucm.platform_cli.parsers.text import lines_of, quoted

LINE = re.compile(r"(?P<unit>[^\s/:]+)/(?P<file>[^/]+?\.(?:pem|der)):(?: +(?P<told>.*))?", re.IGNORECASE)
REQUEST = re.compile(r"(?P<unit>[^\s/:]+)/(?P<file>[^\s/:]+\.csr)(?::.*)?", re.IGNORECASE)
NO_REQUEST = re.compile(r"No (?:CSR|certificate signing request)s?\b.*", re.IGNORECASE)
TRUST = "-trust"


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """One file of a list. `unit` is as listed (`tomcat`, `tomcat-trust`), `name` is what `show cert` wants."""

    unit: str
    file: str
    description: str = ""

    @property
    def purpose(self) -> str:
        """The unit without `-trust`."""
        return self.unit.removesuffix(TRUST)

    @property
    def name(self) -> str:
        """`<unit>/<file>`."""
        return f"{self.unit}/{self.file}"


def parse_own(text: str | bytes) -> tuple[Listed, ...]:
    """The identity certificates. Raises ValueError for none at all (every node has some) and for any other line."""
    return _certificates(text, trust=False)


def parse_trust(text: str | bytes) -> tuple[Listed, ...]:
    """The trust certificates of all stores. Raises ValueError for none at all and for any other line."""
    return _certificates(text, trust=True)


def parse_requests(text: str | bytes) -> tuple[Listed, ...]:
    """The CSRs that wait on the node, possibly none. Raises ValueError for any other line."""
    found = []
    lines = [line.strip() for line in lines_of(text) if line.strip()]
    if len(lines) == 1 and NO_REQUEST.fullmatch(lines[0]):
        return ()
    for line in lines:
        row = REQUEST.fullmatch(line)
        if not row:
            raise ValueError(f"not a line of show csr list: {quoted(line)}")
        found.append(Listed(unit=row["unit"], file=row["file"]))
    return tuple(found)


def _certificates(text: str | bytes, *, trust: bool) -> tuple[Listed, ...]:
    found = []
    for line in (one.strip() for one in lines_of(text) if one.strip()):
        row = LINE.fullmatch(line)
        if not row or row["unit"].endswith(TRUST) != trust:
            raise ValueError(f"not a line of show cert list {'trust' if trust else 'own'}: {quoted(line)}")
        found.append(Listed(unit=row["unit"], file=row["file"], description=(row["told"] or "").strip()))
    if not found:
        raise ValueError("an empty list of certificates")
    return tuple(found)
