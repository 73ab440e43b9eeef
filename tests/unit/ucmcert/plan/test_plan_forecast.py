"""Promise: the forecast adds up to what is planned: minutes of the window, and each service and user that notices."""

import pytest

from factory.certificates import NOW
from factory.clusters import cluster, node_facts, with_node
from ucmcert.knowledge.impact import EXPIRY_IMPACTS, SERVICE_IMPACTS, SSO_OFF_CODE
from ucmcert.knowledge.words import LANGUAGES
from ucmcert.model.cluster import Cluster
from ucmcert.model.node import Role
from ucmcert.model.plan import Phase, Plan, Step, StepKind
from ucmcert.plan.build import build
from ucmcert.plan.critical_path import critical_path, finish_times_s, makespan_s
from ucmcert.plan.forecast import minutes
from ucmcert.plan.reasons import reason, sentence
from ucmcert.plan.select import select

SINGLE = cluster(node_facts("cucm-pub", Role.PUBLISHER))
PREPARE_S = 15 + 30 + 20


def made(whole: Cluster, *purposes: str) -> Plan:
    return build(whole, select(whole, now=NOW, threshold_days=30, purposes=purposes), now=NOW)


def step(name: str, estimate_s: int, *needs: str) -> Step:
    return Step(
        id=name,
        kind=StepKind.SERVED_CHECK,
        phase=Phase.CUT_OVER,
        node="n",
        purpose="tomcat",
        needs=needs,
        estimate_s=estimate_s,
        reason=reason("UCM-STEP-SERVED"),
    )


DIAMOND = (step("a", 10), step("b", 5, "a"), step("c", 30, "a"), step("d", 1, "b", "c"), step("e", 2))


def test_a_step_ends_after_the_slowest_of_its_needs() -> None:
    assert {"a": 10, "b": 15, "c": 40, "d": 41, "e": 2} == finish_times_s(DIAMOND)
    assert 41 == makespan_s(DIAMOND)
    assert ("a", "c", "d") == critical_path(DIAMOND)


def test_a_need_outside_the_steps_is_done_already() -> None:
    assert {"d": 1} == finish_times_s(DIAMOND[3:4])
    assert ("d",) == critical_path(DIAMOND[3:4])


def test_no_steps_take_no_time() -> None:
    assert 0 == makespan_s(())
    assert () == critical_path(())


def test_a_single_node_takes_the_sum_of_its_steps() -> None:
    plan = made(SINGLE, "tomcat")
    window_s = 5 + 20 + 240 + 3 * 90 + 2 * 40 + 60 + 30
    assert (PREPARE_S, window_s, PREPARE_S + window_s) == (
        plan.forecast.prepare_s,
        plan.forecast.window_s,
        plan.forecast.critical_path_s,
    )


def test_preparing_four_nodes_takes_no_longer_than_one() -> None:
    assert PREPARE_S == made(cluster(), "tomcat").forecast.prepare_s == made(cluster()).forecast.prepare_s


def test_each_node_is_told_what_its_users_notice_and_for_how_long() -> None:
    hits = {(one.where, one.what): one.seconds for one in made(SINGLE, "tomcat").forecast.impacts}
    node = "cucm-pub.lab.example"
    assert {
        (node, sentence("UCM-HIT-TOMCAT")): 240,
        (node, sentence("UCM-HIT-UDS")): 90,
        (node, sentence("UCM-HIT-AXL")): 90,
        (node, sentence("UCM-HIT-SSOSP")): 90,
        (node, sentence("UCM-HIT-DRF")): 80,
        (node, sentence("UCM-HIT-TFTP")): 60,
    } == hits


def test_local_logins_last_from_single_sign_on_off_to_on() -> None:
    plan = made(with_node(SINGLE, "cucm-pub", sso_enabled=True))
    off = [one for one in plan.forecast.impacts if one.what == sentence(SSO_OFF_CODE)]
    assert [plan.forecast.critical_path_s - PREPARE_S] == [one.seconds for one in off]
    assert [] == [one for one in made(SINGLE).forecast.impacts if one.what == sentence(SSO_OFF_CODE)]


def test_every_impact_has_its_sentence_in_both_languages() -> None:
    codes = [*(one.code for one in SERVICE_IMPACTS), *(one.code for one in EXPIRY_IMPACTS), SSO_OFF_CODE]
    for code in codes:
        for lang in LANGUAGES:
            assert sentence(code, lang)


@pytest.mark.parametrize(("seconds", "expected"), [(0, 0), (1, 1), (60, 1), (61, 2), (3600, 60)])
def test_minutes_are_rounded_up(seconds: int, expected: int) -> None:
    assert expected == minutes(seconds)
