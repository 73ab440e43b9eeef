"""Promise: what a report tells of a run is what its ledger says: times, waits, holds, states and what comes next."""

import msgspec
from report_run import RUN, ledger, small_plan, telling, until, whole_run

from factory.certificates import DAY, NOW
from ucmcert.model.event import (
    Acted,
    Doubted,
    Entry,
    Finished,
    Held,
    Intended,
    RunResumed,
    RunStarted,
    StateReached,
    TicketTaken,
    Verified,
    Waiting,
)
from ucmcert.model.states import State
from ucmcert.report.fingerprints import fingerprints
from ucmcert.report.pages.fingerprints_page import fingerprint_blocks
from ucmcert.report.pages.live import live_line
from ucmcert.report.pages.status_page import outcome_of, status_blocks
from ucmcert.report.paper import plain
from ucmcert.report.proof import proofs
from ucmcert.report.story import run_of, tell, upto
from ucmcert.run.ledger import digest_of
from ucmcert.run.outcome import Outcome

SIGN = "tomcat/cucm-pub/csr.sign"


def test_a_finished_run_is_done_and_every_step_is_proven() -> None:
    story = tell(whole_run(), RUN)
    assert Outcome.DONE == story.outcome
    assert {"verified"} == {one.standing for one in story.steps}
    assert () == story.open_pauses
    assert [("ca", 2 * DAY + 2), ("hold", 300)] == [
        (one.who, one.until - one.since) for one in story.pauses if one.until
    ]


def test_a_step_lasts_from_its_intention_to_its_proof() -> None:
    step = tell(whole_run(), RUN).step("tomcat/cucm-pub/csr.generate")
    assert (NOW + 1, NOW + 7, 1, "Success") == (step.began_at, step.ended_at, step.attempts, step.answer)


def test_a_step_that_only_looks_lasts_from_its_last_need() -> None:
    story = tell(whole_run(), RUN)
    check = story.step("tomcat/cucm-pub/served.check")
    assert max(story.step(need).ended_at or 0 for need in check.step.needs) == check.began_at


def test_a_run_at_the_ca_waits_and_says_since_when_and_for_what() -> None:
    story = tell(until(lambda one: isinstance(one, Waiting)), RUN)
    shown = plain.render(status_blocks(story, "en", now=story.last_at + 3 * DAY, working=False))
    assert Outcome.WAITING == story.outcome
    assert "waiting" == story.step(SIGN).standing
    assert "waiting for the CA  tomcat/cucm-pub/csr.sign  since 2026-09-21 14:13:29 UTC (3 d)" in shown
    assert "the CA has 4 CSRs" in shown
    assert f"To go on: ucmcert resume {RUN}" in shown


def test_the_same_wait_met_again_after_a_resume_counts_from_the_first_time() -> None:
    told = [one.event for one in until(lambda one: isinstance(one, Waiting)) if one.event]
    again = RunResumed(at=NOW + 500, run=RUN, tool="ucmcert")
    waits = Waiting(at=NOW + 501, run=RUN, step=SIGN, who="ca", what="the CA has 3 CSRs", next="hand them in")
    (pause,) = tell(ledger(*told, again, waits), RUN).open_pauses
    assert (NOW + 9, "the CA has 3 CSRs") == (pause.since, pause.what)


def test_a_held_run_shows_the_finding_and_the_nodes_own_answer_in_french() -> None:
    story = tell(until(lambda one: isinstance(one, Held)), RUN)
    shown = plain.render(status_blocks(story, "fr", now=story.last_at, working=False))
    assert Outcome.HELD == story.outcome
    assert "retenu par une règle de sécurité" in shown
    assert "UCM-RUN-018" in shown
    assert "  | Service Manager is busy" in shown


def test_a_hold_outweighs_a_wait_and_is_lifted_by_taking_the_run_up() -> None:
    told = [one.event for one in until(lambda one: isinstance(one, Held)) if one.event]
    waits = Waiting(at=NOW + 9e5, run=RUN, step="ipsec/x", who="person", what="w", next="n")
    assert Outcome.HELD == tell(ledger(*told, waits), RUN).outcome
    taken_up = tell(ledger(*told, RunResumed(at=NOW + 9e5, run=RUN, tool="t")), RUN)
    assert (None, ()) == (taken_up.outcome, taken_up.open_pauses)


def test_a_run_whose_process_died_in_an_act_is_told_apart_from_one_at_work() -> None:
    story = tell(until(lambda one: isinstance(one, Intended)), RUN)
    assert ("failed", "running") == (outcome_of(story), outcome_of(story, working=True))
    assert "Left open by the last process" in plain.render(status_blocks(story, "en", now=NOW + 60, working=False))
    working = plain.render(status_blocks(story, "en", now=NOW + 60, working=True))
    assert "At work now" in working
    assert "ucmcert resume" not in working


def test_an_unclear_step_says_that_it_is_looked_at_again() -> None:
    story = tell(until(lambda one: isinstance(one, Doubted)), RUN)
    shown = plain.render(status_blocks(story, "en", now=story.last_at + 5, working=True))
    assert "Restart Cisco Tomcat  since 2026-09-23 14:15:14 UTC (5 s)  (unclear, being looked at again)" in shown


