# Promise: a chain counts only when every issuer of it stands in the store, may issue, and is still valid.
import pytest

from ucmlab.cluster.certificates.authority import DAY_S, Authority
from ucmlab.cluster.certificates.purposes import Usage, usage_of
from ucmlab.cluster.certificates.records import CsrRequest
from ucmlab.cluster.cluster import Cluster
from ucmlab.errors import Refusal
from ucmlab.scenarios.schema import Scenario
from unit.ucmlab.lab_bench import NOW, a_ca, in_lab, scenario, sign, trust
from unit.ucmlab.odd_certificates import ca_under, name


def said(issuer: Authority, trusted: list[Authority], of: Scenario | None = None, *, purpose="tomcat", **leaf) -> str:
    async def upload(cluster: Cluster) -> str:
        held, row = cluster.publisher.certificates, cluster.publisher.site.purpose(purpose)
        csr = held.generate_csr(purpose, CsrRequest())
        for one in trusted:
            held.put_trust(row.trust_store, one.issuing, "")
        before = held.memory()
        try:
            held.upload_identity(purpose, [sign(csr, issuer, **leaf)])
        except Refusal as refusal:
            assert before == held.memory()
            return f"{refusal.code} {refusal.words}"
        return "stored"

    return in_lab(upload, of)


ROOT = ca_under(None, 1)
MISSING, BAD_ISSUER = "E1 CA certificate is not available in the trust-store", "E7 Error in CA certificate"
OPEN = scenario(switches={"issuer_check": "accept"})


def tower(levels: int) -> list[Authority]:
    floors = [ROOT]
    for number in range(2, levels + 1):
        floors.append(ca_under(floors[-1], number))
    return floors


@pytest.mark.parametrize(("levels", "expected"), [(1, "stored"), (2, "stored"), (4, "stored"), (5, MISSING)])
def test_a_chain_may_be_four_certificates_high(levels: int, expected: str) -> None:
    floors = tower(levels)
    assert expected == said(floors[-1], floors)


@pytest.mark.parametrize("lost", [0, 1, 2])
def test_every_floor_is_needed(lost: int) -> None:
    floors = tower(3)
    assert MISSING == said(floors[-1], [floor for number, floor in enumerate(floors) if number != lost])


@pytest.mark.parametrize(
    "wrong",
    [
        {"not_after": NOW - DAY_S, "not_before": NOW - 9 * DAY_S},
        {"ca": False},
        {"usage": Usage(bits=frozenset({"digital_signature"}), extended=())},
    ],
    ids=["expired", "no-ca", "may-not-sign"],
)
def test_an_issuer_that_may_not_issue_is_an_error_in_the_ca_certificate(wrong) -> None:
    below = ca_under(ROOT, 2, **wrong)
    assert [BAD_ISSUER, "stored"] == [said(below, [ROOT, below]), said(below, [ROOT, below], OPEN)]


def test_a_root_of_path_length_0_allows_no_ca_below() -> None:
    narrow = ca_under(None, 1, path_length=0)
    below = ca_under(narrow, 2)
    assert ["stored", BAD_ISSUER] == [said(narrow, [narrow]), said(below, [narrow, below])]


def test_a_second_certificate_of_the_issuer_that_may_issue_is_used() -> None:
    old = ca_under(ROOT, 2, not_after=NOW - DAY_S, not_before=NOW - 9 * DAY_S)
    new = ca_under(ROOT, 2, serial=816)
    both = scenario(switches={"equal_not_before": "replace"})
    assert "stored" == said(new, [ROOT, old, new], both)


def test_cas_that_vouch_for_each_other_are_no_chain() -> None:
    one, two = ca_under(ROOT, 2), ca_under(ROOT, 3)
    crossed = [
        ca_under(two, 2, subject=name("Odd CA 2")),
        ca_under(one, 3, subject=name("Odd CA 3")),
    ]
    assert MISSING == said(crossed[0], crossed)


def capf(cluster_ca: Authority, of: Scenario | None = None, **leaf) -> str:
    async def upload(cluster: Cluster) -> str:
        node = cluster.publisher
        csr = node.certificates.generate_csr("CAPF", CsrRequest())
        trust(
            node,
            Authority(root=ROOT.issuing, issuing=cluster_ca.issuing, issuing_key=cluster_ca.issuing_key),
            "CAPF-trust",
        )
        usage = usage_of(node.site.purpose("CAPF"), product=node.product, version=node.version)
        fields = {"usage": usage, "ca": True} | leaf
        try:
            node.certificates.upload_identity("CAPF", [sign(csr, cluster_ca, **fields)])
        except Refusal as refusal:
            return f"{refusal.code} {refusal.words}"
        return "stored"

    return in_lab(upload, of)


NOT_A_CA = "E7-CAPF Invalid certificate file provided"


@pytest.mark.parametrize("path_length", [None, 0, 1])
def test_a_capf_certificate_may_have_any_path_length(path_length) -> None:
    assert "stored" == capf(ca_under(ROOT, 2), path_length=path_length)


def test_a_ca_of_path_length_0_cannot_make_a_capf_certificate_unless_nobody_looks() -> None:
    narrow = ca_under(ROOT, 2, path_length=0)
    careless = scenario(switches={"capf_path_length": "accept"})
    assert [NOT_A_CA, "stored"] == [capf(narrow), capf(narrow, careless)]


@pytest.mark.parametrize("wrong", [{"ca": False}, {"usage": Usage(bits=frozenset(), extended=())}], ids=["ca", "usage"])
def test_a_capf_certificate_needs_both_marks_of_a_ca_unless_nobody_looks(wrong) -> None:
    careless = scenario(switches={"capf_ca_check": "accept"})
    assert [NOT_A_CA, "stored"] == [capf(ca_under(ROOT, 2), **wrong), capf(ca_under(ROOT, 2), careless, **wrong)]


@pytest.mark.parametrize(
    ("names", "switch", "expected"),
    [
        (("CUCM-PUB.lab.example", "lab.example"), "dns-without-case", "stored"),
        (("CUCM-PUB.lab.example", "lab.example"), "exact", "E4"),
        (("cucm-pub.lab.example.", "lab.example"), "dns-without-case", "E4"),
        (("cucm-pub.lab.example.", "lab.example"), "lenient", "stored"),
        (("cucm-pub.lab.example", "lab.example", "lab.example"), "exact", "stored"),
        (("cucm-pub.lab.example", "lab.example", "192.0.2.7"), "lenient", "E4"),
    ],
)
def test_names_are_compared_as_the_switch_says(names, switch: str, expected: str) -> None:
    of = scenario(switches={"san_comparison": switch})
    assert expected == said(ROOT, [ROOT], of, dns_names=names)[: len(expected)]


def test_the_serial_of_the_running_identity_is_refused_where_older_ones_are() -> None:
    async def again(cluster: Cluster) -> list[str]:
        ca, held, outcomes = a_ca(), cluster.publisher.certificates, []
        trust(cluster.publisher, ca)
        for serial in (4711, 4711, 4712):
            try:
                held.upload_identity("tomcat", [sign(held.generate_csr("tomcat", CsrRequest()), ca, serial=serial)])
                outcomes.append("stored")
            except Refusal as refusal:
                outcomes.append(refusal.code)
        return outcomes

    assert ["stored", "stored", "stored"] == in_lab(again)
    assert ["stored", "U-P5", "stored"] == in_lab(again, scenario(switches={"older_identity": "refuse"}))
