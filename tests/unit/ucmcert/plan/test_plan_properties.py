"""Promise: whatever the cluster looks like, a plan is in order, keeps the rules of order and is always the same."""

from itertools import pairwise

import msgspec
from hypothesis import assume, given
from hypothesis import strategies as st
from random_clusters import OPTIONS, clusters

from factory.certificates import DAY, NOW, self_signed
from ucmcert.knowledge.purposes import PURPOSES
from ucmcert.model.cluster import Cluster, Holding, Identity, NodeFacts
from ucmcert.model.node import Role
from ucmcert.model.plan import Phase, Plan, Step, StepKind
from ucmcert.plan.build import build, plan_digest
from ucmcert.plan.critical_path import critical_path
from ucmcert.plan.cut_over import Options
from ucmcert.plan.facts import changed
from ucmcert.plan.rules import ORDER_RULES, Asked, ask
from ucmcert.plan.select import select

RENEWABLE = ("tomcat", "ipsec")
CHOICES = st.sampled_from(((), ("tomcat",), ("ipsec",)))


def made(whole: Cluster, options: Options, purposes: tuple[str, ...] = (), *, force: bool = True) -> Plan:
    items = select(whole, now=NOW, threshold_days=30, purposes=purposes, force=force)
    return build(whole, items, now=NOW, options=options)


def ready(plan: Plan, done: set[str]) -> list[Step]:
    return [step for step in plan.steps if step.id not in done and done.issuperset(step.needs)]


def ancestors(plan: Plan, step: Step) -> set[str]:
    """Every step that must be verified before `step`, near or far."""
    needs = {one.id: one.needs for one in plan.steps}
    found: set[str] = set()
    waiting = list(step.needs)
    while waiting:
        need = waiting.pop()
        if need not in found:
            found.add(need)
            waiting += needs[need]
    return found


def between_restarts(plan: Plan, done: set[str]) -> set[str]:
    """Nodes that have begun a row of restarts and not yet proved its end."""
    rows: dict[tuple[str, str, str], list[bool]] = {}
    for step in plan.steps:
        if step.kind in (StepKind.SERVICE_RESTART, StepKind.SERVED_CHECK):
            row = (step.node, step.purpose, step.detail.get("after", "identity"))
            rows.setdefault(row, []).append(step.id in done)
    return {row[0] for row, proofs in rows.items() if any(proofs) and not all(proofs)}


@given(clusters(), OPTIONS, CHOICES)
def test_needs_point_to_earlier_steps_and_ids_are_unique(
    whole: Cluster, options: Options, purposes: tuple[str, ...]
) -> None:
    plan = made(whole, options, purposes)
    seen: set[str] = set()
    for step in plan.steps:
        assert set() == set(step.needs) - seen
        assert step.id not in seen
        seen.add(step.id)


@given(clusters(), OPTIONS, CHOICES, st.data())
def test_in_any_order_the_needs_allow_the_rules_of_order_agree_and_one_node_is_away(
    whole: Cluster, options: Options, purposes: tuple[str, ...], data: st.DataObject
) -> None:
    plan = made(whole, options, purposes)
    assert [] == [one.code for one in plan.findings if one.code.startswith("UCM-RULE")]
    order = {one.code for one in ORDER_RULES}
    done: set[str] = set()
    while waiting := ready(plan, done):
        for step in waiting:
            only_order = msgspec.structs.replace(step, rules=tuple(code for code in step.rules if code in order))
            assert () == ask(only_order, whole, plan, frozenset(done))
        done.add(data.draw(st.sampled_from(waiting)).id)
        assert len(between_restarts(plan, done)) <= 1
    assert {step.id for step in plan.steps} == done


@given(clusters(), OPTIONS, CHOICES)
def test_the_publisher_is_uploaded_before_every_other_identity(
    whole: Cluster, options: Options, purposes: tuple[str, ...]
) -> None:
    plan = made(whole, options, purposes)
    publisher = whole.publisher.node.name
    uploads = [step for step in plan.steps if step.kind is StepKind.IDENTITY_UPLOAD]
    first = {step.purpose: step.id for step in uploads if step.node == publisher}
    assert {item.purpose for item in plan.items} == set(first)
    for step in uploads:
        if step.node != publisher:
            assert first[step.purpose] in ancestors(plan, step)


