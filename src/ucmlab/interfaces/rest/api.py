"""The certificate management API: paths, login, and the status of a refusal. From release 14.

Each node answers for itself only. Below release 14 the path is unknown. Source: interfaces-http.md 1.
"""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from ucmlab.cluster.releases import release_has
from ucmlab.errors import Refusal
from ucmlab.interfaces.rest import reading, writing
from ucmlab.interfaces.rest.bodies import error_response
from ucmlab.interfaces.rest.names import wanted
from ucmlab.interfaces.web.exchange import Call, Result, carry_out
from ucmlab.interfaces.web.login import turned_away
from ucmlab.interfaces.web.messages import Answer, Asked, Response
from ucmlab.interfaces.web.pages import page, wrong_method

BASE = "/platformcom/api/v1/certmgr/config/"
SERVLET = "Platform Communication Web Service"
STATUSES = {"E3": 500, "CSR-PENDING": 409, "NO-CERT": 404}
Handler = Callable[[Asked], Awaitable[Result]]


class Route(msgspec.Struct, frozen=True):
    """One call: how faults and log name it, and who answers."""

    operation: str
    handler: Handler


ROUTES = {
    ("POST", "csr"): Route("csr", writing.make_csr),
    ("POST", "identity/certificates"): Route("identity", writing.upload_identity),
    ("GET", "identity/certificate"): Route("identity-list", reading.list_identity),
    ("POST", "trust/certificates"): Route("trust", writing.upload_trust),
    ("GET", "trust/certificate"): Route("trust-list", reading.list_trust),
    ("GET", "snapshot/server"): Route("snapshot", reading.take_snapshot),
    ("GET", "options"): Route("options", reading.list_options),
    ("GET", "snapshot/options"): Route("options", reading.list_options),
}
ANSWERS = (
    *(
        Answer(name=route.operation, interface="rest", call=f"{method} {BASE}{path}", source="interfaces-http.md 1.2")
        for (method, path), route in ROUTES.items()
    ),
    Answer(
        name="delete",
        interface="rest",
        call=f"DELETE {BASE}trust/certificate",
        source="interfaces-http.md 10 (switch rest_delete)",
    ),
)


async def answer_rest(asked: Asked) -> Response:
    """Answer one call. Raises: NodeDown, RefuseConnection, DropConnection."""
    if not release_has(asked.node.version, "certificate REST") or not asked.node.services[SERVLET].running:
        return page(404)
    away = turned_away(asked, "platform", "rest")
    if away is not None:
        return away
    method, path = asked.request.method, asked.request.path.removeprefix(BASE)
    if method == "DELETE":
        return await _carry_out(asked, Route("delete", lambda asked: _delete(asked, path)))
    allowed = [known for known, known_path in ROUTES if known_path == path]
    if not allowed:
        return page(404)
    if method not in allowed:
        return wrong_method(", ".join(allowed))
    return await _carry_out(asked, ROUTES[(method, path)])


async def _carry_out(asked: Asked, route: Route) -> Response:
    async def work() -> Result:
        try:
            return await route.handler(asked)
        except Refusal as refusal:
            status = STATUSES.get(refusal.code, 400)
            response = error_response(status, refusal.words, asked.cluster.switches)
            return Result(response, f"refused: {refusal.words}")

    call = Call(interface="rest", operation=route.operation, purposes=_purposes(asked))
    return await carry_out(asked, call, work, throttled=lambda: page(503))


async def _delete(asked: Asked, path: str) -> Result:
    """DELETE is answered as switch rest_delete says; with 204 a trust entry really goes."""
    how = asked.cluster.switches["rest_delete"]
    if how == "404":
        return Result(page(404), "refused: 404")
    if how == "405" or path != "trust/certificate":
        return Result(wrong_method("GET, POST"), "refused: 405")
    return await writing.delete_trust(asked)


def _purposes(asked: Asked) -> tuple[str, ...]:
    """The service or services a call names, as it names them; ("",) for none."""
    if asked.request.method != "POST":
        return (wanted(asked, "service"),)
    try:
        body: Any = msgspec.json.decode(asked.request.body)
    except (msgspec.DecodeError, RecursionError):
        return ("",)
    service = body.get("service", "") if isinstance(body, dict) else ""
    names = service if isinstance(service, list) else [service]
    return tuple(dict.fromkeys(name for name in names if isinstance(name, str) and name)) or ("",)
