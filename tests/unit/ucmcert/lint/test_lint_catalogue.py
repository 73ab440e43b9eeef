"""Promise: every rule has words in both languages and every word a rule; refusals are quoted as CUCM says them."""

import re
import tomllib
from importlib.resources import files

import pytest

from ucmcert.knowledge.upload_errors import UPLOAD_ERRORS, UploadError
from ucmcert.knowledge.words import LANGUAGES, catalogue
from ucmcert.lint.catalogue import every_rule, may_accept
from ucmcert.lint.rule import CRASHED
from ucmcert.model.finding import Severity

RULES = {one.code: one for one in every_rule()}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_word_has_its_rule_and_every_rule_its_words(lang: str) -> None:
    text = files("ucmcert.knowledge").joinpath("texts", lang, "lint.toml").read_text("utf-8")
    assert {*RULES, CRASHED} == tomllib.loads(text).keys()


def test_rules_stand_once_in_the_order_of_their_codes_with_a_source() -> None:
    codes = [one.code for one in every_rule()]
    assert sorted(set(codes)) == codes
    assert [] == [code for code in codes if not re.fullmatch(r"UCM-[A-Z]+-\d{3}", code)]
    assert [] == [one.code for one in every_rule() if not re.search(r"\.md |RFC \d+", one.source)]


def test_unpublished_ground_names_its_number_or_who_is_silent() -> None:
    unknown = [one for one in every_rule() if one.severity is Severity.UNKNOWN]
    assert {"UCM-SAN-003", "UCM-SUB-001"} == {one.code for one in unknown if "U-P" not in one.source}


def test_only_errors_that_cucm_may_let_pass_can_be_accepted() -> None:
    errors = {one.code for one in every_rule() if one.severity is Severity.ERROR and one.acceptable}
    assert {"UCM-KU-001", "UCM-KU-003", "UCM-KU-005", "UCM-TIME-002", "UCM-TIME-004"} == errors
    assert all(one.acceptable for one in every_rule() if one.severity is not Severity.ERROR)
    assert may_accept("UCM-KU-005")
    assert not may_accept("UCM-KEY-001")
    assert not may_accept(CRASHED)


def test_what_cucm_refuses_by_a_published_text_can_never_be_accepted() -> None:
    foreseen = {code for row in UPLOAD_ERRORS if row.texts for code in row.codes}
    assert [] == sorted(code for code in foreseen & RULES.keys() if RULES[code].acceptable)


def test_the_whole_catalogue_of_refusals_is_foreseen() -> None:
    assert {f"E{number}" for number in range(1, 13)} | {"E2/E3"} == {row.id for row in UPLOAD_ERRORS}
    assert [] == [row.id for row in UPLOAD_ERRORS if not row.codes]
    assert [] == sorted(code for row in UPLOAD_ERRORS for code in row.codes if code not in catalogue("en"))


@pytest.mark.parametrize("row", [row for row in UPLOAD_ERRORS if row.texts], ids=lambda row: row.id)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_foreseen_refusal_is_quoted_in_cucms_own_words(row: UploadError, lang: str) -> None:
    for code in set(row.codes) & RULES.keys():
        why = catalogue(lang)[code].why.lower()
        assert any(text.lower() in why for text in row.texts), code


def test_french_words_hold_the_french_literal() -> None:
    assert "n'a pas pu être chargé" in catalogue("fr")["UCM-KEY-001"].why
    assert "n'a pas pu être chargé" in catalogue("fr")["UCM-REQ-001"].why
