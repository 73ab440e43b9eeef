"""The HTML pages of Tomcat: what a client gets where it hoped for JSON or XML.

No source prints their text; a client may rely on the status and on the content type only (interfaces-http.md 2.3).
"""

from collections.abc import Mapping
from html import escape
from http import HTTPStatus

from ucmlab.interfaces.web.messages import Response

PAGE = (
    '<!doctype html><html lang="en"><head><title>HTTP Status {status} - {phrase}</title></head>'
    "<body><h1>HTTP Status {status} - {phrase}</h1><p><b>Message</b> {words}</p></body></html>"
)
WORDS = {
    400: "The server cannot process the request.",
    401: "The request requires user authentication.",
    403: "Access to the requested resource has been denied.",
    404: "The requested resource is not available.",
    405: "The method is not allowed for the requested resource.",
    500: "The server met an unexpected condition.",
    503: "The server is temporarily unable to service the request.",
}


def page(status: int, words: str = "", headers: Mapping[str, str] | None = None) -> Response:
    """The page of a status, with other words than the usual ones if given."""
    text = PAGE.format(status=status, phrase=HTTPStatus(status).phrase, words=escape(words or WORDS[status]))
    return Response(status, {"Content-Type": "text/html;charset=utf-8", **(headers or {})}, text.encode())


def wrong_method(allowed: str) -> Response:
    """405 with the methods that are allowed."""
    return page(405, headers={"Allow": allowed})
