"""What helps, row by row, as the reference tells it: the situation, the acts in order, resets, how sure it is and why.

Words of each row are in the report's texts under `recovery.<key>`.
"""

from enum import StrEnum
from typing import Literal

import msgspec


class Way(StrEnum):
    """The rows. The first six are carried out by a run, the others by people. In the order they are thought of."""

    SETTLE = "settle"
    RESET = "reset"
    ITL_KEY_OLD = "itl-localkey-one-reset"
    ITL_KEY = "itl-localkey-two-resets"
    CTL_KEY = "ctl-localkey"
    ITL_KEY_MIXED_OLD = "itl-localkey-mixed"
    REMOTE_KEY = "itl-remotekey"
    RESTORE = "restore"
    VISIT = "visit"
    PROBE = "probe"


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """`resets` is how often phones are reset. `mark`: C stated by Cisco, P probable, A checked on the model only."""

    way: Way
    by: Literal["run", "person"]
    resets: int
    mark: str
    source: str


ROWS: dict[Way, Row] = {
    row.way: row
    for row in (
        Row(way=Way.SETTLE, by="run", resets=1, mark="C", source="phones.md 1.5 FAILING, 2.2 [S1]"),
        Row(way=Way.RESET, by="run", resets=1, mark="C", source="phones.md 1.2, 1.5 STALE-OK [S9]"),
        Row(way=Way.ITL_KEY_OLD, by="run", resets=1, mark="P, C", source="phones.md 1.7 [S13, S2]"),
        Row(way=Way.ITL_KEY, by="run", resets=2, mark="C", source="phones.md 1.7 [S4]"),
        Row(way=Way.CTL_KEY, by="run", resets=2, mark="C", source="phones.md 1.7 [S4, S12]"),
        Row(way=Way.ITL_KEY_MIXED_OLD, by="run", resets=2, mark="A", source="phones.md 1.2, 1.6 [S7], no row in 1.7"),
        Row(way=Way.REMOTE_KEY, by="person", resets=2, mark="C", source="phones.md 1.7 [S4]"),
        Row(way=Way.RESTORE, by="person", resets=1, mark="C", source="phones.md 1.7 [S2, S13]"),
        Row(way=Way.VISIT, by="person", resets=0, mark="C", source="phones.md 1.7 [S2, S13]"),
        Row(way=Way.PROBE, by="person", resets=1, mark="P", source="phones.md 1.5, 2.4"),
    )
}
