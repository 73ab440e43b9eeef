"""Promise: a person can do by hand what the plan does, step by step, in English and in French."""

import re

import msgspec
import pytest

from factory.certificates import DAY, NOW, self_signed
from factory.clusters import cluster, node_facts, with_node
from factory.phone_clusters import RELEASE_90, phone_cluster
from ucmcert.check.before import check
from ucmcert.knowledge.words import LANGUAGES
from ucmcert.model.cluster import Identity
from ucmcert.model.finding import Finding, Severity
from ucmcert.model.node import Role
from ucmcert.model.plan import Phase, StepKind
from ucmcert.plan.build import build
from ucmcert.plan.options import Options
from ucmcert.plan.runbook import STEP_CODES, runbook
from ucmcert.plan.select import select

WHOLE = cluster(
    node_facts("cucm-pub", Role.PUBLISHER, tomcat_until=NOW - DAY),
    node_facts("cucm-sub1", Role.SUBSCRIBER),
    node_facts("imp-pub", Role.IM_PRESENCE),
)
WHOLE = with_node(WHOLE, "cucm-pub", sso_enabled=True)
ITEMS = select(WHOLE, now=NOW, threshold_days=30)
PLAN = build(WHOLE, ITEMS, now=NOW, findings=check(WHOLE, ITEMS, now=NOW))
PAGES = {lang: runbook(PLAN, WHOLE, lang) for lang in LANGUAGES}


def numbered(text: str) -> list[str]:
    return re.findall(r"^\d+\. .*$", text, re.MULTILINE)


def place(text: str, piece: str) -> int:
    assert piece in text
    return text.index(piece)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_command_and_menu_stands_there_for_every_node(lang: str) -> None:
    page = PAGES[lang]
    for step in PLAN.steps:
        if step.kind is StepKind.SERVICE_RESTART:
            assert f"utils service restart {step.detail['service']}" in page
    for node in ("cucm-pub.lab.example", "cucm-sub1.lab.example", "imp-pub.lab.example"):
        assert f"{node}" in page
        assert f"https://{node}/" in page
    for literal in (
        "Generate CSR",
        "Download CSR",
        "tomcat-trust",
        "ipsec-trust",
        "utils disaster_recovery status backup",
        "utils dbreplication runtimestate",
        "utils ntp status",
        "utils sso status",
        "Control Center - Network Services",
        "Control Center - Feature Services",
    ):
        assert literal in page


@pytest.mark.parametrize("lang", LANGUAGES)
def test_steps_are_numbered_through_and_none_is_missing(lang: str) -> None:
    lines = numbered(PAGES[lang])
    before, after = 4, 4
    planned = [step for step in PLAN.steps if step.phase is not Phase.CLOSE]
    assert before + len(planned) + after == len(lines)
    middle = [int(line.split(".")[0]) for line in lines[before:-after]]
    assert list(range(1, len(planned) + 1)) == middle


