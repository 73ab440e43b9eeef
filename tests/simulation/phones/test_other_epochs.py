"""Promise: the rarer epochs keep every phone: reused tomcat, ITLRecovery, token CTLs, shared certificates, choices."""

from pathlib import Path

import pytest

from simulation.acts import NEW_CA, RESTART, UPLOAD, Told, nobody, renewed
from simulation.end_state import end_state
from simulation.phones.cells import RELEASES
from simulation.phones.runs import OPEN_PAGES, REISSUING
from simulation.world import Wish, World, in_world
from ucmcert.model.event import AnyEvent, Held, Intended, Verified
from ucmcert.plan.options import Options
from ucmcert.run.history import History
from ucmcert.run.outcome import Outcome
from ucmlab.cluster.phones.boot import fetch, play
from ucmlab.cluster.phones.memory import Phone
from ucmlab.cluster.phones.trust import TrustState
from ucmlab.scenarios.schema import NodeSpec, PhonesSpec, Scenario

PUB, SUB = "cucm-pub", "cucm-sub1"
HOSTS = (PUB, SUB)
ANCHORS = ("CAPF", "CallManager", "TVS")
SHARED = ("tomcat", "CallManager")
TVS, TFTP, CALLS, CTI = "Cisco Trust Verification Service", "Cisco Tftp", "Cisco CallManager", "Cisco CTIManager"
HAPROXY = "Cisco HAProxy"
OLDEST = "9.1.2.10000-28"
RELEASE_14 = "14SU3"


def cluster(release: str, *, mixed: bool, switches: dict[str, str] | None = None, **more: object) -> Scenario:
    """Two nodes; phones of a group of two and of one, with pages and without, secure if mixed, one without lists."""
    every = [
        PhonesSpec(count=2, pool="Pair", group=HOSTS, secure=mixed, page_share=1.0, slow_share=0.0),
        PhonesSpec(count=1, pool="Alone", group=(SUB,), page_share=0.0, slow_share=0.0),
        PhonesSpec(count=1, pool="Alone", group=(SUB,), sbd=False, model="CP-7940", protocol="SCCP", slow_share=0.0),
    ]
    return Scenario(
        name="epochs",
        title=f"{release} {'mixed' if mixed else 'non-secure'}",
        version=RELEASES.get(release, release),
        mixed=mixed,
        nodes=(NodeSpec(name=PUB, role="publisher"), NodeSpec(name=SUB, role="subscriber")),
        phones=tuple(every),
        switches=switches or {},
        **more,  # type: ignore[arg-type]
    )


def assert_all_trust(told: Told) -> None:
    assert (Outcome.DONE, 0) == (told.outcome, told.phones.open_certificates), told.stop
    assert (0, 0) == (told.phones.locked, told.phones.unregistered)
    assert told.phones.with_lists == told.phones.trusted


def one_by_one(*services: str) -> list[str]:
    return [f"{host}/{service}" for service in services for host in HOSTS]


MODES = pytest.mark.parametrize("mixed", [False, True], ids=["non-secure", "mixed"])


@MODES
@pytest.mark.parametrize(
    ("release", "shown", "resets"),
    [(RELEASE_14, "both", "at-upload"), (RELEASE_14, "hidden", "after-rebuild"), ("15SU2", "hidden", "at-upload")],
)
def test_a_tomcat_that_callmanager_reuses_is_a_callmanager_epoch(
    release: str, shown: str, resets: str, mixed: bool, tmp_path: Path
) -> None:
    scenario = cluster(
        release, mixed=mixed, reuse_tomcat=True, switches={"reuse_shown": shown, "automatic_reset": resets}
    )
    told = renewed(scenario, Wish(purposes=SHARED, force=True, options=OPEN_PAGES), tmp_path)
    assert_all_trust(told)
    assert [f"tomcat/{PUB}"] == told.of_kind(UPLOAD)
    assert {"tomcat"} == {item.purpose for item in told.plan.items}
    updates = [f"CallManager/{PUB}/ctl.update"] if mixed else []
    assert updates == [one for one in told.acts if "ctl.update" in one]
    assert one_by_one(TVS, TFTP, CALLS, CTI, HAPROXY) == told.restarts("CallManager")
    order = [
        f"tomcat/{PUB}/trust.upload/CallManager-trust",
        f"tomcat/{PUB}/{UPLOAD}",
        f"tomcat/{SUB}/{RESTART}/{TFTP}",
        *updates,  # once the phones that reset by themselves are quiet
        f"CallManager/{PUB}/{RESTART}/{TVS}",
        "CallManager/cluster/phones.reset/1/canary",
    ]
    assert sorted(told.place(one) for one in order) == [told.place(one) for one in order]
    quiet = told.proven.index(f"CallManager/{PUB}/phones.quiet")
    assert all(quiet < told.proven.index(one) for one in (*updates, f"CallManager/{PUB}/{RESTART}/{TVS}"))
    for host in HOSTS:
        assert (NEW_CA, True) == told.stored(host, "CallManager")[:2]
        assert {CALLS, CTI, TFTP} <= set(told.stored(host, "CallManager")[2])
        assert "3 cucm-pub/tomcat" not in told.end.lists[f"{host}/itl"]
        assert any("CallManager" in record for record in told.end.lists[f"{host}/itl"])
        assert told.holds_new_chain(host, "CallManager-trust")


