"""What the database says of the phones' LSCs: the operation that waits for each, and how the last one went, in words.

Numbers stand in `device`, their words in two tables of types; all three are general knowledge of the product [I].
"""

from collections.abc import Sequence
from itertools import chain

from ucmcert.model.phone import Lsc
from ucmcert.ucm.phones.database import PHONES, Row, Sql, count_phones, slices

COLUMNS = "name,tkcertificateoperation,tkcertificatestatus"
OPERATIONS = "select enum,name from typecertificateoperation"
STATUSES = "select enum,name from typecertificatestatus"


async def read_lsc(sql: Sql, names: Sequence[str]) -> dict[str, Lsc]:
    """By name, as far as the database tells: a phone whose number has no word is left out. Raises what `sql` raises."""
    if not names:
        return {}
    operations, statuses = _words(await sql(OPERATIONS)), _words(await sql(STATUSES))
    got = [await sql(_select(condition)) for condition in slices(await count_phones(sql))]
    wanted, found = frozenset(names), {}
    for row in chain.from_iterable(got):
        operation = operations.get(row.get("tkcertificateoperation", ""), "")
        status = statuses.get(row.get("tkcertificatestatus", ""), "")
        if row.get("name") in wanted and operation and status:
            found[row["name"]] = Lsc(operation=operation, status=status)
    return found


def _words(rows: Sequence[Row]) -> dict[str, str]:
    return {row.get("enum", ""): row.get("name", "") for row in rows if row.get("enum")}


def _select(condition: str) -> str:
    return f"select {COLUMNS} from device where {PHONES}{condition}"  # noqa: S608 - all of it stands above
