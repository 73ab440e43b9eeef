"""What only a person can set on a node: the subject of its CSRs, and names that no request can carry.

`set web-security` regenerates tomcat, self-signed; the new one is served from the next Tomcat restart on. It belongs
right before a planned CSR cycle of tomcat, and nowhere else. ucmcert never types it. Source: procedure.md 5 E4 (fix
trap), interfaces-cli.md 2.5.
"""

import msgspec

from ucmcert.model.cluster import NodeFacts
from ucmcert.model.csr_settings import WebSecurity, as_san, is_address
from ucmcert.model.subject import subject_parts
from ucmcert.plan.csr_expected import MULTI_SERVER, SUBJECT, offers_rest

ORDER = ("unit", "organisation", "locality", "state")  # as the command takes them; country and name are optional
PLACEHOLDERS = {"unit": "<ou>", "organisation": "<o>", "locality": "<l>", "state": "<st>", "country": "<country>"}


class ByHand(msgspec.Struct, frozen=True, kw_only=True):
    """What a person must set on one node before its CSRs: parts of the subject, and alternate names.

    `country` is a wish that nobody can fulfil. `command` is "" when there is nothing to set, or more than one name: the
    command takes one.
    """

    subject: dict[str, str]
    names: tuple[str, ...]
    country: str
    command: str


def by_hand(facts: NodeFacts, details: dict[str, dict[str, str]], told: WebSecurity | None = None) -> ByHand:
    """What the CSRs of one node want that it still lacks; `details` are those of its csr.generate steps, by purpose.

    One command serves them all, since a node has one subject. What the node has is taken from `told` (its own words),
    else from the certificates of today.
    """
    have: dict[str, str] = {}
    wanted: dict[str, str] = {}
    names: dict[str, None] = {}
    for purpose, detail in details.items():
        here = subject_of_node(facts, purpose, told)
        have = {**here, **have}
        wanted |= {word: detail[word] for word in SUBJECT if word in detail and detail[word] != here.get(word)}
        known = _names_of_node(facts, purpose, told)
        names |= dict.fromkeys(name for name in _uncarried(facts, detail) if as_san(name) not in known)
    country = wanted.pop("country", "")
    command = _command({**have, **wanted}, next(iter(names), "")) if (wanted or names) and len(names) <= 1 else ""
    return ByHand(subject=wanted, names=tuple(names), country=country, command=command)


def subject_of_node(facts: NodeFacts, purpose: str, told: WebSecurity | None) -> dict[str, str]:
    """The parts of the subject that this node's CSRs have, as far as it is known."""
    if told is not None:
        return told.subject
    present = facts.holding.identity(purpose)
    return subject_parts(present.subject) if present else {}


def _uncarried(facts: NodeFacts, detail: dict[str, str]) -> tuple[str, ...]:
    """The configured names that no request of this node carries. Those of a multi-server CSR go onto its web page."""
    names = tuple(name for name in detail.get("names", "").split(",") if name)
    if detail.get("distribution") == MULTI_SERVER:
        return ()
    return tuple(name for name in names if is_address(name)) if offers_rest(facts) else names


def _names_of_node(facts: NodeFacts, purpose: str, told: WebSecurity | None) -> frozenset[str]:
    present = facts.holding.identity(purpose)
    known = (*(told.names if told else ()), *(present.sans if present else ()))
    return frozenset(san.lower() if san.startswith("dns:") else san for san in known)


def _command(subject: dict[str, str], name: str) -> str:
    words = [_typed(subject.get(word) or PLACEHOLDERS[word]) for word in ORDER]
    if name:  # the last two go by their places: a name needs the country before it
        words += [_typed(subject.get("country") or PLACEHOLDERS["country"]), name]
    return " ".join(("set web-security", *words))


def _typed(value: str) -> str:
    return f'"{value}"' if " " in value else value
