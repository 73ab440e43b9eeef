"""`show version active`. Source: interfaces-cli.md 5.3."""

import re

from ucmcert.model.node import Release
from ucmcert.ucm.platform_cli.parsers.text import lines_of

ACTIVE = re.compile(r"\s*Active Master Version:\s*([0-9]{1,4})\.([0-9]{1,4})\.([0-9]{1,4})\.([0-9]{1,9})-([0-9]{1,9})")


def parse_version(text: str | bytes) -> Release:
    """The release the node runs. Raises ValueError when the line is missing, cut, or there twice with two values."""
    found = {Release(*map(int, match.groups())) for line in lines_of(text) if (match := ACTIVE.fullmatch(line))}
    if len(found) != 1:
        raise ValueError("no (or no single) line Active Master Version: n.n.n.n-n")
    return found.pop()
