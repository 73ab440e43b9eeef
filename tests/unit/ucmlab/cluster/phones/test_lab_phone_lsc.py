# Promise: a renewed CAPF costs secure phones their registration, and CAPF gives them a way back when it is told to.
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from simulation.virtual_loop import run_virtually
from ucmlab.clock import LoopClock
from ucmlab.cluster.certificates.issuing import CA_USAGE
from ucmlab.cluster.certificates.records import CsrRequest
from ucmlab.cluster.cluster import Cluster
from ucmlab.cluster.opening import open_cluster
from ucmlab.cluster.phones.asks import UNREACHABLE, Answer, Ask, AskCapf, AskTvs, Enrolling, Pause, Vouching
from ucmlab.cluster.phones.boot import play
from ucmlab.cluster.phones.enrolment import COMPLETED, FAILED, PAUSE_S, Enrolled, enrol
from ucmlab.cluster.phones.memory import (
    BY_LSC,
    BY_MIC,
    BY_NULL_STRING,
    BY_STRING,
    DELETE,
    INSTALL,
    NOTHING_PENDING,
    Config,
    Memory,
    Mode,
    Phone,
)
from ucmlab.cluster.phones.rules import BootRules
from ucmlab.cluster.phones.trust import TrustState
from ucmlab.cluster.trust_lists.model import CAPF, TVS, Entry, TrustFile
from ucmlab.scenarios.schema import PhonesSpec
from unit.ucmlab.lab_bench import NOW, a_ca, in_lab, scenario, sign, state_folder, trust

CAPF_SERVICE, TFTP_SERVICE = "Cisco Certificate Authority Proxy Function", "Cisco Tftp"
TVS_SERVICE = "Cisco Trust Verification Service"
MANUAL = {"PhoneInteractionOnCertificateUpdate": "1"}
BY_NODE = tuple(
    PhonesSpec(count=2, secure=True, slow_share=0.0, pool=name, group=(name,))
    for name in ("cucm-pub", "cucm-sub1", "cucm-sub2")
)
NAMES = tuple(f"SEP0077AA{number:06X}" for number in range(1, 7))


def lsc_lab(
    test: Callable[[Cluster], Coroutine[Any, Any, None]], *, version: str = "14.0.1.13900-155", **switches: str
) -> None:
    in_lab(test, scenario("demo", version=version, mixed=True, phones=BY_NODE, parameters=MANUAL, switches=switches))


def registered(cluster: Cluster) -> int:
    return sum(cluster.phones.registered_at().values())


async def restart(cluster: Cluster, *names: str, wait_s: float = 120.0) -> None:
    for name in names:
        for node in cluster.nodes.values():
            if name in node.services and node.services[name].activated:
                node.services[name].begin("restart")
        await cluster.clock.sleep(wait_s)


async def renew_capf(cluster: Cluster) -> str:
    """A CA-signed CAPF with the name of its elder, then all that the procedure asks for up to the reset."""
    publisher = cluster.publisher
    csr = publisher.certificates.generate_csr("CAPF", CsrRequest())
    for store in ("CAPF-trust", "CallManager-trust"):
        trust(publisher, a_ca(), store)
    leaf = sign(csr, a_ca(), ca=True, usage=CA_USAGE)
    new = publisher.certificates.upload_identity("CAPF", [leaf]).sha256
    cluster.trust_lists.update_ctl()
    await cluster.clock.sleep(60)
    await restart(cluster, TVS_SERVICE, TFTP_SERVICE, CAPF_SERVICE)
    cluster.phones.reset_all()
    await cluster.clock.sleep(900)
    return new


def order(cluster: Cluster, mode: Mode = BY_NULL_STRING, operation: Any = INSTALL) -> None:
    for name in cluster.phones.names():
        cluster.phones.order_certificate(name, operation, mode)


@pytest.mark.parametrize(("switch", "back"), [("replaces", 0), ("keeps", 6)])
def test_a_signed_capf_breaks_the_lscs_of_its_elder_on_every_node_where_it_replaces_it(switch: str, back: int) -> None:
    async def test(cluster: Cluster) -> None:
        await renew_capf(cluster)
        assert back == registered(cluster)
        assert {TrustState.TRUSTED: 6} == cluster.phones.counts()

    lsc_lab(test, capf_same_name=switch)