class Doorkeeper:
    """Watches an ITLRecovery renewal: locks by state and time, and whether a phone that boots now is turned away."""

    def __init__(self, world: World) -> None:
        self._phones = world.lab.phones
        self._two_signers = False
        self.hard: set[str] = set()
        self.soft_outside: set[str] = set()
        self.soft_inside: set[str] = set()
        self.turned_away: set[str] = set()

    def hear(self, event: AnyEvent) -> None:
        """A phone is soft-locked, by definition, between the new key and the gate of the first pass."""
        if isinstance(event, Intended) and event.step.endswith("/identity.regenerate"):
            self._two_signers = True
        if isinstance(event, Verified) and event.step.endswith("/phones.gate/1/all"):
            self._two_signers = False
        for name in self._phones.names():
            state = self._phones.trust_state(name)
            if state is TrustState.HARD_LOCKED:
                self.hard.add(name)
            elif state is TrustState.SOFT_LOCKED:
                knows_lists = self._phones.phone(name).line.sbd  # who does not asks no TVS either (phones.md 1.6)
                if not self._two_signers or knows_lists:
                    (self.soft_inside if self._two_signers else self.soft_outside).add(name)
            if self._boots_now(name) == "failed":
                self.turned_away.add(name)

    def _boots_now(self, name: str) -> str:
        device = self._phones.phone(name)
        phone = Phone(name=name, tftp=device.line.tftp, sbd=device.line.sbd, memory=device.memory, cache=device.cache)
        return play(fetch(phone, self._phones._outcomes.rules), lambda ask: self._phones.answer_to(name, ask)).lists


def recovered(scenario: Scenario, folder: Path) -> tuple[Doorkeeper, list[str], dict[str, tuple[str, ...]]]:
    """Renew ITLRecovery alone; what was seen at the door, the acts, and the lists of the end."""

    async def run(world: World) -> tuple[Doorkeeper, list[str], dict[str, tuple[str, ...]]]:
        door, acts = Doorkeeper(world), []
        world.listeners += [door.hear, lambda event: acts.append(event.step) if isinstance(event, Intended) else None]
        outcome, history = await world.process(Wish(purposes=("ITLRecovery",), force=True, options=OPEN_PAGES))
        assert outcome is Outcome.DONE, history.stop
        counts = world.lab.phones.counts()
        assert {TrustState.TRUSTED, TrustState.BLANK} >= set(counts), counts
        back = {row.name for row in world.lab.phones.registrations() if row.status == "Registered"}
        assert set(world.lab.phones.names()) == back
        return door, acts, end_state(world.lab).lists

    return in_world(run, folder, of=scenario)


OTHER_VALUES: tuple[dict[str, str], ...] = (
    {"ctl_new_signer_via_tvs": "yes"},
    {"callmanager_sast_in_itl": "no"},
    {"tvs_knowledge": "live"},
    {"tvs_knowledge": "keeps-old"},
)
IN_TWO_PASSES: list[tuple[str, bool, dict[str, str]]] = [
    (release, mixed, {}) for release in ("12.5", RELEASE_14, "15SU2") for mixed in (False, True)
]
IN_TWO_PASSES += [(release, True, other) for release in ("12.5", RELEASE_14, "15SU2") for other in OTHER_VALUES]
IN_TWO_PASSES += [(RELEASE_14, False, other) for other in OTHER_VALUES]
IN_ONE_PASS = [(False, {}), *((True, other) for other in ({}, *OTHER_VALUES))]


