"""`utils fips status`: nobody has published its words, so `non-FIPS` and its like are looked for first.

Source: interfaces-cli.md 5.11, 7 (`non-FIPS mode` contains `FIPS mode`).
"""

import re

from ucmcert.ucm.platform_cli.parsers.text import lines_of, quoted

OFF = re.compile(r"non-FIPS|not (?:operating|enabled)|disabled", re.IGNORECASE)
ON = re.compile(r"FIPS mode", re.IGNORECASE)


def parse_fips(text: str | bytes) -> bool | None:
    """Whether FIPS mode is on; None when the words say neither. Raises ValueError when they speak of something else."""
    words = "\n".join(lines_of(text))
    if "fips" not in words.lower():
        raise ValueError(f"nothing about FIPS: {quoted(words[:80])}")
    if OFF.search(words):
        return False
    return True if ON.search(words) else None
