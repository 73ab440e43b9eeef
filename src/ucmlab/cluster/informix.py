"""The dialect of CUCM's database: what of Informix a SQLite statement is read as, and its sentences for no.

Source: interfaces-cli.md 5.9, interfaces-http.md 2.3; the codes and sentences are Informix's own, [I] there.
"""

import re

from ucmlab.errors import SqlError

_PAGE = re.compile(r"^\s*select\s+(?:skip\s+(\d+)\s+)?(?:(?:first|limit)\s+(\d+)\s+)?", re.IGNORECASE)
_WRITES = {"update": (-273, "UPDATE"), "delete": (-274, "DELETE"), "insert": (-275, "INSERT")}
_TARGET = re.compile(r"^\s*(?:update|delete\s+from|insert\s+into)\s+([\w.]+)", re.IGNORECASE)
_NO_TABLE = re.compile(r"no such table: (?:\w+\.)?(\w+)")
_NO_COLUMN = re.compile(r"no such column: (?:\w+\.)?(\w+)")


def to_sqlite(statement: str) -> str:
    """A query as SQLite reads it: `select skip N first M ...` becomes limit and offset.

    Raises: SqlError -273, -274, -275 for a write, -201 for anything else that is not a query.
    """
    text = statement.strip().rstrip(";").strip()
    word = text.split(None, 1)[0].lower() if text else ""
    if word in _WRITES:
        code, permission = _WRITES[word]
        target = _TARGET.match(text)
        raise SqlError(code, f"No {permission} permission for table/view ({target.group(1) if target else ''}).")
    if word not in ("select", "with"):
        raise syntax_error()
    page = _PAGE.match(text)
    if page is None or page.group(1) is page.group(2) is None:
        return text
    skip, first = page.group(1) or "0", page.group(2) or "-1"
    return f"select {text[page.end() :]} limit {first} offset {skip}"


def sql_error(sqlite_words: str) -> SqlError:
    """What Informix says where SQLite says `sqlite_words`."""
    table = _NO_TABLE.search(sqlite_words)
    if table is not None:
        return SqlError(-206, f"The specified table ({table.group(1)}) is not in the database.")
    column = _NO_COLUMN.search(sqlite_words)
    if column is not None:
        return SqlError(-217, f"Column ({column.group(1)}) not found in any table in the query (or SLV is undefined).")
    if "interrupted" in sqlite_words:
        return SqlError(-213, "Statement interrupted by user.")
    return syntax_error()


def syntax_error() -> SqlError:
    """-201."""
    return SqlError(-201, "A syntax error has occurred.")
