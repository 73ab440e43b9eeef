"""`show network cluster`: which nodes there are, what they are, whether they talk. Source: interfaces-cli.md 5.1."""

import ipaddress
import re

import msgspec

from ucmcert.model.node import Role
from ucmcert.ucm.platform_cli.parsers.dates import CTIME
from ucmcert.ucm.platform_cli.parsers.text import lines_of, quoted

# Anchored on the word in the middle: without DNS the FQDN is missing and the fields shift.
ROW = re.compile(
    r"(?P<names>\S+(?: +\S+){1,2}) +(?P<rank>Publisher|Subscriber) +(?P<product>\S+) +(?P<database>DBPub|DBSub) +"
    r"(?P<link>(?:not )?authenticated\b.*)"
)
TALKS = re.compile(rf"authenticated using \S+ since {CTIME}")
OWN = "authenticated"
SERVER_TABLE = re.compile(r"Server Table \(processnode\) Entries")
DYNAMIC = re.compile(r"Dynamic Cluster Configuration is ")


class ClusterRow(msgspec.Struct, frozen=True, kw_only=True):
    """One node as another node sees it. `fqdn` is "" without DNS; `own` marks the row of the node that answered."""

    address: str
    fqdn: str
    host: str
    publisher: bool
    product: str
    database_publisher: bool
    authenticated: bool
    own: bool

    @property
    def role(self) -> Role | None:
        """What the node is to us; None for a product we do not know."""
        if self.product == "callmanager":
            return Role.PUBLISHER if self.publisher else Role.SUBSCRIBER
        return {"cups": Role.IM_PRESENCE, "connection": Role.UNITY_CONNECTION}.get(self.product)


def parse_cluster_rows(text: str | bytes) -> tuple[ClusterRow, ...]:
    """Every node, in the order of the answer.

    Raises ValueError unless there is one publisher and one own row, every row is whole, and, on the publisher, the
    table of configured servers follows and names nobody who has no row.
    """
    rows: list[ClusterRow] = []
    servers: list[str] | None = None
    for line in lines_of(text):
        if SERVER_TABLE.fullmatch(line.strip()):
            servers = []
        elif servers is not None:
            if line.strip("- ") and not DYNAMIC.match(line.strip()):
                servers.append(line.strip())
        elif line:
            rows.append(_row(line))
    _check(rows, servers)
    return tuple(rows)


def _row(line: str) -> ClusterRow:
    found = ROW.fullmatch(line.strip())
    if not found:
        raise ValueError(f"not a row of show network cluster: {quoted(line)}")
    address, *names = found["names"].split()
    ipaddress.ip_address(address)  # raises ValueError
    link = found["link"].strip()
    refused = link.startswith("not ")
    if not refused and link != OWN and not TALKS.fullmatch(link):
        raise ValueError(f"a row that does not end: {quoted(line)}")
    return ClusterRow(
        address=address,
        fqdn=names[0] if len(names) > 1 else "",
        host=names[-1],
        publisher=found["rank"] == "Publisher",
        product=found["product"],
        database_publisher=found["database"] == "DBPub",
        authenticated=not refused,
        own=link == OWN,
    )


def _check(rows: list[ClusterRow], servers: list[str] | None) -> None:
    own = [row for row in rows if row.own]
    if len(own) != 1 or sum(row.publisher for row in rows) != 1:
        raise ValueError("not a whole answer of show network cluster: it needs one publisher and one own row")
    if len({row.address for row in rows}) != len(rows):
        raise ValueError("an address stands twice in show network cluster")
    if own[0].publisher and not servers:
        raise ValueError("cut off: the publisher's server table is missing")
    known = {name.lower() for row in rows for name in (row.address, row.fqdn, row.host, row.fqdn.split(".")[0])}
    strangers = [
        name for name in servers or () if name.lower() not in known and name.lower().split(".")[0] not in known
    ]
    if strangers:
        raise ValueError(f"a configured server has no row: {quoted(strangers[0])}")
