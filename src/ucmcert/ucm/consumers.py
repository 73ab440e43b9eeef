"""What the cluster's database tells of external consumers: plain selects of one table each.

Table and column names are general knowledge of the product [I]: what a release does not know is not there to be read,
and is told as unread, never as none. Source: interfaces-http.md 2.4; procedure.md 7.
"""

from collections.abc import Awaitable, Callable, Iterable

Row = dict[str, str]
Sql = Callable[[str], Awaitable[tuple[Row, ...]]]
MODELS = "select enum,name from typemodel"
TRUNK_MODEL = "sip trunk"
DEVICES = "select name,description from device where tkmodel={model}"
NAMES: dict[str, tuple[str, str]] = {
    "ldap": ("select hostname from directorypluginhost", "hostname"),
    "remote-cluster": ("select clusterid from remotecluster", "clusterid"),
    "application-server": ("select name from appserver", "name"),
}
QUERIES = ("sip-trunk", *NAMES)


async def names_of(sql: Sql, query: str) -> tuple[str, ...]:
    """The names of one kind, in order. Raises what `sql` raises, and KeyError for a query nobody knows."""
    if query == "sip-trunk":
        return await _trunks(sql)
    statement, column = NAMES[query]
    return _sorted(row.get(column, "") for row in await sql(statement))


async def _trunks(sql: Sql) -> tuple[str, ...]:
    numbers = [row["enum"] for row in await sql(MODELS) if row.get("name", "").lower() == TRUNK_MODEL]
    if not numbers:
        return ()
    return _sorted(row.get("name", "") for row in await sql(DEVICES.format(model=int(numbers[0]))))


def _sorted(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({name for name in names if name}))
