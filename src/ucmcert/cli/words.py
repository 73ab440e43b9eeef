"""The commands' own words, in every language: texts/<lang>.toml beside this, told as the report tells its own."""

from ucmcert.report import words
from ucmcert.report.words import Say

__all__ = ["LANGUAGES", "Say", "catalogue", "speaker"]

LANGUAGES = ("en", "fr")
ROOM = "ucmcert.cli"


def speaker(lang: str) -> Say:
    """A function `say(key, **values)` in `lang`. It raises KeyError for an unknown key or a missing value."""
    return words.speaker(lang, ROOM)


def catalogue(lang: str) -> dict[str, str]:
    """All keys of `lang`, flat: `renew.ask`. Raises FileNotFoundError for a language we do not speak."""
    return words.catalogue(lang, ROOM)
