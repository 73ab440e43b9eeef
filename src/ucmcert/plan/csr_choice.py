"""Which row of the [csr] tables decides each setting of one certificate: the closest one, setting by setting."""

import msgspec

from ucmcert.knowledge.purposes import PURPOSES
from ucmcert.model.csr_settings import CsrRow, CsrRules, CsrSettings, Distribution
from ucmcert.model.node import Node

FIELDS = tuple(field.name for field in msgspec.structs.fields(CsrSettings))


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """The settings that hold for one certificate, and per setting the row it comes from (`CsrRow.spelled`)."""

    settings: CsrSettings
    rows: dict[str, str]


def choice(rules: CsrRules, purpose: str, node: Node) -> Choice:
    """What the rows choose for `purpose` on `node`: purpose and node before node, before purpose, before the cluster.

    What does not apply to the purpose is left out: the length of the other kind of key, and a multi-server certificate
    where there is none. Source: procedure.md 1.1, 2.3.
    """
    found: dict[str, object] = {}
    rows: dict[str, str] = {}
    for row in sorted((one for one in rules.rows if _fits(one, purpose, node)), key=_closeness):
        for field in FIELDS:
            value = getattr(row.settings, field)
            if value is not None and _applies(field, value, purpose):
                found[field], rows[field] = value, row.spelled
    return Choice(settings=msgspec.convert(found, CsrSettings), rows=rows)


def distribution(rules: CsrRules, purpose: str) -> Distribution | None:
    """How certificates of `purpose` are to be spread; None leaves it as it is on the cluster."""
    rows = (one for one in rules.rows if not one.node and one.purpose.lower() in ("", purpose.lower()))
    wanted: Distribution | None = None
    for row in sorted(rows, key=_closeness):
        told = row.settings.distribution
        wanted = told if told is not None and _applies("distribution", told, purpose) else wanted
    return wanted


def _fits(row: CsrRow, purpose: str, node: Node) -> bool:
    names = ("", node.name.lower(), node.host.lower())
    return row.purpose.lower() in ("", purpose.lower()) and row.node.lower() in names


def _closeness(row: CsrRow) -> tuple[bool, bool]:
    """A node is closer than a purpose."""
    return bool(row.node), bool(row.purpose)


def _applies(field: str, value: object, purpose: str) -> bool:
    known = PURPOSES[purpose]
    if field == "rsa_bits":
        return not known.twin_of
    if field == "ec_bits":
        return bool(known.twin_of)
    return field != "distribution" or value == "this-server" or known.multi_server
