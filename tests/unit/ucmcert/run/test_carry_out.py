"""Promise: a step is looked at, done once and proved; doubt is observed, a surprise stops all, nothing repeats."""

from pathlib import Path

import pytest
from fake_cluster import CA, RESTART_S, World, open_gate, unknown

from factory.certificates import DAY, NOW, Requested, authority, request, self_signed, sign
from ucmcert.errors import Refused, UsageError
from ucmcert.model.event import (
    Acted,
    AnyEvent,
    CertificateIssued,
    Doubted,
    Held,
    Intended,
    TicketTaken,
    Verified,
    Waiting,
)
from ucmcert.model.plan import Phase, Step
from ucmcert.model.signing import Issued, Profile
from ucmcert.run.ledger import open_ledger
from ucmcert.run.limits import Limits
from ucmcert.run.observation import Outside
from ucmcert.run.outcome import Outcome

HOST = "cucm-sub1"
CSR, SIGN, TRUST, IDENTITY, DRF_LOCAL = (
    f"ipsec/{HOST}/{rest}"
    for rest in ("csr.generate", "csr.sign", "trust.upload", "identity.upload", "service.restart/Cisco DRF Local")
)
ACTS = [
    ("generate_csr", CSR),
    ("upload_trust", TRUST),
    ("upload_identity", IDENTITY),
    ("restart_service", DRF_LOCAL),
]
WORDS = "CSR Public Key and Certificate Public Key Do Not Match."


def one_node(**more: object) -> World:
    """ipsec of one subscriber: seven steps, and the publisher's DRF Master among them."""
    return World(nodes=(HOST,), **more)


def held(world: World) -> Held:
    found = world.of(Held)
    assert 1 == len(found)
    return found[0]


def refusal(words: str = WORDS) -> Refused:
    return Refused("UCM-UPLOAD-E3", "the node refused", where=HOST, why="another key", next="look", answer=words)


def at_event(world: World, kind: type, step: str, act: object) -> None:
    """Call `act` once, when that event is in the ledger."""
    seen: list[AnyEvent] = []

    def watch(event: AnyEvent) -> None:
        if type(event) is kind and event.step == step and not seen:
            seen.append(event)
            act()

    world.on_event = watch


def times_of_acts(world: World) -> list[tuple[float, str]]:
    found: list[tuple[float, str]] = []
    world.client.before_act = lambda verb, host: found.append((world.clock.now(), verb))
    return found


def nothing_acts_after_the_hold(world: World) -> bool:
    place = next(at for at, one in enumerate(world.journal) if isinstance(one, Held))
    return [] == [one for one in world.journal[place:] if isinstance(one, tuple)]


def test_an_undisturbed_node_is_renewed_with_every_act_made_once() -> None:
    world = one_node()
    assert Outcome.DONE is world.run()
    assert [
        ("generate_csr", HOST, "ipsec"),
        ("upload_trust", HOST, "ipsec Example Root CA"),
        ("upload_trust", HOST, "ipsec Example Issuing CA"),
        ("upload_identity", HOST, "ipsec"),
        ("restart_service", "cucm-pub", "Cisco DRF Master"),
        ("restart_service", HOST, "Cisco DRF Local"),
    ] == world.client.acts
    assert [] == world.of(Held)
    assert {step.id for step in world.plan.steps} == set(world.history.done())


@pytest.mark.parametrize(("verb", "step"), ACTS)
def test_a_lost_answer_is_observed_and_what_shows_is_not_repeated(verb: str, step: str) -> None:
    world = one_node()
    world.client.order(verb, HOST, "lost")
    assert Outcome.DONE is world.run()
    assert len(set(world.client.acts)) == len(world.client.acts)
    assert [("UCM-NET-001", step)] == [(one.code, one.step) for one in world.of(Doubted, step)][:1]


@pytest.mark.parametrize(("verb", "step"), [act for act in ACTS if act[0] != "upload_trust"])
def test_one_lost_answer_is_one_intention(verb: str, step: str) -> None:
    world = one_node()
    world.client.order(verb, HOST, "lost")
    world.run()
    assert [1] == [one.attempt for one in world.of(Intended, step)]
    assert [] == world.of(Acted, step)
    assert [False] == [one.skipped for one in world.of(Verified, step)]


