"""Promise: five purposes are renewed under a crowd of phones: nobody locked at any event, real-time data not overrun.

`make test` takes one in four of the 40,000 phones of the scenario; `make bench` takes them all.
"""

import resource
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from simulation.phones.crowds import busiest_minute, crowd_with_pages, renew_crowd
from ucmcert.model.event import AnyEvent, PhonesSeen, Verified
from ucmcert.model.phone import Picture
from ucmcert.run.outcome import Outcome
from ucmcert.ucm.cluster_client import ClusterClient
from ucmlab.cluster.limits import DEVICE_QUERIES_PER_MINUTE

ONE_IN = 4
PHONES = 40_000 // ONE_IN
CANARY = PHONES // 4  # the pools of the scenario are equally large
WAVES = {"canary": CANARY, "all": PHONES}
EPOCHS = ("CAPF", "CallManager", "TVS")
MOST_MEMORY_KIB = 1024 * 1024
ASKED_FOR_PHONES = ("selectCmDevice", "executeSQLQuery", "getPhone", "updatePhone")


@pytest.mark.long
def test_a_crowd_is_renewed_within_the_budget_and_nobody_is_locked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tell: Callable[[str], None]
) -> None:
    pictures = _pictures(monkeypatch)
    seen = renew_crowd(crowd_with_pages(one_in=ONE_IN), tmp_path)
    peak_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    asked = seen.asked()
    tell(
        f"{PHONES} phones, five purposes: {seen.wall_s:.0f} s of wall clock for {seen.virtual_s / 3600:.1f} h, "
        f"{peak_kib / 1024:.0f} MiB at most, {busiest_minute(seen.questions)} questions in the busiest minute, "
        + ", ".join(f"{asked[name]} {name}" for name in ASKED_FOR_PHONES)
    )

    assert (Outcome.DONE, "None") == (seen.watched.outcome, seen.watched.reason)
    assert (PHONES, PHONES, 0) == (seen.watched.phones, seen.watched.trusted, seen.watched.unregistered)
    assert seen.watched.locked == 0
    assert {"ok"} == {one.outcome for one in seen.questions}
    assert busiest_minute(seen.questions) <= DEVICE_QUERIES_PER_MINUTE
    assert pictures
    assert [] == [one.missing for one in pictures if not one.complete]
    wanted = {f"{purpose} {wave}": count for purpose in EPOCHS for wave, count in WAVES.items()}
    assert wanted == _closed_gates(seen.events)
    assert peak_kib < MOST_MEMORY_KIB


def _pictures(monkeypatch: pytest.MonkeyPatch) -> list[Picture]:
    """Every picture of the phones that the client makes for itself from now on."""
    made: list[Picture] = []
    look = ClusterClient.sightings

    async def sightings(self: ClusterClient, *asked: Any, **named: Any) -> Picture:
        picture = await look(self, *asked, **named)
        made.append(picture)
        return picture

    monkeypatch.setattr(ClusterClient, "sightings", sightings)
    return made


def _closed_gates(events: Sequence[AnyEvent]) -> dict[str, int]:
    """By purpose and wave how many phones the checksum of their lists proved when the gate closed with nobody open."""
    last = {one.step: one for one in events if isinstance(one, PhonesSeen)}
    closed = [one.step for one in events if isinstance(one, Verified) and "/phones.gate/" in one.step]
    return {
        f"{step.split('/')[0]} {step.split('/')[-1]}": last[step].counts.get("checksum", 0)
        for step in closed
        if not last[step].open
    }
