"""Names of services on the wire of the certificate API. Source: interfaces-http.md 1.2, 1.5.

Exact unless the switch rest_name_case says otherwise. The trust calls take the base name (`tomcat`), never
`tomcat-trust`.
"""

from collections.abc import Iterable
from urllib.parse import parse_qs

from ucmlab.cluster.certificates.refusals import wrong_type
from ucmlab.errors import Refusal
from ucmlab.interfaces.web.messages import Asked


def wanted(asked: Asked, field: str) -> str:
    """A field of the query, "" when it is missing or not readable."""
    try:
        values = parse_qs(asked.request.query, max_num_fields=20).get(field, [])
    except ValueError:
        return ""
    return values[0] if values else ""


def required(asked: Asked, field: str) -> str:
    """A field of the query. Raises Refusal NO-FIELD."""
    value = wanted(asked, field)
    if not value:
        raise Refusal("NO-FIELD", f"Missing query parameter {field}", invented=True)
    return value


def purpose_named(asked: Asked, name: str) -> str:
    """The purpose of this node behind a name on the wire. Raises Refusal E7 for any other."""
    return _match(asked, name, [purpose.name for purpose in asked.node.site.purposes()])


def store_named(asked: Asked, name: str) -> str:
    """The trust store of this node behind a base name on the wire. Raises Refusal E7 for any other."""
    stores = {base_name(store): store for store in asked.node.certificates.trust_stores()}
    return stores[_match(asked, name, stores)]


def base_name(store: str) -> str:
    """`tomcat-trust` as `tomcat`."""
    return store.removesuffix("-trust")


def _match(asked: Asked, name: str, known: Iterable[str]) -> str:
    ignore = asked.cluster.switches["rest_name_case"] == "ignore"
    for candidate in known:
        if candidate == name or (ignore and candidate.lower() == name.lower()):
            return candidate
    raise wrong_type()
