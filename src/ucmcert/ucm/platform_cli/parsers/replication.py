"""`utils dbreplication runtimestate`, new and old columns. Source: interfaces-cli.md 5.7."""

import re
from itertools import takewhile

import msgspec

from ucmcert.ucm.platform_cli.parsers.text import lines_of, quoted

TITLE = re.compile(r"Cluster Detailed View from \S+ \((\d{1,4}) Servers?\):?")
RULE = re.compile(r"-{3,}(?: +-{3,})+")
ADDRESS = r"(?P<address>[0-9A-Fa-f.:]+)"
NEW_ROW = re.compile(
    rf"(?P<server>\S+)\s+{ADDRESS}\s+(?P<ping>\S+)\s+(?P<links>[YN?-](?:/[YN?-]){{1,2}})\s+(?P<queue>\S+)\s+(?P<group>\S+)"
    r"\s+\((?P<state>\d{1,3})\)\s*(?P<detail>.*)"
)
OLD_ROW = re.compile(
    rf"(?P<server>\S+)\s+{ADDRESS}\s+(?P<ping>\S+)\s+(?P<rpc>Yes|No|-)\s+(?P<status>\S.*?)\s+(?P<queue>\d+|-)"
    r"\s+(?P<tables>\S+)\s+(?P<loop>Yes|No|-)\s+\((?P<state>\d{1,3})\)\s*(?P<detail>.*)"
)
SINGLE_NODE = "cannot be performed on a cluster with a single active node"
DATABASE_DOWN = "Cisco DB is not running"
GOOD = 2


class ReplicationRow(msgspec.Struct, frozen=True, kw_only=True):
    """One server. `state` 0 to 4, 2 is good; `connected` means Y/Y/Y (or, in the old form, all four columns good)."""

    server: str
    address: str
    state: int
    connected: bool
    detail: str

    @property
    def good(self) -> bool:
        """The health rule: connected, and state 2."""
        return self.connected and self.state == GOOD


class Replication(msgspec.Struct, frozen=True, kw_only=True):
    """All servers (none on a single node), whether a check runs now, and what the last one found (None: not told)."""

    rows: tuple[ReplicationRow, ...]
    single_node: bool
    check_running: bool
    mismatch: bool | None

    def row(self, *names: str) -> ReplicationRow | None:
        """The row of the server with one of these names or addresses, whatever the case; None when there is none."""
        wanted = {name.lower() for name in names}
        return next((row for row in self.rows if {row.server.lower(), row.address.lower()} & wanted), None)


def parse_replication(text: str | bytes) -> Replication:
    """The state per server. Raises ValueError when rows are missing, by the count in the title, or unreadable."""
    lines = lines_of(text)
    whole = "\n".join(lines)
    if SINGLE_NODE in whole:
        return Replication(rows=(), single_node=True, check_running=False, mismatch=None)
    if DATABASE_DOWN.lower() in whole.lower():
        raise ValueError("the node says that its database is not running")
    titles = [(at, int(found.group(1))) for at, line in enumerate(lines) if (found := TITLE.fullmatch(line.strip()))]
    if len(titles) != 1:
        raise ValueError("no single line Cluster Detailed View from ... (n Servers)")
    at, count = titles[0]
    rules = [number for number in range(at, len(lines)) if RULE.fullmatch(lines[number].strip())]
    table = takewhile(str.strip, lines[rules[0] + 1 :]) if rules else ()
    rows = tuple(_row(line) for line in table)
    if len(rows) != count:
        raise ValueError(f"{len(rows)} rows for {count} servers: cut off")
    return Replication(
        rows=rows,
        single_node=False,
        check_running=bool(re.search(r"status command in PROGRESS", whole, re.IGNORECASE)),
        mismatch=_mismatch(whole),
    )


def _row(line: str) -> ReplicationRow:
    stripped = line.strip()
    if new := NEW_ROW.fullmatch(stripped):
        return _record(new, connected=new["links"] == "Y/Y/Y")
    if old := OLD_ROW.fullmatch(stripped):
        good = (old["rpc"], old["status"], old["tables"], old["loop"]) == ("Yes", "Connected", "match", "Yes")
        return _record(old, connected=good)
    raise ValueError(f"not a row of runtimestate: {quoted(line)}")


def _record(found: re.Match[str], *, connected: bool) -> ReplicationRow:
    return ReplicationRow(
        server=found["server"],
        address=found["address"],
        state=int(found["state"]),
        connected=connected,
        detail=found["detail"],
    )


def _mismatch(whole: str) -> bool | None:
    """`No Errors or Mismatches found.` holds the words of the bad news: it is looked for first."""
    if re.search(r"No Errors or Mismatches found", whole, re.IGNORECASE):
        return False
    if re.search(r"Errors found in \d+ tables?|Errors or Mismatches Were Found", whole, re.IGNORECASE):
        return True
    return None
