"""Promise: whoever reads a run sees which phones it waits for, since when, by name, and who signed for the others."""

import pytest
from report_run import RUN, ledger, small_plan

from factory.certificates import NOW
from factory.clusters import cluster
from ucmcert.model.event import ExceptionsSigned, PhonesSeen, RunStarted, Verified
from ucmcert.model.phone import PhoneState, Proof
from ucmcert.report.json_shapes import run_shape
from ucmcert.report.pages.live import live_line
from ucmcert.report.pages.status_page import status_blocks
from ucmcert.report.pages.summary_page import summary_blocks
from ucmcert.report.paper import plain
from ucmcert.report.story import Story, tell

PLAN = small_plan()
GATE = PLAN.steps[0].id


def away(number: int) -> PhoneState:
    return PhoneState(name=f"SEP{number:012}", pool="Lyon", proof=Proof.AWAY, changed_at=NOW - 60)


def seen(at: float, *phones: PhoneState, **counts: int) -> PhonesSeen:
    return PhonesSeen(at=at, run=RUN, step=GATE, counts=counts, open=phones)


SIGNED = ExceptionsSigned(at=NOW + 30, run=RUN, step=GATE, phones=(away(1).name,), by="ana", why="in a box")


def told(*events: object) -> Story:
    begun = RunStarted(at=NOW, run=RUN, plan=PLAN, tool="ucmcert", approved_by="ana", before=cluster())
    return tell(ledger(begun, *events), RUN)  # type: ignore[arg-type]


def page(story: Story, lang: str = "en") -> str:
    return plain.render(status_blocks(story, lang, now=NOW + 60, working=False))


def test_the_last_look_counts_and_a_signature_takes_its_phones_out() -> None:
    first, last = (
        seen(NOW + 10, away(1), away(2), away(3), away=3),
        seen(NOW + 20, away(1), away(2), away=2, checksum=1),
    )
    story = told(first, last, SIGNED)
    (one,) = story.phones
    assert (NOW + 10, NOW + 20, None) == (one.since, one.seen_at, one.closed_at)
    assert {"away": 2, "checksum": 1} == one.counts
    assert [away(2).name] == [phone.name for phone in one.open]
    assert [("ana", "in a box")] == [(by.by, by.why) for by in one.signed]


def test_a_step_that_is_proven_has_nobody_open() -> None:
    proven = Verified(at=NOW + 40, run=RUN, step=GATE, evidence=())
    (one,) = told(seen(NOW + 10, away(1), away=1), proven).phones
    assert ((), NOW + 40) == (one.open, one.closed_at)


def test_status_shows_some_names_and_counts_the_others() -> None:
    text = page(told(seen(NOW + 10, *(away(number) for number in range(30)), away=30), SIGNED))
    assert "29 phones are still open" in text
    assert away(0).name in text
    assert away(29).name not in text
    assert "and 9 more" in text
    assert "ana signed for 1 phones" in text


def test_a_run_that_moves_no_phones_says_nothing_of_them() -> None:
    assert "Phones" not in page(told())
    assert () == run_shape(told(), ledger="l", evidence="").phones


def test_json_holds_every_open_phone() -> None:
    shape = run_shape(
        told(seen(NOW + 10, *(away(number) for number in range(30)), away=30), SIGNED), ledger="", evidence=""
    )
    (one,) = shape.phones
    assert 29 == len(one.open)
    assert ((away(1).name,), 0.0, {"away": 30}) == (one.signed, one.closed_at, one.counts)


@pytest.mark.parametrize(
    ("event", "lang", "words"),
    [
        (seen(NOW, away(1), away=1, checksum=4), "en", "4 shows the list served now"),
        (seen(NOW, *(away(number) for number in range(9)), away=9), "en", "9 still open: SEP000000000000"),
        (seen(NOW, checksum=4), "fr", "4 affiche la liste servie à présent"),
        (SIGNED, "en", "ana signs for 1 phones: in a box"),
        (SIGNED, "fr", "ana répond de 1 téléphones"),
    ],
)
def test_the_live_line_tells_a_look_and_a_signature(event: PhonesSeen, lang: str, words: str) -> None:
    assert words in plain.one_line(live_line(event, PLAN, lang))


def test_the_paper_of_a_run_names_everybody_who_was_signed_for() -> None:
    story = told(seen(NOW + 10, away(1), away=1), SIGNED)
    paper = plain.render(summary_blocks(story, "en", complete=False))
    assert "ana signed for 1 phones" in paper
    assert f"in a box: {away(1).name}" in paper
