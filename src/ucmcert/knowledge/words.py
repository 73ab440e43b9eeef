"""The words of every code in every language: texts/<lang>/*.toml, loaded when first asked for.

A code is stable, its sentences are not. Placeholders are named: `{missing}`.
"""

import tomllib
from functools import cache
from importlib.resources import files

import msgspec

LANGUAGES = ("en", "fr")


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """What is the matter, why it matters, what to do next. `why` and `next` are "" where a code needs only one."""

    what: str
    why: str = ""
    next: str = ""


def words(code: str, lang: str, values: dict[str, str]) -> Words:
    """The sentences of `code` in `lang` with `values` put in.

    Raises KeyError for an unknown code or language, or when `values` lacks a placeholder.
    """
    template = catalogue(lang)[code]
    return Words(
        what=template.what.format_map(values),
        why=template.why.format_map(values),
        next=template.next.format_map(values),
    )


@cache
def catalogue(lang: str) -> dict[str, Words]:
    """Every code of a language with its templates. Raises KeyError for a language we do not speak."""
    if lang not in LANGUAGES:
        raise KeyError(lang)
    found: dict[str, Words] = {}
    folder = files("ucmcert.knowledge").joinpath("texts", lang)
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if not entry.name.endswith(".toml"):
            continue
        for code, sentences in tomllib.loads(entry.read_text("utf-8")).items():
            if code in found:
                raise ValueError(f"{code} stands twice in the {lang} texts")
            found[code] = msgspec.convert(sentences, Words)
    return found
