"""Minutes of an operator's work for one renewal, by hand and with ucmcert. Restarts are in knowledge/services.

Every figure is our assumption: no document gives one. They are rows so that somebody who has measured can say so.
"""

from typing import Literal

import msgspec

Per = Literal["window", "certificate", "node"]
Which = Literal["every", "signed", "self-signed", "phones"]
ASSUMED = "assumption"


class Effort(msgspec.Struct, frozen=True, kw_only=True):
    """`minutes` for each `per` of a window; `which` says of which renewals. `key` keys the words."""

    key: str
    minutes: int
    per: Per
    which: Which = "every"
    source: str = ASSUMED


BY_HAND: tuple[Effort, ...] = (
    Effort(key="announce", minutes=15, per="window"),
    Effort(key="csr", minutes=5, per="certificate", which="signed"),
    Effort(key="sign", minutes=10, per="certificate", which="signed"),
    Effort(key="trust", minutes=4, per="node", which="signed"),
    Effort(key="upload", minutes=4, per="certificate", which="signed"),
    Effort(key="regenerate", minutes=4, per="certificate", which="self-signed"),
    Effort(key="look", minutes=3, per="node"),
    Effort(key="phones", minutes=45, per="window", which="phones"),
)
WITH_UCMCERT: tuple[Effort, ...] = (
    Effort(key="approve", minutes=10, per="window"),
    Effort(key="hand_over", minutes=5, per="window", which="signed"),
    Effort(key="stragglers", minutes=10, per="window", which="phones"),
    Effort(key="report", minutes=10, per="window"),
)