def test_both_languages_give_the_same_steps_in_the_same_order() -> None:
    def shape(text: str) -> list[tuple[str, ...]]:
        return [tuple(re.findall(r"`[^`]*`|[a-z0-9-]+\.lab\.example", line)) for line in numbered(text)]

    assert shape(PAGES["en"]) == shape(PAGES["fr"])
    assert PAGES["en"] != PAGES["fr"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_order_of_the_window_is_the_plans(lang: str) -> None:
    page = PAGES[lang]
    window = page[place(page, "SAML Single Sign-On") :]
    assert place(window, "`utils service restart Cisco Intercluster Sync Agent`") < place(
        window, "cucm-pub.lab.example: `utils service restart Cisco Tomcat`".replace(":", " :" if lang == "fr" else ":")
    )
    tomcats = [
        place(window, f"{node}{' :' if lang == 'fr' else ':'} `utils service restart Cisco Tomcat`")
        for node in ("cucm-pub.lab.example", "cucm-sub1.lab.example", "imp-pub.lab.example")
    ]
    assert sorted(tomcats) == tomcats


def test_single_sign_on_goes_on_afterwards() -> None:
    for page, title in ((PAGES["en"], "## Afterwards"), (PAGES["fr"], "## Ensuite")):
        tail = page[place(page, title) :]
        assert "SP" in tail
        assert place(tail, "SSO") < place(tail, "Manual Backup")


def test_the_table_says_why_and_what_breaks_meanwhile() -> None:
    row = next(line for line in PAGES["en"].splitlines() if line.startswith("| cucm-pub.lab.example | tomcat |"))
    assert "It has expired" in row
    assert "SSO login" in row
    assert "2026-09-20" in row
    french = next(line for line in PAGES["fr"].splitlines() if line.startswith("| cucm-pub.lab.example | tomcat |"))
    assert row != french
    assert "It has expired" not in french


def test_french_pages_hold_no_english_sentence_of_ours() -> None:
    english = {step.reason.words for step in PLAN.steps} | {one.what for one in PLAN.findings}
    english |= {one.next for one in PLAN.findings} | {one.what for one in PLAN.forecast.impacts}
    assert [] == [text for text in english if text in PAGES["fr"]]


def test_findings_are_printed_and_one_we_have_no_words_for_is_printed_as_it_came() -> None:
    assert "**UCM-CHECK-014**" in PAGES["en"]
    stranger = Finding(
        code="UCM-ELSE-001", severity=Severity.WARNING, where="x", what="odd thing", why="y", next="look", source="s"
    )
    plan = build(WHOLE, ITEMS, now=NOW, findings=(stranger,))
    assert "**UCM-ELSE-001** (warning), x: odd thing. look" in runbook(plan, WHOLE, "fr")


def test_a_language_we_do_not_speak_is_refused() -> None:
    with pytest.raises(KeyError):
        runbook(PLAN, WHOLE, "tlh")


def test_a_small_plan_has_no_empty_headings() -> None:
    quiet = cluster(node_facts("cucm-pub", Role.PUBLISHER, services=("Cisco CallManager",)))
    items = select(quiet, now=NOW, threshold_days=30, purposes=("ipsec",))
    page = runbook(build(quiet, items, now=NOW), quiet, "en")
    assert "## Who notices" not in page
    assert "## What the checks say" not in page
    assert "{" not in page
    headings = [line for line in page.splitlines() if line.startswith("## ")]
    assert len(set(headings)) == len(headings)


PHONES = phone_cluster(mixed=True, silent=("SEP1",))
PHONE_PLAN = build(
    PHONES,
    select(PHONES, now=NOW, threshold_days=30, purposes=("CAPF", "CallManager", "TVS", "ITLRecovery")),
    now=NOW,
    options=Options(interaction="manual-for-the-run", pages="open-for-the-run"),
)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_phones_notice_can_be_done_by_hand_too(lang: str) -> None:
    page = runbook(PHONE_PLAN, PHONES, lang)
    for literal in (
        "utils ctl update CTLFile",
        "utils ctl reset localkey",
        "set cert regen ITLRecovery",
        "show itl",
        "Device Pool > Branch",
        "Phone Interaction on Certificate Update",
        "Web Access on",
        "utils service restart Cisco CTIManager",
        "utils disaster_recovery history backup",
    ):
        assert literal in page
    planned = [step for step in PHONE_PLAN.steps if step.phase is not Phase.CLOSE]
    assert 4 + len(planned) + 3 + 2 == len(numbered(page))
    assert "{" not in page
    assert "500" in page[page.index("##") :]


def test_a_multi_server_csr_and_a_ctl_of_tokens_are_spelled_out() -> None:
    whole = phone_cluster(release=RELEASE_90, mixed=True)
    plan = build(whole, select(whole, now=NOW, threshold_days=30, purposes=("CallManager",)), now=NOW)
    assert "Cisco CTL Client" in runbook(plan, whole, "en")
    shared = WHOLE
    for facts in shared.nodes:
        leaf = self_signed("cucm-pub-ms.lab.example", not_after=NOW + DAY, key_label="ms")
        held = msgspec.structs.replace(facts.holding, identities=(Identity(purpose="tomcat", certificate=leaf),))
        shared = with_node(shared, facts.node.host, holding=held)
    plan = build(shared, select(shared, now=NOW, threshold_days=30, purposes=("tomcat",)), now=NOW)
    page = runbook(plan, shared, "en")
    assert "Distribution: Multi-server (SAN)" in page
    assert "the same tomcat serial number as cucm-pub.lab.example" in page


def test_every_step_kind_has_its_sentence() -> None:
    assert set(StepKind) == {*STEP_CODES, StepKind.PERSON, StepKind.SERVICE_RESTART}
