# Promise: each fault does what its table row says, as often as it was asked to, on a running lab too.
import pytest

from simulation.virtual_loop import run_virtually
from ucmlab.clock import LoopClock
from ucmlab.errors import DropConnection, NodeDown, RefuseConnection, ScenarioError, Throttled, TransportFault
from ucmlab.faults import FAULT_KINDS, MISCHIEF, FaultRule, Faults, read_rules, write_rules


def struck(
    rule: FaultRule | None, *, asked=("cucm-pub", "rest", "csr", "tomcat"), folder=None, times=1
) -> list[object]:
    """What `times` requests meet: an exception, or (seconds waited, answer)."""

    async def ask() -> list[object]:
        clock = LoopClock(epoch=0.0)
        faults = Faults(clock, folder=folder, rules=(rule,) if rule else ())
        outcomes: list[object] = []
        for _ in range(times):
            began = clock.now()
            try:
                await faults.before(*asked)
                answer = await faults.after(*asked, answer=b"0123456789" * 10)
                outcomes.append((clock.now() - began, answer))
            except (TransportFault, Throttled) as fault:
                outcomes.append(fault)
        return outcomes

    return run_virtually(ask())


FINE = (0.0, b"0123456789" * 10)


def test_without_rules_nothing_happens() -> None:
    assert struck(None) == [FINE]


@pytest.mark.parametrize(
    ("kind", "exception"),
    [("refuse", RefuseConnection), ("drop-before", DropConnection), ("throttle", Throttled), ("node-down", NodeDown)],
)
def test_faults_before_the_work_are_raised_before_it(kind, exception) -> None:
    assert isinstance(struck(FaultRule(kind=kind))[0], exception)


def test_a_drop_tells_whether_the_work_was_done() -> None:
    before, after = struck(FaultRule(kind="drop-before"))[0], struck(FaultRule(kind="drop-after"))[0]
    assert isinstance(before, DropConnection)
    assert isinstance(after, DropConnection)
    assert (before.applied, after.applied) == (False, True)


def test_a_delay_lasts_its_seconds() -> None:
    assert struck(FaultRule(kind="delay", seconds=90.0)) == [(90.0, FINE[1])]


def test_a_wrong_answer_is_shorter_and_other_text_works_too() -> None:
    [(_, answer)] = struck(FaultRule(kind="wrong-answer"))
    assert 0 < len(answer) < 100
    assert answer != FINE[1][: len(answer)]


def test_a_rule_strikes_as_often_as_it_says() -> None:
    assert [outcome == FINE for outcome in struck(FaultRule(kind="refuse", times=2), times=4)] == [
        False,
        False,
        True,
        True,
    ]
    assert FINE not in struck(FaultRule(kind="refuse", times=0), times=4)


@pytest.mark.parametrize(
    "selector", [{"node": "cucm-sub1"}, {"interface": "cli"}, {"operation": "upload"}, {"purpose": "ipsec"}]
)
def test_a_rule_leaves_other_requests_alone(selector) -> None:
    assert struck(FaultRule(kind="refuse", **selector)) == [FINE]


def test_a_rule_written_beside_a_running_lab_strikes_at_the_next_request(tmp_path) -> None:
    async def ask() -> list[bool]:
        faults = Faults(LoopClock(epoch=0.0), folder=tmp_path)
        await faults.before("cucm-pub", "rest", "csr")
        seen = []
        for _ in range(2):  # the second round repeats an identical rule, as somebody at a prompt would
            write_rules(tmp_path, [FaultRule(kind="refuse")])
            with pytest.raises(RefuseConnection):
                await faults.before("cucm-pub", "rest", "csr")
            await faults.before("cucm-pub", "rest", "csr")
            seen.append(True)
        return seen

    assert run_virtually(ask()) == [True, True]


def test_strikes_are_remembered_across_starts(tmp_path) -> None:
    write_rules(tmp_path, [FaultRule(kind="refuse")])
    assert struck(None, folder=tmp_path)[0] != FINE
    assert struck(None, folder=tmp_path) == [FINE]


def test_an_unknown_kind_is_refused_with_the_known_ones(tmp_path) -> None:
    with pytest.raises(ScenarioError, match="drop-after"):
        write_rules(tmp_path, [FaultRule(kind="explode")])


def test_a_broken_faults_file_names_itself(tmp_path) -> None:
    (tmp_path / "faults.json").write_text('[{"kind": "refuse", "nodes": "x"}]')
    with pytest.raises(ScenarioError, match="nodes"):
        read_rules(tmp_path)


def test_mischief_is_repeatable_by_its_seed() -> None:
    async def ask() -> list[str]:
        faults = Faults(LoopClock(epoch=0.0), mischief=MISCHIEF, seed=11)
        met = []
        for _ in range(300):
            try:
                await faults.before("cucm-pub", "rest", "snapshot")
                met.append("")
            except RefuseConnection:
                met.append("refused")
        return met

    first, second = run_virtually(ask()), run_virtually(ask())
    assert first == second
    assert "refused" in first


def test_every_mischief_is_a_known_fault() -> None:
    assert {trick.kind for trick in MISCHIEF} <= {kind.name for kind in FAULT_KINDS}


def test_a_rule_that_waits_for_no_request_is_told_to_the_watchers(tmp_path) -> None:
    async def watch() -> list[int]:
        faults = Faults(LoopClock(epoch=0.0), folder=tmp_path)
        seen: list[int] = []
        faults.watchers.append(lambda: seen.append(len(faults.rules())))
        faults.add(FaultRule(kind="phones-off", share=1.0))
        write_rules(tmp_path, [*read_rules(tmp_path), FaultRule(kind="phones-off", share=0.5)])
        faults.look_again()
        faults.spend(faults.rules()[0])
        faults.look_again()
        return seen

    assert [1, 2, 1] == run_virtually(watch())


def test_a_strike_is_counted_where_it_is_asked_for() -> None:
    async def ask() -> list[str | None]:
        faults = Faults(LoopClock(epoch=0.0), rules=(FaultRule(kind="ctl-update-refused", node="cucm-pub"),))
        struck_at = [faults.strikes("ctl-update-refused", node) for node in ("cucm-sub1", "cucm-pub", "cucm-pub")]
        return [None if rule is None else rule.id for rule in struck_at]

    assert [None, "f1", None] == run_virtually(ask())