@pytest.mark.parametrize(("verb", "step"), ACTS)
def test_what_does_not_show_is_repeated_but_not_before_the_settling_time(verb: str, step: str) -> None:
    world = one_node()
    world.client.order(verb, HOST, "dropped")
    assert Outcome.DONE is world.run()
    first, second = world.of(Intended, step)
    assert (1, 2) == (first.attempt, second.attempt)
    harmless = verb == "upload_trust"
    assert second.at - first.at >= (world.limits.repeat_s if harmless else world.limits.settle_s)
    assert 1 == len(world.of(Acted, step))


@pytest.mark.parametrize(("verb", "step"), ACTS)
def test_what_never_left_us_is_tried_again_without_the_settling_time(verb: str, step: str) -> None:
    world = one_node()
    world.client.order(verb, HOST, "unsent")
    assert Outcome.DONE is world.run()
    first, second = world.of(Intended, step)
    assert second.at - first.at < world.limits.settle_s


@pytest.mark.parametrize("attempts", [1, 3])
@pytest.mark.parametrize(("verb", "step"), ACTS)
def test_after_the_allowed_attempts_the_run_is_held(verb: str, step: str, attempts: int) -> None:
    world = one_node(limits=Limits(attempts=attempts))
    world.client.order(verb, HOST, *["dropped"] * 5)
    assert Outcome.HELD is world.run()
    assert (step, "UCM-RUN-019") == (held(world).step, held(world).finding.code)
    assert str(attempts) == held(world).finding.values["attempts"]
    assert attempts == len(world.acts(verb, HOST))
    assert [] == world.of(Verified, step)


@pytest.mark.parametrize(("verb", "step"), ACTS)
def test_an_answered_act_that_never_shows_is_held_and_never_repeated(verb: str, step: str) -> None:
    world = one_node()
    world.client.order(verb, HOST, *["ignored"] * 5)
    assert Outcome.HELD is world.run()
    expected = "UCM-RUN-016" if verb == "upload_trust" else "UCM-RUN-017"
    assert (step, expected) == (held(world).step, held(world).finding.code)
    assert "Success" in held(world).answer
    assert len(set(world.client.acts)) == len(world.client.acts)
    assert held(world).at - world.of(Intended, step)[0].at >= world.limits.settle_s


@pytest.mark.parametrize(("verb", "step"), ACTS)
def test_a_refusal_holds_at_once_with_the_words_of_the_node(verb: str, step: str) -> None:
    world = one_node()
    world.client.order(verb, HOST, refusal())
    assert Outcome.HELD is world.run()
    assert (step, "UCM-UPLOAD-E3", WORDS) == (held(world).step, held(world).finding.code, held(world).answer)
    assert 1 == len(world.acts(verb, HOST))
    assert nothing_acts_after_the_hold(world)


@pytest.mark.parametrize("hundredths", range(60))
@pytest.mark.parametrize("verb", ["generate_csr", "upload_identity", "restart_service"])
def test_an_act_may_land_at_any_moment_of_our_looking(verb: str, hundredths: int) -> None:
    """Also between the two readings of one look, when the new identity is not seen yet and the CSR not any more."""
    world = one_node()
    world.client.order(verb, HOST, hundredths / 100)
    assert Outcome.DONE is world.run()
    assert 1 == len(world.acts(verb, HOST))


def test_a_refusal_of_what_shows_already_is_no_trouble() -> None:
    """The answer to the first upload was lost, the node took it late, and refuses the second: its CSR is used up."""
    world = one_node()

    def late(verb: str, host: str) -> None:
        if len(world.acts("upload_identity")) == 1 and verb == "upload_identity":
            here = world.client.nodes[HOST]
            here.identities["ipsec"] = world.history.issued[SIGN].leaf
            here.requests.clear()

    world.client.before_act = late
    world.client.order("upload_identity", HOST, "dropped", refusal("File ipsec.csr does not exist"))
    assert Outcome.DONE is world.run()
    assert 2 == len(world.acts("upload_identity"))


def test_our_own_trouble_in_an_act_is_held_too() -> None:
    world = one_node()
    trouble = UsageError("UCM-TLS-001", "another certificate", where=HOST, why="not the pinned one", next="ask")
    world.client.order("upload_identity", HOST, trouble)
    assert Outcome.HELD is world.run()
    assert ("UCM-TLS-001", "") == (held(world).finding.code, held(world).answer)


