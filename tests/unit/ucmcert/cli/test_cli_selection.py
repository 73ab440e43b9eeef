"""Promise: a name nobody knows is told with the nearest known one, and what is left out is never silent."""

import pytest

from factory.certificates import NOW, request
from factory.clusters import cluster, with_node
from ucmcert.cli.planning.selection import Choice, Judged, chosen, errors, judge, known_purposes, make_plan
from ucmcert.errors import UsageError
from ucmcert.model.cluster import Cluster, Holding, PendingRequest
from ucmcert.model.finding import Severity
from ucmcert.model.plan import StepKind


def judged(whole: Cluster, choice: Choice, ours: frozenset[str] = frozenset()) -> Judged:
    return judge(whole, choice, now=NOW, threshold_days=45, ours=ours)


def with_leftover(whole: Cluster) -> Cluster:
    facts = whole.publisher
    pending = PendingRequest(purpose="tomcat", request=request(facts.node.name, key="ec").request)
    holding = Holding(identities=facts.holding.identities, requests=(pending,), trust=facts.holding.trust)
    return with_node(whole, "cucm-pub", holding=holding)


@pytest.mark.parametrize(("given", "meant"), [("tomcats", "tomcat"), ("TOMCATT", "tomcat"), ("ipsek", "ipsec")])
def test_an_unknown_purpose_names_the_nearest(given: str, meant: str) -> None:
    with pytest.raises(UsageError, match="UCM-ARG-001") as caught:
        known_purposes([given])
    assert f"did you mean {meant}?" == caught.value.next


def test_a_purpose_is_spelled_as_cucm_spells_it() -> None:
    assert ("tomcat", "CallManager") == known_purposes(["Tomcat", "callmanager"])


@pytest.mark.parametrize("given", ["cucm-sub1", "CUCM-SUB1.lab.example"])
def test_a_node_is_known_by_host_and_by_full_name(given: str) -> None:
    assert ("cucm-sub1.lab.example",) == chosen(cluster(), Choice(nodes=(given,))).nodes


def test_an_unknown_node_names_the_nearest_and_all() -> None:
    with pytest.raises(UsageError, match="UCM-ARG-002") as caught:
        chosen(cluster(), Choice(nodes=("cucm-sub9",)))
    assert "cucm-sub" in caught.value.next
    assert "imp-pub" in caught.value.why


def test_the_whole_demo_is_fit_and_planned() -> None:
    found = judged(cluster(), Choice())
    assert (8, ()) == (len(found.items), errors(found.findings))
    assert 8 == len(make_plan(cluster(), found, now=NOW).items)


def test_a_purpose_that_nobody_renews_is_an_error_in_the_plan() -> None:
    found = judged(cluster(), Choice(purposes=("authz",)))
    assert ["UCM-SEL-008"] == [one.code for one in found.left_out]
    assert errors(found.findings)


def test_a_leftover_csr_closes_the_gate_until_it_may_be_replaced() -> None:
    whole = with_leftover(cluster())
    closed, opened = judged(whole, Choice()), judged(whole, Choice(replace_csr=True))
    (told,) = (one for one in opened.findings if one.code == "UCM-CHECK-012")
    plan = make_plan(whole, opened, now=NOW)
    replaced = [one.detail for one in plan.steps if one.kind is StepKind.CSR_GENERATE and one.detail]

    assert ["UCM-CHECK-012"] == [one.code for one in errors(closed.findings)]
    assert (Severity.WARNING, ()) == (told.severity, errors(opened.findings))
    assert [{"replaces": whole.publisher.holding.requests[0].request.spki_sha256}] == replaced


def test_a_csr_of_our_own_run_is_no_leftover() -> None:
    whole = with_leftover(cluster())
    ours = frozenset({whole.publisher.holding.requests[0].request.spki_sha256})
    assert () == errors(judged(whole, Choice(), ours).findings)
