"""What the three SOAP applications share: login and role, the WSDL, the way of a call, and faults.

Source: interfaces-http.md 2, 3, 4.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence

import msgspec
from lxml import etree

from ucmlab.interfaces.soap import CLIENT, SoapCall, SoapFault, fault_response, parse_call
from ucmlab.interfaces.web.exchange import Call, Result, carry_out
from ucmlab.interfaces.web.login import turned_away
from ucmlab.interfaces.web.messages import Asked, Response
from ucmlab.interfaces.web.pages import page, wrong_method
from ucmlab.interfaces.wsdl.serving import wsdl_response

Handler = Callable[[Asked, SoapCall], Awaitable[Result]]


class SoapSite(msgspec.Struct, frozen=True, kw_only=True):
    """One SOAP application.

    `unavailable`: status of Tomcat's page when the application does not run here, else None. `judge_namespace` raises
    SoapFault. `detail`: children of a fault's detail. `name_call`: what faults and log call a call, where it is not
    simply its operation. `throttled`: the answer to a caller who is asked to slow down.
    """

    interface: str
    paths: tuple[str, ...]
    role: str
    wsdl: str
    operations: Mapping[str, Handler]
    unavailable: Callable[[Asked], int | None]
    judge_namespace: Callable[[Asked, SoapCall], None]
    detail: Callable[[SoapFault, str], Sequence[etree._Element]]
    name_call: Callable[[SoapCall], Call]
    throttled: Callable[[Asked], Response]


async def answer_soap(asked: Asked, site: SoapSite) -> Response:
    """Answer one request to a SOAP application. Raises: NodeDown, RefuseConnection, DropConnection."""
    status = site.unavailable(asked)
    if status is not None:
        return page(status)
    wsdl = asked.request.method == "GET" and asked.request.query.lower() == "wsdl"
    if not (wsdl and asked.cluster.switches["wsdl_login"] == "open"):
        away = turned_away(asked, "application", site.interface, role=site.role)
        if away is not None:
            return away
    if wsdl:
        return wsdl_response(asked, site.wsdl)
    if asked.request.method != "POST":
        return wrong_method("POST")
    try:
        call = parse_call(asked.request.body)
    except SoapFault as fault:
        return await _answer_unreadable(asked, site, fault)
    return await carry_out(asked, site.name_call(call), lambda: _work(asked, site, call), lambda: site.throttled(asked))


async def _work(asked: Asked, site: SoapSite, call: SoapCall) -> Result:
    try:
        site.judge_namespace(asked, call)
        return await site.operations.get(call.operation, _unknown)(asked, call)
    except SoapFault as fault:
        detail = site.detail(fault, call.operation)
        return Result(fault_response(fault, detail), f"refused: {fault.words}")


async def _unknown(_asked: Asked, call: SoapCall) -> Result:
    raise SoapFault(f"The operation {call.operation} is not known", code=CLIENT)


async def _answer_unreadable(asked: Asked, site: SoapSite, fault: SoapFault) -> Response:
    async def refuse() -> Result:
        return Result(fault_response(fault, site.detail(fault, "")), f"refused: {fault.words}")

    call = Call(interface=site.interface, operation="unreadable")
    return await carry_out(asked, call, refuse, lambda: site.throttled(asked))