def test_a_reading_that_is_refused_holds() -> None:
    world = one_node()
    world.client.order("holding", HOST, refusal("Permission denied"))
    assert Outcome.HELD is world.run()
    assert "Permission denied" == held(world).answer
    assert [] == world.client.acts


def test_a_lost_reading_is_read_again_and_told_once() -> None:
    world = one_node()
    world.client.order("holding", HOST, *[unknown() for _ in range(9)])
    assert Outcome.DONE is world.run()
    assert 1 == len([one for one in world.of(Doubted, CSR) if one.code == "UCM-NET-001"])


def test_a_reading_that_stays_lost_is_held_when_patience_ends() -> None:
    world = one_node(limits=Limits(patience_s=60.0))
    world.client.order("holding", HOST, *[unknown() for _ in range(999)])
    assert Outcome.HELD is world.run()
    assert (CSR, "UCM-RUN-018") == (held(world).step, held(world).finding.code)
    assert "time-out" in held(world).finding.why
    assert 60.0 <= held(world).at - NOW < 70.0


def test_what_is_there_already_is_recorded_as_skipped_and_left_alone() -> None:
    world = one_node()
    world.client.nodes[HOST].trust["ipsec"] = list(CA.chain)
    assert Outcome.DONE is world.run()
    assert [] == world.acts("upload_trust")
    assert [] == world.of(Intended, TRUST)
    assert [True] == [one.skipped for one in world.of(Verified, TRUST)]


def test_only_what_is_missing_of_a_chain_goes_up() -> None:
    world = one_node()
    world.client.nodes[HOST].trust["ipsec"] = [CA.root.certificate]
    assert Outcome.DONE is world.run()
    assert [("upload_trust", HOST, "ipsec Example Issuing CA")] == world.acts("upload_trust")


def test_an_intention_is_on_disk_before_the_act_and_proof_comes_after(tmp_path: Path) -> None:
    """Read by a second connection at the very moment of the act, as after a power cut."""
    path = tmp_path / "ledger.sqlite"
    world = one_node(ledger=path)
    last: list[AnyEvent | None] = []

    def look(verb: str, host: str) -> None:
        reader = open_ledger(path, "demo", read_only=True)
        last.append([entry.event for entry in reader.entries()][-1])
        reader.close()

    world.client.before_act = look
    assert Outcome.DONE is world.run()
    intended = [one for one in last if isinstance(one, Intended)]
    steps = [CSR, TRUST, IDENTITY, "ipsec/cucm-pub/service.restart/Cisco DRF Master", DRF_LOCAL]
    assert steps == list(dict.fromkeys(one.step for one in intended))
    assert len(last) == len(intended)
    world.ledger.close()


def test_events_of_each_acting_step_stand_in_order() -> None:
    world = World()
    assert Outcome.DONE is world.run()
    for step in (one.id for one in world.plan.steps):
        kinds = [type(one) for one in world.events if getattr(one, "step", "") == step and type(one) is not Doubted]
        assert kinds in (
            [Intended, Acted, Verified],
            [Intended, TicketTaken, Acted, CertificateIssued, Verified],
            [Verified],
        )
    assert all(one.evidence for one in world.of(Verified))


def test_the_baseline_of_an_intention_is_what_was_seen_before_the_act() -> None:
    world = one_node()
    old = world.client.nodes[HOST].identities["ipsec"].sha256
    started = world.client.nodes[HOST].services["Cisco DRF Local"].up_at
    assert Outcome.DONE is world.run()
    assert [{"spki_sha256": ""}] == [one.baseline for one in world.of(Intended, CSR)]
    assert [{"sha256": old}] == [one.baseline for one in world.of(Intended, IDENTITY)]
    assert [started] == [float(one.baseline["started_at"]) for one in world.of(Intended, DRF_LOCAL)]


def test_a_strangers_csr_holds_everything_before_a_new_key_is_made() -> None:
    world = World()
    stranger = request("cucm-sub2.lab.example", key="ec", key_label="stranger")
    world.client.nodes["cucm-sub2"].requests["ipsec"] = stranger
    assert Outcome.HELD is world.run()
    assert "UCM-RUN-001" == held(world).finding.code
    assert nothing_acts_after_the_hold(world)
    assert stranger is world.client.nodes["cucm-sub2"].requests["ipsec"]
    assert [] == world.acts("generate_csr", "cucm-sub2")


