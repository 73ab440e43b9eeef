"""The wildcards of CUCM's search criteria: `%` for any text, `_` for one character, without case."""

import fnmatch
import glob


def like(pattern: str, text: str) -> bool:
    """Whether a text fits a pattern of SQL's LIKE; takes time linear in both for any pattern."""
    shell = glob.escape(pattern.lower()).replace("%", "*").replace("_", "?")
    return fnmatch.fnmatchcase(text.lower(), shell)


def starred(pattern: str, text: str) -> bool:
    """Whether a text fits a pattern of RIS, where `*` stands for any text."""
    shell = "*".join(glob.escape(part) for part in pattern.lower().split("*"))
    return fnmatch.fnmatchcase(text.lower(), shell)
