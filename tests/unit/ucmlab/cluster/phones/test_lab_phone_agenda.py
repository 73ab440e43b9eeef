# Promise: one timer wakes the whole crowd, in order, in the cluster's own seconds.
import asyncio

from simulation.virtual_loop import run_virtually
from ucmlab.clock import LoopClock
from ucmlab.cluster.opening import build_cluster
from ucmlab.cluster.phones.course.agenda import QUANTUM_S, Agenda
from ucmlab.scenarios.schema import PhonesSpec
from unit.ucmlab.lab_bench import NOW, scenario


def test_entries_come_in_the_order_of_their_moments_and_share_a_wake_up() -> None:
    async def test() -> None:
        woken: list[tuple[float, list[str]]] = []
        clock = LoopClock(epoch=NOW)
        agenda: Agenda[str] = Agenda(clock, lambda entries: woken.append((agenda.time(), entries)))
        for due, entry in ((5.0, "late"), (1.01, "b"), (1.0, "a"), (1.2, "c"), (-3.0, "now")):
            agenda.add(due, entry)
        await asyncio.sleep(10)
        assert [] == woken
        agenda.start()
        agenda.add(12.0, "later")
        await asyncio.sleep(10)
        assert [["now"], ["b", "a", "c"], ["late"], ["later"]] == [entries for _, entries in woken]
        assert 12.0 <= woken[-1][0] <= 12.0 + QUANTUM_S + 0.01
        agenda.add(15.0, "never")
        agenda.close()
        await asyncio.sleep(10)
        assert 4 == len(woken)

    run_virtually(test())


def test_an_earlier_entry_moves_the_timer() -> None:
    async def test() -> None:
        woken: list[list[str]] = []
        agenda: Agenda[str] = Agenda(LoopClock(epoch=NOW), woken.append)
        agenda.start()
        agenda.add(100.0, "far")
        agenda.add(1.0, "near")
        await asyncio.sleep(2)
        assert [["near"]] == woken
        await asyncio.sleep(100)
        assert [["near"], ["far"]] == woken

    run_virtually(test())


def test_a_faster_cluster_lets_its_phones_boot_faster() -> None:
    async def registered_after(seconds: float, speed: float) -> int:
        of = scenario("pair", phones=(PhonesSpec(count=100, slow_share=0.0),))
        cluster = build_cluster(of, clock=LoopClock(epoch=NOW, speed=speed), seed=7, calm=True)
        cluster.start()
        cluster.phones.reset_all()
        await asyncio.sleep(seconds)
        cluster.close()
        return sum(cluster.phones.registered_at().values())

    slow = run_virtually(registered_after(90.0, 1.0))
    assert 30 < slow < 70
    assert slow == run_virtually(registered_after(1.5, 60.0))
    assert 100 == run_virtually(registered_after(11.0, 60.0))