def test_after_a_surprise_what_is_under_way_is_proved_and_nothing_else_begins() -> None:
    world = World()
    hand_made = self_signed("cucm-sub2.lab.example", not_after=NOW + 700 * DAY, key_label="by hand")

    def by_hand() -> None:
        world.client.nodes["cucm-sub2"].identities["ipsec"] = hand_made
        world.client.order("holding", "cucm-sub2", unknown())

    at_event(world, Verified, "ipsec/cucm-pub/identity.upload", by_hand)
    assert Outcome.HELD is world.run()
    assert ("ipsec/cucm-sub2/identity.upload", "UCM-RUN-003") == (held(world).step, held(world).finding.code)
    assert nothing_acts_after_the_hold(world)
    assert [] == world.acts("upload_identity", "cucm-sub2")
    assert [] == world.acts("restart_service")
    after = world.events[world.events.index(held(world)) :]
    assert {"ipsec/cucm-sub1/identity.upload", "ipsec/imp-pub/identity.upload"} == {
        one.step for one in after if isinstance(one, Verified)
    }


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda here: here.requests.clear(), "UCM-RUN-004"),
        (lambda here: here.requests.update(ipsec=request(here.node.name, key="ec", key_label="x")), "UCM-RUN-005"),
        (lambda here: here.identities.clear(), "UCM-RUN-003"),
    ],
)
def test_a_node_that_is_not_as_approved_gets_no_identity(change: object, code: str) -> None:
    world = one_node()
    at_event(world, Verified, TRUST, lambda: change(world.client.nodes[HOST]))
    assert Outcome.HELD is world.run()
    assert (IDENTITY, code) == (held(world).step, held(world).finding.code)
    assert [] == world.acts("upload_identity")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda here: here.services.pop("Cisco DRF Local"), "UCM-RUN-006"),
        (lambda here: setattr(here.services["Cisco DRF Local"], "down_for_good", "Commanded"), "UCM-RUN-007"),
    ],
)
def test_a_service_that_somebody_took_away_is_not_started_by_us(change: object, code: str) -> None:
    world = one_node()
    at_event(world, Verified, IDENTITY, lambda: change(world.client.nodes[HOST]))
    assert Outcome.HELD is world.run()
    assert (DRF_LOCAL, code) == (held(world).step, held(world).finding.code)
    assert [] == world.acts("restart_service", HOST)


def test_a_service_that_does_not_come_back_is_held_when_its_patience_ends() -> None:
    world = one_node()
    at_event(
        world,
        Acted,
        DRF_LOCAL,
        lambda: setattr(world.client.nodes[HOST].services["Cisco DRF Local"], "down_for_good", "Component crashed"),
    )
    assert Outcome.HELD is world.run()
    assert (DRF_LOCAL, "UCM-RUN-018") == (held(world).step, held(world).finding.code)
    assert "Component crashed" in held(world).finding.why
    assert 1 == len(world.acts("restart_service", HOST))


def test_a_service_has_a_patience_of_its_own() -> None:
    world = one_node(limits=Limits(patience_s=5.0, restart_s=RESTART_S + 20.0))
    assert Outcome.DONE is world.run()
    world = one_node(limits=Limits(patience_s=900.0, restart_s=RESTART_S - 20.0))
    assert Outcome.HELD is world.run()
    assert "UCM-RUN-018" == held(world).finding.code


def test_a_node_that_tells_no_start_times_is_believed_by_its_dialogue() -> None:
    world = one_node()
    world.client.nodes[HOST].services["Cisco DRF Local"].start_told = False
    assert Outcome.DONE is world.run()
    assert 1 == len(world.acts("restart_service", HOST))
    (proof,) = world.of(Verified, DRF_LOCAL)[0].evidence
    assert "dialogue" in proof.source


