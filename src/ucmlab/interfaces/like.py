"""The wildcards of CUCM's search criteria: `%` for any text, `_` for one character, without case."""

import fnmatch
import glob
from functools import lru_cache


def like(pattern: str, text: str) -> bool:
    """Whether a text fits a pattern of SQL's LIKE; takes time linear in both for any pattern."""
    return fnmatch.fnmatchcase(text.lower(), _shell_of_like(pattern))


def starred(pattern: str, text: str) -> bool:
    """Whether a text fits a pattern of RIS, where `*` stands for any text."""
    return fnmatch.fnmatchcase(text.lower(), _shell_of_stars(pattern))


@lru_cache
def _shell_of_like(pattern: str) -> str:
    return glob.escape(pattern.lower()).replace("%", "*").replace("_", "?")


@lru_cache
def _shell_of_stars(pattern: str) -> str:
    return "*".join(glob.escape(part) for part in pattern.lower().split("*"))
