# Promise: the crowd behaves as phones do: paced resets, boots, fail-over and back, calls, power, hands.
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from ucmlab.cluster.cluster import Cluster
from ucmlab.cluster.phones.boot import boot, play
from ucmlab.cluster.phones.memory import Memory, Phone
from ucmlab.cluster.phones.rows.device import CALLMANAGER_RESET, CALLMANAGER_RESTART, KEEPALIVE_TIMEOUT
from ucmlab.cluster.phones.rules import BootRules
from ucmlab.cluster.phones.trust import TrustState
from ucmlab.scenarios.schema import PhonesSpec, PhoneTimes
from unit.ucmlab.lab_bench import in_lab, scenario

CALLMANAGER = "Cisco CallManager"
PUB, SUB1, SUB2 = "cucm-pub", "cucm-sub1", "cucm-sub2"


def with_phones(
    test: Callable[[Cluster], Coroutine[Any, Any, None]], *specs: PhonesSpec, of: str = "demo", **changes: Any
) -> None:
    in_lab(test, scenario(of, phones=specs, **changes))


def registered(cluster: Cluster) -> int:
    return sum(cluster.phones.registered_at().values())


def test_phones_are_trusted_and_registered_with_the_first_node_of_their_group_from_the_start() -> None:
    async def test(cluster: Cluster) -> None:
        assert {SUB2: 30, PUB: 10} == cluster.phones.registered_at()
        assert {TrustState.TRUSTED: 40} == cluster.phones.counts()
        assert 40 == len(cluster.phones) == len(set(cluster.phones.names()))

    with_phones(test, PhonesSpec(count=30, pool="A", group=(SUB2, SUB1)), PhonesSpec(count=10))


def test_a_reset_reaches_so_many_phones_a_second_and_all_come_back() -> None:
    async def test(cluster: Cluster) -> None:
        cluster.phones.reset_all()
        await cluster.clock.sleep(1)
        assert 40 <= 200 - registered(cluster) <= 48
        await cluster.clock.sleep(4.5)
        rows = [row for row in cluster.phones.registrations() if row.status == "UnRegistered"]
        assert {CALLMANAGER_RESET} == {row.status_reason for row in rows}
        assert 200 == len(rows)
        await cluster.clock.sleep(700)
        assert 200 == registered(cluster)
        begun = cluster.clock.now() - 706
        assert all(row.changed_at > begun for row in cluster.phones.registrations())

    with_phones(test, PhonesSpec(count=200, slow_share=0.0))


def test_boot_times_have_the_median_and_the_tail_they_are_said_to_have() -> None:
    async def test(cluster: Cluster) -> None:
        cluster.phones.reset_all()
        await cluster.clock.sleep(90)
        assert 400 < registered(cluster) < 600
        await cluster.clock.sleep(90)
        assert 920 < registered(cluster) < 980
        await cluster.clock.sleep(430)
        assert 985 <= registered(cluster) <= 992
        await cluster.clock.sleep(700)
        assert 1000 == registered(cluster)

    times = PhoneTimes(resets_per_s=100_000.0, registrations_per_s=100_000.0)
    with_phones(test, PhonesSpec(count=1000, slow_share=0.01), phone_times=times)


def test_a_node_registers_so_many_phones_a_second() -> None:
    async def test(cluster: Cluster) -> None:
        cluster.phones.reset_all()
        await cluster.clock.sleep(5)
        assert 0 == registered(cluster)
        await cluster.clock.sleep(5)
        assert 80 <= registered(cluster) <= 100

    times = PhoneTimes(
        resets_per_s=1e6, registrations_per_s=20.0, boot_median_s=5.0, boot_p95_s=5.01, slow_boot_cap_s=600.0
    )
    with_phones(test, PhonesSpec(count=400, slow_share=0.0), phone_times=times)


def test_only_the_phones_of_a_pool_are_reset() -> None:
    async def test(cluster: Cluster) -> None:
        cluster.phones.reset_pool("B")
        await cluster.clock.sleep(2)
        assert {"A": True, "B": False} == {phone.pool: phone.registered for phone in cluster.phones.phones()}

    with_phones(test, PhonesSpec(count=5, pool="A"), PhonesSpec(count=5, pool="B"))


def test_a_phone_in_a_call_is_reset_after_the_call() -> None:
    async def test(cluster: Cluster) -> None:
        cluster.phones.reset_all()
        await cluster.clock.sleep(5)
        assert registered(cluster) > 90
        lows = []
        for _ in range(20):
            await cluster.clock.sleep(60)
            lows.append(registered(cluster))
        assert min(lows) < 80
        await cluster.clock.sleep(3600)
        assert 100 == registered(cluster)

    times = PhoneTimes(resets_per_s=1000.0)
    with_phones(test, PhonesSpec(count=100, in_call_share=1.0, slow_share=0.0), phone_times=times)


