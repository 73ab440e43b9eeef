"""Promise: what lint says is valid SARIF, every code explains itself, and the reference pages are those of today."""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from ucmcert.cli.linting.explaining import explained
from ucmcert.errors import UsageError
from ucmcert.knowledge.words import LANGUAGES, catalogue
from ucmcert.lint.catalogue import every_rule
from ucmcert.report.rule_book import rule_book
from ucmcert.report.rules_page import page_name, rules_page, write_pages
from unit.ucmcert.cli.cli_bench import Ended, ucmcert
from unit.ucmcert.cli.linting.lint_files import CA, NODES, OTHER_CA, answer, written

DOCS = Path(__file__).parents[4] / "docs"
LEVELS = {"error": "error", "warning": "warning", "unknown": "warning", "notice": "note"}


def linted(folder: Path, monkeypatch: pytest.MonkeyPatch, *words: str) -> tuple[Ended, dict[str, Any]]:
    """A folder with trouble in it, linted from above; what was said, and the SARIF of it."""
    monkeypatch.chdir(folder)
    (folder / "from the CA").mkdir()
    chain = "".join(one.pem for one in CA.chain).encode()
    written(
        folder / "from the CA", a__csr=NODES[0].der, b__cer=answer(NODES[0], OTHER_CA).der, c__pem=chain, d__txt=b"?"
    )
    ended = ucmcert("lint", folder / "from the CA", "--sarif", "found.sarif", "--json", *words)
    return ended, json.loads((folder / "found.sarif").read_text("utf-8"))


def test_sarif_has_what_the_standard_requires(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ended, log = linted(tmp_path, monkeypatch)
    assert ("2.1.0", True, 1) == (log["version"], log["$schema"].endswith("sarif-schema-2.1.0.json"), len(log["runs"]))
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert "ucmcert" == driver["name"]
    assert re.fullmatch(r"\d+\.\d+\.\d+.*", driver["semanticVersion"])
    ids = [one["id"] for one in driver["rules"]]
    assert sorted(set(ids)) == sorted(ids)
    for rule in driver["rules"]:
        assert rule["shortDescription"]["text"].endswith((".", "!", "?"))
        assert rule["help"]["text"]
        assert rule["defaultConfiguration"]["level"] in LEVELS.values()
    assert [(one["code"], LEVELS[one["severity"]]) for one in ended.last["findings"]] == [
        (one["ruleId"], one["level"]) for one in run["results"]
    ]
    for one in run["results"]:
        assert one["ruleId"] == ids[one["ruleIndex"]]
        assert one["message"]["text"]


def test_sarif_names_files_relative_to_where_one_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, log = linted(tmp_path, monkeypatch)
    places = [one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in log["runs"][0]["results"]]
    assert {"from the CA/b.cer", "from the CA/d.txt"} <= {unquote(one) for one in places}
    assert not [one for one in places if " " in one or not (tmp_path / unquote(one)).is_file()]


def test_sarif_speaks_french(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, log = linted(tmp_path, monkeypatch, "--lang", "fr")
    assert "fr" == log["runs"][0]["language"]
    assert [one for one in log["runs"][0]["results"] if "certificat" in one["message"]["text"]]


def test_sarif_that_cannot_be_written_is_wrong_usage(tmp_path: Path) -> None:
    written(tmp_path, a__csr=NODES[0].der)
    ended = ucmcert("lint", tmp_path / "a.csr", "--sarif", tmp_path / "a.csr" / "x", "--json")
    assert (2, "UCM-ARG-031") == (ended.code, ended.last["error"]["code"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_code_with_words_explains_itself(lang: str) -> None:
    book = rule_book(lang)
    assert book.keys() == {code for code in catalogue(lang) if code.startswith("UCM-")}
    assert [] == [code for code, one in book.items() if not one.what or "{" in one.what + one.why + one.next]
    rules = {one.code: (one.severity, one.source) for one in every_rule()}
    assert rules == {code: (book[code].severity, book[code].source) for code in rules}


def test_explain_shows_a_code_in_both_languages_and_as_json() -> None:
    shown = ucmcert("lint", "--explain", "ucm-ku-005")
    assert 0 == shown.code
    assert "ERROR" in shown.out
    assert "FN74345" in shown.out
    assert "ERREUR" in ucmcert("lint", "--explain", "UCM-KU-005", "--lang", "fr").out
    last = ucmcert("lint", "--explain", "UCM-KU-005", "--json").last
    assert (1, "done", "error") == (last["version"], last["outcome"], last["severity"])
    assert {"code", "what", "why", "next", "source"} <= last.keys()


def test_explain_names_codes_like_one_that_nobody_knows() -> None:
    with pytest.raises(UsageError) as raised:
        explained("UCM-SAN-1", "en")
    assert "UCM-SAN-001" in raised.value.next
    assert 2 == ucmcert("lint", "--explain", "nonsense").code


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_reference_page_is_up_to_date(lang: str, tmp_path: Path) -> None:
    write_pages(tmp_path)
    assert rules_page(lang) == (tmp_path / page_name(lang)).read_text("utf-8")
    assert rules_page(lang) == (DOCS / page_name(lang)).read_text("utf-8"), "python -m ucmcert.report.rules_page docs"
