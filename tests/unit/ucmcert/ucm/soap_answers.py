"""Answers of the SOAP and REST interfaces as bytes, for tests."""

from ucmcert.model.node import Node, Release, Role
from ucmcert.model.ports import HttpAnswer

XML = "text/xml; charset=utf-8"
JSON = "application/json"
HTML = "text/html;charset=utf-8"
AST = "http://schemas.cisco.com/ast/soap"


RELEASE_14SU3 = Release(14, 0, 1, 13900, 155)


def a_node(release: Release = RELEASE_14SU3, name: str = "cucm-pub.lab.example") -> Node:
    return Node(
        name=name,
        host=name.split(".", maxsplit=1)[0],
        address="127.0.0.1",
        role=Role.PUBLISHER,
        release=release,
        ssh_host_key="SHA256:x",
    )


def http(body: bytes | str, status: int = 200, content_type: str = XML) -> HttpAnswer:
    return HttpAnswer(status=status, content_type=content_type, body=body.encode() if isinstance(body, str) else body)


def soap(inside: str, status: int = 200) -> HttpAnswer:
    return http(
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<soapenv:Header/><soapenv:Body>{inside}</soapenv:Body></soapenv:Envelope>",
        status,
    )


def fault(words: str, code: str = "soapenv:Server", detail: str = "") -> HttpAnswer:
    return soap(
        f"<soapenv:Fault><faultcode>{code}</faultcode><faultstring>{words}</faultstring>"
        f"<detail>{detail}</detail></soapenv:Fault>",
        500,
    )


def rows(*values: dict[str, str]) -> HttpAnswer:
    cells = "".join("<row>" + "".join(f"<{k}>{v}</{k}>" for k, v in row.items()) + "</row>" for row in values)
    return soap(
        '<ns:executeSQLQueryResponse xmlns:ns="http://www.cisco.com/AXL/API/12.5">'
        f"<return>{cells}</return></ns:executeSQLQueryResponse>"
    )


def service(name: str, start: str | None = None, up: int | None = None, status: str = "Started") -> str:
    start_time = '<ns1:StartTime xsi:nil="true"/>' if start is None else f"<ns1:StartTime>{start}</ns1:StartTime>"
    up_time = '<ns1:UpTime xsi:nil="true"/>' if up is None else f"<ns1:UpTime>{up}</ns1:UpTime>"
    return (
        f"<ns1:item><ns1:ServiceName>{name}</ns1:ServiceName><ns1:ServiceStatus>{status}</ns1:ServiceStatus>"
        f'<ns1:ReasonCode>-1</ns1:ReasonCode><ns1:ReasonCodeString xsi:nil="true"/>{start_time}{up_time}</ns1:item>'
    )


def services(*items: str, code: int = 0, reason: str = "") -> HttpAnswer:
    return soap(
        f'<ns1:soapGetServiceStatusResponse xmlns:ns1="{AST}"><ns1:soapGetServiceStatusReturn>'
        f"<ns1:ReturnCode>{code}</ns1:ReturnCode><ns1:ReasonString>{reason}</ns1:ReasonString>"
        f"<ns1:ServiceInfoList>{''.join(items)}</ns1:ServiceInfoList>"
        "</ns1:soapGetServiceStatusReturn></ns1:soapGetServiceStatusResponse>"
    )
