"""One HTTPS origin with the account that enters it, and the answers that mean the same on every interface."""

import re

import msgspec

from ucmcert.errors import OutcomeUnknown, UcmcertError, UsageError
from ucmcert.model.node import Node
from ucmcert.model.ports import Http, HttpAnswer

LONGEST_WORDS = 4000
MARKUP = re.compile(r"<(script|style)\b.*?</\1\s*>|<[^>]*>", re.DOTALL | re.IGNORECASE)


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """`port` is the real port number, `user` the account whose password `http` sends."""

    http: Http
    node: Node
    port: int
    user: str

    @property
    def where(self) -> str:
        """For a person: `https cucm-pub.lab.example:8443`."""
        return f"https {self.node.name}:{self.port}"


def login_trouble(answer: HttpAnswer, where: str, user: str) -> UsageError | None:
    """The error of a 401 or 403. Both stop us: another attempt could lock the account (interfaces-http.md 10)."""
    if answer.status == 401:
        return UsageError(
            "UCM-AUTH-001",
            f"the node refused the password of {user}",
            where=where,
            why="wrong password, locked account, or an account of the other kind: certificates need the OS "
            "administrator, AXL and Control Center the application user",
            next="check the account by hand, correct the credential, then run again; ucmcert does not try twice",
        )
    if answer.status == 403:
        return UsageError(
            "UCM-AUTH-002",
            f"{user} may log in, but not use this interface",
            where=where,
            why="the account lacks a role",
            next="give it `Standard AXL API Access` and the Serviceability roles, or use another account",
        )
    return None


def unclear(answer: HttpAnswer, where: str) -> UcmcertError:
    """UCM-HTTP-001: an answer that comes from in front of the application, or from one that is only half there."""
    said = plain_words(answer)
    return OutcomeUnknown(
        "UCM-HTTP-001",
        f"the node answered with HTTP status {answer.status} and nothing that can be read",
        where=where,
        why=f"it said: {said[:200]}" if said else "the web application is starting, overloaded or not there",
    )


def plain_words(answer: HttpAnswer) -> str:
    """The text of an answer without its mark-up, on one line."""
    text = MARKUP.sub(" ", answer.body[: 4 * LONGEST_WORDS].decode("utf-8", "replace"))
    return " ".join(text.split())[:LONGEST_WORDS]
