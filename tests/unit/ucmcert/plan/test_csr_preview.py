"""Promise: a preview asks for nothing that its release cannot do, says what people must do, and a CSR is held to it."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory.certificates import CLIENT_AUTH, NOW, SERVER_AUTH, request
from factory.clusters import RELEASE_14SU3, cluster, node_facts
from factory.phone_clusters import phone_cluster
from ucmcert.knowledge.csr_limits import hashes_for
from ucmcert.knowledge.purposes import PURPOSES
from ucmcert.model.certificate import CertificateRequest
from ucmcert.model.cluster import Cluster
from ucmcert.model.csr_settings import CsrRow, CsrRules, CsrSettings, WebSecurity, is_address
from ucmcert.model.node import Release, Role
from ucmcert.model.plan import Plan, StepKind
from ucmcert.model.subject import subject_parts
from ucmcert.plan.build import build
from ucmcert.plan.csr_expected import csr_detail, expected
from ucmcert.plan.csr_outcome import Difference, differences
from ucmcert.plan.csr_preview import CsrPreview, previews
from ucmcert.plan.options import Options
from ucmcert.plan.select import refused, select
from ucmcert.report.csr_shape import csr_shape
from ucmcert.report.pages.csr_page import csr_blocks
from ucmcert.report.pages.plan_page import plan_blocks
from ucmcert.report.paper.plain import render
from ucmcert.run.request_spec import request_spec

RELEASE_125 = Release(12, 5, 1, 18900, 40)
OLD = cluster(
    *(
        node_facts(host, Role.PUBLISHER if host == "cucm-pub" else Role.SUBSCRIBER, release=RELEASE_125)
        for host in ("cucm-pub", "cucm-sub1")
    )
)
NEW = cluster()
PHONES = phone_cluster()
CLUSTERS = {"old": OLD, "new": NEW, "phones": PHONES}


def rules(purpose: str = "", node: str = "", **settings: object) -> CsrRules:
    return CsrRules(rows=(CsrRow(purpose=purpose, node=node, settings=CsrSettings(**settings)),))  # type: ignore[arg-type]


def planned(whole: Cluster, csr: CsrRules, *purposes: str) -> Plan:
    items = select(whole, now=NOW, threshold_days=30, purposes=purposes, force=True, csr=csr)
    return build(whole, items, now=NOW, options=Options(csr=csr))


def seen(whole: Cluster, csr: CsrRules, *purposes: str, told: WebSecurity | None = None) -> tuple[CsrPreview, ...]:
    items = select(whole, now=NOW, threshold_days=30, purposes=purposes, force=True, csr=csr)
    return previews(whole, items, csr, {whole.publisher.node.name: told} if told else {})


def field(preview: CsrPreview, name: str) -> tuple[str, str, str, str]:
    found = next(one for one in preview.fields if one.field == name)
    return found.value, found.origin, found.teller, found.wish


def codes(plan: Plan) -> list[str]:
    return [one.code for one in plan.findings if one.code.startswith("UCM-CSR")]


SETTINGS = st.builds(
    CsrSettings,
    rsa_bits=st.sampled_from((None, 2048, 3072, 4096)),
    ec_bits=st.sampled_from((None, 256, 384, 521)),
    hash=st.sampled_from((None, "sha256", "sha384", "sha512")),
    names=st.sampled_from((None, ("a.lab.example",), ("10.0.0.1",), ("b.lab.example", "10.0.0.2"))),
    organisation=st.sampled_from((None, "Lab", "Hospital of Lyon")),
    country=st.sampled_from((None, "FR")),
)
RULES = st.builds(
    lambda cluster_wide, spread, row: CsrRules(
        rows=(
            CsrRow(settings=cluster_wide),
            CsrRow(purpose="tomcat", settings=CsrSettings(distribution=spread)),
            CsrRow(node="cucm-pub", settings=row),
        )
    ),
    SETTINGS,
    st.sampled_from((None, "this-server", "multi-server")),
    SETTINGS,
)


@given(st.sampled_from(tuple(CLUSTERS)), RULES)
def test_a_preview_never_asks_for_what_its_release_cannot_do(name: str, csr: CsrRules) -> None:
    whole = CLUSTERS[name]
    items = select(whole, now=NOW, threshold_days=30, force=True, csr=csr)
    steps = {
        (one.node, one.purpose): one
        for one in build(whole, items, now=NOW, options=Options(csr=csr)).steps
        if one.kind is StepKind.CSR_GENERATE
    }
    for one in previews(whole, items, csr, {}):
        facts, row, step = whole.facts(one.node), PURPOSES[one.purpose], steps[(one.node, one.purpose)]
        rest = facts.node.release >= Release(14, 0, 0, 0)
        assert rest or "rest" not in {each.teller for each in one.fields}
        spec = request_spec(facts, one.purpose, detail=step.detail)
        assert not any(is_address(name) or "*" in name for name in spec.alt_names)
        assert spec.key_length in ((256, 384, 521) if row.twin_of else (2048, 3072, 4096))
        assert spec.hash_algorithm in hashes_for("cucm", spec.key_length if row.twin_of else None)
        assert not spec.multi_server or row.multi_server
        told = {
            each.value.removeprefix("dns:") for each in one.fields if each.field == "name" and each.teller == "rest"
        }
        assert told == (set(spec.alt_names) if rest else set())
        if rest:
            assert (spec.common_name, spec.hash_algorithm) == (field(one, "common_name")[0], field(one, "hash")[0])
            assert str(spec.key_length) in field(one, "key")[0] or row.twin_of


@given(st.sampled_from(("old", "new")), RULES)
def test_what_is_configured_is_part_of_what_a_yes_refers_to(name: str, csr: CsrRules) -> None:
    whole = CLUSTERS[name]
    plain, asked = planned(whole, CsrRules(), "tomcat"), planned(whole, csr, "tomcat")
    details = [one.detail for one in asked.steps if one.kind is StepKind.CSR_GENERATE]
    assert (asked.digest != plain.digest) == bool(any(details) or codes(asked))
    assert asked.digest == planned(whole, csr, "tomcat").digest


def test_without_settings_a_plan_is_as_it_always_was() -> None:
    plan = planned(NEW, CsrRules())
    assert [{}] * 8 == [one.detail for one in plan.steps if one.kind is StepKind.CSR_GENERATE]
    assert [] == codes(plan)


def test_from_14_on_the_request_tells_all_but_the_subject_and_addresses() -> None:
    csr = rules(rsa_bits=4096, hash="sha512", names=("x.lab.example", "10.0.0.9"), organisation="Lab", country="BE")
    one = seen(NEW, csr, "tomcat")[0]
    assert ("RSA 4096", "row", "rest", "") == field(one, "key")
    assert ("sha512", "row", "rest", "") == field(one, "hash")
    names = {
        each.value or each.wish: (each.origin, each.teller, bool(each.wish))
        for each in one.fields
        if each.field == "name"
    }
    assert ("row", "rest", False) == names["dns:x.lab.example"]
    assert ("row", "web-security", True) == names["ip:10.0.0.9"]
    assert ("Example", "today", "web-security", "Lab") == field(one, "organisation")
    assert "set web-security <ou> Lab <l> <st> FR 10.0.0.9" == one.command
    assert ["UCM-CSR-010", "UCM-CSR-011"] == [each.code for each in one.findings]
    assert ("serverAuth, clientAuth", "cisco", "node", "") == field(one, "extended_key_usage")


def test_below_14_a_person_makes_what_the_command_line_cannot() -> None:
    strong = planned(OLD, rules(rsa_bits=4096, hash="sha512"), "ipsec")
    step = next(one for one in strong.steps if one.kind is StepKind.CSR_GENERATE)
    assert ("person", "UCM-STEP-CSR-PERSON") == (step.detail["by"], step.reason.code)
    assert ["UCM-CSR-008", "UCM-CSR-008"] == codes(strong)
    usual = planned(OLD, rules(rsa_bits=2048, hash="sha256"), "ipsec")
    assert {"UCM-STEP-CSR"} == {one.reason.code for one in usual.steps if one.kind is StepKind.CSR_GENERATE}
    assert ["UCM-CSR-010", "UCM-CSR-010"] == codes(planned(OLD, rules(names=("x.lab.example",)), "ipsec"))
    assert "UCM-CSR-009" in codes(planned(OLD, rules(names=("x.lab.example", "y.lab.example")), "ipsec"))


def test_what_the_node_says_of_itself_is_believed_before_todays_certificate() -> None:
    told = WebSecurity(
        subject={"organisation": "Lab", "unit": "UC", "locality": "Lyon", "state": "ARA", "country": "FR"},
        names=("ip:10.0.0.9",),
    )
    csr = rules(organisation="Lab", country="FR", names=("10.0.0.9",))
    one = next(one for one in seen(NEW, csr, "tomcat", told=told) if one.node == NEW.publisher.node.name)
    assert ("Lab", "node", "node", "") == field(one, "organisation")
    assert ("", ()) == (one.command, one.findings)
    other = rules(organisation="Hospital of Lyon", names=("10.0.0.8",))
    wanted = next(one for one in seen(NEW, other, "tomcat", told=told) if one.node == NEW.publisher.node.name)
    assert 'set web-security UC "Hospital of Lyon" Lyon ARA FR 10.0.0.8' == wanted.command


@pytest.mark.parametrize(
    ("whole", "csr", "purpose", "code"),
    [
        (NEW, rules(node="cucm-sub9", rsa_bits=2048), "tomcat", "UCM-CSR-001"),
        (
            cluster(node_facts("a" * 50, Role.PUBLISHER)),
            rules("tomcat", distribution="multi-server"),
            "tomcat",
            "UCM-CSR-002",
        ),
        (
            NEW,
            CsrRules(rows=(*rules("tomcat", distribution="multi-server").rows, *rules(names=("10.0.0.1",)).rows)),
            "tomcat",
            "UCM-CSR-003",
        ),
        (PHONES, rules("CallManager", rsa_bits=4096), "CallManager", "UCM-CSR-007"),
        (NEW, rules(unit="UC"), "tomcat", "UCM-CSR-012"),
    ],
)
def test_what_cannot_be_or_hurts_is_said_in_the_plan(whole: Cluster, csr: CsrRules, purpose: str, code: str) -> None:
    assert code in codes(planned(whole, csr, purpose))


def test_a_voice_node_takes_no_stronger_hash_than_it_knows() -> None:
    voice = cluster(node_facts("cuc-pub", Role.UNITY_CONNECTION))
    asked = planned(voice, rules(hash="sha512"), "tomcat")
    assert ["UCM-CSR-004"] == codes(asked)
    assert "sha256" == next(one for one in asked.steps if one.kind is StepKind.CSR_GENERATE).detail["hash"]


def test_a_purpose_that_becomes_multi_server_changes_on_all_its_nodes_and_back() -> None:
    csr = rules("tomcat", distribution="multi-server")
    made = planned(NEW, csr, "tomcat")
    assert {"cucm-pub.lab.example"} == {one.shared_from for one in made.items}
    assert 4 == len(made.items)
    assert ["multi-server"] == [one.detail["distribution"] for one in made.steps if one.kind is StepKind.CSR_GENERATE]
    assert 3 == sum(one.kind is StepKind.IDENTITY_SPREAD for one in made.steps)
    narrowed = select(NEW, now=NOW, threshold_days=30, purposes=("tomcat",), nodes=("cucm-sub1",), csr=csr)
    assert 4 == len(narrowed)
    alone = select(
        NEW, now=NOW, threshold_days=30, purposes=("tomcat",), csr=rules("tomcat", distribution="this-server")
    )
    assert ({""}, ()) == (
        {one.shared_from for one in alone},
        refused(NEW, now=NOW, threshold_days=30, purposes=("tomcat",), csr=csr),
    )


def came_out(**changes: object) -> CertificateRequest:
    made = request("cucm-pub.lab.example", ("dns:cucm-pub.lab.example", "dns:x.lab.example"), key="rsa").request
    return msgspec.structs.replace(
        made,
        **{
            "key_usage": ("digital_signature", "data_encipherment"),
            "extended_key_usage": (SERVER_AUTH, CLIENT_AUTH),
            **changes,
        },
    )


def compared(csr: CsrRules, made: CertificateRequest, *, others: tuple[str, ...] = ()) -> dict[str, bool]:
    facts = NEW.publisher
    detail = csr_detail(facts, "tomcat", csr)
    found: tuple[Difference, ...] = differences(expected(facts, "tomcat", detail), made, facts, "tomcat", others)
    return {one.field: one.holds for one in found}


def test_a_csr_that_is_as_foretold_differs_in_nothing() -> None:
    assert {} == compared(rules(rsa_bits=2048, names=("X.lab.example",)), came_out())


@pytest.mark.parametrize(
    ("changes", "field_name", "holds"),
    [
        ({"key": "RSA 1024"}, "key", True),
        ({"sans": ("dns:cucm-pub.lab.example",)}, "names", True),
        (
            {"sans": ("dns:cucm-pub.lab.example", "dns:x.lab.example", "dns:cucm-sub1.lab.example")},
            "distribution",
            True,
        ),
        ({"common_name": "other.lab.example"}, "common_name", False),
        ({"signature_hash": "sha1"}, "hash", False),
        ({"subject": "CN=cucm-pub.lab.example,O=Other"}, "organisation", False),
        ({"key_usage": ("digital_signature",)}, "key_usage", False),
        ({"extended_key_usage": (SERVER_AUTH,)}, "extended_key_usage", False),
    ],
)
def test_names_key_and_distribution_hold_and_the_rest_is_told(
    changes: dict[str, object], field_name: str, holds: bool
) -> None:
    csr = rules(rsa_bits=2048, hash="sha256", names=("x.lab.example",), organisation="Lab")
    csr = CsrRules(rows=(*csr.rows, *rules("tomcat", distribution="this-server").rows))
    good = came_out(subject="CN=cucm-pub.lab.example,O=Lab")
    others = ("cucm-sub1.lab.example",)
    assert {} == compared(csr, good, others=others)
    assert {field_name: holds} == compared(csr, msgspec.structs.replace(good, **changes), others=others)


def test_what_nobody_chose_never_holds() -> None:
    worst = came_out(
        key="RSA 1024", sans=(), common_name="x", signature_hash="sha1", key_usage=(), extended_key_usage=()
    )
    assert {False} == set(compared(CsrRules(), worst).values())


@pytest.mark.parametrize("subject", ["CN=a,O=Cisco Systems\\, Inc.,C=FR", "L=GB, O=Cisco Systems, Inc., CN=a, C=FR"])
def test_a_subject_is_read_with_its_commas_in_either_spelling(subject: str) -> None:
    assert {"organisation": "Cisco Systems, Inc.", "country": "FR"}.items() <= subject_parts(subject).items()


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_page_and_the_plan_tell_every_setting(lang: str) -> None:
    csr = rules(rsa_bits=4096, names=("x.lab.example", "10.0.0.9"), organisation="Lab")
    page = render(csr_blocks(csr_shape(NEW, seen(NEW, csr, "tomcat"), ()), lang))
    for words in ("RSA 4096", "dns:x.lab.example", "ip:10.0.0.9", "set web-security <ou> Lab", "clientAuth"):
        assert words in page
    told = render(plan_blocks(planned(NEW, csr, "tomcat"), lang))
    assert "4096; " in told.replace("\n", " ")
    assert "x.lab.example, 10.0.0.9" in " ".join(told.split())
    assert RELEASE_14SU3.text in page
