"""What goes in and out of the web interfaces: a request, a response, and one row of the table of what answers."""

from typing import Any

import msgspec

from ucmlab.cluster.cluster import Cluster
from ucmlab.cluster.node import Node


class Request(msgspec.Struct, frozen=True):
    """One HTTP request. Header names are lower-case; `query` is what follows the question mark, undecoded."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes


class Response(msgspec.Struct, frozen=True):
    """One HTTP response, without Content-Length: who writes it to a connection adds it."""

    status: int
    headers: dict[str, str]
    body: bytes


class Asked(msgspec.Struct, frozen=True):
    """A request at the door of a node; `port` is the product's (443, 8443)."""

    cluster: Cluster
    node: Node
    port: int
    request: Request


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """One thing the lab answers: `call` is a method and path, or a SOAP operation."""

    name: str
    interface: str
    call: str
    source: str


def json_response(status: int, value: Any) -> Response:
    """A JSON body."""
    return Response(status, {"Content-Type": "application/json;charset=UTF-8"}, msgspec.json.encode(value))


def xml_response(status: int, body: bytes) -> Response:
    """An XML body, as SOAP 1.1 and UDS send it."""
    return Response(status, {"Content-Type": "text/xml;charset=UTF-8"}, body)