def test_an_ordered_lsc_brings_refused_phones_back_without_anybody_at_them() -> None:
    async def test(cluster: Cluster) -> None:
        old = cluster.phones.phone(NAMES[0]).lsc
        new = await renew_capf(cluster)
        phones = tuple(cluster.phones.phones())
        assert ({old}, {"Rejected"}) == ({phone.lsc for phone in phones}, {phone.status for phone in phones})
        order(cluster)
        assert {"Operation Pending"} == {phone.certificate_status for phone in phones}
        await cluster.clock.sleep(600)
        assert 6 == registered(cluster)
        assert {(new, "Upgrade Success", NOTHING_PENDING)} == {
            (phone.lsc, phone.certificate_status, phone.record.operation) for phone in phones
        }
        assert {COMPLETED} == {phone.messages[-1] for phone in phones}
        cluster.phones.reset_all()
        await cluster.clock.sleep(900)
        assert 6 == registered(cluster)
        assert [()] * 6 == [phone.messages for phone in phones]

    lsc_lab(test)


def test_a_capf_that_does_not_run_fails_the_operation_after_three_tries_and_the_phone_goes_on() -> None:
    async def test(cluster: Cluster) -> None:
        old = cluster.phones.phone(NAMES[0]).lsc
        cluster.publisher.services[CAPF_SERVICE].begin("stop")
        await cluster.clock.sleep(60)
        order(cluster)
        cluster.phones.reset_all()
        await cluster.clock.sleep(900)
        found = {
            (phone.lsc, phone.certificate_status, phone.messages, phone.capf_tries) for phone in cluster.phones.phones()
        }
        assert {(old, "Upgrade Failed", (FAILED,), 3)} == found
        assert 6 == registered(cluster)

    lsc_lab(test)


def test_a_capf_that_comes_back_between_two_tries_is_used() -> None:
    async def test(cluster: Cluster) -> None:
        name, service = NAMES[0], cluster.publisher.services[CAPF_SERVICE]
        service.begin("stop")
        cluster.phones.order_certificate(name, INSTALL, BY_NULL_STRING)
        cluster.phones.reset([name])
        while not cluster.phones.phone(name).capf_tries:
            await cluster.clock.sleep(1)
        service.begin("start")
        await cluster.clock.sleep(200)
        phone = cluster.phones.phone(name)
        assert ("Upgrade Success", 2, True) == (phone.certificate_status, phone.capf_tries, phone.registered)

    lsc_lab(test)


def test_the_lsc_is_issued_by_the_capf_that_runs_not_by_the_one_uploaded() -> None:
    async def test(cluster: Cluster) -> None:
        old = cluster.phones.phone(NAMES[0]).lsc
        new = cluster.publisher.certificates.regenerate("CAPF").sha256
        for issuer, taken in ((old, 0), (new, 6)):
            order(cluster)
            cluster.phones.reset_all()
            await cluster.clock.sleep(900)
            found = {(phone.lsc, phone.certificate_status) for phone in cluster.phones.phones()}
            assert ({(issuer, "Upgrade Success")}, taken) == (found, registered(cluster))
            await restart(cluster, TFTP_SERVICE, CAPF_SERVICE)

    lsc_lab(test, version="12.5.1.11900-146")


@pytest.mark.parametrize(
    ("mode", "switch", "status"),
    [
        (BY_LSC, "any", "Upgrade Success"),
        (BY_LSC, "trusted", "Upgrade Failed"),
        (BY_MIC, "trusted", "Upgrade Success"),
        (BY_NULL_STRING, "trusted", "Upgrade Success"),
        (BY_STRING, "any", "Operation Pending"),
    ],
)
def test_how_a_phone_proves_itself_decides(mode: Mode, switch: str, status: str) -> None:
    async def test(cluster: Cluster) -> None:
        await renew_capf(cluster)
        order(cluster, mode)
        await cluster.clock.sleep(900)
        assert {status} == {phone.certificate_status for phone in cluster.phones.phones()}
        assert (6 if status == "Upgrade Success" else 0) == registered(cluster)

    lsc_lab(test, capf_takes_lsc=switch)


def test_a_deleted_lsc_leaves_the_phone_with_its_mic() -> None:
    async def test(cluster: Cluster) -> None:
        await renew_capf(cluster)
        order(cluster, operation=DELETE)
        await cluster.clock.sleep(600)
        assert {("", "Delete Success")} == {(phone.lsc, phone.certificate_status) for phone in cluster.phones.phones()}
        assert 6 == registered(cluster)

    lsc_lab(test)


