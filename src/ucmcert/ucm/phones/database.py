"""The phones as the cluster's database knows them: plain selects of one table each, joined here.

One table a statement, because only then nothing depends on the database's dialect and no answer repeats what every
phone has in common. Above `MOST_ROWS` the phones are asked for in slices by the last letter of their names, which is
evenly spread over MAC addresses, so that no answer comes near the 8 MB at which AXL refuses. Source:
interfaces-http.md 2.3, 2.4; column names are general knowledge of the product [I].
"""

from collections.abc import Awaitable, Callable, Mapping
from itertools import chain

from ucmcert.errors import OutcomeUnknown, Refused
from ucmcert.model.phone import Phone
from ucmcert.ucm.phones.models import is_device, knows_lists

Row = dict[str, str]
Sql = Callable[[str], Awaitable[tuple[Row, ...]]]
MOST_ROWS = 8_000  # a row is 300 to 550 bytes of XML
PHONES = "tkclass=1"
COUNT = "select count(*) as phones from device where tkclass=1"
COLUMNS = "name,description,tkmodel,tkdeviceprotocol,fkdevicepool"
PROFILE = "fksecurityprofile"
ENDINGS = "0123456789ABCDEF"
MODELS = "select enum,name from typemodel"
POOLS = "select pkid,name,fkcallmanagergroup from devicepool"
MEMBERS = "select fkcallmanagergroup,fkcallmanager,priority from callmanagergroupmember"
CALLMANAGERS = "select pkid,fkprocessnode from callmanager"
NODES = "select pkid,name from processnode"
MODES = "select pkid,tkdevicesecuritymode from securityprofile"
NON_SECURE = "1"
PROTOCOLS = {"0": "SCCP", "11": "SIP"}
NULL = "NULL"
LARGEST_NUMBER = 6


async def read_phones(sql: Sql, hosts: Mapping[str, str]) -> tuple[Phone, ...]:
    """All phones, by name. `hosts` gives the host name for what the database calls a node, in lower case.

    A phone whose security profile cannot be read counts as secure: it is the class that loses more.
    Raises what `sql` raises; OutcomeUnknown UCM-AXL-003 when fewer rows came than the database counted.
    """
    rows = await _devices(sql)
    if not rows:
        return ()
    models = await model_names(sql)
    pools = {_key(row, "pkid"): row for row in await sql(POOLS)}
    groups = await _groups(sql, hosts)
    modes = await _security_modes(sql) if PROFILE in rows[0] else {}
    found = []
    for row in rows:
        pool = pools.get(_key(row, "fkdevicepool"), {})
        model = models.get(row.get("tkmodel", ""), row.get("tkmodel", ""))
        if not is_device(model):
            continue
        found.append(
            Phone(
                name=row["name"],
                model=model,
                pool=pool.get("name", ""),
                protocol=PROTOCOLS.get(row.get("tkdeviceprotocol", ""), row.get("tkdeviceprotocol", "")),
                group=groups.get(_key(pool, "fkcallmanagergroup"), ()),
                secure=modes.get(_key(row, PROFILE), "") != NON_SECURE,
                sbd=knows_lists(model),
                description=_text(row, "description"),
            )
        )
    return tuple(sorted(found, key=lambda phone: phone.name))


async def count_phones(sql: Sql) -> int:
    """How many rows the database counts as phones. Raises OutcomeUnknown UCM-AXL-002 when it gives no number."""
    rows = await sql(COUNT)
    said = next(iter(rows[0].values()), "") if len(rows) == 1 else ""
    if not (said.isascii() and said.isdigit() and len(said) <= LARGEST_NUMBER):
        why = f"it was asked: {COUNT}, and answered {said[:40]!r}"
        raise OutcomeUnknown("UCM-AXL-002", "the number of phones cannot be read", where="database", why=why)
    return int(said)


async def model_names(sql: Sql) -> dict[str, str]:
    """The names of models by the number that the database and real-time data use."""
    return {row.get("enum", ""): row.get("name", "") for row in await sql(MODELS)}


async def _devices(sql: Sql) -> tuple[Row, ...]:
    counted = await count_phones(sql)
    if not counted:
        return ()
    conditions = slices(counted)
    columns = f"{COLUMNS},{PROFILE}"
    got: list[tuple[Row, ...]] = []
    for condition in conditions:
        try:
            got.append(await sql(_select(columns, condition)))
        except Refused:
            if columns == COLUMNS or got:
                raise
            columns = COLUMNS  # this release keeps the security profile elsewhere
            got.append(await sql(_select(columns, condition)))
    rows = {row["name"]: row for row in chain.from_iterable(got) if row.get("name")}
    if len(rows) < counted and len(rows) < (counted := await count_phones(sql)):  # none was deleted in between
        why = f"{len(rows)} of {counted} rows came"
        raise OutcomeUnknown("UCM-AXL-003", "the list of phones is not whole", where="database", why=why)
    return tuple(rows.values())


def slices(counted: int) -> tuple[str, ...]:
    """Conditions that put every name into exactly one slice, whether LIKE minds the case or not; one for a few rows."""
    if counted <= MOST_ROWS:
        return ("",)
    pairs = [sorted({ending, ending.lower()}) for ending in ENDINGS]
    named = tuple(" and (" + " or ".join(f"name like '%{one}'" for one in pair) + ")" for pair in pairs)
    rest = "".join(f" and name not like '%{one}'" for pair in pairs for one in pair)
    return (*named, rest)


def _select(columns: str, condition: str) -> str:
    return f"select {columns} from device where {PHONES}{condition}"  # noqa: S608 - all of it stands above


async def _groups(sql: Sql, hosts: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """The host names of each CallManager group, in the order of their priority."""
    nodes = {_key(row, "pkid"): row.get("name", "") for row in await sql(NODES)}
    servers = {_key(row, "pkid"): nodes.get(_key(row, "fkprocessnode"), "") for row in await sql(CALLMANAGERS)}
    members: dict[str, list[tuple[int, str]]] = {}
    for row in await sql(MEMBERS):
        name = servers.get(_key(row, "fkcallmanager"), "")
        members.setdefault(_key(row, "fkcallmanagergroup"), []).append(
            (_number(row.get("priority", "")), hosts.get(name.lower(), name))
        )
    return {group: tuple(name for _, name in sorted(some) if name) for group, some in members.items()}


async def _security_modes(sql: Sql) -> dict[str, str]:
    try:
        return {_key(row, "pkid"): row.get("tkdevicesecuritymode", "") for row in await sql(MODES)}
    except Refused:
        return {}


def _key(row: Row, column: str) -> str:
    return row.get(column, "").lower()


def _text(row: Row, column: str) -> str:
    value = row.get(column, "")
    return "" if value == NULL else value


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LARGEST_NUMBER else 0
