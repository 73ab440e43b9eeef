"""The PEM blocks of a text, found in one pass: hostile text must not make us slow."""

import base64
import re
from collections.abc import Iterator

import msgspec

MARK = re.compile(rb"-----(BEGIN|END) ([A-Z0-9 ]+)-----")
NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=]")


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """What stands between a BEGIN and its END. `whole` is False when the END is missing or names something else."""

    label: str
    body: bytes
    whole: bool = True

    def der(self) -> bytes:
        """The decoded body, blanks and mail quotes left out. Raises ValueError."""
        return base64.b64decode(NOT_BASE64.sub(b"", self.body), validate=True)


def armoured(content: bytes) -> Iterator[Block]:
    """Every block that begins in `content`, in order; a block that does not end has no body."""
    begun: re.Match[bytes] | None = None
    for mark in MARK.finditer(content):
        if mark.group(1) == b"BEGIN":
            if begun:
                yield _cut_off(begun)
            begun = mark
        elif begun:
            whole = mark.group(2) == begun.group(2)
            body = content[begun.end() : mark.start()]
            yield Block(label=begun.group(2).decode(), body=body) if whole else _cut_off(begun)
            begun = None
    if begun:
        yield _cut_off(begun)


def _cut_off(begun: re.Match[bytes]) -> Block:
    return Block(label=begun.group(2).decode(), body=b"", whole=False)