@pytest.mark.parametrize(("release", "mixed", "switches"), IN_TWO_PASSES)
def test_a_new_itlrecovery_reaches_phones_in_two_passes(
    switches: dict[str, str], release: str, mixed: bool, tmp_path: Path
) -> None:
    door, acts, lists = recovered(cluster(release, mixed=mixed, switches=switches), tmp_path)
    assert (set(), set(), set()) == (door.hard, door.soft_outside, door.turned_away)
    strict = mixed and switches.get("ctl_new_signer_via_tvs") != "yes"
    assert strict == bool(door.soft_inside)  # phones.md 5.3: soft by ITLRecovery alone, which the first pass heals
    kind = "ctl" if mixed else "itl"
    order = [
        f"ITLRecovery/{PUB}/identity.regenerate",
        f"ITLRecovery/{PUB}/list.reset/{kind}",
        *([f"ITLRecovery/{PUB}/{RESTART}/{CALLS}", f"ITLRecovery/{SUB}/{RESTART}/{CTI}"] if mixed else []),
        "ITLRecovery/cluster/phones.reset/1/canary",
        "ITLRecovery/cluster/phones.reset/1/rest",
        *([f"ITLRecovery/{PUB}/ctl.update"] if mixed else []),
        f"ITLRecovery/{PUB}/{RESTART}/{TVS}",
        f"ITLRecovery/{SUB}/{RESTART}/{TFTP}",
        "ITLRecovery/cluster/phones.reset/2/canary",
        "ITLRecovery/cluster/phones.reset/2/rest",
    ]
    assert order == [one for one in acts if one in order]
    for host in HOSTS:
        for kept in ("itl", "ctl") if mixed else ("itl",):
            assert "ITLRecovery" in lists[f"{host}/{kept}"][0]


@pytest.mark.parametrize(("mixed", "switches"), IN_ONE_PASS)
def test_below_twelve_one_pass_carries_a_new_itlrecovery(switches: dict[str, str], mixed: bool, tmp_path: Path) -> None:
    door, acts, lists = recovered(cluster("11.5", mixed=mixed, switches=switches), tmp_path)
    assert (set(), set(), set(), set()) == (door.hard, door.soft_inside, door.soft_outside, door.turned_away)
    assert [f"ITLRecovery/{host}/identity.regenerate" for host in HOSTS] == [one for one in acts if "regenerate" in one]
    assert ["1/canary", "1/rest"] == [one.partition("phones.reset/")[2] for one in acts if "phones.reset" in one]
    assert not [one for one in acts if "list.reset" in one]
    for host in HOSTS:
        assert lists[f"{host}/itl"][0] == f"signed by {host}/CallManager"
        assert f"0 {host}/ITLRecovery" in lists[f"{host}/itl"]


def update_with_tokens(world: World, history: History) -> bool:
    """The person with the hardware token: updates the CTL when the run asks for it, and does nothing else."""
    asked = history.stop is not None and "etoken.ctl" in history.stop.step
    if asked:
        world.lab.trust_lists.update_ctl()
    return asked


@pytest.mark.parametrize(("release", "tokens"), [("12.5", True), (OLDEST, False)], ids=["12.5 by choice", "9.1"])
def test_a_run_waits_for_the_person_with_the_tokens(release: str, tokens: bool, tmp_path: Path) -> None:
    scenario = cluster(release, mixed=True, etoken=tokens)
    wish = Wish(purposes=ANCHORS, force=True, options=REISSUING)
    told = renewed(scenario, wish, tmp_path, person=update_with_tokens)
    assert_all_trust(told)
    asked = [f"{purpose}/{PUB}/person/etoken.ctl" for purpose in ("CAPF", "CallManager")]
    assert asked == list(told.waits)  # TVS is in no CTL
    assert not [one for one in told.acts if "ctl.update" in one]
    for purpose, person in zip(("CAPF", "CallManager"), asked, strict=True):
        restarts = [place for place, one in enumerate(told.proven) if one.startswith(f"{purpose}/") and RESTART in one]
        uploads = [place for place, one in enumerate(told.proven) if one.startswith(f"{purpose}/") and UPLOAD in one]
        assert max(uploads) < told.proven.index(person) < min(restarts)
    for host in HOSTS:
        assert "signed by -" == told.end.lists[f"{host}/ctl"][0]
        assert {f"2 {PUB}/CallManager", f"2 {SUB}/CallManager"} <= set(told.end.lists[f"{host}/ctl"])