def test_a_closed_window_waits_and_touches_nothing_of_the_cut_over() -> None:
    world = one_node()
    asked: list[Phase] = []

    async def closed(step: Step) -> Outside | None:
        asked.append(step.phase)
        return Outside(who="window", what="closed", next="later") if step.phase is Phase.CUT_OVER else None

    world.gate = closed
    assert Outcome.WAITING is world.run()
    assert [(IDENTITY, "window")] == [(one.step, one.who) for one in world.of(Waiting)]
    assert [] == world.acts("upload_identity") + world.acts("restart_service")
    assert [] == world.of(Intended, IDENTITY)
    assert 3 == asked.count(Phase.PREPARE)

    world.gate = open_gate
    assert Outcome.DONE is world.resume()
    assert 1 == len(world.acts("generate_csr"))


def test_the_window_is_not_asked_about_what_is_done_already() -> None:
    world = one_node()
    asked: list[str] = []

    async def note(step: Step) -> Outside | None:
        asked.append(step.id)
        return None

    world.gate = note
    world.client.nodes[HOST].trust["ipsec"] = list(CA.chain)
    world.run()
    assert TRUST not in asked
    assert IDENTITY in asked


def test_a_running_backup_is_waited_for_and_then_the_window_goes_on() -> None:
    world = one_node()
    world.client.nodes["cucm-pub"].backup_until = NOW + 300.0
    acts = times_of_acts(world)
    assert Outcome.DONE is world.run()
    assert min(at for at, verb in acts if verb in ("upload_identity", "restart_service")) >= NOW + 300.0
    assert ["UCM-RUN-013"] == [one.code for one in world.of(Doubted, "ipsec/cucm-pub/backup.idle")]


def test_a_backup_that_begins_in_the_window_is_waited_for_too() -> None:
    world = one_node()
    ends: list[float] = []

    def begin() -> None:
        ends.append(world.clock.now() + 200.0)
        world.client.nodes["cucm-pub"].backup_until = ends[0]

    at_event(world, Verified, IDENTITY, begin)
    acts = times_of_acts(world)
    assert Outcome.DONE is world.run()
    assert min(at for at, verb in acts if verb == "restart_service") >= ends[0]
    master = "ipsec/cucm-pub/service.restart/Cisco DRF Master"
    assert 1 == [one.code for one in world.of(Doubted, master)].count("UCM-RULE-004")


def test_a_backup_that_does_not_end_is_held() -> None:
    world = one_node()
    world.client.nodes["cucm-pub"].backup_until = NOW + 99_999.0
    assert Outcome.HELD is world.run()
    assert "UCM-RUN-018" == held(world).finding.code
    world = one_node()
    at_event(world, Verified, IDENTITY, lambda: setattr(world.client.nodes["cucm-pub"], "backup_until", NOW + 99_999.0))
    assert Outcome.HELD is world.run()
    assert "UCM-RULE-004" == held(world).finding.code
    assert [] == world.acts("restart_service")


def test_another_node_on_its_way_up_is_waited_for() -> None:
    world = one_node()
    up: list[float] = []

    def move() -> None:
        up.append(world.clock.now() + 240.0)
        world.client.nodes["imp-pub"].services["Cisco Tomcat"].up_at = up[0]

    at_event(world, Verified, IDENTITY, move)
    acts = times_of_acts(world)
    assert Outcome.DONE is world.run()
    assert min(at for at, verb in acts if verb == "restart_service") >= up[0]
    assert 1 == [one.code for one in world.of(Doubted)].count("UCM-RULE-011")


def test_another_node_that_never_comes_up_is_held() -> None:
    world = one_node()
    late = NOW + 99_999.0
    at_event(
        world,
        Verified,
        IDENTITY,
        lambda: setattr(world.client.nodes["imp-pub"].services["Cisco Tomcat"], "up_at", late),
    )
    assert Outcome.HELD is world.run()
    assert ("UCM-RULE-011", {"other": "imp-pub.lab.example", "services": "Cisco Tomcat"}) == (
        held(world).finding.code,
        held(world).finding.values,
    )
    assert [] == world.acts("restart_service")


def test_a_last_look_that_is_lost_is_taken_again() -> None:
    world = one_node()
    at_event(world, Verified, IDENTITY, lambda: world.client.order("backup", "cucm-pub", unknown(), unknown()))
    assert Outcome.DONE is world.run()
    assert 2 == len(world.acts("restart_service"))


