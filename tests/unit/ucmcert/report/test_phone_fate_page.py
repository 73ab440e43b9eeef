"""Promise: the plan page says for each class of phones what this plan and the naive order would do to it."""

import pytest

from factory.certificates import NOW
from factory.clusters import cluster
from factory.phone_clusters import RELEASE_115, phone_cluster
from ucmcert.knowledge.words import LANGUAGES
from ucmcert.model.cluster import Cluster
from ucmcert.model.plan import Plan
from ucmcert.plan.build import build
from ucmcert.plan.select import select
from ucmcert.report.pages.phone_fate import class_words, phones_blocks
from ucmcert.report.pages.plan_page import plan_blocks
from ucmcert.report.paper import markdown
from ucmcert.report.words import speaker


def made(whole: Cluster, *purposes: str) -> Plan:
    return build(whole, select(whole, now=NOW, threshold_days=30, purposes=purposes), now=NOW)


def test_the_table_holds_a_row_per_class_with_both_orders() -> None:
    whole = phone_cluster(release=RELEASE_115, absent=("SEP1",))
    page = markdown.render(phones_blocks(made(whole, "CallManager", "TVS"), speaker("en")))
    rows = [line for line in page.splitlines() if line.startswith("| ")]
    two = (
        "| non-secure profile, 2 CallManager nodes, trust lists, web page | 450 | **none** | 450, a command mends it |"
    )
    assert two in rows
    assert any("1 CallManager nodes" in row and "no web page" in row and "50" in row for row in rows)
    assert any(row.startswith("| absent the whole time | 1 |") for row in rows)


def test_a_plan_no_phone_notices_has_no_such_table() -> None:
    assert [] == phones_blocks(made(cluster()), speaker("en"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_whole_plan_page_can_be_drawn(lang: str) -> None:
    page = markdown.render(plan_blocks(made(phone_cluster(mixed=True), "CAPF", "CallManager", "TVS"), lang))
    assert speaker(lang)("plan.phones") in page
    assert "{" not in page
    assert class_words("secure, group of 3, no lists, page", speaker(lang)) != class_words(
        "not secure, group of 3, lists, no page", speaker(lang)
    )