def test_that_person_is_asked_for_the_ec_twin_as_well(tmp_path: Path) -> None:
    wish = Wish(purposes=("CallManager", "CallManager-ECDSA"), force=True, options=OPEN_PAGES)
    told = renewed(cluster("12.5", mixed=True, etoken=True), wish, tmp_path, person=update_with_tokens)
    assert_all_trust(told)
    assert [f"{purpose}/{PUB}/person/etoken.ctl" for purpose in wish.purposes] == list(told.waits)
    assert f"2 {SUB}/CallManager-ECDSA" in told.end.lists[f"{PUB}/ctl"]


def test_without_that_person_nothing_restarts_and_no_phone_is_reset(tmp_path: Path) -> None:
    scenario = cluster("12.5", mixed=True, etoken=True)
    told = renewed(scenario, Wish(purposes=("CallManager",), force=True, options=OPEN_PAGES), tmp_path, person=nobody)
    assert (Outcome.WAITING, "person") == (told.outcome, getattr(told.stop, "who", ""))
    assert not [one for one in told.acts if RESTART in one or "phones.reset" in one]
    assert (0, 0) == (told.phones.locked, told.phones.unregistered)


@pytest.mark.parametrize(("wanted", "mixed"), [(True, False), (True, True), (False, False)])
def test_the_unused_capf_of_a_subscriber_changes_only_when_asked_for(wanted: bool, mixed: bool, tmp_path: Path) -> None:
    scenario = cluster("12.5", mixed=mixed, ca_signed=("CAPF",))
    options = Options(pages="open-for-the-run", lsc="reissue", capf_subscribers=wanted)
    told = renewed(scenario, Wish(purposes=("CAPF",), force=True, options=options), tmp_path)
    assert_all_trust(told)
    unused = f"CAPF/{SUB}/identity.regenerate"
    assert ([unused] if wanted else []) == [one for one in told.acts if "regenerate" in one]
    issuer = told.stored(SUB, "CAPF")[0]
    assert issuer.startswith("CN=CAPF-" if wanted else "CN=Lab Issuing CA G1")
    assert NEW_CA == told.stored(PUB, "CAPF")[0]
    assert f"4 {PUB}/CAPF" in told.end.lists[f"{SUB}/itl"]
    if wanted:
        assert told.place(unused) < told.place(f"CAPF/{PUB}/{UPLOAD}")


SPREADS = {
    ("multi_server_spread", "seconds"): "",
    ("multi_server_spread", "after-sync"): "",
    ("multi_server_spread", "never"): f"tomcat/{SUB}/identity.spread UCM-RUN-018",
    ("rest_multi_san", "refuse"): f"tomcat/{PUB}/{UPLOAD} UCM-REST-003",
    ("rest_multi_san", "one-node"): f"tomcat/{SUB}/identity.spread UCM-RUN-018",
}


