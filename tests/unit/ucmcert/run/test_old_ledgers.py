"""Promise: what an older release wrote opens in this one, and tells the same story."""

from pathlib import Path

import pytest

from ucmcert.model.states import State
from ucmcert.report.story import tell
from ucmcert.run.history import runs
from ucmcert.run.ledger import SqliteLedger, open_ledger, read_event
from ucmcert.run.outcome import Outcome

LEDGERS = sorted((Path(__file__).parents[3] / "golden" / "ledgers").glob("*.jsonl"))


def opened(path: Path) -> SqliteLedger:
    ledger = open_ledger(None, "demo")
    for line in path.read_bytes().splitlines():
        event = read_event(line)
        assert event is not None, line[:80]
        ledger.append(event)
    return ledger


@pytest.mark.parametrize("path", LEDGERS, ids=lambda path: path.stem)
def test_every_event_is_understood_and_the_run_is_done(path: Path) -> None:
    ledger = opened(path)
    (history,) = runs(ledger.entries()).values()
    assert history.finished
    assert set(history.done()) == {step.id for step in history.plan.steps}
    story = tell(ledger.entries(), history.run)
    assert Outcome.DONE is story.outcome
    assert () == story.phones
    assert all(one.done for one in story.certificates)


def test_the_golden_run_waited_for_its_ca_and_ended_active() -> None:
    ledger = opened(next(path for path in LEDGERS if path.stem == "0.1_ipsec_of_one_node"))
    story = tell(ledger.entries(), "r1")
    assert ["ca"] == [one.who for one in story.pauses]
    assert [(State.ACTIVE, True)] == [(one.state, bool(one.new)) for one in story.certificates]
    assert "yes typed by ana" == story.approved_by
