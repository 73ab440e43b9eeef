"""What an answer of the certificate REST API means. Its bodies are not published, so status and words decide alone.

Success is never proof (the node is read again), a refusal needs words, and what comes from in front of the
application or says nothing is unknown. Source: interfaces-http.md 1.2, 10.
"""

from typing import Any

import msgspec

from ucmcert.errors import Refused, UcmcertError, UsageError
from ucmcert.knowledge.versions import has
from ucmcert.model.node import Node
from ucmcert.model.ports import HttpAnswer
from ucmcert.ucm.origin import LONGEST_WORDS, Origin, login_trouble, plain_words, unclear

WORD_KEYS = ("message", "error", "messages", "text", "detail")
NOT_THE_APPLICATION = {408, 429, 502, 503, 504}


def offers_rest(node: Node) -> bool:
    """Whether the release of `node` has the certificate REST API."""
    return has("certificate_rest_api", msgspec.structs.astuple(node.release))


def accepted(answer: HttpAnswer, origin: Origin) -> HttpAnswer:
    """`answer` when the node said yes, which proves nothing yet.

    Raises Refused UCM-REST-003, OutcomeUnknown UCM-HTTP-001, UsageError UCM-AUTH-*, UCM-REST-001.
    """
    if 200 <= answer.status < 300 and not _is_html(answer):
        return answer
    raise _trouble(answer, origin)


def words(answer: HttpAnswer) -> str:
    """What the node says, from whichever JSON key it uses, or as plain text; "" where it says nothing for people."""
    said = _from_json(decode(answer.body))
    if not said and answer.content_type.lower().startswith("text/plain"):
        said = plain_words(answer)
    return said[:LONGEST_WORDS]


def decode(body: bytes) -> Any:
    """`body` as JSON; None when it is not. Numbers and nesting of hostile bytes do no harm."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _trouble(answer: HttpAnswer, origin: Origin) -> UcmcertError:
    login = login_trouble(answer, origin.where, origin.user)
    if login is not None:
        return login
    if answer.status == 404 and not offers_rest(origin.node):
        return _no_api(origin)
    said = words(answer)
    if not _certain(answer.status, said):
        return unclear(answer, origin.where)
    said = said or plain_words(answer) or f"HTTP status {answer.status}"
    return Refused(
        "UCM-REST-003",
        "the node refused",
        where=origin.where,
        why=said,
        next="see its answer; nothing more is done until somebody has",
        answer=said,
    )


def _certain(status: int, said: str) -> bool:
    """Whether the application itself refused. A 404 or 500 without words for people may come from a starting Tomcat."""
    if status in NOT_THE_APPLICATION or not 400 <= status < 600:
        return False
    return bool(said) if status == 404 or status >= 500 else True


def _no_api(origin: Origin) -> UsageError:
    return UsageError(
        "UCM-REST-001",
        f"release {origin.node.release.text} has no certificate REST API",
        where=origin.where,
        why="the API starts with release 14",
        next="nothing to do on the node: ucmcert uses its command line instead; please report this",
    )


def _from_json(found: Any) -> str:
    """The words in a decoded body, wherever they stand; "" when it has none."""
    if isinstance(found, str):
        return found.strip()
    if isinstance(found, list):
        return next((said for said in map(_from_json, found) if said), "")
    if isinstance(found, dict):
        return next((said for key in WORD_KEYS if (said := _from_json(found.get(key)))), "")
    return ""


def _is_html(answer: HttpAnswer) -> bool:
    return "html" in answer.content_type.lower() or answer.body.lstrip()[:1] == b"<"