def test_phones_move_to_the_next_node_while_callmanager_restarts_and_return() -> None:
    async def test(cluster: Cluster) -> None:
        cluster.nodes[SUB1].services[CALLMANAGER].begin("restart")
        assert {CALLMANAGER_RESTART} == {row.status_reason for row in cluster.phones.registrations()}
        await cluster.clock.sleep(10)
        assert {SUB2: 50} == cluster.phones.registered_at()
        old = [row for row in cluster.phones.registrations() if row.node == SUB1]
        assert {("UnRegistered", CALLMANAGER_RESTART)} == {(row.status, row.status_reason) for row in old}
        await cluster.clock.sleep(300)
        assert {SUB1: 50} == cluster.phones.registered_at()

    with_phones(test, PhonesSpec(count=50, group=(SUB1, SUB2)))


def test_a_group_of_one_waits_for_its_node() -> None:
    async def test(cluster: Cluster) -> None:
        cluster.nodes[SUB1].services[CALLMANAGER].begin("stop")
        await cluster.clock.sleep(400)
        assert {} == cluster.phones.registered_at()
        cluster.nodes[SUB1].services[CALLMANAGER].begin("start")
        await cluster.clock.sleep(500)
        assert {SUB1: 10} == cluster.phones.registered_at()

    with_phones(test, PhonesSpec(count=10, group=(SUB1,)))


@pytest.mark.parametrize(("protocol", "loss_s"), [("SCCP", 90), ("SIP", 135)])
def test_the_loss_of_a_whole_node_is_noticed_by_missing_keep_alives(protocol: str, loss_s: int) -> None:
    async def test(cluster: Cluster) -> None:
        cluster.nodes[SUB1].down = True
        await cluster.clock.sleep(20)
        assert {SUB1: 20} == cluster.phones.registered_at()
        await cluster.clock.sleep(loss_s)
        assert {SUB2: 20} == cluster.phones.registered_at()
        cluster.nodes[SUB1].down = False
        await cluster.clock.sleep(300)
        assert {SUB1: 20} == cluster.phones.registered_at()

    with_phones(test, PhonesSpec(count=20, protocol=protocol, group=(SUB1, SUB2)))


@pytest.mark.parametrize(("protocol", "loss_s"), [("SCCP", 90), ("SIP", 135)])
def test_a_phone_without_power_is_seen_as_registered_for_a_while(protocol: str, loss_s: int) -> None:
    async def test(cluster: Cluster) -> None:
        name = cluster.phones.names()[0]
        cluster.phones.power(name, False)
        assert TrustState.OFFLINE is cluster.phones.trust_state(name)
        assert TrustState.TRUSTED is cluster.phones.trust_with_power(name)
        await cluster.clock.sleep(20)
        assert cluster.phones.phone(name).registered
        assert not cluster.phones.phone(name).page
        await cluster.clock.sleep(loss_s)
        assert ("UnRegistered", KEEPALIVE_TIMEOUT) == (
            cluster.phones.phone(name).status,
            cluster.phones.phone(name).reason,
        )
        cluster.phones.reset([name])
        await cluster.clock.sleep(700)
        assert not cluster.phones.phone(name).registered
        cluster.phones.power(name, True)
        await cluster.clock.sleep(700)
        assert cluster.phones.phone(name).registered

    with_phones(test, PhonesSpec(count=2, protocol=protocol, page_share=1.0, slow_share=0.0))


def test_lists_deleted_by_hand_are_counted_and_taken_anew() -> None:
    async def test(cluster: Cluster) -> None:
        name = cluster.phones.names()[0]
        held = cluster.phones.phone(name).memory
        cluster.phones.delete_trust(name)
        assert TrustState.BLANK is cluster.phones.trust_state(name)
        await cluster.clock.sleep(700)
        assert TrustState.TRUSTED is cluster.phones.trust_state(name)
        assert (1, held) == (cluster.phones.phone(name).deleted_by_hand, cluster.phones.phone(name).memory)
        cluster.phones.power(name, False)
        cluster.phones.delete_trust(name)
        assert 1 == cluster.phones.phone(name).deleted_by_hand

    with_phones(test, PhonesSpec(count=1, slow_share=0.0))


def test_a_phone_obeys_a_new_setting_after_its_next_reset_only() -> None:
    async def test(cluster: Cluster) -> None:
        name = cluster.phones.names()[0]
        assert not cluster.phones.phone(name).page
        cluster.phones.apply_settings(name, True)
        await cluster.clock.sleep(700)
        assert not cluster.phones.phone(name).page
        cluster.phones.reset([name])
        await cluster.clock.sleep(700)
        assert [True] == [row.page for row in cluster.phones.registrations()]

    with_phones(test, PhonesSpec(count=1, page_share=0.0, slow_share=0.0))


def test_absent_and_mismatched_phones_are_there_when_asked_for() -> None:
    async def test(cluster: Cluster) -> None:
        assert {TrustState.HARD_LOCKED: 10, TrustState.OFFLINE: 20, TrustState.TRUSTED: 20} == cluster.phones.counts()
        assert 30 == registered(cluster)
        cluster.phones.reset_all()
        await cluster.clock.sleep(900)
        assert {TrustState.HARD_LOCKED: 10, TrustState.OFFLINE: 20, TrustState.TRUSTED: 20} == cluster.phones.counts()
        locked = [phone for phone in cluster.phones.phones() if phone.messages]
        assert [("ITL: Trust List Update Failed",)] * 10 == [phone.messages for phone in locked]
        assert all(phone.registered for phone in locked)  # U1

    with_phones(
        test,
        PhonesSpec(count=20, absent_share=1.0),
        PhonesSpec(count=10, mismatched_share=1.0, slow_share=0.0),
        PhonesSpec(count=20, slow_share=0.0),
    )


