"""Promise: whatever holds a run can be told in both languages, with its place, its source and the node's own words."""

import re
import string
from pathlib import Path

import pytest

import ucmcert.run
from ucmcert.errors import Refused, UsageError
from ucmcert.knowledge.words import LANGUAGES, catalogue, words
from ucmcert.model.finding import Severity
from ucmcert.run.surprises import SOURCES, finding, from_error, surprise

FOLDER = Path(ucmcert.run.__file__).parent
CALLED = re.compile(r"(?:surprise|finding)\(\s*\"(UCM-RUN-\d+)\"")


def values(code: str) -> dict[str, str]:
    said = catalogue("en")[code]
    names = [name for text in (said.what, said.why, said.next) for _, name, _, _ in string.Formatter().parse(text)]
    return {name: f"<{name}>" for name in names if name}


@pytest.mark.parametrize("code", SOURCES)
def test_every_code_has_words_and_a_source_in_both_languages(code: str) -> None:
    made = finding(code, "cucm-pub.lab.example", **values(code))
    assert (code, Severity.ERROR, "cucm-pub.lab.example", SOURCES[code]) == (
        made.code,
        made.severity,
        made.where,
        made.source,
    )
    for lang in LANGUAGES:
        said = words(code, lang, made.values)
        assert said.what
        assert said.why
        assert said.next
        assert "{" not in said.what + said.why + said.next
    assert words(code, "fr", made.values) != words(code, "en", made.values)


def test_every_code_that_can_hold_a_run_has_a_source() -> None:
    called = {code for path in FOLDER.rglob("*.py") for code in CALLED.findall(path.read_text("utf-8"))}
    assert len(called) > 5
    assert set() == called - set(SOURCES)


def test_no_words_stand_in_the_texts_without_a_code_that_uses_them() -> None:
    texts = {code for code in catalogue("en") if code.startswith(("UCM-RUN-", "UCM-CSR-02"))}
    assert set(SOURCES) == texts & set(SOURCES)
    sources = "".join(path.read_text("utf-8") for path in FOLDER.rglob("*.py"))
    assert [] == [code for code in texts if code not in sources]


def test_a_code_without_its_values_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        finding("UCM-RUN-001", "here")


def test_a_surprise_keeps_the_answer() -> None:
    assert "No!" == surprise("UCM-RUN-004", "here", answer="No!", purpose="tomcat").answer


def test_a_refusal_becomes_a_finding_with_the_words_of_the_other_side() -> None:
    refused = Refused(
        "UCM-UPLOAD-E1", "refused", where="pub", why="no CA", next="upload it", answer="CA certificate ..."
    )
    made = from_error(refused)
    assert "CA certificate ..." == made.answer
    assert ("UCM-UPLOAD-E1", "pub", "refused", "no CA", "upload it", "the node's own answer") == (
        made.finding.code,
        made.finding.where,
        made.finding.what,
        made.finding.why,
        made.finding.next,
        made.finding.source,
    )


def test_trouble_of_our_own_has_no_answer_of_a_node() -> None:
    made = from_error(UsageError("UCM-TLS-001", "pin", where="pub", why="other", next="ask"))
    assert ("", "ucmcert", Severity.ERROR) == (made.answer, made.finding.source, made.finding.severity)
