"""Promise: inventory, findings, plan, runbook and times say what an operator must know, most urgent first."""

import msgspec
import pytest
from report_run import small_cluster, small_plan

from factory.certificates import DAY, NOW
from factory.clusters import cluster, node_facts, with_node
from ucmcert.model.cluster import Served
from ucmcert.model.finding import Finding, Severity
from ucmcert.model.node import Role
from ucmcert.plan.build import build
from ucmcert.plan.select import select
from ucmcert.report.inventory import inventory
from ucmcert.report.moments import clock, day, duration, stamp
from ucmcert.report.names import common_name, head
from ucmcert.report.pages.findings import findings_blocks
from ucmcert.report.pages.inventory_page import inventory_blocks
from ucmcert.report.pages.plan_page import plan_blocks, reason_words
from ucmcert.report.pages.runbook_page import runbook_blocks
from ucmcert.report.paper import markdown, plain
from ucmcert.report.words import speaker


def problem(code: str, severity: Severity) -> Finding:
    return Finding(code=code, severity=severity, where="here", what="what", why="why", next="next", source="source")


def test_the_inventory_starts_with_the_most_urgent_and_marks_what_is_over() -> None:
    whole = cluster(
        node_facts("cucm-pub", Role.PUBLISHER, tomcat_until=NOW + 300 * DAY),
        node_facts("cucm-sub1", Role.SUBSCRIBER, ipsec_until=NOW - 3 * DAY),
    )
    rows = plain.render(inventory_blocks(inventory(whole), "en")).splitlines()
    assert rows[7].split()[:5] == ["ipsec", "cucm-sub1.lab.example", "2026-09-18", "-3", "(expired)"]
    assert rows[-1].split()[:4] == ["tomcat", "cucm-pub.lab.example", "2027-07-18", "300"]


def test_the_inventory_tells_a_port_that_shows_another_certificate_or_nothing() -> None:
    whole = small_cluster()
    stranger = whole.nodes[1].served[0].leaf
    assert stranger is not None
    other = with_node(whole, "cucm-pub", served=(Served(port=443, leaf=stranger), Served(port=8443, leaf=stranger)))
    both = with_node(other, "cucm-sub1", served=(Served(port=443, leaf=None, problem="refused"),))
    shown = plain.render(inventory_blocks(inventory(both), "en"))
    assert f"another one: 443: {stranger.sha256[:16]}…, 8443: {stranger.sha256[:16]}…" in shown
    assert "no answer on 443" in shown
    assert "no TLS port" in shown


def test_findings_come_worst_first_and_are_counted() -> None:
    found = (problem("UCM-X-002", Severity.NOTICE), problem("UCM-X-001", Severity.ERROR))
    shown = plain.render(findings_blocks(found, "fr"))
    assert shown.startswith("ERREUR : 1, REMARQUE : 1\n\nERREUR  UCM-X-001  here : what\n\nRaison")
    assert "Aucun constat.\n" == plain.render(findings_blocks((), "fr"))


def test_a_plan_shows_its_digest_its_steps_with_reason_and_source_and_who_is_hit() -> None:
    plan = small_plan()
    shown = plain.render(plan_blocks(plan, "en"))
    assert plan.digest in shown
    assert [] == [step.id for step in plan.steps if step.id not in shown]
    assert "procedure.md 3.0 X7" in shown
    assert "Window         26 min" in shown
    assert "Web pages, AXL, REST, corporate directory" in shown
    assert shown.index("Prepare:") < shown.index("Cut over:")


def test_a_plan_says_what_a_person_must_do_around_single_sign_on() -> None:
    whole = with_node(small_cluster(), "cucm-pub", sso_enabled=True)
    plan = build(whole, select(whole, now=NOW, threshold_days=45), now=NOW)
    shown = plain.render(plan_blocks(plan, "fr"))
    assert "- Désactiver l'authentification unique SAML : " in shown
    assert "Clôture : " in shown
    assert "From SSO off" not in shown


def test_a_plan_with_nothing_due_says_so() -> None:
    assert "Nothing is due" in plain.render(plan_blocks(build(small_cluster(), (), now=NOW), "en"))


def test_a_reason_of_a_newer_release_keeps_its_recorded_words() -> None:
    assert "as recorded" == reason_words("UCM-STEP-TELEPORT", "as recorded", "fr")


@pytest.mark.parametrize(("lang", "wait"), [("en", r"Wait for [STARTED]."), ("fr", r"Attendez [STARTED].")])
def test_the_runbook_prints_as_text_and_as_markdown_with_its_own_numbers(lang: str, wait: str) -> None:
    blocks = runbook_blocks(small_plan(), small_cluster(), lang)
    text, ticket = plain.render(blocks), markdown.render(blocks)
    assert (
        f"16. cucm-pub.lab.example : utils service restart Cisco Tomcat. {wait}".replace(
            " :", ":" if lang == "en" else " :"
        )
        in text
    )
    assert "`utils service restart Cisco Tomcat`" in ticket
    assert "\n|---|---|---|---|\n" in ticket


def test_hostile_node_words_stay_words_in_the_runbook() -> None:
    whole = small_cluster()
    bad = "evil\n# x <script>"
    node = msgspec.structs.replace(whole.nodes[0].node, name=bad)
    renamed = with_node(whole, "cucm-pub", node=node)
    ticket = markdown.render(runbook_blocks(small_plan(renamed), renamed, "en"))
    assert "<script" not in ticket
    assert not [one for one in ticket.splitlines() if one.startswith("# x")]
    assert "evil\\\\n# x &lt;script>" in ticket


def test_times_are_utc_and_say_so_and_no_date_is_too_wild() -> None:
    assert ("2026-09-21 14:13:20 UTC", "2026-09-21", "14:13:20Z") == (stamp(NOW), day(NOW), clock(NOW))
    assert ("1e+30", "inf", "nan") == (stamp(1e30), day(float("inf")), clock(float("nan")))


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0 s"), (48.4, "48 s"), (65, "1 min 5 s"), (240, "4 min"), (3 * 3600 + 12 * 60, "3 h 12 min"), (-5, "0 s")],
)
def test_durations_are_told_in_their_two_largest_units(seconds: float, said: str) -> None:
    assert said == duration(seconds, speaker("en"))
    assert "4 j 3 h" == duration(4 * DAY + 3 * 3600, speaker("fr"))


def test_names_are_short_and_never_lost() -> None:
    assert "Example CA" == common_name("CN=Example CA,O=Example,C=FR")
    assert "not a subject" == common_name("not a subject")
    assert ("-", "ab" * 8 + "…", "ab" * 32) == (head(""), head("ab" * 32), head("ab" * 32, whole=True))