def test_under_the_other_reading_of_u1_a_locked_phone_does_not_come_back() -> None:
    async def test(cluster: Cluster) -> None:
        cluster.phones.reset_all()
        await cluster.clock.sleep(900)
        assert 0 == registered(cluster)
        assert {"lists"} == {phone.refusal for phone in cluster.phones.phones()}
        for name in cluster.phones.names():
            cluster.phones.delete_trust(name)
        await cluster.clock.sleep(900)
        assert 10 == registered(cluster)

    specs = PhonesSpec(count=10, mismatched_share=1.0, slow_share=0.0)
    with_phones(test, specs, switches={"locked_phone_registers": "no"})


def test_phones_fall_back_to_the_next_tftp_server_and_keep_all_when_none_answers() -> None:
    async def test(cluster: Cluster) -> None:
        first, second = (cluster.nodes[name].tftp for name in (PUB, SUB1))
        assert first is not None
        assert second is not None
        held = [first.itl, second.itl]
        assert {True} == {phone.memory.itl is held[0] for phone in cluster.phones.phones()}
        cluster.nodes[PUB].services["Cisco Tftp"].begin("stop")
        await cluster.clock.sleep(20)
        cluster.phones.reset_all()
        await cluster.clock.sleep(900)
        assert {True} == {phone.memory.itl is held[1] for phone in cluster.phones.phones()}
        cluster.nodes[SUB1].services["Cisco Tftp"].begin("stop")
        await cluster.clock.sleep(20)
        assert {TrustState.FAILING: 5} == cluster.phones.counts()
        cluster.phones.reset_all()
        await cluster.clock.sleep(900)
        assert {(True, "unreached")} == {(p.memory.itl is held[1], p.lists) for p in cluster.phones.phones()}
        assert 5 == registered(cluster)

    with_phones(test, PhonesSpec(count=5, tftp=(PUB, SUB1), slow_share=0.0))


def test_every_change_of_a_phone_moves_the_generation() -> None:
    async def test(cluster: Cluster) -> None:
        name = cluster.phones.names()[0]
        seen = [cluster.phones.generation]
        for act in (
            lambda: cluster.phones.apply_settings(name, True),
            lambda: cluster.phones.power(name, False),
            lambda: cluster.phones.power(name, True),
            lambda: cluster.phones.delete_trust(name),
        ):
            act()
            seen.append(cluster.phones.generation)
        await cluster.clock.sleep(700)
        seen.append(cluster.phones.generation)
        assert seen == sorted(set(seen))

    with_phones(test, PhonesSpec(count=1, page_share=0.0))


def test_an_unknown_phone_is_a_key_error() -> None:
    async def test(cluster: Cluster) -> None:
        assert cluster.phones.phone(cluster.phones.names()[0].lower()).powered
        with pytest.raises(KeyError):
            cluster.phones.reset(["SEP000000000000"])

    with_phones(test, PhonesSpec(count=1))


def test_a_real_phone_is_booted_by_its_driver_and_asked_again_when_it_is_never_heard_of() -> None:
    async def test(cluster: Cluster) -> None:
        driven: list[str] = []
        cluster.phones.drive_real(lambda device: driven.append(device.name))
        real, plain = cluster.phones.names()
        cluster.phones.reset_all()
        await cluster.clock.sleep(500)
        assert [real] == driven
        assert [False, True] == [cluster.phones.phone(name).registered for name in (real, plain)]
        await cluster.clock.sleep(700)
        assert [real, real] == driven
        device = cluster.phones.phone(real)
        phone = Phone(name=real, tftp=device.line.tftp, memory=Memory())
        booted = play(boot(phone, BootRules()), lambda ask: cluster.phones.answer_to(real, ask))
        cluster.phones.booted(real, booted)
        assert (True, booted.memory) == (device.registered, device.memory)
        await cluster.clock.sleep(1500)
        assert [real, real] == driven

    with_phones(test, PhonesSpec(count=2, real=1, slow_share=0.0))


@pytest.mark.parametrize(("profile", "back_first"), [("fast", 0.9), ("assumed", 0.35), ("slow", 0.0)])
def test_u10_the_profile_of_boot_times_is_a_switch(profile: str, back_first: float) -> None:
    async def test(cluster: Cluster) -> None:
        cluster.phones.reset_all()
        await cluster.clock.sleep(90)
        assert back_first <= registered(cluster) / 200 <= back_first + 0.3

    times = PhoneTimes(resets_per_s=1e6)
    specs = PhonesSpec(count=200, slow_share=0.0)
    with_phones(test, specs, phone_times=times, switches={"phone_time_profile": profile})
