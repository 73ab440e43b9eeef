"""Promise: the verdict is told in both languages with every number in it, and its CSV is a list somebody can walk."""

import csv
import io

import pytest

from ucmcert.plan.recovery import Fate, Holder, Verdict
from ucmcert.plan.recovery.restore import Restore
from ucmcert.plan.recovery.rows import Way
from ucmcert.plan.recovery.verdict import Judged
from ucmcert.plan.recovery.ways import Offer
from ucmcert.report.pages.recovery_page import SHOWN, recovery_blocks
from ucmcert.report.paper import plain
from ucmcert.report.recovery_shape import COLUMNS, csv_text, recover_shape


def holder(name: str, **changes: object) -> Holder:
    told = {"model": "Cisco 8845", "pool": "Main", "group": ("cucm-pub",), "itl": "ab" * 20, "seen_at": 1_790_000_000}
    return Holder(name=name, **{**told, **changes})


SOFT = Judged(holder=holder("SEP02"), fate=Fate.SOFT, way=Way.ITL_KEY)
HARD = Judged(holder=holder("SEP01", pool="=cmd()", seen_at=0), fate=Fate.HARD, way=Way.VISIT)
UNKNOWN = Judged(holder=holder("SEP03"), fate=Fate.UNKNOWN, way=Way.PROBE)
BEST = Offer(way=Way.ITL_KEY, helped=("SEP02",))


def verdict(*phones: Judged, best: Offer | None = BEST) -> Verdict:
    counts = {one.fate.value: 1 for one in phones}
    return Verdict(
        cluster="demo",
        observed_at=1_790_000_000.0,
        total=12,
        counts={**counts, "fine": 12 - len(phones)},
        phones=phones,
        offers=(Offer(way=Way.RESET, helped=()), BEST),
        best=best,
        restores=(Restore(file="day.tar", at=1_789_000_000.0, phones=("SEP01",)),),
        recovery_keys=("cd" * 32,),
        probes=("SEP03",),
    )


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_page_tells_who_is_lost_what_helps_and_whom_to_visit(lang: str) -> None:
    told = plain.render(recovery_blocks(verdict(HARD, SOFT, UNKNOWN), lang))
    for word in ("12", "SEP01", "=cmd()", "utils itl reset localkey", "day.tar", "SEP03", "cdcd"):
        assert word in told


def test_a_long_list_to_visit_is_cut_and_says_so() -> None:
    many = tuple(Judged(holder=holder(f"SEP{number:03}"), fate=Fate.HARD, way=Way.VISIT) for number in range(SHOWN + 7))
    told = plain.render(recovery_blocks(verdict(*many), "en"))
    assert "and 7 more" in told
    assert "SEP046" not in told


def test_nobody_lost_is_a_short_page_and_done() -> None:
    fine = Verdict(cluster="demo", observed_at=0.0, total=1, counts={"fine": 1}, phones=(), offers=(), best=None)
    shape = recover_shape(fine)
    assert ("done", "", {"fine": 1}) == (shape.outcome, shape.best, shape.counts)
    assert "holds what is served" in plain.render(recovery_blocks(fine, "en"))


def test_the_shape_names_the_way_and_an_unfinished_run() -> None:
    shape = recover_shape(verdict(SOFT), file="x.csv", resume="ucmcert resume R")
    assert ("waiting", Way.ITL_KEY, "x.csv") == (shape.outcome, shape.best, shape.file)
    assert [("reset", True, 0), ("itl-localkey-two-resets", True, 1)] == [(o.way, o.open, o.helps) for o in shape.ways]
    assert "findings" == recover_shape(verdict(SOFT)).outcome


def test_the_csv_has_a_row_per_phone_and_no_formula() -> None:
    rows = list(csv.DictReader(io.StringIO(csv_text((HARD, SOFT)))))
    assert list(COLUMNS) == list(rows[0])
    assert ["'=cmd()", "Main"] == [one["pool"] for one in rows]
    assert ["", "2026-09-21 14:13:20 UTC"] == [one["last_seen"] for one in rows]
    assert ["visit", "itl-localkey-two-resets"] == [one["way"] for one in rows]