@given(clusters(), OPTIONS, CHOICES)
def test_no_window_opens_before_everything_is_prepared(
    whole: Cluster, options: Options, purposes: tuple[str, ...]
) -> None:
    plan = made(whole, options, purposes)
    prepared = {step.id for step in plan.steps if step.phase is Phase.PREPARE}
    for step in plan.steps:
        if step.phase is Phase.CUT_OVER:
            assert set() == prepared - ancestors(plan, step)


@given(clusters(), OPTIONS, CHOICES)
def test_purposes_are_cut_over_one_after_the_other(whole: Cluster, options: Options, purposes: tuple[str, ...]) -> None:
    plan = made(whole, options, purposes)
    tomcat = {one.id for one in plan.steps if one.phase is Phase.CUT_OVER and one.purpose == "tomcat"}
    for step in plan.steps:
        if step.phase is Phase.CUT_OVER and step.purpose == "ipsec":
            assert set() == tomcat - ancestors(plan, step)


@given(clusters(), OPTIONS, CHOICES)
def test_only_what_runs_is_restarted_and_nothing_twice(
    whole: Cluster, options: Options, purposes: tuple[str, ...]
) -> None:
    restarts = [one for one in made(whole, options, purposes).steps if one.kind is StepKind.SERVICE_RESTART]
    for step in restarts:
        status = whole.facts(step.node).service(step.detail["service"])
        assert status is not None
        assert "started" == status.state
    assert len(restarts) == len({(one.purpose, one.node, one.detail["service"]) for one in restarts})


@given(clusters(), OPTIONS, CHOICES)
def test_every_item_is_carried_to_its_last_state(whole: Cluster, options: Options, purposes: tuple[str, ...]) -> None:
    plan = made(whole, options, purposes)
    for item in plan.items:
        kinds = {one.kind for one in plan.steps if (one.node, one.purpose) == (item.node, item.purpose)}
        assert kinds >= {
            StepKind.CSR_GENERATE,
            StepKind.CSR_SIGN,
            StepKind.TRUST_UPLOAD,
            StepKind.IDENTITY_UPLOAD,
        }
        assert (item.last_state == "served") == (StepKind.SERVED_CHECK in kinds)


@given(clusters(), OPTIONS, CHOICES)
def test_the_same_input_gives_the_same_digest_at_any_time(
    whole: Cluster, options: Options, purposes: tuple[str, ...]
) -> None:
    plan = made(whole, options, purposes)
    items = plan.items
    assert plan.digest == build(whole, items, now=NOW + DAY, options=options).digest
    assert plan.digest == plan_digest(plan)
    assert () == changed(plan, whole)


@given(clusters(), OPTIONS, st.data())
def test_every_fact_a_yes_rests_on_changes_the_digest(whole: Cluster, options: Options, data: st.DataObject) -> None:
    plan = made(whole, options)
    facts = data.draw(st.sampled_from(whole.nodes))
    other = data.draw(st.sampled_from(changes(facts)))
    nodes = tuple(other if one is facts else one for one in whole.nodes)
    moved = msgspec.structs.replace(whole, nodes=nodes)
    again = build(moved, plan.items, now=NOW, options=options)
    assert plan.facts_digest != again.facts_digest
    assert plan.digest != again.digest
    assert {"UCM-FACT-001"} == {one.code for one in changed(plan, moved)}


def changes(facts: NodeFacts) -> list[NodeFacts]:
    """The node with another identity, another release, or one service of its restarts stopped."""
    name = facts.node.name
    newer = self_signed(name, not_before=NOW, not_after=NOW + 900 * DAY, key_label=f"somebody {name}")
    held = Holding(identities=(Identity(purpose="tomcat", certificate=newer),), requests=(), trust=())
    release = msgspec.structs.replace(facts.node.release, build=999)
    found = [
        msgspec.structs.replace(facts, holding=held),
        msgspec.structs.replace(facts, node=msgspec.structs.replace(facts.node, release=release)),
    ]
    drf = facts.service("Cisco DRF Local")
    if drf is not None and drf.runs:
        stopped = msgspec.structs.replace(drf, state="stopped")
        found.append(
            msgspec.structs.replace(facts, services=tuple(stopped if one is drf else one for one in facts.services))
        )
    return found


