"""The commands' own words, in every language: texts/<lang>.toml, dotted keys. Rules keep theirs in knowledge."""

import tomllib
from collections.abc import Callable
from functools import cache
from importlib.resources import files

Say = Callable[..., str]
LANGUAGES = ("en", "fr")


def speaker(lang: str) -> Say:
    """A function `say(key, **values)` in `lang`. It raises KeyError for an unknown key or a missing value."""
    texts = catalogue(lang)

    def say(key: str, /, **values: object) -> str:
        return texts[key].format(**values)

    return say


@cache
def catalogue(lang: str) -> dict[str, str]:
    """All keys of `lang`, flat: `renew.ask`. Raises FileNotFoundError for a language we do not speak."""
    text = files("ucmcert.cli").joinpath("texts", f"{lang}.toml").read_text("utf-8")
    tables = tomllib.loads(text)
    return {f"{table}.{key}": said for table, entries in tables.items() for key, said in entries.items()}
