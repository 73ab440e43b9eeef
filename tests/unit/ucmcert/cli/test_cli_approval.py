"""Promise: nothing changes a cluster without a shown plan and a yes, and no yes opens a closed gate."""

import io
import os
import signal
import threading

import msgspec
import pytest
from cli_bench import WHOLE, four_node_plan

from factory.certificates import NOW, self_signed
from factory.clusters import cluster, with_node
from ucmcert.cli.conduct.approval import NotApproved, approve, must_be_fit, must_still_hold
from ucmcert.cli.conduct.asking import ask
from ucmcert.cli.held import SafetyHold
from ucmcert.errors import UsageError
from ucmcert.lint.rule import finding
from ucmcert.model.cluster import Holding, Identity
from ucmcert.model.finding import Severity

PLAN = four_node_plan()


def answering(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


@pytest.mark.parametrize(
    "digest", [PLAN.digest, PLAN.digest[:16], f" {PLAN.digest.upper()} "], ids=["whole", "short", "loud"]
)
def test_the_digest_of_this_plan_is_a_yes(digest: str) -> None:
    assert "digest given" in approve(PLAN, yes=False, plan_hash=digest, lang="en")


@pytest.mark.parametrize(
    "digest", ["0" * 64, PLAN.digest[:15], "x", PLAN.digest + "0"], ids=["other", "too short", "x", "too long"]
)
def test_another_digest_is_held_even_with_yes(digest: str) -> None:
    with pytest.raises(SafetyHold, match="UCM-GATE-003") as caught:
        approve(PLAN, yes=True, plan_hash=digest, lang="en")
    assert 5 == caught.value.exit_code


@pytest.mark.parametrize(("lang", "word"), [("en", "y\n"), ("en", "YES\n"), ("fr", "oui\n"), ("en", "what?\nyes\n")])
def test_a_typed_yes_is_a_yes(monkeypatch: pytest.MonkeyPatch, lang: str, word: str) -> None:
    answering(monkeypatch, word)
    assert "typed" in approve(PLAN, yes=False, plan_hash="", lang=lang)


@pytest.mark.parametrize("word", ["n\n", "\n", "non\n"])
def test_anything_like_a_no_changes_nothing(monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    answering(monkeypatch, word)
    with pytest.raises(NotApproved, match="UCM-GATE-004"):
        approve(PLAN, yes=False, plan_hash="", lang="en")


def test_silence_is_not_a_yes(monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, "")
    with pytest.raises(UsageError, match="UCM-ASK-001") as caught:
        approve(PLAN, yes=False, plan_hash="", lang="en")
    assert "--approve" in caught.value.next


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_a_question_at_once(monkeypatch: pytest.MonkeyPatch, number: signal.Signals) -> None:
    reader, writer = os.pipe()
    before = signal.getsignal(number)
    with os.fdopen(reader) as waits, os.fdopen(writer, "w"):
        monkeypatch.setattr("sys.stdin", waits)
        timer = threading.Timer(0.2, os.kill, (os.getpid(), number))
        timer.start()
        with pytest.raises(KeyboardInterrupt):
            ask("well?", instead="")
        timer.join()
    assert before == signal.getsignal(number)


def test_an_error_finding_closes_the_gate() -> None:
    wrong = finding("UCM-SEL-008", Severity.ERROR, "demo", "test", purpose="ITLRecovery")
    must_be_fit(PLAN)
    with pytest.raises(SafetyHold, match="UCM-GATE-001") as caught:
        must_be_fit(msgspec.structs.replace(PLAN, findings=(wrong,)))
    assert "UCM-SEL-008" in caught.value.what


def test_a_cluster_that_changed_voids_the_approval() -> None:
    other = self_signed("cucm-sub1.lab.example", not_after=NOW + 5, key_label="somebody else's")
    (kept,) = (one for one in WHOLE.facts("cucm-sub1.lab.example").holding.identities if one.purpose == "ipsec")
    holding = Holding(identities=(Identity(purpose="tomcat", certificate=other), kept), requests=(), trust=())
    must_still_hold(PLAN, WHOLE)
    with pytest.raises(SafetyHold, match="UCM-GATE-002") as caught:
        must_still_hold(PLAN, with_node(WHOLE, "cucm-sub1", holding=holding))
    assert "tomcat/cucm-sub1.lab.example/identity" in caught.value.why
    assert other.sha256[:16] in caught.value.why


def test_a_changed_cluster_is_told_in_a_few_words() -> None:
    gone = cluster(*WHOLE.nodes[:1])
    with pytest.raises(SafetyHold) as caught:
        must_still_hold(PLAN, gone)
    assert "more" in caught.value.why
    assert len(caught.value.why) < 600
