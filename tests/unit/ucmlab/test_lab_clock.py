# Promise: durations shrink by the lab's speed while the calendar stays true.
import pytest

from simulation.virtual_loop import run_virtually
from ucmlab.clock import LoopClock, StillClock


def test_speed_shortens_durations_and_leaves_the_calendar_alone() -> None:
    async def wait() -> tuple[float, list[float]]:
        clock = LoopClock(epoch=1000.0, speed=10.0)
        struck: list[float] = []
        clock.call_later(50.0, lambda: struck.append(clock.now()))
        await clock.sleep(100.0)
        return clock.now(), struck

    assert run_virtually(wait()) == (1010.0, [1005.0])


def test_nothing_happens_on_a_still_clock() -> None:
    clock = StillClock(1000.0)
    assert clock.now() == 1000.0
    with pytest.raises(RuntimeError):
        clock.call_later(1.0, list)
    with pytest.raises(RuntimeError):
        run_virtually(clock.sleep(1.0))
