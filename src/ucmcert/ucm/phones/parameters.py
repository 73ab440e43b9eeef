"""Enterprise parameters by SQL, and the two of them that decide how phones take a renewal.

The parameter's name in the database is not published (interfaces-http.md 2.4), so it is looked for by its words.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from typing import Literal

from ucmcert.errors import Refused
from ucmcert.knowledge.versions import has

Sql = Callable[[str], Awaitable[tuple[dict[str, str], ...]]]
Interaction = Literal["automatic", "manual", "none", "unknown"]
ENTERPRISE_WIDE = (
    "select p.paramname as paramname,p.paramvalue as paramvalue from processconfig p,processnode n "
    "where p.fkprocessnode=n.pkid and n.name='EnterpriseWideData'"
)
EVERY = "select paramname,paramvalue from processconfig"
ROLLBACK = "rollbacktopregrayback"
TRUTH = {"t": True, "true": True, "1": True, "f": False, "false": False, "0": False}


async def read_parameters(sql: Sql) -> dict[str, str]:
    """Enterprise parameters, name to value. Raises what `sql` raises.

    Where the enterprise's own rows cannot be told apart, every parameter that has one value on all nodes is taken.
    """
    try:
        rows = await sql(ENTERPRISE_WIDE)
    except Refused:
        rows = ()
    if rows:
        return {row.get("paramname", ""): row.get("paramvalue", "") for row in rows if row.get("paramname")}
    values: dict[str, set[str]] = {}
    for row in await sql(EVERY):
        values.setdefault(row.get("paramname", ""), set()).add(row.get("paramvalue", ""))
    return {name: one for name, several in values.items() if name and len(several) == 1 for one in several}


def interaction_parameter(names: Iterable[str]) -> tuple[str, ...]:
    """The names that may be "Phone Interaction on Certificate Update", those with the most of its words alone."""
    words = ("phone", "interaction", "cert")
    scores = Counter({name: sum(word in name.lower() for word in words) for name in names if "phone" in name.lower()})
    best = max((score for score in scores.values() if score > 1), default=0)
    return tuple(sorted(name for name, score in scores.items() if score == best)) if best else ()


def interaction(
    release: tuple[int, ...], parameters: dict[str, str], manual_value: str = ""
) -> tuple[Interaction, str]:
    """What phones do when a certificate changes, and the parameter that says so, "" when there is none.

    Absent on 14 and later means automatic, which is its default. A value nobody published is "unknown", unless the
    operator says which one means manual (`manual_value`): then every other one is automatic.
    Source: interfaces-http.md 2.4, 10; phones.md 2.5.
    """
    if not has("automatic_phone_reset", release):
        return "none", ""
    found = interaction_parameter(parameters)
    if not found:
        return "automatic", ""
    if len(found) > 1:
        return "unknown", ""
    value = parameters[found[0]].strip().lower()
    if "manual" in value or (manual_value and value == manual_value.strip().lower()):
        return "manual", found[0]
    if manual_value:
        return "automatic", found[0]
    return ("automatic" if "auto" in value or value in ("", "0") else "unknown"), found[0]


def rollback(parameters: dict[str, str]) -> bool | None:
    """Whether the cluster is prepared for a rollback to before 8.0; None when the parameter is not there or unclear."""
    for name, value in parameters.items():
        if name.lower() == ROLLBACK:
            return TRUTH.get(value.strip().lower())
    return None
