"""What a look at the cluster can tell about a step: five answers, none of them a guess."""

import msgspec

from ucmcert.model.evidence import Evidence
from ucmcert.model.finding import Finding


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """It shows on the cluster. `facts` are kept in the ledger for later steps."""

    evidence: tuple[Evidence, ...]
    facts: dict[str, str] = {}


class Todo(msgspec.Struct, frozen=True, kw_only=True):
    """It does not show. `baseline` is what was seen instead, by which the act will be recognised after a crash."""

    baseline: dict[str, str]


class Unclear(msgspec.Struct, frozen=True, kw_only=True):
    """It cannot be told now: look again later, in `again_s` at the earliest."""

    code: str
    what: str
    why: str
    again_s: float = 0.0


class Outside(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody outside has to move first: `who` is "ca", "person" or "window"."""

    who: str
    what: str
    next: str


class Surprise(msgspec.Struct, frozen=True, kw_only=True):
    """Something is not as approved. The whole cluster stops here and a person looks."""

    finding: Finding
    answer: str = ""


Observation = Done | Todo | Unclear | Outside | Surprise
