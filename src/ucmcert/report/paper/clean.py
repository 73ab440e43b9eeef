"""Makes words from outside harmless on every paper: what could move a cursor or turn text is spelled out."""

import re

INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)


def clean(text: str) -> str:
    r"""`text` on one line with control, direction and invisible characters spelled out (`\x1b`, `\n`, `\u202e`)."""
    return INVISIBLE.sub(_spelled, text)


def clean_lines(text: str) -> tuple[str, ...]:
    """`text` in its own lines, each one clean. A carriage return at the end of a line is not shown."""
    return tuple(clean(one.rstrip("\r")) for one in text.rstrip("\n").split("\n"))


def _spelled(match: re.Match[str]) -> str:
    return ascii(match.group())[1:-1]
