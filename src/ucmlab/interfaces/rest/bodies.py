"""JSON bodies of the certificate API: what a request must look like, and the forms an answer may take.

Unknown fields of a request are passed over. The forms of answers are switches (interfaces-http.md 10).
"""

import re
from typing import Annotated, Any, TypeVar

import msgspec

from ucmlab.errors import Refusal
from ucmlab.interfaces.web.messages import Response, json_response
from ucmlab.interfaces.web.pages import page
from ucmlab.switches import Switches

Filled = Annotated[str, msgspec.Meta(min_length=1)]
CommonName = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
SomeOf = Annotated[list[Filled], msgspec.Meta(min_length=1)]
_LABEL = r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)"
_DNS_NAME = re.compile(rf"(?=.{{1,253}}\Z)(?:\*\.)?{_LABEL}(?:\.{_LABEL})*", re.ASCII)
_ADDRESS = re.compile(r"[0-9.]+", re.ASCII)
Body = TypeVar("Body", bound=msgspec.Struct)


class CsrBody(msgspec.Struct, frozen=True, rename="camel"):
    """POST csr. Source: interfaces-http.md 1.2: the first three fields are what every working client sends."""

    service: Filled
    distribution: Filled
    common_name: CommonName
    key_type: str | None = None
    key_length: int | None = None
    hash_algorithm: str | None = None
    alt_names: list[str] = []


class IdentityBody(msgspec.Struct, frozen=True):
    """POST identity/certificates: the service is a string."""

    service: Filled
    certificates: SomeOf


class TrustBody(msgspec.Struct, frozen=True):
    """POST trust/certificates: the service is an array."""

    service: SomeOf
    certificates: SomeOf
    description: str = ""


def read_body(body: bytes, kind: type[Body]) -> Body:
    """A request's body. Raises Refusal BAD-JSON, whose words are ours."""
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Refusal("BAD-JSON", f"Invalid request body: {error}", invented=True) from error


def judge_alt_names(names: list[str]) -> tuple[str, ...]:
    """Alternative names must be DNS names, not addresses. Raises Refusal BAD-NAME. Source: procedure.md 5 E4, fix."""
    for name in names:
        if not _DNS_NAME.fullmatch(name) or _ADDRESS.fullmatch(name):
            raise Refusal("BAD-NAME", f"Invalid alternate name {name[:80]}", invented=True)
    return tuple(names)


def error_response(status: int, words: str, switches: Switches) -> Response:
    """An error in the form of switch error_body."""
    forms: dict[str, Any] = {
        "message": {"message": words},
        "error": {"error": words},
        "messages": {"messages": [words]},
    }
    form = switches["error_body"]
    return page(status, words) if form == "html" else json_response(status, forms[form])


def upload_response(words: str, switches: Switches) -> Response:
    """A successful upload in the form of switch upload_body."""
    form = switches["upload_body"]
    if form == "empty":
        return Response(200, {}, b"")
    return json_response(200, {"message": words} if form == "message" else {"messages": [words]})


def as_bytes(text: str) -> bytes:
    """A certificate's text as the bytes of a file."""
    return text.encode(errors="replace")
