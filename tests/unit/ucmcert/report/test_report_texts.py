"""Promise: whatever a report says, it says in both languages, with the same placeholders, and no word lies unused."""

import re
import string
from pathlib import Path

import pytest

import ucmcert.report
from ucmcert.knowledge.words import catalogue as knowledge
from ucmcert.model.finding import Finding, Severity
from ucmcert.model.phone import Proof
from ucmcert.model.plan import Phase
from ucmcert.model.states import State
from ucmcert.plan.recovery.fates import Fate
from ucmcert.plan.recovery.rows import Way
from ucmcert.report.pack.pack_finding import pack_finding
from ucmcert.report.words import catalogue, finding_words, recorded_words, speaker
from ucmcert.run.outcome import Outcome

SOURCES = Path(ucmcert.report.__file__).parents[1]
STANDINGS = ("verified", "found", "working", "unclear", "waiting", "held", "next", "later")
FAMILIES = {
    *(f"state.{one}" for one in State),
    *(f"severity.{one}" for one in Severity),
    *(f"phase.{one}" for one in Phase),
    *(f"outcome.{one}" for one in (*Outcome, "running")),
    *(f"standing.{one}" for one in STANDINGS),
    *(f"proof.{one}" for one in Proof),
    *(f"fate.{one}" for one in Fate),
    *(f"way.{one}" for one in Way),
}


def placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def test_both_languages_have_the_same_keys_and_placeholders() -> None:
    english, french = catalogue("en"), catalogue("fr")
    assert english.keys() == french.keys()
    assert {key: placeholders(said) for key, said in english.items()} == {
        key: placeholders(said) for key, said in french.items()
    }


def test_every_key_is_used_and_every_used_key_exists() -> None:
    text = "\n".join(path.read_text() for room in ("report", "cli") for path in sorted((SOURCES / room).rglob("*.py")))
    named = set(re.findall(r"""["']([a-z_]+\.[a-z_]+)["']""", text)) & {
        key for key in catalogue("en") if key not in FAMILIES
    }
    assert catalogue("en").keys() == named | FAMILIES
    own = "\n".join(path.read_text() for path in sorted((SOURCES / "report").rglob("*.py")))
    said = set(re.findall(r'\bsay\(\s*"([^"]+)"', own)) | set(re.findall(r'\btold\(\s*"([^"]+)"', own))
    assert set() == said - catalogue("en").keys()


def test_french_is_written_and_not_left_in_english() -> None:
    english, french = catalogue("en"), catalogue("fr")
    international = {key for key in english if key.startswith("time.")} | {"verify.cluster", "plan.minutes"}
    same = {key for key in english if english[key] == french[key]} - international
    assert same <= {
        "plan.certificates",
        "plan.window",
        "step_table.attempts",
        "fingerprint.port",
        "verify.verdict",
        "wait.who",
    }


def test_french_puts_a_space_before_its_colons() -> None:
    assert [] == [key for key, said in catalogue("fr").items() if re.search(r"\w:(\s|$)", said)]


def test_an_unknown_key_or_a_missing_value_is_an_error() -> None:
    with pytest.raises(KeyError):
        speaker("en")("inventory.nothing")
    with pytest.raises(KeyError):
        speaker("en")("inventory.title")
    with pytest.raises(FileNotFoundError):
        catalogue("de")


def test_a_finding_nobody_translated_keeps_its_own_words() -> None:
    own = Finding(
        code="UCM-NEW-999", severity=Severity.ERROR, where="x", what="what {x}", why="why", next="next", source="s"
    )
    assert ("what {x}", "why", "next") == finding_words(own, "fr")


def test_a_finding_without_its_values_keeps_its_own_words() -> None:
    own = Finding(
        code="UCM-CHECK-021", severity=Severity.ERROR, where="x", what="what", why="why", next="next", source="s"
    )
    assert ("what", "why", "next") == finding_words(own, "fr")


def test_recorded_english_is_translated_when_the_catalogue_has_it_word_for_word() -> None:
    english, french = knowledge("en")["UCM-HIT-DRF"].what, knowledge("fr")["UCM-HIT-DRF"].what
    assert french == recorded_words(english, "fr")
    assert "nobody wrote this" == recorded_words("nobody wrote this", "fr")


def test_every_code_about_a_pack_has_words_that_its_values_fill() -> None:
    values = {"reason", "entry", "field", "entries", "expected", "last", "expected_last", "found", "leaf", "request"}
    values |= {"certificate", "claimed", "proven", "count", "wrote", "reads"}
    codes = [code for code in knowledge("en") if code.startswith("UCM-PACK-")]
    text = "\n".join(path.read_text() for path in sorted((SOURCES / "report" / "pack").rglob("*.py")))
    assert set(codes) == set(re.findall(r"UCM-PACK-0\d\d", text))
    for code in codes:
        assert pack_finding(code, "somewhere", **dict.fromkeys(values, "?")).next
