"""Promise: every plan the generator can build keeps the rules, and no order that merges two anchors ever does."""

import msgspec
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from random_phone_clusters import ANCHORS, CHOICES, OPTIONS, phone_clusters

from factory.certificates import NOW
from ucmcert.knowledge.purposes import PURPOSES
from ucmcert.lint.phone_world import no_phones
from ucmcert.model.cluster import Cluster
from ucmcert.model.plan import Phase, Plan, Step, StepKind
from ucmcert.plan.build import build
from ucmcert.plan.facts import changed
from ucmcert.plan.options import Options
from ucmcert.plan.rules import NEW_IDENTITY, ORDER_RULES, ask, objections_to
from ucmcert.plan.select import select

TOGETHER = ("CallManager", "TVS", "ITLRecovery")


def made(whole: Cluster, options: Options, purposes: tuple[str, ...]) -> Plan:
    items = select(whole, now=NOW, threshold_days=30, purposes=purposes, force=True)
    return build(whole, items, now=NOW, options=options)


def reordered(plan: Plan, steps: list[Step]) -> Plan:
    """The plan with its steps in another order, each waiting for nothing but what stands before it."""
    seen: set[str] = set()
    free = []
    for step in steps:
        free.append(msgspec.structs.replace(step, needs=tuple(need for need in step.needs if need in seen)))
        seen.add(step.id)
    return msgspec.structs.replace(plan, steps=tuple(free))


def anchors(plan: Plan) -> list[str]:
    return [name for name in ANCHORS if any(one.purpose == name and one.kind in NEW_IDENTITY for one in plan.steps)]


@given(phone_clusters(), OPTIONS, CHOICES)
def test_every_plan_passes_its_own_rules_and_its_needs_come_first(
    whole: Cluster, options: Options, purposes: tuple[str, ...]
) -> None:
    plan = made(whole, options, purposes)
    assert () == objections_to(plan, whole)
    assert [] == [one.code for one in plan.findings if one.code.startswith(("UCM-RULE", "UCM-LINT"))]
    seen: set[str] = set()
    for step in plan.steps:
        assert set() == set(step.needs) - seen
        assert step.id not in seen
        seen.add(step.id)
    assert () == changed(plan, whole)


@settings(max_examples=40)
@given(phone_clusters(), OPTIONS, CHOICES, st.data())
def test_in_any_order_the_needs_allow_the_rules_of_order_agree(
    whole: Cluster, options: Options, purposes: tuple[str, ...], data: st.DataObject
) -> None:
    plan = made(whole, options, purposes)
    order = {one.code for one in ORDER_RULES}
    done: set[str] = {step.id for step in plan.steps if step.phase is Phase.PREPARE}
    while waiting := [one for one in plan.steps if one.id not in done and done.issuperset(one.needs)]:
        for step in waiting:
            only_order = msgspec.structs.replace(step, rules=tuple(code for code in step.rules if code in order))
            assert () == ask(only_order, whole, plan, frozenset(done))
        done.add(data.draw(st.sampled_from(waiting)).id)
    assert {step.id for step in plan.steps} == done


@given(phone_clusters(), OPTIONS, CHOICES)
def test_no_phone_that_is_there_is_lost_by_a_plan_of_ours(
    whole: Cluster, options: Options, purposes: tuple[str, ...]
) -> None:
    plan = made(whole, options, purposes)
    for row in plan.forecast.phones:
        if row.order == "plan" and row.phone_class != "absent":
            assert (0, "none") == (row.lost, row.lock)
    assert "UCM-PLAN-002" not in {one.code for one in plan.findings}


@given(phone_clusters(), OPTIONS, st.data())
def test_an_order_that_touches_a_second_anchor_before_the_gate_of_the_first_is_refused(
    whole: Cluster, options: Options, data: st.DataObject
) -> None:
    assume(not no_phones(whole))
    plan = made(whole, options, TOGETHER)
    assume(len(anchors(plan)) > 1)
    later = data.draw(st.sampled_from([one for one in plan.steps if one.kind in NEW_IDENTITY and _second(plan, one)]))
    first = data.draw(st.sampled_from([name for name in anchors(plan) if _begins(plan, name) < _place(plan, later)]))
    assume(first != PURPOSES[later.purpose].anchor)
    steps = [one for one in plan.steps if one is not later]
    begun = next(at for at, one in enumerate(steps) if one.purpose == first and one.kind in NEW_IDENTITY)
    gate = max(at for at, one in enumerate(steps) if one.purpose == first and one.kind is StepKind.PHONES_GATE)
    steps.insert(data.draw(st.integers(begun + 1, gate)), later)
    said = {one.code for one in objections_to(reordered(plan, steps), whole) if one.where == later.id}
    assert "UCM-RULE-017" in said


@given(phone_clusters(), OPTIONS)
def test_a_plan_whose_gates_were_taken_out_is_refused(whole: Cluster, options: Options) -> None:
    assume(not no_phones(whole))
    plan = made(whole, options, TOGETHER)
    assume(len(anchors(plan)) > 1)
    without = reordered(plan, [one for one in plan.steps if one.kind is not StepKind.PHONES_GATE])
    assert "UCM-RULE-017" in {one.code for one in objections_to(without, whole)}


@given(phone_clusters(), OPTIONS, st.sampled_from(TOGETHER), st.data())
def test_phones_are_never_reset_before_every_list_and_restart_of_the_epoch(
    whole: Cluster, options: Options, purpose: str, data: st.DataObject
) -> None:
    assume(not no_phones(whole))
    plan = made(whole, options, (purpose,))
    resets = [one for one in plan.steps if one.kind is StepKind.PHONES_RESET]
    assume(resets)
    reset = resets[0]
    before = [one for one in plan.steps[: plan.steps.index(reset)] if one.kind in NEW_IDENTITY]
    assume(before)
    steps = [one for one in plan.steps if one is not reset]
    begun = steps.index(before[0])
    ends = max(at for at, one in enumerate(steps[: plan.steps.index(reset)]) if one.kind is StepKind.LISTS_CHECK)
    steps.insert(data.draw(st.integers(begun + 1, ends)), reset)
    said = {one.code for one in objections_to(reordered(plan, steps), whole) if one.where == reset.id}
    assert said & {"UCM-RULE-019", "UCM-RULE-020", "UCM-RULE-028"}


def test_the_random_clusters_do_hold_what_the_properties_are_about() -> None:
    releases, mixed, counts, anchored = set(), set(), set(), set()

    @given(phone_clusters(), OPTIONS)
    def look(whole: Cluster, options: Options) -> None:
        releases.add(whole.publisher.node.release)
        mixed.add(whole.mixed_mode)
        counts.add(whole.phones.total if whole.phones else -1)
        anchored.add(len(anchors(made(whole, options, TOGETHER))))

    look()
    assert (4, 2, 4) == (len(releases), len(mixed), len(counts))
    assert {2, 3} <= anchored


def _place(plan: Plan, step: Step) -> int:
    return plan.steps.index(step)


def _begins(plan: Plan, purpose: str) -> int:
    return min(at for at, one in enumerate(plan.steps) if one.purpose == purpose and one.kind in NEW_IDENTITY)


def _second(plan: Plan, step: Step) -> bool:
    return any(_begins(plan, name) < _place(plan, step) for name in anchors(plan) if name != step.purpose)
