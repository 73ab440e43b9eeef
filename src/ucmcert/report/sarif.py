"""SARIF 2.1.0 of what `lint` found, for code scanning and editors. Only what the standard requires, and help texts.

Section numbers are those of the OASIS standard: 3.13 log, 3.14 run, 3.19 tool component, 3.27 result, 3.49 rule.
"""

from collections.abc import Iterable
from importlib.metadata import version
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

import msgspec

from ucmcert.model.finding import Finding, Severity
from ucmcert.report.explained import Explained
from ucmcert.report.lint_shape import Located
from ucmcert.report.rule_book import rule_book
from ucmcert.report.words import finding_words

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.UNKNOWN: "warning",
    Severity.NOTICE: "note",
}


def sarif(said: Iterable[Located], lang: str) -> bytes:
    """The log file, as indented JSON. Files are told relative to where the program runs, when they lie below it."""
    located = tuple(said)
    book = rule_book(lang)
    codes = list(dict.fromkeys(one.finding.code for one in located))
    driver = {
        "name": "ucmcert",
        "semanticVersion": version("ucmcert"),
        "language": lang,
        "rules": [_rule(code, book.get(code)) for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "language": lang,
        "columnKind": "unicodeCodePoints",
        "results": [_result(one, codes.index(one.finding.code), lang) for one in located],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return msgspec.json.format(msgspec.json.encode(log), indent=2) + b"\n"


def _rule(code: str, known: Explained | None) -> dict[str, Any]:
    """3.49: id is required; texts as the code's own words, placeholders unfilled."""
    if known is None:
        return {"id": code}
    help_text = " ".join(_sentence(part) for part in (known.why, known.next) if part)
    described = {
        "id": code,
        "shortDescription": {"text": _sentence(known.what)},
        "help": {"text": help_text or _sentence(known.what)},
        "properties": {"source": known.source},
    }
    level = {"defaultConfiguration": {"level": LEVELS[Severity(known.severity)]}} if known.severity else {}
    return described | level


def _result(one: Located, index: int, lang: str) -> dict[str, Any]:
    """3.27: message and, since a rule is named, ruleId with its index."""
    found: Finding = one.finding
    text = " ".join(_sentence(part) for part in finding_words(found, lang) if part)
    return {
        "ruleId": found.code,
        "ruleIndex": index,
        "level": LEVELS[found.severity],
        "message": {"text": text},
        "locations": [_location(one)],
        "properties": {"where": found.where, "values": found.values, "source": found.source},
    }


def _location(one: Located) -> dict[str, Any]:
    """3.28: a file where there is one, else the node and purpose by name."""
    named = {"logicalLocations": [{"fullyQualifiedName": one.finding.where}]}
    if not one.file:
        return named
    return {"physicalLocation": {"artifactLocation": {"uri": _uri(one.file)}}} | named


def _uri(file: str) -> str:
    """3.4.3: a URI reference; relative stays relative, absolute becomes file:///."""
    path = PurePath(file).as_posix()
    if path.startswith("/"):
        return f"file://{quote(path)}"
    return quote(path)


def _sentence(words: str) -> str:
    whole = words[:1].upper() + words[1:]
    return whole if whole.endswith((".", "!", "?")) else f"{whole}."