def test_a_step_found_done_took_no_time_and_one_taken_up_after_a_crash_did() -> None:
    plan = small_plan()
    step = plan.steps[0]
    started = RunStarted(at=NOW, run=RUN, plan=plan, tool="t", approved_by="a")
    found = Verified(at=NOW + 5, run=RUN, step=step.id, evidence=(), skipped=True)
    meant = Intended(at=NOW + 1, run=RUN, step=step.id, attempt=1, baseline={})
    assert "found" == tell(ledger(started, found), RUN).steps[0].standing
    assert "verified" == tell(ledger(started, meant, found), RUN).steps[0].standing


def test_states_are_claimed_with_their_evidence_and_its_time() -> None:
    told = proofs(tell(whole_run(), RUN))
    served = next(one for one in told if (one.purpose, one.state) == ("tomcat", State.SERVED))
    assert ["tls cucm-pub.lab.example:443", "tls cucm-pub.lab.example:8443"] == [one.source for one in served.evidence]
    assert served.evidence[0].observed_at == served.at
    skipped = next(one for one in told if (one.purpose, one.state) == ("ipsec", State.SERVED))
    assert skipped.skipped.startswith("No TLS port")
    assert None is skipped.at


def test_a_state_is_not_reached_before_the_states_before_it() -> None:
    story = tell(until(lambda one: isinstance(one, StateReached) and one.state is State.UPLOADED), RUN)
    reached = {one.state for one in proofs(story) if (one.node[:8], one.purpose) == ("cucm-pub", "tomcat") and one.at}
    assert {State.ISSUED, State.UPLOADED} == reached


def test_fingerprints_are_those_served_before_and_after() -> None:
    work = telling()
    story = tell(ledger(*work.events()), RUN)
    pair = next(one for one in fingerprints(story) if (one.purpose, one.port) == ("tomcat", 8443))
    old = work.whole.publisher.served[1].leaf
    assert old is not None
    new = work.leaves[("cucm-pub.lab.example", "tomcat")].leaf.sha256
    assert (old.sha256, new, "served") == (pair.old, pair.new, pair.mark)
    assert new in plain.render(fingerprint_blocks(story, "en", whole=True))


def test_before_the_end_the_handshakes_of_the_run_are_what_was_served() -> None:
    story = tell(until(lambda one: isinstance(one, StateReached) and one.state is State.SERVED), RUN)
    marks = {(one.node[:8], one.purpose, one.port): one.mark for one in fingerprints(story)}
    assert "served" == marks[("cucm-pub", "tomcat", 443)]
    assert "not-yet" == marks[("cucm-sub", "tomcat", 443)]
    assert "not-yet" == marks[("cucm-pub", "ipsec", 0)]


def test_a_port_that_shows_a_strangers_certificate_is_marked() -> None:
    work = telling()
    events = list(work.events())
    end = events[-1]
    assert isinstance(end, Finished)
    after = work.after()
    stranger = after.nodes[1].served[0].leaf
    first = msgspec.structs.replace(
        after.nodes[0], served=(msgspec.structs.replace(after.nodes[0].served[0], leaf=stranger),)
    )
    changed = msgspec.structs.replace(after, nodes=(first, *after.nodes[1:]))
    story = tell(ledger(*events[:-1], msgspec.structs.replace(end, after=changed)), RUN)
    assert "other" == next(one.mark for one in fingerprints(story) if one.port == 443)


def test_live_lines_tell_time_node_purpose_and_state() -> None:
    plan = small_plan()
    reached = StateReached(
        at=NOW, run=RUN, node="cucm-pub.lab.example", purpose="tomcat", state=State.SERVED, sha256="ab" * 32
    )
    assert "14:13:20Z  cucm-pub.lab.example   tomcat  now served: abababababababab…" == plain.one_line(
        live_line(reached, plan, "en")
    )


def test_every_kind_of_event_has_a_live_line_in_both_languages() -> None:
    entries = whole_run()
    plan = small_plan()
    kinds = {type(one.event) for one in entries}
    assert {Acted, Doubted, TicketTaken, Waiting, Held, Finished} <= kinds
    for entry in entries:
        assert entry.event is not None
        for lang in ("en", "fr"):
            shown = plain.one_line(live_line(entry.event, plan, lang))
            assert "\n" not in shown
            assert len(shown) > len("14:13:20Z  ")


def test_an_event_of_a_step_the_plan_does_not_know_is_still_told() -> None:
    shown = live_line(Acted(at=NOW, run=RUN, step="phone/reset", answer="x"), small_plan(), "en")
    assert "14:13:20Z  phone/reset  the node answered: phone/reset" == plain.one_line(shown)


def test_a_later_run_changes_nothing_of_an_earlier_one() -> None:
    entries = ledger(*[one.event for one in whole_run() if one.event])
    other = msgspec.structs.replace(next(telling().events()), run="demo-2")
    longer = ledger(*[one.event for one in entries if one.event], other)
    assert len(entries) == len(upto(longer, RUN))
    assert tell(entries, RUN) == tell(longer, RUN)


def test_an_entry_of_an_unknown_kind_still_belongs_to_its_run() -> None:
    body = b'{"type":"phones_reset","at":1.0,"run":"demo-9","step":"x"}'
    entry = Entry(number=1, previous="0" * 64, digest=digest_of("0" * 64, body), body=body, event=None)
    assert "demo-9" == run_of(entry)
    assert "" == run_of(msgspec.structs.replace(entry, body=b"\xff not json"))
