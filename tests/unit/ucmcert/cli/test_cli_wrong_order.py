"""Promise: the mistakes of one night are judged by the model, and told with what our plan would have done instead."""

import tomllib

import msgspec
import pytest

from factory.phone_clusters import phone_cluster, phones
from ucmcert.cli.embedded.truth import Truth
from ucmcert.cli.embedded.wrong_order.cases import CASES, Case, scenario
from ucmcert.cli.embedded.wrong_order.page import case_blocks, last_blocks
from ucmcert.cli.embedded.wrong_order.shapes import CaseShape, as_foretold, must_lock, plan_shape
from ucmcert.model.plan import Forecast, PhoneForecast, Plan
from ucmcert.plan.build import build
from ucmcert.plan.select import select
from ucmcert.report.paper import plain

NOW = 1_790_000_000.0


def _plan(*purposes: str) -> Plan:
    whole = phone_cluster()
    items = select(whole, now=NOW, threshold_days=45, purposes=purposes, force=True)
    return build(whole, items, now=NOW)


def _foretold(*, soft: int) -> Plan:
    """A plan for 10 phones, of which the naive order would lock so many in the way that a command can mend."""
    rows = (
        PhoneForecast(phone_class="-", phones=10, order="plan", lost=0, lock="none", source="-"),
        PhoneForecast(
            phone_class="-", phones=10, order="naive", lost=soft, lock="soft" if soft else "none", source="-"
        ),
    )
    forecast = Forecast(prepare_s=1, window_s=2, critical_path_s=3, impacts=(), phones=rows)
    return msgspec.structs.replace(_plan("TVS"), forecast=forecast)


def _case(truth: Truth, plan: Plan) -> CaseShape:
    return CaseShape(
        case="old",
        release="11.5",
        mixed=False,
        renewed=("CallManager", "TVS"),
        own_resets=False,
        phones=truth.total,
        locked=truth.locked,
        soft=truth.soft,
        hard=truth.hard,
        must_soft=must_lock(plan, "soft"),
        must_hard=must_lock(plan, "hard"),
        states=truth.states,
        as_foretold=as_foretold(truth, plan),
        plan=plan_shape(plan),
    )


def _truth(**states: int) -> Truth:
    named = {name.upper().replace("_", "-"): count for name, count in states.items()}
    return Truth(total=sum(named.values()), registered=0, states=named)


@pytest.mark.parametrize("case", CASES, ids=lambda one: one.key)
@pytest.mark.parametrize("count", [3, 100, 1000])
def test_a_scenario_has_exactly_the_phones_that_were_asked_for(case: Case, count: int) -> None:
    read = tomllib.loads(scenario(case, count))
    assert count == sum(one["count"] for one in read["phones"])
    assert (case.release, case.mixed, False) == (read["version"], read["mixed"], read["mischief"])


@pytest.mark.parametrize(
    ("told", "truth"),
    [
        (True, _truth(soft_locked=10)),
        (False, _truth(soft_locked=9, trusted=1)),
        (False, _truth(hard_locked=10)),
        (False, _truth(trusted=10)),
    ],
)
def test_a_night_is_as_foretold_only_when_exactly_those_phones_are_locked_that_way(told: bool, truth: Truth) -> None:
    assert told == as_foretold(truth, _foretold(soft=10))


def test_a_night_that_locks_nobody_proves_nothing_even_if_nobody_was_to_be_locked() -> None:
    assert not as_foretold(_truth(trusted=10), _foretold(soft=0))


def test_the_plan_is_told_by_its_epochs_resets_and_gates() -> None:
    shape = plan_shape(_plan("CallManager", "TVS"))
    assert ("CallManager", "TVS") == shape.epochs
    assert (0, phones().total) == (shape.lost, shape.phones)
    assert shape.resets == shape.gates >= 2


@pytest.mark.parametrize(
    ("lang", "locked", "spared"),
    [
        ("en", "10 of 10 phones locked (10 soft, 0 hard)", "0 of 10 phones locked"),
        ("fr", "10 téléphones bloqués sur 10 (10 réversibles, 0 définitifs)", "0 téléphones bloqués sur 10"),
    ],
)
def test_the_page_tells_the_price_and_the_forecast(lang: str, locked: str, spared: str) -> None:
    case = _case(_truth(soft_locked=10), _foretold(soft=10))
    page = plain.render((*case_blocks(case, 1, lang), *last_blocks([case], 12.3, 400, lang)))
    assert locked in page
    assert spared in page
    assert "UCM-" not in page


def test_what_the_model_did_not_say_is_told_with_the_states() -> None:
    case = _case(_truth(soft_locked=4, trusted=6), _foretold(soft=10))
    page = plain.render((*case_blocks(case, 1, "en"), *last_blocks([case], 12.3, 400, "en")))
    assert "4 SOFT-LOCKED, 6 TRUSTED" in page
    assert "did not lock the phones it had to" in page