@pytest.mark.parametrize(
    ("switch", "mixed"),
    [*((switch, True) for switch in SPREADS), (("multi_server_spread", "after-sync"), False)],
)
def test_one_certificate_for_all_nodes_arrives_everywhere_or_the_run_says_where_it_did_not(
    switch: tuple[str, str], mixed: bool, tmp_path: Path
) -> None:
    scenario = cluster(
        RELEASE_14,
        mixed=mixed,
        ca_signed=("tomcat", "ipsec", "CallManager"),
        multi_server=SHARED,
        switches=dict([switch]),
    )
    told = renewed(scenario, Wish(purposes=SHARED, force=True, options=OPEN_PAGES), tmp_path)
    if SPREADS[switch]:
        assert isinstance(told.stop, Held), told.stop
        assert SPREADS[switch] == f"{told.stop.step} {told.stop.finding.code}"
        assert not [one for one in told.acts if RESTART in one]
        assert (0, 0, told.phones.with_lists) == (told.phones.locked, told.phones.unregistered, told.phones.trusted)
        return
    assert_all_trust(told)
    assert [f"{purpose}/{PUB}" for purpose in SHARED] == told.of_kind(UPLOAD)
    for purpose in SHARED:
        spread, restart = f"{purpose}/{SUB}/identity.spread", f"{purpose}/{PUB}/{RESTART}"
        first = next(place for place, one in enumerate(told.proven) if one.startswith(restart))
        assert told.proven.index(spread) < first
        assert all((NEW_CA, True) == told.stored(host, purpose)[:2] for host in HOSTS)


CHOICES = {
    "cisco-217138": Options(pages="open-for-the-run", restart_set="cisco-217138"),
    "tvs-first": Options(pages="open-for-the-run", order="tvs-first"),
    "at-once": Options(pages="open-for-the-run", reset="at-once"),
}


@pytest.mark.parametrize("choice", CHOICES)
def test_the_choices_an_operator_has_keep_every_phone(choice: str, tmp_path: Path) -> None:
    wish = Wish(purposes=ANCHORS, force=True, options=CHOICES[choice])
    told = renewed(cluster(RELEASE_14, mixed=True), wish, tmp_path)
    assert_all_trust(told)
    epochs = list(dict.fromkeys(one.split("/")[0] for one in told.acts if UPLOAD in one))
    assert (["CAPF", "TVS", "CallManager"] if choice == "tvs-first" else ["CAPF", "CallManager", "TVS"]) == epochs
    resets = {one.partition("phones.reset/")[2] for one in told.acts if "phones.reset" in one}
    assert ({"1/all"} if choice == "at-once" else {"1/canary", "1/rest"}) == resets
    asked = {one.partition(f"{RESTART}/")[2] for one in told.acts if RESTART in one}
    assert (choice != "cisco-217138") == (HAPROXY in asked)


LEFT_OUT = {  # where the run stands, and what a person restarts then
    "CAPF": ("CAPF/{host}/lists.check/itl,ctl", TFTP),
    "CallManager": ("CallManager/{host}/served.check", TFTP, CALLS),
    "TVS": ("TVS/{host}/lists.check/itl,ctl", TFTP),
}


@pytest.mark.parametrize("purpose", LEFT_OUT)
def test_the_set_of_the_guide_stops_before_any_reset_where_nodes_do_not_reload_by_themselves(
    purpose: str, tmp_path: Path
) -> None:
    """It leaves out Cisco Tftp, and CallManager from 14SU1: a person restarts them, and the run goes on."""
    options = Options(pages="open-for-the-run", restart_set="security-guide")
    holds: list[tuple[str, str]] = []

    def person(world: World, history: History) -> bool:
        if not isinstance(history.stop, Held) or len(holds) > 3:
            return False
        holds.append((history.stop.step, history.stop.finding.code))
        for node in world.lab.nodes.values():
            for name in LEFT_OUT[purpose][1:]:
                node.services[name].begin("restart")
        return True

    wish = Wish(purposes=(purpose,), force=True, options=options)
    told = renewed(cluster(RELEASE_14, mixed=True), wish, tmp_path, person=person)
    assert_all_trust(told)
    assert [(LEFT_OUT[purpose][0].format(host=holds[0][0].split("/")[1]), "UCM-RUN-018")] == holds
    assert not [one for one in told.restarts(purpose) if TFTP in one or CALLS in one]


def test_the_set_of_the_guide_is_enough_where_nodes_reload_by_themselves(tmp_path: Path) -> None:
    options = Options(pages="open-for-the-run", restart_set="security-guide")
    scenario = cluster(RELEASE_14, mixed=True, switches={"tftp_rebuild": "hot", "served_when": "at-once"})
    told = renewed(scenario, Wish(purposes=ANCHORS, force=True, options=options), tmp_path)
    assert_all_trust(told)
    assert {HAPROXY} == {one.partition(f"{RESTART}/")[2] for one in told.acts if RESTART in one}