def test_an_answer_of_the_ca_that_cucm_would_refuse_is_held_before_anything_is_uploaded() -> None:
    world = one_node()

    def other_names(asked: Requested, profile: Profile) -> Issued:
        leaf = sign(asked, CA.intermediate, sans=(*asked.request.sans, "dns:www.lab.example"))
        return Issued(leaf=leaf, chain=CA.chain)

    world.authority.spoil = other_names
    assert Outcome.HELD is world.run()
    assert (SIGN, "UCM-SAN-001") == (held(world).step, held(world).finding.code)
    assert [("generate_csr", HOST, "ipsec")] == world.client.acts
    assert [] == world.of(CertificateIssued)

    world.authority.spoil = lambda asked, profile: None
    assert Outcome.DONE is world.resume()
    assert 1 == len(world.acts("generate_csr"))
    assert [(HOST, "ipsec")] == world.authority.submitted


def test_a_chain_that_the_trust_store_would_ignore_is_held_and_not_uploaded() -> None:
    world = one_node()
    newer = authority("Example Root CA", key="ec", key_label="re-keyed", not_before=NOW - DAY).certificate
    world.client.nodes[HOST].trust["ipsec"] = [newer]
    assert Outcome.HELD is world.run()
    assert (TRUST, "UCM-RULE-007") == (held(world).step, held(world).finding.code)
    assert "UCM-TRUST-002" in held(world).finding.values["codes"]
    assert held(world).at - world.of(Verified, SIGN)[0].at < 5.0
    assert [] == world.acts("upload_trust") + world.acts("upload_identity")


def test_an_issuer_that_vanished_from_the_trust_store_holds_the_identity() -> None:
    world = one_node()
    at_event(world, Verified, TRUST, world.client.nodes[HOST].trust.clear)
    assert Outcome.HELD is world.run()
    assert (IDENTITY, "UCM-RULE-007") == (held(world).step, held(world).finding.code)
    assert "UCM-TRUST-001" in held(world).finding.values["codes"]
    assert [] == world.acts("upload_identity")


def test_a_refusal_of_the_ca_is_held_with_its_words() -> None:
    world = one_node()
    world.authority.troubles.append(refusal("policy: no such template"))
    assert Outcome.HELD is world.run()
    assert (SIGN, "policy: no such template") == (held(world).step, held(world).answer)
    assert Outcome.DONE is world.resume()
    assert 1 == len(world.acts("generate_csr"))


def test_a_lost_answer_of_the_ca_is_asked_for_again() -> None:
    world = one_node()
    world.authority.troubles.append(unknown())
    assert Outcome.DONE is world.run()
    assert 2 == len(world.authority.submitted)


def test_a_restart_takes_the_time_it_takes() -> None:
    world = one_node()
    assert Outcome.DONE is world.run()
    (acted,), (proved,) = world.of(Acted, DRF_LOCAL), world.of(Verified, DRF_LOCAL)
    assert RESTART_S <= proved.at - acted.at <= RESTART_S + 2 * world.limits.poll_last_s


@pytest.mark.parametrize("verb", ["backup", "services"])
def test_a_last_look_that_is_refused_holds(verb: str) -> None:
    world = World()
    host = "cucm-pub" if verb == "backup" else "imp-pub"
    at_event(
        world,
        Verified,
        "ipsec/cucm-pub/service.restart/Cisco DRF Master",
        lambda: world.client.order(verb, host, refusal("Permission denied")),
    )
    assert Outcome.HELD is world.run()
    assert "Permission denied" == held(world).answer


def test_a_node_that_takes_no_connection_for_half_a_minute_is_waited_for() -> None:
    world = one_node()
    began: list[float] = []

    def refuse(verb: str, host: str) -> None:
        if verb == "restart_service" and host == HOST:
            began.append(world.clock.now())
            if world.clock.now() < began[0] + 30.0:
                raise unknown(sent=False)

    world.client.before_act = refuse
    assert Outcome.DONE is world.run()


def test_a_hold_ends_the_waiting_of_other_steps() -> None:
    world = World()

    def trouble() -> None:
        world.client.nodes["cucm-pub"].backup_until = world.clock.now() + 9999.0
        world.client.nodes["cucm-sub2"].identities.clear()

    at_event(world, Verified, "ipsec/cucm-pub/identity.upload", trouble)
    assert Outcome.HELD is world.run()
    assert "UCM-RUN-003" == held(world).finding.code
    assert world.clock.now() - held(world).at < 60.0
