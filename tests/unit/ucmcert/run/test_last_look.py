"""Promise: at the end of a run one lost answer holds nobody up, and what stays unreadable is never taken for fine."""

from typing import Any

import pytest

from factory.clusters import cluster, with_node
from simulation.ports import LoopCalendar
from simulation.virtual_loop import run_virtually
from ucmcert.discover import problem
from ucmcert.errors import OutcomeUnknown, UsageError
from ucmcert.model.cluster import Cluster
from ucmcert.model.finding import Severity
from ucmcert.run import last_look as room
from ucmcert.run.limits import Limits

WHOLE = cluster()
LOST = OutcomeUnknown("UCM-NET-002", "no answer", where="cucm-pub", why="it was too late")
LIMITS = Limits(patience_s=60.0)


def unread(severity: Severity = Severity.ERROR) -> Cluster:
    found = problem("UCM-SCAN-001", "cucm-sub1.lab.example", LOST, severity, fact="services")
    return with_node(WHOLE, "cucm-sub1", problems=(found,))


def looked(monkeypatch: pytest.MonkeyPatch, *answers: Cluster | Exception) -> tuple[Any, float, int]:
    """What the last look says of `answers` (the last one again and again), after how many seconds and looks."""
    count = 0

    async def discover(*_: object, **__: object) -> Cluster:
        nonlocal count
        answer = answers[min(count, len(answers) - 1)]
        count += 1
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(room, "discover", discover)

    async def look() -> tuple[Any, float]:
        clock = LoopCalendar()
        began = clock.now()
        said = await room.last_look(None, WHOLE, clock=clock, limits=LIMITS)  # type: ignore[arg-type]
        return said, clock.now() - began

    said, seconds = run_virtually(look())
    return said, seconds, count


def test_a_good_look_is_one_look(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ((WHOLE, ()), 0.0, 1) == looked(monkeypatch, WHOLE)


@pytest.mark.parametrize("first", [LOST, unread()])
def test_what_passes_is_looked_at_again(monkeypatch: pytest.MonkeyPatch, first: Cluster | Exception) -> None:
    said, seconds, looks = looked(monkeypatch, first, first, WHOLE)
    assert ((WHOLE, ()), 3) == (said, looks)
    assert 0 < seconds < LIMITS.patience_s


def test_what_stays_unreadable_is_told_when_patience_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    (after, findings), seconds, _ = looked(monkeypatch, unread())
    assert unread() == after
    assert ["UCM-SCAN-001"] == [one.code for one in findings]
    assert LIMITS.patience_s <= seconds <= LIMITS.patience_s + LIMITS.poll_last_s


def test_a_silent_publisher_is_told_when_patience_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    (after, findings), _, _ = looked(monkeypatch, LOST)
    assert (None, ["UCM-SCAN-001"]) == (after, [one.code for one in findings])
    assert "no answer" in findings[0].why


def test_what_is_only_a_warning_or_our_own_mistake_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    mild = unread(Severity.WARNING)
    assert ((mild, ()), 0.0, 1) == looked(monkeypatch, mild)
    wrong = UsageError("UCM-TLS-001", "not trusted", where="x", why="y", next="z")
    with pytest.raises(UsageError, match="UCM-TLS-001"):
        looked(monkeypatch, wrong)
