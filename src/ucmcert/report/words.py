"""A room's own words, in every language: texts/<lang>.toml, dotted keys. Findings keep theirs in knowledge."""

import tomllib
from collections.abc import Callable
from functools import cache
from importlib.resources import files

from ucmcert.knowledge import words as knowledge
from ucmcert.model.finding import Finding

Say = Callable[..., str]
ROOM = "ucmcert.report"


def speaker(lang: str, room: str = ROOM) -> Say:
    """A function `say(key, **values)` in `lang`. It raises KeyError for an unknown key or a missing value.

    `room` is the package whose texts are meant, the report's if not told.
    """
    texts = catalogue(lang, room)

    def say(key: str, /, **values: object) -> str:
        return texts[key].format(**values)

    return say


@cache
def catalogue(lang: str, room: str = ROOM) -> dict[str, str]:
    """All keys of `lang`, flat: `inventory.node`. Raises FileNotFoundError for a language we do not speak."""
    text = files(room).joinpath("texts", f"{lang}.toml").read_text("utf-8")
    tables = tomllib.loads(text)
    return {f"{table}.{key}": said for table, entries in tables.items() for key, said in entries.items()}


def finding_words(finding: Finding, lang: str) -> tuple[str, str, str]:
    """What, why and next of `finding` in `lang`; its own English where the catalogue does not know the code."""
    try:
        said = knowledge.words(finding.code, lang, finding.values)
    except (KeyError, ValueError, IndexError):
        return finding.what, finding.why, finding.next
    return said.what, said.why, said.next


def recorded_words(english: str, lang: str) -> str:
    """A sentence the ledger keeps in English, in `lang` where the catalogue has it word for word, else as it is."""
    code, part = _sentences().get(english, ("", ""))
    return str(getattr(knowledge.catalogue(lang)[code], part)) if code else english


@cache
def _sentences() -> dict[str, tuple[str, str]]:
    """English sentence without placeholders -> (code, which of its three sentences)."""
    return {
        getattr(said, part): (code, part)
        for code, said in knowledge.catalogue("en").items()
        for part in ("what", "why", "next")
        if getattr(said, part) and "{" not in getattr(said, part)
    }