@given(clusters(), OPTIONS, CHOICES)
def test_the_critical_path_is_a_chain_of_needs_as_long_as_the_forecast_says(
    whole: Cluster, options: Options, purposes: tuple[str, ...]
) -> None:
    plan = made(whole, options, purposes)
    path = [plan.step(step_id) for step_id in critical_path(plan.steps)]
    for before, after in pairwise(path):
        assert before.id in after.needs
    assert plan.forecast.critical_path_s == sum(step.estimate_s for step in path)
    assert plan.forecast.critical_path_s == plan.forecast.prepare_s + plan.forecast.window_s


@given(clusters(), st.integers(0, 400), CHOICES)
def test_an_expired_certificate_is_never_left_out(
    whole: Cluster, threshold_days: int, purposes: tuple[str, ...]
) -> None:
    items = select(whole, now=NOW, threshold_days=threshold_days, purposes=purposes)
    chosen = {(item.node, item.purpose): item.reason.code for item in items}
    for facts in whole.nodes:
        for held in facts.holding.identities:
            if held.certificate.not_after <= NOW and (not purposes or held.purpose in purposes):
                assert "UCM-DUE-EXPIRED" == chosen[(facts.node.name, held.purpose)]
    assert sorted(item.not_after for item in items) == [item.not_after for item in items]


@given(clusters(), st.integers(1, 400))
def test_what_is_chosen_is_due_and_what_is_due_is_chosen(whole: Cluster, threshold_days: int) -> None:
    items = {(item.node, item.purpose) for item in select(whole, now=NOW, threshold_days=threshold_days)}
    due = {
        (facts.node.name, held.purpose)
        for facts in whole.nodes
        for held in facts.holding.identities
        if held.certificate.not_after - NOW < threshold_days * DAY and held.purpose in RENEWABLE
    }
    assert due == items


@given(clusters(), OPTIONS)
def test_single_sign_on_goes_off_before_tomcat_and_on_after_everything(whole: Cluster, options: Options) -> None:
    plan = made(whole, options)
    asked = [step.detail["ask"] for step in plan.steps if step.kind is StepKind.PERSON]
    assume(any(facts.sso_enabled for facts in whole.nodes))
    assert ["sso.disable", "sso.enable"] == asked
    off, on = (step for step in plan.steps if step.kind is StepKind.PERSON)
    assert on == plan.steps[-1]
    assert {step.id for step in plan.steps[:-1]} == ancestors(plan, on)
    window = [one for one in plan.steps if one.phase is Phase.CUT_OVER and one is not off]
    assert all(off.id in ancestors(plan, step) for step in window)


@given(clusters(), OPTIONS)
def test_without_single_sign_on_nobody_is_asked(whole: Cluster, options: Options) -> None:
    assume(not any(facts.sso_enabled for facts in whole.nodes))
    assert [] == [step.id for step in made(whole, options).steps if step.kind is StepKind.PERSON]


@given(clusters(), OPTIONS)
def test_every_rule_a_step_names_exists_and_can_be_asked(whole: Cluster, options: Options) -> None:
    plan = made(whole, options)
    for step in plan.steps:
        asked = Asked(step=step, cluster=whole, plan=plan, done=frozenset(), window=())
        assert asked.step.purpose in PURPOSES
        assert "UCM-LINT-000" not in {one.code for one in ask(step, whole, plan, frozenset())}


def test_the_random_clusters_do_hold_presence_nodes_and_stopped_services() -> None:
    """The properties above would be hollow if the strategy never made what they are about."""
    roles: set[Role] = set()
    states: set[str] = set()

    @given(clusters())
    def look(whole: Cluster) -> None:
        roles.update(facts.node.role for facts in whole.nodes)
        states.update(service.state for facts in whole.nodes for service in facts.services)

    look()
    assert {Role.PUBLISHER, Role.SUBSCRIBER, Role.IM_PRESENCE} == roles
    assert {"started", "stopped", "starting"} <= states