def test_an_order_that_is_taken_back_is_not_carried_out() -> None:
    async def test(cluster: Cluster) -> None:
        old = cluster.phones.phone(NAMES[0]).lsc
        cluster.phones.order_certificate(NAMES[0], INSTALL, None)
        cluster.phones.order_certificate(NAMES[0], NOTHING_PENDING, None)
        cluster.phones.reset_all()
        await cluster.clock.sleep(900)
        phone = cluster.phones.phone(NAMES[0])
        assert (old, "None", ()) == (phone.lsc, phone.certificate_status, phone.messages)

    lsc_lab(test)


def test_an_order_and_what_became_of_it_outlive_the_lab(tmp_path: Path) -> None:
    async def once(again: bool) -> tuple[str, str, str]:
        folder = state_folder(tmp_path)
        folder.mkdir(exist_ok=True)
        of = scenario("single", mixed=True, phones=(PhonesSpec(count=1, secure=True, slow_share=0.0),))
        cluster = open_cluster(folder, of, clock=LoopClock(epoch=NOW), seed=7, calm=True)
        cluster.start()
        try:
            if again:
                cluster.phones.reset_all()
                await cluster.clock.sleep(900)
            else:
                cluster.phones.order_certificate(NAMES[0], INSTALL, BY_MIC)
            phone = cluster.phones.phone(NAMES[0])
            return phone.record.operation, phone.record.mode, phone.certificate_status
        finally:
            cluster.close()

    assert (INSTALL, BY_MIC, "Operation Pending") == run_virtually(once(False))
    assert (NOTHING_PENDING, BY_MIC, "Upgrade Success") == run_virtually(once(True))
    assert (NOTHING_PENDING, BY_MIC, "Upgrade Success") == run_virtually(once(True))


LEAF, OTHER = "a" * 64, "b" * 64
ORDERED = Config(group=("A",), operation=INSTALL, capf="A")


def asked_of(
    memory: Memory, *, presented: str = LEAF, granted: bool = True, roles: frozenset[int] = frozenset()
) -> tuple[Enrolled | None, list[Ask]]:
    asks: list[Ask] = []

    def answer(ask: Ask) -> Answer:
        asks.append(ask)
        if isinstance(ask, AskCapf):
            return Enrolling(presented, granted)
        return Vouching("tvs", roles) if isinstance(ask, AskTvs) else None if isinstance(ask, Pause) else UNREACHABLE

    return play(enrol(Phone(name=NAMES[0], tftp=("A",), memory=memory), BootRules()), answer), asks


def holding(*entries: Entry, config: Config = ORDERED) -> Memory:
    return Memory(itl=TrustFile("itl", b"", entries, "s", 0.0), config=config)


def test_capf_must_stand_in_a_held_list_or_be_vouched_for_in_its_own_role() -> None:
    known, asks = asked_of(holding(Entry(CAPF, LEAF)))
    assert (Enrolled(INSTALL, "done", LEAF), [AskCapf("A")]) == (known, asks)

    vouched, _ = asked_of(holding(Entry(TVS, "tvs")), roles=frozenset({CAPF}))
    assert vouched is not None
    assert ("done", LEAF, LEAF) == (vouched.outcome, vouched.issuer, vouched.learned[0].leaf)

    for roles in (frozenset[int](), frozenset({TVS})):
        stranger, _ = asked_of(holding(Entry(TVS, "tvs"), Entry(CAPF, OTHER)), roles=roles)
        assert Enrolled(INSTALL, "stranger") == stranger


def test_a_refusal_is_tried_three_times_with_pauses() -> None:
    refused, asks = asked_of(holding(Entry(CAPF, LEAF)), granted=False)
    assert Enrolled(INSTALL, "refused") == refused
    assert [AskCapf("A"), Pause(PAUSE_S), AskCapf("A"), Pause(PAUSE_S), AskCapf("A")] == asks


@pytest.mark.parametrize(
    "config", [Config(group=("A",), capf="A"), Config(operation=INSTALL, mode=BY_STRING, capf="A")]
)
def test_nothing_is_asked_where_nothing_is_ordered_or_somebody_would_have_to_type(config: Config) -> None:
    assert (None, []) == asked_of(holding(Entry(CAPF, LEAF), config=config))


def test_without_a_capf_in_the_configuration_the_operation_fails() -> None:
    config = Config(group=("A",), operation=INSTALL)
    assert Enrolled(INSTALL, "unreachable") == asked_of(holding(config=config))[0]
